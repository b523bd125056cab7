// The certificate that new connections get, and its change for newer files.
#pragma once

#include <openssl/ssl.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace prospero::webhooks::detail {

/// A pair of files, and the TLS context made of them last. Thread-safe.
class CertificateFiles {
 public:
  using Context = std::shared_ptr<SSL_CTX>;
  /// Empty: the files are in use now; else why they are not.
  using Told = std::function<void(const std::string& error)>;

  /// Throws ListenError when the files cannot be used.
  CertificateFiles(std::string certificate_file, std::string key_file, Told told);

  Context context() const;

  /// Uses the files as they are now. Throws ListenError, and the context before stays.
  void reload();

  /// Uses the files if they have changed. Files that cannot be used are told about once, when they have stood like that
  /// from one look to the next: a certificate is often written a moment before its key.
  void look();

  std::chrono::sys_seconds expires() const;
  std::uint64_t reloads() const;
  std::uint64_t failures() const;

 private:
  struct Stamp {
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t changed_ns = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Stamps {
    Stamp certificate, key;
    bool operator==(const Stamps&) const = default;
  };

  static Stamp stamp_of(const std::string& file);
  Stamps stamps() const;
  void use(const Stamps& stamps);  ///< under looking_
  void use_again(const Stamps& stamps);
  void failed(const std::string& why);

  const std::string certificate_file_, key_file_;
  const Told told_;

  std::mutex looking_;  ///< one look at the files at a time
  Stamps used_, seen_, refused_;

  mutable std::mutex mutex_;
  Context context_;
  std::chrono::sys_seconds expires_{};
  std::uint64_t reloads_ = 0, failures_ = 0;
};

}  // namespace prospero::webhooks::detail
