#include "api/host_check.hpp"

#include <future>
#include <memory>
#include <utility>

#include "api/exchange.hpp"

#include "seeded_fault.hpp"

namespace mock::api {

HostCheck::HostCheck(engine::Engine& engine, transport::NameLookup& lookup, transport::UrlPolicy policy)
    : engine_(engine), lookup_(lookup), policy_(std::move(policy)) {}

void HostCheck::require_allowed(const transport::WebhookUrl& url, std::chrono::milliseconds patience) {
  if (url.literal() || PROSPERO_FAULT(D6_names_are_not_looked_up_at_registration))
    return;  // judged when the URL was read
  const auto found = std::make_shared<std::promise<transport::LookupResult>>();
  auto result = found->get_future();
  auto pending = engine_.call([&] {
    return lookup_.resolve(transport::plain_host(url.host()),
                           [found](transport::LookupResult lookup) { found->set_value(std::move(lookup)); });
  });
  const bool answered = result.wait_for(patience) == std::future_status::ready;
  engine_.call([&] { pending.reset(); });
  if (!answered) return;
  for (const auto& address : result.get().addresses) {
    if (const auto reason = transport::refuse_address(address, policy_)) {
      throw Error{422, "'url': " + url.host() + " leads to an address that is refused: " + *reason};
    }
  }
}

}  // namespace mock::api
