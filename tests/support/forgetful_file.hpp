// One file of the ForgetfulDisk: what it holds now, what was synced, and the writes in between.
#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test_support::forgetful {

inline constexpr std::size_t sector_bytes = 512;
inline constexpr std::size_t shm_locks = SQLITE_SHM_NLOCK;

struct Write {
  std::size_t offset = 0;
  std::string bytes;
  std::optional<std::size_t> truncated_to;  // then there are no bytes
};

struct File {
  std::string current;
  std::string synced;
  bool entry_synced = false;
  std::vector<Write> unsynced;

  int readers = 0;  // SQLite's locks between connections
  const void* reserved = nullptr;
  const void* exclusive = nullptr;
  std::vector<std::unique_ptr<std::string>> shm;
  int shm_users = 0;
  std::array<int, shm_locks> shm_shared{};
  std::array<const void*, shm_locks> shm_exclusive{};

  // What nobody had open any more is not to be trusted: SQLite's own layer begins it anew.
  void keep_shm_for(bool& has_it) {
    if (std::exchange(has_it, true)) return;
    if (shm_users++ == 0) shm.clear();
  }

  int shm_lock(const void* who, std::array<bool, shm_locks>& shared_by_it, int first, int count, int flags) {
    const auto begin = static_cast<std::size_t>(first), end = begin + static_cast<std::size_t>(count);
    const bool takes = (flags & SQLITE_SHM_LOCK) != 0, exclusively = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (auto i = begin; takes && i < end; ++i) {
      const bool others_share = shm_shared[i] > (shared_by_it[i] ? 1 : 0);
      const bool other_has = shm_exclusive[i] != nullptr && shm_exclusive[i] != who;
      if (other_has || (exclusively && others_share)) return SQLITE_BUSY;
    }
    for (auto i = begin; i < end; ++i) {
      if (exclusively) {
        shm_exclusive[i] = takes ? who : nullptr;
      } else if (shared_by_it[i] != takes) {
        shared_by_it[i] = takes;
        shm_shared[i] += takes ? 1 : -1;
      }
    }
    return SQLITE_OK;
  }
};

inline void put(std::string& content, std::size_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
  std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
}

inline void play(std::string& content, const Write& write) {
  if (write.truncated_to) {
    content.resize(*write.truncated_to);
  } else {
    put(content, write.offset, write.bytes);
  }
}

inline void play_some_sectors(std::string& content, const Write& write, std::mt19937_64& random) {
  if (write.truncated_to) {
    if (random() % 2 == 0) content.resize(*write.truncated_to);
    return;
  }
  for (std::size_t at = 0; at < write.bytes.size(); at += sector_bytes) {
    if (random() % 2 == 0) {
      put(content, write.offset + at, std::string_view{write.bytes}.substr(at, sector_bytes));
    }
  }
}

}  // namespace test_support::forgetful
