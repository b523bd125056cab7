// An inbox file for looking only, also while a consumer uses it.
#pragma once

#include <mutex>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string>

#include "inbox_reads.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

class SqliteInboxView final : public InboxView {
 public:
  /// Throws InboxError.
  explicit SqliteInboxView(const std::string& file);

  InboxPage list(std::optional<std::uint64_t> cursor, std::size_t limit) override;
  std::optional<InboxRow> find(std::uint64_t seq) override;
  std::optional<StoredBody> body(const Identity& identity) override;
  void witness(const std::function<void(const WitnessLine&)>& line) override;
  InboxCounts counts() override;
  std::vector<Gap> gaps(InboxTime now) override;

 private:
  template <class Read>
  auto reading(const Read& read);

  const std::string file_;       // as it was named
  const std::string lock_file_;  // where that led to: the present folder may change
  std::mutex mutex_;
  std::unique_ptr<SqliteConnection> connection_;
  std::unique_ptr<InboxReads> reads_;
};

}  // namespace prospero::webhooks
