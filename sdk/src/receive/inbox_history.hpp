// When the inbox was up, when pushes were answered 503, and what may have been missed.
#pragma once

#include <optional>
#include <prospero/webhooks/receive/gaps.hpp>
#include <string>
#include <vector>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// All throw SqliteError. Those that write expect a transaction.
class InboxHistory {
 public:
  explicit InboxHistory(SqliteConnection& connection);

  /// A time of being up begins.
  void begin(InboxTime now);
  /// It still lasts; or, after a pause of more than `pause_max` (the machine slept, or its clock was set back), another
  /// begins.
  void beat(InboxTime now, std::chrono::milliseconds pause_max);
  void add_refused(const std::vector<Span>& spans);

  /// What is remembered of the silence of each source over restarts; the 503s in a row are not. The last pushes also of
  /// a run that could not write them down, as far as they are among the newest rows.
  SilenceStates silence(InboxTime now);
  void keep(std::string_view source, const SilenceState& state);

  /// Writes the gaps down that can be told by now and were not before.
  void judge(InboxTime now, const GapRules& rules);
  void add_silence(const Span& span, std::string_view source);

  std::optional<Gap> untold();
  void told(std::uint64_t id, InboxTime now);

  /// Those written down, then those that can be told by now beside them.
  std::vector<Gap> all(InboxTime now, const GapRules& rules);

  /// Forgets up and 503 times that ended before, once nothing depends on them.
  void forget_before(InboxTime before);

 private:
  std::vector<Span> spans(SqliteStatement& statement);
  std::vector<Gap> read_gaps(SqliteStatement& statement);
  std::vector<Span> new_losses(InboxTime now, const GapRules& rules);
  std::optional<InboxTime> mark(std::string_view name);
  void forget_future(InboxTime now);
  void add_newest_pushes(SilenceStates& states, InboxTime now);
  void set_mark(std::string_view name, const std::optional<InboxTime>& value);
  void insert_gap(const Span& span, std::string_view reason);

  SqliteStatement begin_, last_beat_, beat_, up_, refused_, insert_refused_, gaps_, untold_, insert_gap_, told_, mark_,
      marks_, set_mark_, clear_mark_, newest_pushes_, forget_future_, forget_future_gaps_, forget_up_, forget_refused_;
};

/// Of each source that ever sent one.
std::map<std::string, InboxTime> last_pushes(const SilenceStates& states);

/// Those that judge_silence() would report at `now`, at the end of `gaps`, which were read after the states.
void add_unwritten(std::vector<Gap>& gaps, const SilenceStates& states, InboxTime now, const GapRules& rules);

}  // namespace prospero::webhooks
