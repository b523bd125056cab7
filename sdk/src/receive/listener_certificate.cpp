#include "listener_certificate.hpp"

#include <sys/stat.h>

#include <prospero/webhooks/receive/listener.hpp>
#include <utility>

#include "tls_context.hpp"

namespace prospero::webhooks::detail {

CertificateFiles::CertificateFiles(std::string certificate_file, std::string key_file, Told told)
    : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)), told_(std::move(told)) {
  const std::lock_guard looking(looking_);
  use(stamps());
}

CertificateFiles::Context CertificateFiles::context() const {
  const std::lock_guard hold(mutex_);
  return context_;
}

/// All zero for a file that is not there: it cannot be used either, and reading it says why.
CertificateFiles::Stamp CertificateFiles::stamp_of(const std::string& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return {};
  return {found.st_ino, found.st_size, found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec};
}

CertificateFiles::Stamps CertificateFiles::stamps() const {
  return {stamp_of(certificate_file_), stamp_of(key_file_)};
}

/// The stamps were taken before the files are read: a change in between is seen by the next look.
void CertificateFiles::use(const Stamps& stamps) {
  TlsContext fresh = make_tls_context(certificate_file_, key_file_);
  const auto expires = expiry_of(fresh.get());
  used_ = stamps;
  const std::lock_guard hold(mutex_);
  context_ = std::move(fresh);
  expires_ = expires;
}

/// A pipe would be waited on for as long as nobody writes to it.
void CertificateFiles::use_again(const Stamps& stamps) {
  for (const std::string& file : {certificate_file_, key_file_}) {
    struct stat found {};
    if (::stat(file.c_str(), &found) == 0 && !S_ISREG(found.st_mode))
      throw ListenError("cannot read " + file + " again: it is no regular file");
  }
  use(stamps);
}

void CertificateFiles::failed(const std::string& why) {
  {
    const std::lock_guard hold(mutex_);
    ++failures_;
  }
  if (told_) told_(why);
}

void CertificateFiles::reload() {
  const std::lock_guard looking(looking_);
  const Stamps now = stamps();
  try {
    use_again(now);
  } catch (const ListenError& error) {
    refused_ = now;
    failed(error.what());
    throw;
  }
  {
    const std::lock_guard hold(mutex_);
    ++reloads_;
  }
  if (told_) told_({});
}

void CertificateFiles::look() {
  const std::lock_guard looking(looking_);
  const Stamps now = stamps();
  if (now == used_ || now == refused_) return;
  try {
    use_again(now);
  } catch (const ListenError& error) {
    if (now == std::exchange(seen_, now)) {
      refused_ = now;
      failed(error.what());
    }
    return;
  }
  {
    const std::lock_guard hold(mutex_);
    ++reloads_;
  }
  if (told_) told_({});
}

std::chrono::sys_seconds CertificateFiles::expires() const {
  const std::lock_guard hold(mutex_);
  return expires_;
}

std::uint64_t CertificateFiles::reloads() const {
  const std::lock_guard hold(mutex_);
  return reloads_;
}

std::uint64_t CertificateFiles::failures() const {
  const std::lock_guard hold(mutex_);
  return failures_;
}

}  // namespace prospero::webhooks::detail
