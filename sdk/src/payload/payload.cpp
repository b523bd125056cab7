#include <prospero/webhooks/payload/payload.hpp>

namespace prospero::webhooks {
namespace {

template <class P>
constexpr bool is_unknown = std::is_same_v<P, UnknownPayload>;

}  // namespace

std::optional<WebhookEvent> known_event(const AnyPayload& payload) noexcept {
  if (std::holds_alternative<UnknownPayload>(payload)) return std::nullopt;
  return all_webhook_events[payload.index()];
}

std::string_view event_name(const AnyPayload& payload) noexcept {
  const auto* const unknown = std::get_if<UnknownPayload>(&payload);
  return unknown ? std::string_view{unknown->event_name()} : to_text(all_webhook_events[payload.index()]);
}

const Entity* entity(const AnyPayload& payload) noexcept {
  return std::visit(
      []<class P>(const P& push) -> const Entity* {
        if constexpr (is_unknown<P>) {
          return nullptr;
        } else {
          return &push.data();
        }
      },
      payload);
}

const EntityHeader* header(const AnyPayload& payload) noexcept {
  const Entity* const found = entity(payload);
  return found ? &found->header() : nullptr;
}

std::optional<Uuid> entity_id(const AnyPayload& payload) noexcept {
  const Entity* const found = entity(payload);
  return found ? std::optional{found->id()} : std::nullopt;
}

std::shared_ptr<const std::string> body(const AnyPayload& payload) noexcept {
  return std::visit([](const auto& push) { return push.body(); }, payload);
}

}  // namespace prospero::webhooks
