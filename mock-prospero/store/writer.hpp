// Batches into rows.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace mock::store {

/// Its statements belong to the connection, which must outlive it. Call put() inside a transaction.
class Writer {
 public:
  explicit Writer(Connection& connection);
  void put(const Batch& batch);

 private:
  void put(const KeptClock& clock);
  void put(const world::Organization& organization);
  void put(const world::KeptEntity& entity);
  void put(const KeptWebhook& webhook);
  void put(const DeliveryChange& change);
  void insert(std::int64_t row, const DeliveryChange& change);
  std::int64_t row_of_body(const delivery::Delivery& delivery);
  void put(std::int64_t delivery, std::size_t position, const delivery::Attempt& attempt);

  Connection& connection_;
  Statement state_, organization_, entity_, webhook_, body_, body_of_, rows_, insert_, update_, attempt_;
  std::int64_t last_row_ = 0;                                    // of the deliveries
  std::unordered_map<const std::string*, std::int64_t> bodies_;  // of this batch: deliveries of one change share theirs
};

}  // namespace mock::store
