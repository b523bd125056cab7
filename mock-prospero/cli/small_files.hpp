// The small files that a service reads its secret from and says its address in.
#pragma once

#include <string>

namespace mock::cli {

/// The first line of the file, without the spaces around it. Throws std::invalid_argument, naming --token-file, if it
/// cannot be read or that line is empty.
std::string read_token(const std::string& file);

/// Puts `url` and a line end into the file, mode 0600, all at once: who waits for the file never reads half of it.
/// Throws std::invalid_argument, naming --ready-file.
void write_ready_file(const std::string& file, const std::string& url);

}  // namespace mock::cli
