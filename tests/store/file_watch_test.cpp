// What others may do to an open store, and what its owner may.
#include "store/file_watch.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "support/temp_folder.hpp"

namespace fs = std::filesystem;
using mock::store::FileWatch;
using test_support::TempFolder;

namespace {

void grow_to(const std::string& file, std::uintmax_t size) {
  std::ofstream{file, std::ios::app};
  fs::resize_file(file, size);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(file_watch)

BOOST_AUTO_TEST_CASE(growing_is_no_trouble_and_shrinking_below_what_was_written_is) {
  const TempFolder folder;
  const auto file = folder.file("f");
  grow_to(file, 10);
  FileWatch watch{{{file}}};
  grow_to(file, 1000);
  watch.note_sizes();
  BOOST_TEST(watch.trouble() == "");
  grow_to(file, 999);
  BOOST_TEST(watch.trouble().find(file + " was cut short") == 0U);
  BOOST_TEST(watch.cut_short());
}

// The owner's own write came between, and looks at the sizes only afterwards.
BOOST_AUTO_TEST_CASE(what_shrank_while_its_owner_wrote_was_cut_short) {
  const TempFolder folder;
  const auto file = folder.file("f");
  grow_to(file, 1000);
  FileWatch watch{{{file}}};
  grow_to(file, 999);
  BOOST_TEST(watch.note_sizes().find(file + " was cut short") == 0U);
  BOOST_TEST(watch.cut_short());
}

BOOST_AUTO_TEST_CASE(what_was_cut_short_is_not_mended_by_growing) {
  const TempFolder folder;
  const auto file = folder.file("f");
  grow_to(file, 1000);
  FileWatch watch{{{file}}};
  grow_to(file, 0);
  BOOST_TEST(!watch.trouble().empty());
  grow_to(file, 2000);
  BOOST_TEST(!watch.trouble().empty());
}

BOOST_AUTO_TEST_CASE(the_owner_may_cut_a_log_to_its_usual_size) {
  const TempFolder folder;
  const auto file = folder.file("f");
  grow_to(file, 1000);
  FileWatch watch{{{file, 300}}};
  grow_to(file, 300);
  BOOST_TEST(watch.trouble() == "");
  grow_to(file, 299);
  BOOST_TEST(watch.cut_short() == false);
  BOOST_TEST(!watch.trouble().empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_put_back_is_right_again) {
  const TempFolder folder;
  const auto file = folder.file("f");
  grow_to(file, 10);
  FileWatch watch{{{file}}};
  fs::rename(file, folder.file("away"));
  BOOST_TEST(watch.trouble().find(file + " was removed or replaced") == 0U);
  grow_to(file, 10);
  BOOST_TEST(!watch.trouble().empty());
  fs::rename(folder.file("away"), file);
  BOOST_TEST(watch.trouble() == "");
  BOOST_TEST(!watch.cut_short());
}

BOOST_AUTO_TEST_SUITE_END()
