/// @file
/// From a push to the application's handler for it.
///
///   pw::Dispatcher dispatcher{[](const pw::AnyPayload& payload, pw::Delivery& how, pw::Known known) { ... }};
///   dispatcher.on<pw::EventUpdated>([](const pw::EventUpdated& push, pw::Delivery& how) { ... });
///   dispatcher.on<pw::OfferCreated, MyOffer>([](const MyOffer& offer, pw::Delivery& how) { ... });
///   dispatcher.follow<pw::Invoice>([](const pw::AnyOf<pw::Invoice>& push, pw::Delivery& how) { ... });
///   dispatcher.each<pw::OfferCreated>([](const pw::OfferCreated& push, const pw::Delivery& how) { ... });
///
/// Two different wishes: to follow the latest state of an entity (`follow`), or to act once on each change (`each`);
/// `on` takes pushes as they come and leaves both to the handler. The worker calls a handler for a push of that verdict
/// (H1-H9):
///
///               fresh   ambiguous   stale   copy
///    follow     yes     yes (1)     no      no
///    each       once for each distinct body, whatever the verdict (2)
///    on         yes     yes         yes     no
///
/// (1) the handler re-reads the entity and tells Delivery::observed() or observed_gone(); (2) bytes that a handler has
/// completed for, as long as the inbox remembers them. The fallback is called as with `on`.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "bind.hpp"
#include "delivery.hpp"
#include "payload.hpp"

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// Told to the fallback: whether this version knows the webhook event (then nobody registered for it), or not (E10).
enum class Known : bool {
  no,   ///< the webhook event is new: the payload is an UnknownPayload
  yes,  ///< nobody registered for it
};

/// Which pushes a handler wants.
enum class Subscription : std::uint8_t {
  follow,  ///< the latest state
  each,    ///< every distinct body once
  on,      ///< all but copies, as they come
};

namespace detail {

template <class P>
inline constexpr bool is_known_payload = false;
template <WebhookEvent E, class Data>
inline constexpr bool is_known_payload<Payload<E, Data>> = true;

template <class Data>
inline constexpr bool is_entity =
    std::is_same_v<Data, CalendarEvent> || std::is_same_v<Data, Invoice> || std::is_same_v<Data, Offer>;

}  // namespace detail

/// One handler per webhook event, and a fallback for all others. The fallback is mandatory: whoever subscribes to a
/// webhook event without handling it, or meets one that is new (E10), must have said what happens.
///
/// Register first, on one thread, then dispatch, on any number of threads at once; handlers must bear that. A
/// moved-from dispatcher may only be destroyed or assigned to.
class Dispatcher {
 public:
  /// What is called for every push without a handler of its own.
  using Fallback = std::function<void(const AnyPayload&, Delivery&, Known)>;

  Dispatcher() = delete;
  /// Throws std::invalid_argument when `fallback` is an empty std::function.
  /// @param fallback callable as `fallback(const AnyPayload&, Delivery&, Known)`; kept, copied into the dispatcher
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Dispatcher>) explicit Dispatcher(F&& fallback)
      : Dispatcher(CheckedFallback{checked(std::forward<F>(fallback))}) {}
  ~Dispatcher();
  /// Not while another thread dispatches, nor while a Worker holds a reference.
  Dispatcher(Dispatcher&&) noexcept;
  /// Likewise.
  /// @return this object
  Dispatcher& operator=(Dispatcher&&) noexcept;

  // Registrations. Each throws std::logic_error when a webhook event has a handler already, naming both, and when a
  // dispatch has begun; nothing is registered then.

  /// For the webhook event of P, EventUpdated for instance: all but copies.
  /// @param handler callable as `handler(const P&, Delivery&)`; kept until the dispatcher goes
  template <class P, class Handler>
  void on(Handler handler) {
    static_assert(detail::is_known_payload<P>,
                  "on<P>: P must be one of the nine payload types, EventUpdated for instance; webhook events that are "
                  "not known go to the fallback, families to on_any<Invoice>");
    if constexpr (detail::is_known_payload<P>) {
      static_assert(std::is_copy_constructible_v<Handler>,
                    "on<P>: the handler must be copyable: capture a std::shared_ptr instead of a std::unique_ptr");
      static_assert(std::is_invocable_v<Handler&, const P&, Delivery&>,
                    "on<P>: the handler must be callable as handler(const P&, Delivery&)");
      add_one(P::event, Subscription::on, calling<P>(std::move(handler)));
    }
  }

  /// The same, once for each distinct body, stale ones too.
  /// @param handler as above
  template <class P, class Handler>
  void each(Handler handler) {
    static_assert(detail::is_known_payload<P>,
                  "each<P>: P must be one of the nine payload types, OfferCreated for instance");
    if constexpr (detail::is_known_payload<P>) {
      static_assert(std::is_copy_constructible_v<Handler>,
                    "each<P>: the handler must be copyable: capture a std::shared_ptr instead of a std::unique_ptr");
      static_assert(std::is_invocable_v<Handler&, const P&, Delivery&>,
                    "each<P>: the handler must be callable as handler(const P&, Delivery&)");
      add_one(P::event, Subscription::each, calling<P>(std::move(handler)));
    }
  }

  /// For the webhook event of P, with its entity bound to the application's own type T (bind.hpp). When an entity does
  /// not fit T, dispatch() throws PayloadException and the handler is not called.
  /// @param handler callable as `handler(const T&, Delivery&)`; kept until the dispatcher goes
  template <class P, class T, class Handler>
  void on(Handler handler) {
    static_assert(detail::is_known_payload<P>,
                  "on<P, T>: P must be one of the nine payload types, EventUpdated for instance");
    static_assert(is_bindable<T>,
                  "on<P, T>: T must be described with BOOST_DESCRIBE_STRUCT or have a tag_invoke for "
                  "boost::json::value_to (see bind.hpp)");
    if constexpr (detail::is_known_payload<P> && is_bindable<T>) {
      static_assert(std::is_copy_constructible_v<Handler>,
                    "on<P, T>: the handler must be copyable: capture a std::shared_ptr instead of a std::unique_ptr");
      static_assert(std::is_invocable_v<Handler&, const T&, Delivery&>,
                    "on<P, T>: the handler must be callable as handler(const T&, Delivery&)");
      add_one(P::event, Subscription::on,
              [handler = std::move(handler)](const AnyPayload& payload, Delivery& how) mutable {
                const T bound = bind<T>(std::get<P>(payload).data()).value();
                handler(bound, how);
              });
    }
  }

  /// For all three webhook events about Data: CalendarEvent, Invoice or Offer: all but copies.
  /// @param handler callable as `handler(const AnyOf<Data>&, Delivery&)`; kept until the dispatcher goes
  template <class Data, class Handler>
  void on_any(Handler handler) {
    static_assert(detail::is_entity<Data>, "on_any<Data>: Data must be CalendarEvent, Invoice or Offer");
    if constexpr (detail::is_entity<Data>) {
      static_assert(
          std::is_copy_constructible_v<Handler>,
          "on_any<Data>: the handler must be copyable: capture a std::shared_ptr instead of a std::unique_ptr");
      static_assert(std::is_invocable_v<Handler&, const AnyOf<Data>&, Delivery&>,
                    "on_any<Data>: the handler must be callable as handler(const AnyOf<Data>&, Delivery&)");
      add_family(Data::family, Subscription::on, calling_any<Data>(std::move(handler)));
    }
  }

  /// The same, for the latest state: stale pushes are not handed over, and an ambiguous one asks for a re-read.
  /// @param handler as above
  template <class Data, class Handler>
  void follow(Handler handler) {
    static_assert(
        detail::is_entity<Data>,
        "follow<Data>: Data must be CalendarEvent, Invoice or Offer: the latest state needs all three webhook "
        "events of a family");
    if constexpr (detail::is_entity<Data>) {
      static_assert(
          std::is_copy_constructible_v<Handler>,
          "follow<Data>: the handler must be copyable: capture a std::shared_ptr instead of a std::unique_ptr");
      static_assert(std::is_invocable_v<Handler&, const AnyOf<Data>&, Delivery&>,
                    "follow<Data>: the handler must be callable as handler(const AnyOf<Data>&, Delivery&)");
      add_family(Data::family, Subscription::follow, calling_any<Data>(std::move(handler)));
    }
  }

  /// The list to give to Prospero when asking for the webhook (S2). Not while another thread registers.
  /// @return names of the webhook events that have a handler, in the order of the contract; the views live forever
  std::vector<std::string_view> registered() const;

  /// Thread-safe once registration is over.
  /// @param event any of the nine
  /// @return which pushes its handler wants; `on` where there is none
  Subscription subscription(WebhookEvent event) const noexcept;

  /// Calls the handler of the payload's webhook event, else the fallback, and returns when it has. Whatever the handler
  /// throws comes through; PayloadException when the entity does not fit the type that the handler asked for. Not an
  /// error: a webhook event without a handler, or an unknown one (E10). Thread-safe, as far as the handlers are.
  /// @param payload the push; not for two threads at once (see Entity), so each dispatch needs its own
  /// @param how goes to the handler as it is
  void dispatch(const AnyPayload& payload, Delivery& how) const;

 private:
  using Slot = std::function<void(const AnyPayload&, Delivery&)>;
  struct CheckedFallback {
    Fallback call;
  };

  explicit Dispatcher(CheckedFallback fallback);

  template <class F>
  static Fallback checked(F&& fallback) {
    constexpr bool fits = std::is_invocable_v<F&, const AnyPayload&, Delivery&, Known>;
    static_assert(fits, "Dispatcher: the fallback must be callable as fallback(const AnyPayload&, Delivery&, Known)");
    static_assert(std::is_copy_constructible_v<std::remove_cvref_t<F>>,
                  "Dispatcher: the fallback must be copyable: capture a std::shared_ptr instead of a std::unique_ptr");
    if constexpr (fits) return Fallback(std::forward<F>(fallback));
  }

  void add_one(WebhookEvent event, Subscription kind, Slot slot);
  void add_family(Family family, Subscription kind, Slot slot);

  template <class P, class Handler>
  static Slot calling(Handler handler) {
    return [handler = std::move(handler)](const AnyPayload& payload, Delivery& how) mutable {
      handler(std::get<P>(payload), how);
    };
  }
  template <class Data, class Handler>
  static Slot calling_any(Handler handler) {
    return [handler = std::move(handler)](const AnyPayload& payload, Delivery& how) mutable {
      const AnyOf<Data> push = narrowed<Data>(payload);
      handler(push, how);
    };
  }

  template <class Data>
  static AnyOf<Data> narrowed(const AnyPayload& payload) {
    using Created = Payload<webhook_event(Data::family, Change::created), Data>;
    using Deleted = Payload<webhook_event(Data::family, Change::deleted), Data>;
    using Updated = Payload<webhook_event(Data::family, Change::updated), Data>;
    if (const auto* const created = std::get_if<Created>(&payload)) return *created;
    if (const auto* const deleted = std::get_if<Deleted>(&payload)) return *deleted;
    return std::get<Updated>(payload);
  }

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
