// The exhaustive check of freshness_model_test, sampled, through the real inbox and worker; and a random one with
// longer histories and crashes.
#include <prospero/webhooks/receive/worker.hpp>

#include <condition_variable>
#include <cstdio>
#include <map>
#include <mutex>
#include <random>
#include <vector>

#include "fixture.hpp"
#include "history_model.hpp"
#include "passing_inbox.hpp"

using namespace receive_test;
using boost::unit_test::label;

namespace {

// One life of one entity on its way through the inbox.
struct Trial {
  std::string entity_id;
  History history;
  Order order;
  Follower app;

  Trial(std::size_t number, History changes, Order arrivals, Follower::Reread reread)
      : history(std::move(changes)), order(std::move(arrivals)), app(history, reread) {
    char id[40];
    std::snprintf(id, sizeof id, "%08zx-8d3e-11ee-b962-0242ac120002", number);
    entity_id = id;
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
};

// Many trials over one inbox: pushes in, verdicts to the followers.
class Stage {
 public:
  void add(const History& history, const Order& order, Follower::Reread reread) {
    auto trial = std::make_unique<Trial>(trials_.size(), history, order, reread);
    by_id_.emplace(trial->entity_id, trial.get());
    trials_.push_back(std::move(trial));
  }

  std::size_t size() const { return trials_.size(); }

  /// The arrival at `place` of each trial that has one.
  void store_all(pw::Inbox& inbox, std::size_t place) {
    for (const auto& trial : trials_) {
      if (place >= trial->order.size()) continue;
      const std::size_t index = trial->order[place];
      pw::Arrival one = arrival(body_of(trial->history[index], trial->entity_id), trial->entity_id);
      one.event = "invoice." + std::string{to_text(trial->history[index].change)};
      const auto stored = store(inbox, std::move(one));
      BOOST_REQUIRE(stored.durable());
      const std::lock_guard hold{mutex_};
      trial->app.arrives(index);
      index_of_row_[stored.seq] = index;
    }
  }

  void work_until_empty(pw::Inbox& inbox) {
    const pw::Dispatcher dispatcher = following();
    pw::WorkerOptions options;
    options.on_handled = [this](const pw::InboxRow&) { changed_.notify_all(); };
    const pw::Worker worker{inbox, dispatcher, options};
    std::unique_lock hold{mutex_};
    while (inbox.counts().pending > 0) changed_.wait_for(hold, std::chrono::milliseconds{20});
  }

  void check_ends() const {
    for (const auto& trial : trials_)
      if (!trial->app.is_true() || trial->app.went_backwards())
        BOOST_ERROR("wrong end of trial " << trial->entity_id << " with " << trial->order.size() << " arrivals");
  }

  pw::Dispatcher following() {
    pw::Dispatcher dispatcher{
        [](const pw::AnyPayload&, pw::Delivery&, pw::Known) { throw std::logic_error("the fallback was called"); }};
    dispatcher.follow<pw::Invoice>([this](const pw::AnyOf<pw::Invoice>& push, pw::Delivery& how) {
      const std::lock_guard hold{mutex_};
      Trial& trial = *by_id_.at(to_text(pw::entity<pw::Invoice>(push).id()));
      const auto found = trial.app.handle(index_of_row_.at(how.seq), how.freshness);
      if (!found) return;
      found->gone ? how.observed_gone() : how.observed(*found->changed_at);
    });
    return dispatcher;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Trial>> trials_;
  std::map<std::string, Trial*> by_id_;
  std::map<std::uint64_t, std::size_t> index_of_row_;
};

// Every `stride`-th of all orders of the model.
void add_sample(Stage& stage, std::size_t stride) {
  std::size_t count = 0;
  for (const HistoryLimits& limits :
       {HistoryLimits{4, true, false}, HistoryLimits{4, false, false}, HistoryLimits{4, true, true}})
    each_history(limits, [&](const History& history) {
      each_order(history.size(), 2, [&](const Order& order) {
        if (++count % stride == 0)
          stage.add(history, order, count % 2 == 0 ? Follower::Reread::early : Follower::Reread::late);
      });
    });
}

constexpr std::size_t arrivals_max = 6;
constexpr std::size_t stride = 997;

History random_history(std::mt19937& random) {
  History history{{pw::Change::created, 'a', pw::Timestamp{1'767'225'600, 0}}};
  const bool timed = random() % 3 != 0;
  while (history.size() < 9) {
    Version next = history.back();
    const bool gone = !next.exists();
    next.change = gone ? pw::Change::created : random() % 8 == 0 ? pw::Change::deleted : pw::Change::updated;
    if (gone && !timed) break;  // without times nobody can tell a comeback
    if (next.change != pw::Change::deleted) {
      next.content = random() % 2 == 0 ? 'a' : 'b';
      next.changed_at->seconds += gone || random() % 2 == 0;
    }
    history.push_back(next);
  }
  if (!timed)
    for (Version& version : history) version.changed_at = std::nullopt;
  return history;
}

Order random_order(const History& history, std::mt19937& random) {
  Order order;
  for (std::size_t n = 0; n < history.size(); ++n) order.insert(order.end(), random() % 3 == 0 ? 2 : 1, n);
  std::shuffle(order.begin(), order.end(), random);
  return order;
}

// From a random finish() on nothing is written down any more: what a crash at that instant leaves behind.
struct DiesWriting : PassingInbox {
  DiesWriting(Inbox& to, int finishes) : PassingInbox(to), left(finishes) {}
  pw::StoreResult finish(std::uint64_t seq, const pw::HandOver& result) override {
    if (left-- > 0) return PassingInbox::finish(seq, result);
    died.count_down();
    return {pw::StoreStatus::failed, 0, "the process is gone"};
  }
  std::atomic<int> left;
  struct Died {
    void count_down() {
      const std::lock_guard hold{mutex};
      done = true;
      changed.notify_all();
    }
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
  } died;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(follow)

BOOST_AUTO_TEST_CASE(followers_end_on_the_true_state_when_each_push_is_handled_as_it_comes,
                     *label("H2") * label("H9") * label("D8")) {
  Stage stage;
  add_sample(stage, stride);
  BOOST_TEST(stage.size() > 100u);
  const auto inbox = pw::open_inbox("memory:");
  for (std::size_t place = 0; place < arrivals_max; ++place) {
    stage.store_all(*inbox, place);
    stage.work_until_empty(*inbox);
  }
  stage.check_ends();
}

BOOST_AUTO_TEST_CASE(created_a_b_a_in_one_second_ends_on_the_second_a, *label("H2") * label("H9")) {
  const pw::Timestamp second{1'767'225'600, 0};
  Stage stage;
  stage.add({{pw::Change::created, 'a', second},
             {pw::Change::updated, 'a', second},
             {pw::Change::updated, 'b', second},
             {pw::Change::updated, 'a', second}},
            {0, 2, 1, 3}, Follower::Reread::early);
  const auto inbox = pw::open_inbox("memory:");
  for (std::size_t place = 0; place < 4; ++place) {
    stage.store_all(*inbox, place);
    stage.work_until_empty(*inbox);
  }
  stage.check_ends();
}

BOOST_AUTO_TEST_CASE(followers_end_on_the_true_state_when_all_pushes_wait, *label("H2") * label("H9") * label("D8")) {
  Stage stage;
  add_sample(stage, stride);
  const auto inbox = pw::open_inbox("memory:");
  for (std::size_t place = 0; place < arrivals_max; ++place) stage.store_all(*inbox, place);
  stage.work_until_empty(*inbox);
  stage.check_ends();
}

BOOST_AUTO_TEST_CASE(followers_end_on_the_true_state_over_crashes, *label("H2") * label("H9") * label("R3")) {
  constexpr unsigned seed = 20'261'124;
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random{seed};
  Stage stage;
  std::size_t places = 0;
  for (int n = 0; n < 24; ++n) {
    const History history = random_history(random);
    const Order order = random_order(history, random);
    places = std::max(places, order.size());
    stage.add(history, order, n % 2 == 0 ? Follower::Reread::early : Follower::Reread::late);
  }
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  for (std::size_t place = 0; place < places; ++place) {
    const auto inbox = pw::open_inbox(url);
    stage.store_all(*inbox, place);
    if (random() % 2 == 0) {
      stage.work_until_empty(*inbox);
      continue;
    }
    DiesWriting dying{*inbox, static_cast<int>(random() % 8)};
    const pw::Dispatcher dispatcher = stage.following();
    pw::Worker worker{dying, dispatcher};
    std::unique_lock hold{dying.died.mutex};
    dying.died.changed.wait_for(hold, std::chrono::seconds{1}, [&] { return dying.died.done; });
  }
  stage.work_until_empty(*pw::open_inbox(url));
  stage.check_ends();
}

BOOST_AUTO_TEST_SUITE_END()
