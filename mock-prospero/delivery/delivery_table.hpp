// All deliveries of a sender, kept small: 80 bytes each, 64 for each attempt, and 4 to 11 in the index of ids, beside
// the body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delivery/block_list.hpp"
#include "delivery/packed_attempt.hpp"
#include "delivery/packed_id.hpp"
#include "delivery/text_pool.hpp"
#include "delivery/types.hpp"

namespace mock::delivery {

/// What tells deliveries apart at a glance. The texts stay valid as long as the table.
struct DeliveryGlance {
  std::string_view webhook_id;
  std::string_view event;
  State state;
  std::optional<Reason> reason;
  std::optional<Instant> next_attempt_at;
  std::optional<Instant> lost_at;
  bool tried;  ///< there is an attempt, maybe one under way
};

/// Deliveries by number: 0, 1, 2, ... in the order of add(). Nothing is ever taken out. A number must be below size().
class DeliveryTable {
 public:
  DeliveryTable() = default;
  DeliveryTable(const DeliveryTable&) = delete;
  DeliveryTable& operator=(const DeliveryTable&) = delete;

  /// A std::invalid_argument if the id is there already.
  std::size_t add(const Delivery& delivery);

  std::size_t size() const { return rows_.size(); }
  std::optional<std::size_t> find(std::string_view id) const;
  Delivery at(std::size_t number) const;
  DeliveryId id(std::size_t number) const;
  DeliveryGlance glance(std::size_t number) const;
  std::vector<Attempt> attempts(std::size_t number, std::size_t first) const;  ///< from that position on

  /// Takes over state, reason, next_attempt_at and lost_at, the last attempt that was there already, and those after
  /// it; the rest of a delivery never changes.
  void update(std::size_t number, const Delivery& delivery);

 private:
  struct Row {
    std::array<std::uint8_t, 16> id, entity_id;
    std::shared_ptr<const std::string> body;
    Instant created_at;
    Instant next_or_lost_at;  // by the state, which never needs both; the least instant stands for none
    std::uint32_t webhook;    // these two are numbers in texts_
    std::uint32_t event;
    std::uint32_t last_attempt;  // its place in attempts_ plus 1; 0 stands for none
    State state;
    std::optional<Reason> reason;
    IdForm id_form : 3;
    IdForm entity_form : 3;
    bool is_resend : 1;
  };
  static_assert(sizeof(Row) == 80);

  std::size_t slot_of(const PackedId& id) const;
  void grow_index();
  std::size_t count_attempts(const Row& row) const;
  static std::optional<Instant> next_attempt_at(const Row& row);
  static std::optional<Instant> lost_at(const Row& row);
  void take_over(Row& row, const Delivery& delivery);

  TextPool texts_;
  BlockList<Row> rows_;
  BlockList<PackedAttempt> attempts_;  // each names the place of the one before it
  std::unordered_map<std::size_t, PackedId> resent_;
  std::vector<std::uint32_t> index_;  // open addressing by id: numbers plus 1, 0 where free; its size is a power of two
};

}  // namespace mock::delivery
