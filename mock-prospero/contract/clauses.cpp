#include "contract/clauses.hpp"

#include <algorithm>
#include <array>

#include "contract/describe.hpp"

namespace mock::contract {
namespace {

template <std::size_t Index>
std::string event_name(const Values&) {
  return std::string{webhook_events.at(Index)};
}

std::string draft_only(const Values& values) {
  return event_name<4>(values) + ", only while the status is \"" + std::string{draft_status} + "\"";
}

constexpr auto stated = Mark::stated;
constexpr auto chosen = Mark::chosen;

constexpr std::array all_clauses{
    Clause{"D1",
           "A push is one HTTP POST to the webhook's URL; the body is a JSON object that names the webhook event and "
           "carries the affected entity.",
           stated, "the exact keys, of which our sources show no sample", describe_body, "", "body"},
    Clause{"D2",
           "A push says its content type and who sends it. It has no signature, id, timestamp or attempt header, so a "
           "consumer cannot depend on one.",
           chosen, "", describe_headers, "--content-type, --user-agent", "header fields"},
    Clause{"D3",
           "One status means success; every other final status fails the attempt, 2xx and 3xx included. Redirects are "
           "not followed, interim 1xx responses are skipped.",
           stated, "redirects and 1xx", describe_success, "", "success"},
    Clause{"D4",
           "The time to answer runs on a monotonic clock from before the name look-up to the last byte of the response "
           "and holds in every phase. Waiting for a free slot of the sender is not part of it.",
           stated, "where it starts and ends", describe_deadline, "", "time to answer"},
    Clause{"D5",
           "A consumer that cannot be reached fails the attempt: unknown name, refused or reset connection, failed "
           "TLS, an answer that is not HTTP.",
           stated, "", nullptr, ""},
    Clause{"D6",
           "The URL is https and publicly reachable. Loopback, private, link-local and other non-public addresses are "
           "refused at registration and again at each connection.",
           stated, "the refusal of addresses", describe_url_policy, "--allow-local, --allow-http, --allow-net", "URLs"},
    Clause{"D7", "The consumer's certificate is valid for the host and chains to a trusted root.", chosen, "",
           describe_roots, "--ca", "certificates"},
    Clause{"D8",
           "Deliveries of one webhook are independent: they overlap, arrive in any order, and a retry may come after a "
           "newer update of the same entity.",
           chosen, "follows from R1", nullptr, ""},
    Clause{"D9", "A bulk change gives one push for each entity, all due at once.", chosen, "", nullptr, ""},

    Clause{"R1", "A failed delivery is tried again, at most once for each delay of the ladder.", stated, "",
           describe_retries, ""},
    Clause{"R2",
           "Each delay counts from the moment at which the previous attempt failed, or all of them from the first "
           "failure.",
           chosen, "", describe_delays, "--delays-count-from", "delays count"},
    Clause{"R3", "The first success ends the delivery; no attempt follows it, the copy of G5 excepted.", stated, "",
           nullptr, ""},
    Clause{"R4", "When the last retry has failed the delivery is abandoned: the webhook event is lost to this webhook.",
           stated, "", describe_attempts, ""},
    Clause{"R5", "Every attempt of a delivery sends the same bytes as the first.", chosen, "", nullptr, ""},

    Clause{"X1", "A webhook that stays unresponsive over many attempts might be disabled.", stated, "", nullptr, ""},
    Clause{"X2",
           "Failed attempts over all deliveries of a webhook are counted in the order of their ends, then of delivery "
           "ids; any success sets count and span to zero. Enough of them in a row, over a long enough span, disable "
           "the webhook.",
           chosen, "", describe_disable_rule, "--disable-after, --disable-span", "disabling"},
    Clause{"X3",
           "A disabled webhook gets nothing: its pending retries are dropped and new webhook events are not queued for "
           "it.",
           chosen, "", nullptr, ""},
    Clause{"X4", "It must be enabled by hand; the count starts again at zero, and nothing that was missed is sent.",
           stated, "the count and what was missed", nullptr, ""},

    Clause{"E1", "Fires when a calendar Event is created.", stated, "", event_name<0>, ""},
    Clause{"E2", "Fires when a calendar Event is deleted.", stated, "", event_name<1>, ""},
    Clause{"E3", "Fires when a calendar Event is updated; a change of its status counts.", stated, "", event_name<2>,
           ""},
    Clause{"E4", "Fires when an Invoice is created.", stated, "", event_name<3>, ""},
    Clause{"E5", "Fires when a draft Invoice is deleted; deleting any other is refused.", stated, "the refusal",
           draft_only, "", "draft Invoice"},
    Clause{"E6", "Fires when an Invoice is updated; a change of its status counts.", stated, "", event_name<5>, ""},
    Clause{"E7", "Fires when an Offer is created.", stated, "", event_name<6>, ""},
    Clause{"E8", "Fires when an Offer is deleted.", stated, "", event_name<7>, ""},
    Clause{"E9", "Fires when an Offer is updated; a change of its status counts.", stated, "", event_name<8>, ""},
    Clause{"E10",
           "Webhook events keep being added. A consumer survives names that it does not know: it answers success, "
           "keeps the payload and raises no error.",
           stated, "what it answers", nullptr, ""},
    Clause{"E11",
           "Archiving and unarchiving a calendar Event count as updates of it; what they fire is a choice of its own.",
           chosen, "", describe_archiving, "--archive-fires", "archiving"},

    Clause{"S1", "A webhook belongs to one Organization and fires only for what happens there.", stated, "", nullptr,
           ""},
    Clause{"S2", "It is registered with a URL and a list of webhook events, and fires for those only.", stated, "",
           nullptr, ""},
    Clause{"S3", "Prospero's staff create, delete (by URL) and enable it on request; there is no self-service yet.",
           stated, "who enables it", nullptr, ""},

    Clause{"T1", "Every entity has a globally unique id, a UUID.", stated, "", describe_uuid, ""},
    Clause{"T2",
           "Date-times are UTC in ISO 8601, YYYY-MM-DDThh:mm:ssZ; some fields hold only a date, YYYY-MM-DD, or a time, "
           "hh:mm:ss.",
           stated, "", nullptr, ""},
    Clause{"T3",
           "Entities carry their times of creation and last update and the id of their Organization; a consumer treats "
           "each as optional.",
           chosen, "documented for Projects", describe_entity_header, "--without-fields", "entity header"},
    Clause{"T4",
           "All other fields of calendar Events, Invoices and Offers pass through untouched; none is invented as if it "
           "were Prospero's, and samples mark theirs as samples.",
           chosen, "", nullptr, ""},
    Clause{
        "T5",
        "Errors of the REST API are a JSON object with a status and a text; the mock's own API answers the same way.",
        stated, "", describe_error_body, ""},
    Clause{"T6", "An id that comes back after a delete has a later time of last update.", chosen, "", nullptr, ""},
    Clause{"T7", "A deletion carries the entity as last known; only its id may be relied on.", chosen, "", nullptr, ""},

    Clause{"G1",
           "An attempt under way when its webhook is disabled or deleted is finished and recorded: success delivers, "
           "failure drops the delivery, even if the webhook is enabled again by then. Disabling and enabling begin a "
           "new epoch; attempts of an older one count for nothing.",
           chosen, "", nullptr, ""},
    Clause{"G2",
           "Deleting a webhook drops its pending retries and keeps its history. The same URL registered again is a new "
           "webhook.",
           chosen, "", nullptr, ""},
    Clause{"G3",
           "An Organization registers a URL once, compared after normalization; two Organizations may share one. A "
           "deletion by URL that matches several asks for the Organization.",
           chosen, "", nullptr, ""},
    Clause{"G4",
           "Overdue retries are made oldest due first, within the bounds and fairly over webhooks. The instant that "
           "the contract asked for stays recorded; later delays count from the real failure.",
           chosen, "", describe_bounds, "--max-in-flight, --max-connections", "attempts"},
    Clause{"G5",
           "An attempt of which the sender does not know whether it was sent is recorded as interrupted and made again "
           "with the same number, marked uncertain. It does not count for X2.",
           chosen, "", nullptr, ""},
    Clause{"G6",
           "A virtual clock stands still while nothing is in flight; starts and ends take effect in virtual order, and "
           "attempts take their real time. A faster real clock shortens waiting, never the time to answer.",
           chosen, "", describe_clock, "--clock, --speed", "clock"},
    Clause{"G7",
           "Waiting uses a monotonic clock that counts suspension, so a step of the wall clock neither repeats nor "
           "skips an attempt. Over a restart the stored wall-clock instants count.",
           chosen, "", nullptr, ""},

    Clause{"H1",
           "The first push of an entity that a consumer handles is fresh and becomes the entity's head. Earlier and "
           "later below need both times known, and hold strictly.",
           chosen, "a rule for consumers, like all of H", nullptr, ""},
    Clause{"H2",
           "The head's bytes again are a copy, which is not handed over; if the head is unsure they are ambiguous.",
           chosen, "", nullptr, ""},
    Clause{
        "H3",
        "A creation after a head exists is ambiguous if the head is a creation too or the push is later, else stale.",
        chosen, "", nullptr, ""},
    Clause{"H4", "An update after a deletion is ambiguous if later, and becomes the head; else it is stale.", chosen,
           "", nullptr, ""},
    Clause{"H5", "A deletion after a deletion is ambiguous and becomes the head.", chosen, "", nullptr, ""},
    Clause{"H6", "A deletion of what is not deleted becomes the head: ambiguous if earlier, else fresh.", chosen, "",
           nullptr, ""},
    Clause{"H7",
           "An update after a creation is ambiguous if earlier, and leaves the head; else it is fresh and becomes the "
           "head.",
           chosen, "", nullptr, ""},
    Clause{"H8", "Of two updates, a later one is fresh and becomes the head; an earlier one is stale.", chosen, "",
           nullptr, ""},
    Clause{"H9",
           "Two updates with equal times, or with a time missing, are ambiguous; the newer arrival becomes the head.",
           chosen, "", nullptr, ""},
};

}  // namespace

std::string_view to_text(Mark mark) {
  switch (mark) {
    case Mark::stated:
      return "stated";
    case Mark::chosen:
      return "chosen";
  }
  return "?";
}

std::span<const Clause> clauses() {
  return all_clauses;
}

const Clause* find_clause(std::string_view id) {
  const auto at = std::find_if(all_clauses.begin(), all_clauses.end(), [id](const Clause& c) { return c.id == id; });
  return at == all_clauses.end() ? nullptr : &*at;
}

std::optional<std::string> value_in_force(const Clause& clause, const Values& values) {
  if (clause.value == nullptr) return std::nullopt;
  return clause.value(values);
}

std::string_view section_title(char letter) {
  switch (letter) {
    case 'D':
      return "delivery";
    case 'R':
      return "retries";
    case 'X':
      return "disabling";
    case 'E':
      return "webhook events";
    case 'S':
      return "subscriptions";
    case 'T':
      return "data";
    case 'G':
      return "edges";
    case 'H':
      return "freshness, a rule for consumers";
    default:
      return {};
  }
}

}  // namespace mock::contract
