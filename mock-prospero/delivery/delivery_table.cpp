#include "delivery/delivery_table.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <utility>

namespace mock::delivery {
namespace {

constexpr auto never = Instant::min();
constexpr std::size_t index_size_min = 64;

// The ids of one generator differ in few bits, and these must reach the lower bits of the hash.
std::size_t hash_of(const std::array<std::uint8_t, 16>& bytes) {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  std::memcpy(&low, bytes.data(), sizeof low);
  std::memcpy(&high, bytes.data() + sizeof low, sizeof high);
  const std::uint64_t mixed = (low ^ (high * 0x9e37'79b9'7f4a'7c15U)) * 0xd6e8'feb8'6659'fd93U;
  return static_cast<std::size_t>(mixed ^ (mixed >> 32U));
}

std::uint32_t next_place(std::size_t size) {
  if (size >= std::numeric_limits<std::uint32_t>::max()) throw std::length_error("too many deliveries");
  return static_cast<std::uint32_t>(size + 1);
}

}  // namespace

/// Where the id is in the index, or the free slot where it belongs.
std::size_t DeliveryTable::slot_of(const PackedId& id) const {
  const auto mask = index_.size() - 1;
  for (auto slot = hash_of(id.bytes) & mask;; slot = (slot + 1) & mask) {
    if (index_[slot] == 0) return slot;
    const auto& row = rows_[index_[slot] - 1];
    if (row.id == id.bytes && row.id_form == id.form) return slot;
  }
}

void DeliveryTable::grow_index() {
  index_.assign(std::max(index_size_min, index_.size() * 2), 0);
  for (std::size_t number = 0; number < rows_.size(); ++number) {
    const auto& row = rows_[number];
    index_[slot_of({row.id, row.id_form})] = static_cast<std::uint32_t>(number + 1);
  }
}

std::size_t DeliveryTable::add(const Delivery& delivery) {
  const auto place = next_place(rows_.size());
  if (place > index_.size() / 4 * 3) grow_index();
  const auto id = pack(delivery.id, texts_);
  const auto slot = slot_of(id);
  if (index_[slot] != 0) throw std::invalid_argument("there is already a delivery " + delivery.id);
  const auto entity = delivery.entity_id ? pack(*delivery.entity_id, texts_) : PackedId{};
  Row row{.id = id.bytes,
          .entity_id = entity.bytes,
          .body = delivery.body,
          .created_at = delivery.created_at,
          .next_or_lost_at = never,
          .webhook = texts_.number_of(delivery.webhook_id),
          .event = texts_.number_of(delivery.event),
          .last_attempt = 0,
          .state = delivery.state,
          .reason = {},
          .id_form = id.form,
          .entity_form = entity.form,
          .is_resend = delivery.resend_of.has_value()};
  take_over(row, delivery);
  if (delivery.resend_of) resent_.emplace(rows_.size(), pack(*delivery.resend_of, texts_));
  rows_.push_back(std::move(row));
  index_[slot] = place;
  return place - 1;
}

std::optional<std::size_t> DeliveryTable::find(std::string_view id) const {
  if (index_.empty()) return std::nullopt;
  const auto packed = find_packed(id, texts_);
  if (!packed) return std::nullopt;
  const auto place = index_[slot_of(*packed)];
  if (place == 0) return std::nullopt;
  return place - 1;
}

Delivery DeliveryTable::at(std::size_t number) const {
  const auto& row = rows_[number];
  Delivery delivery;
  delivery.id = id(number);
  delivery.webhook_id = texts_.text(row.webhook);
  delivery.event = texts_.text(row.event);
  if (row.entity_form != IdForm::none) delivery.entity_id = unpack({row.entity_id, row.entity_form}, texts_);
  delivery.body = row.body;
  delivery.created_at = row.created_at;
  delivery.state = row.state;
  delivery.reason = row.reason;
  if (row.is_resend) delivery.resend_of = unpack(resent_.at(number), texts_);
  delivery.next_attempt_at = next_attempt_at(row);
  delivery.lost_at = lost_at(row);
  delivery.attempts = attempts(number, 0);
  return delivery;
}

std::optional<Instant> DeliveryTable::next_attempt_at(const Row& row) {
  if (row.next_or_lost_at == never || is_lost(row.state)) return std::nullopt;
  return row.next_or_lost_at;
}

std::optional<Instant> DeliveryTable::lost_at(const Row& row) {
  if (row.next_or_lost_at == never || !is_lost(row.state)) return std::nullopt;
  return row.next_or_lost_at;
}

std::size_t DeliveryTable::count_attempts(const Row& row) const {
  std::size_t count = 0;
  for (auto place = row.last_attempt; place != 0; place = attempts_[place - 1].previous) ++count;
  return count;
}

std::vector<Attempt> DeliveryTable::attempts(std::size_t number, std::size_t first) const {
  const auto& row = rows_[number];
  const auto count = count_attempts(row);
  std::vector<Attempt> found(count - std::min(first, count));
  auto place = row.last_attempt;
  for (auto at = found.rbegin(); at != found.rend(); ++at) {
    *at = unpack(attempts_[place - 1], texts_);
    place = attempts_[place - 1].previous;
  }
  return found;
}

DeliveryId DeliveryTable::id(std::size_t number) const {
  const auto& row = rows_[number];
  return unpack({row.id, row.id_form}, texts_);
}

DeliveryGlance DeliveryTable::glance(std::size_t number) const {
  const auto& row = rows_[number];
  return {.webhook_id = texts_.text(row.webhook),
          .event = texts_.text(row.event),
          .state = row.state,
          .reason = row.reason,
          .next_attempt_at = next_attempt_at(row),
          .lost_at = lost_at(row),
          .tried = row.last_attempt != 0};
}

void DeliveryTable::update(std::size_t number, const Delivery& delivery) {
  take_over(rows_[number], delivery);
}

void DeliveryTable::take_over(Row& row, const Delivery& delivery) {
  row.state = delivery.state;
  row.reason = delivery.reason;
  row.next_or_lost_at = (is_lost(delivery.state) ? delivery.lost_at : delivery.next_attempt_at).value_or(never);
  auto kept = count_attempts(row);
  if (kept > 0) {
    auto& last = attempts_[row.last_attempt - 1];
    const auto previous = last.previous;
    last = pack(delivery.attempts[kept - 1], texts_);
    last.previous = previous;
  }
  for (; kept < delivery.attempts.size(); ++kept) {
    const auto place = next_place(attempts_.size());
    auto packed = pack(delivery.attempts[kept], texts_);
    packed.previous = row.last_attempt;
    attempts_.push_back(packed);
    row.last_attempt = place;
  }
}

}  // namespace mock::delivery
