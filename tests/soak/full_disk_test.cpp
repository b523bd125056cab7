// A real file system that is full, and has space again.
#include "victim.hpp"

#include <sys/mount.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

using boost::unit_test::label;

namespace {

/// A file system in memory of a few MiB, with a ballast that can be thrown off.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& at) : at_(at) {
    std::filesystem::create_directory(at);
    mounted_ = ::mount("tmpfs", at.c_str(), "tmpfs", 0, "size=24m") == 0;
    if (!mounted_) why_ = std::strerror(errno);
    if (mounted_) std::ofstream{at + "/ballast"} << std::string(16u << 20, 'x');
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  const std::string& why() const { return why_; }
  void make_space() { std::filesystem::remove(at_ + "/ballast"); }

 private:
  std::string at_, why_;
  bool mounted_ = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(full_disk)

BOOST_AUTO_TEST_CASE(answers_503_and_with_space_again_200_and_nothing_is_lost, *label("R3")) {
  const test_support::TempFolder folder;
  SmallDisk disk{folder.file("disk")};
  if (!disk.mounted()) {
    BOOST_TEST_MESSAGE("skipped: no file system can be mounted here (" << disk.why() << ")");
    BOOST_TEST(!disk.why().empty());
    return;
  }
  const std::string inbox = folder.file("disk/inbox.db"), app = folder.file("app.db");
  soak::Victim victim{inbox, app, {"--workers", "0"}};
  std::atomic<std::uint64_t> next{0};
  soak::Answers answers;
  const auto until = [](const auto& holds) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!holds()) {
      BOOST_REQUIRE(std::chrono::steady_clock::now() < limit);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  };
  {
    soak::LoadOptions options;
    options.body_bytes = 20'000;
    options.pause = std::chrono::milliseconds{2};
    const soak::Load load{victim.port(), options, next, answers};
    until([&] { return answers.count(503) > 20; });
    const auto before = answers.count(200);
    disk.make_space();
    until([&] { return answers.count(200) > before + 20; });
  }
  victim.stop();
  soak::let_finish(inbox, app);
  const auto left = soak::look_at(inbox, app, answers);
  BOOST_TEST_MESSAGE(answers.count(200) << " answered 200, " << answers.count(503) << " answered 503");
  BOOST_TEST(left.missing == 0u);
  BOOST_TEST(left.unprocessed == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
