/// @file
/// From an HTTP request to the status that Prospero gets, without any HTTP library: the listener, the cpp-httplib
/// adapter and the in-process client of the test kit all end here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

class Inbox;

/// A path that pushes are accepted on. The path is a secret: pushes carry no signature (D2).
struct Hook {
  std::string path;  ///< for instance "/hook/6f1c..."; compared byte for byte with the target up to `?`; visible ASCII
  /// Reaches handlers as Delivery::source; empty is allowed; no control characters. Each webhook should have one of its
  /// own, since Prospero disables each by itself (X1): silence and failures are judged by label.
  std::string label;
};

/// Where pushes are accepted, and how much.
struct ReceiverOptions {
  std::vector<Hook> hooks{};               ///< at least one, paths distinct
  std::size_t body_bytes_max = 16u << 20;  ///< larger: 413
  std::size_t parse_bytes_max = 1u << 20;  ///< larger: 200, kept aside unparsed (quarantined)
  std::size_t parse_depth_max = 64;        ///< deeper: 200, kept aside unparsed (quarantined)
  /// How long a push may wait for the disk before it is answered 503; must leave room within the 5 s of D4. The push
  /// may be stored all the same a little later: then the retry is a copy, which is harmless.
  std::chrono::milliseconds store_wait_max{3'000};
  int retry_after_s = 60;  ///< goes with a 503; the first retry comes after a minute (R1)

  /// Called with the reason of each 503, on any thread, never with payload or path; must be quick and must not throw.
  std::function<void(const std::string& reason)> on_unstored{};

  /// Told why a body is kept aside (quarantined), after it is on disk: for the log of the application, which would not
  /// hear of it otherwise. One line without contents of the body. As `on_unstored` otherwise.
  std::function<void(const std::string& reason)> on_kept_aside{};

  /// Told of each push that ReceiverCounters::from_future counts, after it is on disk: its row, and of which family it
  /// is ("event", "invoice", "offer"). As `on_unstored` otherwise.
  std::function<void(std::uint64_t seq, const std::string& family)> on_from_future{};

  /// Called for each 413, on any thread; must be quick and must not throw.
  std::function<void()> on_too_large{};
};

/// Totals since the receiver was made.
struct ReceiverCounters {
  std::uint64_t stored = 0;        ///< durable as a row of their own; those kept aside among them
  std::uint64_t absorbed = 0;      ///< durable as one more copy of a row that waits
  std::uint64_t kept_aside = 0;    ///< of those: no handler will see them
  std::uint64_t unstored = 0;      ///< answered 503
  std::uint64_t too_large = 0;     ///< answered 413
  std::uint64_t without_time = 0;  ///< pushes of known webhook events without a readable `lastUpdatedAt` (T3)
  std::uint64_t from_future = 0;   ///< whose `lastUpdatedAt` is over 5 min ahead of this clock: what follows is `stale`

  /// Arrival of the last durable one of each Hook::label, if there was one; never later than the clock. What is kept
  /// aside is no push.
  std::map<std::string, std::chrono::sys_time<std::chrono::milliseconds>> last_push_at;
};

/// What the receiver looks at in a request.
struct Request {
  std::string method;            ///< as sent, "POST"
  std::string target;            ///< as sent, with the query
  std::string content_encoding;  ///< value of Content-Encoding; empty if absent
  std::string body;              ///< as sent
};

/// What is to be answered.
struct Response {
  int status = 500;                  ///< 200, 404, 405, 413 or 503
  std::optional<int> retry_after_s;  ///< value of Retry-After
  bool allow_post = false;           ///< 405: send `Allow: POST`
  std::string body;                  ///< text/plain; never holds payload, path or software names
};

/// Thread-safe: any number of threads may call any member at once.
class Receiver {
 public:
  /// Must be quick and must not throw.
  using Done = std::function<void(Response)>;

  /// The inbox must outlive the receiver. Throws std::invalid_argument when there is no hook, a path does not start
  /// with
  /// `/`, holds `?`, `#` or anything but visible ASCII, two paths are equal, or a label holds a control character; the
  /// message never shows a path.
  /// @param inbox where pushes are kept
  /// @param options where they are accepted
  Receiver(Inbox& inbox, ReceiverOptions options);
  /// Answers what still waits for the disk with 503.
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  /// The answer that can be given before the body is read: 404 for a path that is no hook (whatever the method), 405
  /// for a method other than POST, 413 for a declared length over the limit.
  /// @param method as sent
  /// @param target as sent
  /// @param content_length as declared; nothing when the request does not tell
  /// @return nothing when the body is wanted
  std::optional<Response> answer_to_head(std::string_view method, std::string_view target,
                                         std::optional<std::uint64_t> content_length) const;

  /// Calls `done` exactly once, perhaps from within, perhaps later from a thread of the inbox or the receiver: the
  /// answers of answer_to_head(); 200 after the payload is durable (R3: no retry follows a 200), be it a push, an
  /// unknown webhook event (E10), or something that can never be one and is kept aside (malformed, empty, too large to
  /// parse, too deep, with a Content-Encoding); 503 with Retry-After when the inbox cannot store it in time. Does not
  /// wait for the disk.
  /// @param request the whole request
  /// @param done gets the answer
  void receive(Request request, Done done);

  /// The same, waiting for the answer.
  /// @param request the whole request
  /// @return the answer
  Response receive(Request request);

  /// For a body that turns out to be longer than `body_bytes_max` while it is read: counted and told.
  /// @param target as sent
  /// @return the 413 to answer
  Response too_large(std::string_view target) const;

  /// For a push that cannot be taken in before it is complete: counted and told, as one that the inbox cannot store.
  /// @param target as sent
  /// @param reason for ReceiverOptions::on_unstored
  /// @return the 503 to answer
  Response unstored(std::string_view target, const std::string& reason) const;

  /// @return the totals at this moment
  ReceiverCounters counters() const;

  /// @return those that it was made with; they live as long as this object
  const ReceiverOptions& options() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
