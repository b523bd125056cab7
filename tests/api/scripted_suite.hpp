// A conformance suite without any consumer: the real cases, selected as always, whose results a test decides.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "api/suite.hpp"

namespace api_test {

/// Thread-safe.
class ScriptedSuite final : public mock::api::Suite {
 public:
  void hold_before(std::size_t cases);  ///< runs wait when so many results are known, until released or stopped
  void release();
  void result(const std::string& id, mock::conformance::Status status);  ///< of other cases: passed
  void fail_with(const std::string& text);                               ///< the suite throws where it would be held
  void unreached(const std::string& detail);
  mock::api::SuiteWish last_wish() const;

  mock::api::PreparedRun prepare(const mock::api::SuiteWish& wish) const override;
  mock::conformance::Report run(const mock::conformance::Plan& plan, const mock::conformance::Progress& progress,
                                const std::function<bool()>& interrupted) const override;

 private:
  bool wait_at(std::size_t known, const std::function<bool()>& interrupted) const;
  std::optional<mock::conformance::Unreached> unreachable() const;
  mock::conformance::CaseResult result_of(const mock::conformance::SelectedCase& selected) const;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::optional<std::size_t> held_at_;
  std::map<std::string, mock::conformance::Status> results_;
  std::optional<std::string> failure_, unreached_;
  mutable mock::api::SuiteWish last_wish_;
};

}  // namespace api_test
