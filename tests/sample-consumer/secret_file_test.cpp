#include "consumer/secret_file.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "consumer/config.hpp"
#include "support/temp_folder.hpp"

namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(secret_file)

BOOST_AUTO_TEST_CASE(a_path_without_a_file_is_random_each_time) {
  const std::string path = consumer::kept_hook_path("memory:");
  BOOST_TEST(path.size() == 6u + 32u);
  BOOST_TEST(path.starts_with("/hook/"));
  BOOST_TEST(path != consumer::kept_hook_path("memory:"));
}

BOOST_AUTO_TEST_CASE(a_path_beside_an_inbox_stays_the_same) {
  const test_support::TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db"), file = folder.file("inbox.db.hook");
  const std::string path = consumer::kept_hook_path(url);
  BOOST_TEST(consumer::kept_hook_path(url) == path);
  BOOST_TEST((fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
  std::ofstream(file) << "nonsense\n";
  BOOST_CHECK_THROW(consumer::kept_hook_path(url), consumer::ConfigError);
  std::ofstream{file};
  BOOST_CHECK_THROW(consumer::kept_hook_path(url), consumer::ConfigError);
}

BOOST_AUTO_TEST_CASE(files_are_made_once_or_replaced) {
  const test_support::TempFolder folder;
  const std::string file = folder.file("a");
  consumer::create_secret_file(file, "1");
  BOOST_CHECK_THROW(consumer::create_secret_file(file, "2"), consumer::ConfigError);
  consumer::replace_secret_file(file, "3");
  std::string text;
  std::ifstream(file) >> text;
  BOOST_TEST(text == "3");
  BOOST_CHECK_THROW(consumer::replace_secret_file(folder.file("no/a"), "1"), consumer::ConfigError);
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_written_is_named_before_anything_is_made) {
  const test_support::TempFolder folder;
  BOOST_CHECK_NO_THROW(consumer::check_replaceable(folder.file("url"), "--ready-file"));
  BOOST_CHECK_NO_THROW(consumer::check_replaceable("url", "--ready-file"));
  BOOST_TEST(fs::is_empty(folder.path()));
  for (const std::string& bad : {folder.path().string(), folder.file("no/url"), std::string("/proc/url")})
    BOOST_CHECK_EXCEPTION(consumer::check_replaceable(bad, "--ready-file"), consumer::ConfigError,
                          [&](const auto& error) { return std::string(error.what()).starts_with("--ready-file: "); });
}

BOOST_AUTO_TEST_CASE(what_a_process_of_the_same_number_left_half_written_is_not_in_the_way) {
  const test_support::TempFolder folder;
  const std::string file = folder.file("url"), left = file + "." + std::to_string(getpid()) + ".new";
  std::ofstream(left) << "half of a te";
  BOOST_CHECK_NO_THROW(consumer::check_replaceable(file, "--ready-file"));
  std::ofstream(left) << "half of a te";
  consumer::replace_secret_file(file, "text");
  std::string text;
  std::ifstream(file) >> text;
  BOOST_TEST(text == "text");
  BOOST_TEST(!fs::exists(left));
}

BOOST_AUTO_TEST_CASE(a_link_in_the_way_is_named_and_not_followed) {
  const test_support::TempFolder folder;
  const std::string file = folder.file("url"), link = file + "." + std::to_string(getpid()) + ".new";
  std::ofstream(folder.file("precious")) << "kept";
  fs::create_symlink(folder.file("precious"), link);
  const auto names_it = [&](const consumer::ConfigError& error) {
    return std::string(error.what()).find(link) != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(consumer::check_replaceable(file, "--ready-file"), consumer::ConfigError, names_it);
  BOOST_CHECK_EXCEPTION(consumer::replace_secret_file(file, "text"), consumer::ConfigError, names_it);
  std::string text;
  std::ifstream(folder.file("precious")) >> text;
  BOOST_TEST(text == "kept");
  BOOST_TEST(!fs::exists(file));
}

BOOST_AUTO_TEST_SUITE_END()
