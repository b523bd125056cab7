#include "cli/vector_folder.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "conformance/printable.hpp"

namespace mock::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, std::string_view what) {
  throw std::invalid_argument(fmt::format("--export {}: {}", conformance::printable(path.string()), what));
}

std::vector<std::string> files_of_earlier_export(const fs::path& index) {
  if (!fs::exists(index)) return {};
  std::ifstream file(index, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    return conformance::files_of_index(text);
  } catch (const std::invalid_argument& error) {
    refuse(index, error.what());
  }
}

void remove_stale(const fs::path& folder, const conformance::Vectors& vectors) {
  for (const auto& name : files_of_earlier_export(folder / conformance::vector_index_name)) {
    std::error_code error;
    if (!vectors.files.contains(name)) fs::remove(folder / name, error);
    if (error) refuse(folder / name, error.message());
  }
}

void write(const fs::path& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!(file << content).flush()) refuse(path, "cannot be written");
}

}  // namespace

// The index first: whatever is there afterwards is known to the next export.
void write_vectors(const std::string& folder, const conformance::Vectors& vectors) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) refuse(folder, error.message());
  remove_stale(folder, vectors);
  write(fs::path(folder) / conformance::vector_index_name, vectors.index);
  for (const auto& [name, content] : vectors.files) write(fs::path(folder) / name, content);
}

}  // namespace mock::cli
