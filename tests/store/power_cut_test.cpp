// The power fails at any write to the disk: all that was acknowledged is there, and of the write that was under way
// all or nothing.
#include <boost/test/unit_test.hpp>
#include <functional>
#include <optional>
#include <random>

#include "mock.hpp"
#include "store/schema.hpp"
#include "store/sqlite_store.hpp"
#include "support/forgetful_disk.hpp"

using boost::unit_test::label;
using mock::store::NotWritten;
using mock::store::open_sqlite;
using store_test::describe;
using store_test::Mock;
using test_support::ForgetfulDisk;

namespace {

struct Lived {
  std::string acknowledged;  // the state of the last keep() that returned
  std::string attempted;     // and of the one that the cut fell into
};

// Opens the store and works until the power fails. A cut before the first acknowledgement leaves both empty.
Lived live_until_the_cut(
    std::uint64_t seed, const std::function<void()>& meanwhile = [] {}) {
  Lived lived;
  try {
    const auto store = open_sqlite("s.db", {.vfs = "forgetful", .checkpoint_pages = 20});
    lived.acknowledged = describe(*store);
    Mock mock{*store, seed};
    for (;;) {
      for (int i = 0; i < 3; ++i) mock.change();
      lived.attempted = mock.describe();
      meanwhile();
      mock.keep();
      lived.acknowledged = lived.attempted;
    }
  } catch (const NotWritten&) {
  } catch (const mock::store::Unusable&) {
  }
  return lived;
}

std::string after_power_is_back(ForgetfulDisk& disk, std::uint64_t seed) {
  disk.power_back(seed);
  return describe(*open_sqlite("s.db", {.vfs = "forgetful"}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(power_cuts)

BOOST_AUTO_TEST_CASE(all_that_was_acknowledged_survives, *label("G5") * label("G7")) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    ForgetfulDisk disk{"forgetful"};
    std::mt19937_64 random{seed};
    std::string expected;
    for (int life = 0; life < 3; ++life) {
      disk.cut_after(1 + random() % 400);
      const auto lived = live_until_the_cut(random());
      const auto found = after_power_is_back(disk, seed % 4 == 0 ? 0 : random());
      const auto& acknowledged = lived.acknowledged.empty() ? expected : lived.acknowledged;
      BOOST_TEST((found == acknowledged || found == lived.attempted), "seed " << seed << " life " << life
                                                                              << "\nfound:\n"
                                                                              << found << "acknowledged:\n"
                                                                              << acknowledged);
      expected = found;
    }
  }
}

// Linux tells of it once, and then takes what it did not write for written. The log has it until a copy has succeeded.
BOOST_AUTO_TEST_CASE(failed_syncs_of_the_file_cost_nothing, *label("G5")) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    ForgetfulDisk disk{"forgetful"};
    std::mt19937_64 random{seed};
    disk.cut_after(600);
    const auto lived = live_until_the_cut(seed, [&] {
      if (random() % 3 == 0) disk.fail_next_sync("s.db");
    });
    const auto found = after_power_is_back(disk, 0);
    BOOST_TEST((found == lived.acknowledged || found == lived.attempted), "seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(a_disk_that_does_not_sync_is_found_out) {
  int losses = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    ForgetfulDisk disk{"forgetful"};
    disk.ignore_syncs(true);
    disk.cut_after(200);
    const auto lived = live_until_the_cut(seed);
    const auto found = after_power_is_back(disk, 0);
    losses += found != lived.acknowledged && found != lived.attempted ? 1 : 0;
  }
  BOOST_TEST(losses > 0);
}

BOOST_AUTO_TEST_SUITE_END()
