// Rows into what was kept.
#pragma once

#include <functional>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace mock::store {

/// Throws std::runtime_error for rows that no version of this program writes.
KeptWorld read_world(Connection& connection);
void read_deliveries(Connection& connection, const std::function<void(delivery::Delivery)>& visit);
void read_losses(Connection& connection, const std::function<void(const delivery::DeliveryId&, std::int64_t)>& visit);

}  // namespace mock::store
