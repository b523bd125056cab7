// Small files that only their owner may read: keys, secret paths, URLs.
#pragma once

#include <string>

namespace consumer {

/// Makes a new file with mode 0600. Throws ConfigError when it exists or cannot be written; nothing half-written stays.
void create_secret_file(const std::string& file, const std::string& text);

/// The same under a name of this process beside `file`, from where it can be renamed, and returns that name. A plain
/// file of this user that an earlier process left there is replaced; no link is followed.
std::string create_beside(const std::string& file, const std::string& text);

/// Puts the text in place of whatever the file held, at once, mode 0600. Throws ConfigError.
void replace_secret_file(const std::string& file, const std::string& text);

/// Throws ConfigError, naming `flag`, when replace_secret_file() could not write there: a folder has that name, or its
/// own folder is missing or not writable; not for a full disk, which is no mistake and may pass. Leaves nothing.
void check_replaceable(const std::string& file, const std::string& flag);

/// "/hook/" and 128 random bits as hex.
std::string random_hook_path();

/// The path kept in FILE.hook beside the inbox `sqlite:FILE`, made on first use so that a restart has the same URL; a
/// new one each time for an inbox without a file. Throws ConfigError, without naming the path.
std::string kept_hook_path(const std::string& inbox_url);

}  // namespace consumer
