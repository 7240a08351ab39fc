// SPDX-License-Identifier: Apache-2.0
#include "platform/clocks/timer.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/clocks/calendar_store.h"
#include "platform/log/log.h"

namespace zonelink::clocks {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// Other processes start clocks and move the deployment's time without telling this one.
constexpr milliseconds kLookAnyway{1000};
constexpr milliseconds kFirstPause{1000};
constexpr milliseconds kLongestPause{60'000};
// Between rungs that fall due, so many clocks are told anew.
constexpr size_t kRetoldAtOnce = 200;
constexpr seconds kStaleAgain{5};
// So long a process may still work with the calendar before.
constexpr seconds kSettleAfter{60};

Error NotFired(std::string why) { return Unavailable("RUNGS_NOT_FIRED", std::move(why)); }

}  // namespace

Timer::Timer(db::Database& database, Calendars& calendars, std::span<const Kind> kinds, Hooks hooks)
    : database_(database), calendars_(calendars), kinds_(kinds), hooks_(std::move(hooks)) {
  for (const Kind& kind : kinds) kind_names_.emplace_back(kind.name);
}

Timer::~Timer() { Stop(); }

void Timer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Timer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Timer::Wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

void Timer::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stop_ || !busy_; });
    if (stop_) return;
    busy_ = true;
    woken_ = false;
    lock.unlock();
    const Result<Round> round = FireRound(Steady::max(), /*retell_all=*/false);
    if (!round) {
      log::Warn("rungs not fired", {{"schema", database_.schema()},
                                    {"reason", round.error().reason},
                                    {"error", round.error().message}});
    }
    const Steady until = round ? round->look_again : steady_clock::now() + kLookAnyway;
    lock.lock();
    busy_ = false;
    changed_.notify_all();
    changed_.wait_until(lock, until, [&] { return stop_ || woken_; });
  }
}

Result<int64_t> Timer::FireDue(Steady deadline) {
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_until(lock, deadline, [&] { return !busy_; }))
      return NotFired("a round takes longer than this call may");
    busy_ = true;
  }
  for (auto& [case_id, held] : held_) held.until = {};
  const Result<Round> round = FireRound(deadline, /*retell_all=*/true);
  const size_t refused = HeldCases().size();
  {
    const std::lock_guard lock(mutex_);
    busy_ = false;
    woken_ = true;  // the timer's thread has slept over what may have changed
    changed_.notify_all();
  }
  if (!round) return NotFired(round.error().message);
  if (refused > 0) return NotFired(fmt::format("{} cases refuse", refused));
  return round->fired;
}

Result<Timer::Round> Timer::FireRound(Steady deadline, bool retell_all) {
  if (const Status fresh = calendars_.Refresh(); !fresh) return fresh.error();
  Steady refresh_at = steady_clock::now() + kLookAnyway;
  if (const Status told = Retell(deadline, retell_all); !told) return told.error();
  Result<Look> look = LookNow();
  Round round;
  while (look && look->due() && !stop_) {
    if (steady_clock::now() >= deadline) return NotFired("more is due than there is time for");
    if (steady_clock::now() >= refresh_at) {  // this process's commands too rely on it
      if (const Status fresh = calendars_.Refresh(); !fresh) return fresh.error();
      refresh_at = steady_clock::now() + kLookAnyway;
    }
    const Result<bool> fired = Fire(*look->next, *look);
    if (!fired) return fired.error();
    round.fired += *fired ? 1 : 0;
  }
  if (!look) return look.error();
  if (look->due()) return NotFired("the process stops");
  round.look_again = stale_.empty() ? NextLook(*look) : steady_clock::now();
  return round;
}

Timer::Steady Timer::NextLook(const Look& look) const {
  const Steady now = steady_clock::now();
  Steady next = now + kLookAnyway;
  if (look.next)
    next =
        std::min(next, now + std::max(look.next->next_at - look.now, std::chrono::microseconds{0}));
  for (const auto& [case_id, held] : held_) {
    if (held.until > now) next = std::min(next, held.until);
  }
  return next;
}

std::vector<std::string> Timer::HeldCases() const {
  const Steady now = steady_clock::now();
  std::vector<std::string> cases;
  for (const auto& [case_id, held] : held_) {
    if (held.until > now) cases.push_back(case_id);
  }
  return cases;
}

Timer::Look Timer::LookIn(db::Tx& tx) {
  const db::Rows rows = clock_store::AskNext(tx, kind_names_, HeldCases());
  return {tx.now(), clock_store::ReadNext(rows)};
}

Result<Timer::Look> Timer::LookNow() {
  Look look;
  const Status looked = database_.Timer("look for rungs", [&](db::Tx& tx) -> Status {
    look = LookIn(tx);
    return Done{};
  });
  if (!looked) return looked.error();
  return look;
}

Result<bool> Timer::InCase(std::string_view what, const std::string& case_id,
                           const std::function<Status(db::Tx&)>& body) {
  const Status done = database_.Timer(what, [&](db::Tx& tx) -> Status {
    if (const Status locked = hooks_.lock(tx, case_id); !locked) return locked;
    return body(tx);
  });
  if (done) {
    held_.erase(case_id);
    return true;
  }
  // What every case would meet is no fault of this one.
  const bool database = done.error().reason == "DATABASE_UNAVAILABLE" ||
                        done.error().reason == "OVERLOADED" || done.error().reason == "IN_DOUBT";
  if (database) return done.error();
  Held& held = held_[case_id];
  held.pause = std::clamp(held.pause * 2, kFirstPause, kLongestPause);
  held.until = steady_clock::now() + held.pause;
  log::Warn("case refuses the timer", {{"schema", database_.schema()},
                                       {"case", case_id},
                                       {"reason", done.error().reason},
                                       {"error", done.error().message},
                                       {"again_in_ms", int64_t{held.pause.count()}}});
  return false;
}

Result<bool> Timer::Fire(const clock_store::Key& key, Look& look) {
  const std::string case_id = key.case_id;
  const std::string name = key.name;
  const auto calendars = calendars_.Now();
  const clock_store::Rules rules{kinds_, *calendars};
  std::optional<Due> due;
  Time now{};
  Look next;
  const Result<bool> done = InCase("fire rung", case_id, [&](db::Tx& tx) -> Status {
    due.reset();
    now = tx.now();
    std::optional<Clock> clock = clock_store::Lock(tx, case_id, name);
    const bool still = clock && clock->next_at && *clock->next_at <= now;
    const Kind* kind = still ? clock_store::FindKind(kinds_, clock->kind) : nullptr;
    if (kind != nullptr) {
      const auto rung = Next(clock->clock, *kind, clock->fired, calendars->For(clock->calendar));
      // Not due yet by the calendar as it is now: only told anew.
      if (rung && rung->at <= now) {
        due = Due{case_id, name, clock->kind, std::string(rung->name), rung->at};
        clock->fired.emplace_back(rung->name);
      }
      clock_store::SaveFired(tx, *std::move(clock), rules);
      if (due) {
        if (Status handled = hooks_.fire(tx, *due); !handled) return handled;
      }
    }
    next = LookIn(tx);
    return Done{};
  });
  if (!done) return done.error();
  if (!*done) {
    Result<Look> without = LookNow();
    if (!without) return without.error();
    look = *std::move(without);
    return false;
  }
  look = std::move(next);
  if (!due) return false;
  log::Info("rung fired",
            {{"schema", database_.schema()},
             {"case", case_id},
             {"clock", name},
             {"kind", due->kind},
             {"rung", due->rung},
             {"at", FormatTime(due->at)},
             {"late_ms", int64_t{std::chrono::floor<milliseconds>(now - due->at).count()}}});
  return true;
}

Status Timer::ReadStale() {
  const auto known = calendars_.Now();
  const std::vector<std::string> held = HeldCases();
  look_for_stale_ = steady_clock::now() + kStaleAgain;
  return database_.Timer("look for stale clocks", [&](db::Tx& tx) -> Status {
    stale_.clear();
    if (!all_told_) {
      const auto keys = clock_store::AllUntold(tx, kind_names_);
      for (const clock_store::Key& key : keys) {
        const bool waits = std::find(held.begin(), held.end(), key.case_id) != held.end();
        if (!waits) stale_.push_back(key);
      }
      if (!stale_.empty()) return Done{};
      all_told_ = keys.empty();
    }
    for (const calendar_store::Unsettled& one : calendar_store::AllUnsettled(tx)) {
      if (one.revision > known->revision()) continue;  // read in the next round
      const auto keys = clock_store::AllStale(tx, {one.revision, one.calendar}, kind_names_);
      for (const clock_store::Key& key : keys) {
        const bool waits = std::find(held.begin(), held.end(), key.case_id) != held.end();
        if (!waits) stale_.push_back(key);
      }
      if (keys.empty() && one.age >= kSettleAfter) calendar_store::Settle(tx, one.revision);
      if (!stale_.empty()) break;
    }
    return Done{};
  });
}

Status Timer::Retell(Steady deadline, bool all) {
  size_t told = 0;
  if (all) look_for_stale_ = {};
  for (;;) {
    if (stale_.empty()) {
      if (steady_clock::now() < look_for_stale_) return Done{};
      if (const Status read = ReadStale(); !read) return read;
      if (stale_.empty()) return Done{};
      look_for_stale_ = {};  // more may have been read than was stale
    }
    if (stop_ || (!all && told == kRetoldAtOnce)) return Done{};
    if (steady_clock::now() >= deadline) return NotFired("calendars are still being applied");
    const clock_store::Key key = stale_.front();
    stale_.pop_front();
    ++told;
    if (const Status one = RetellOne(key); !one) return one;
  }
}

Status Timer::RetellOne(const clock_store::Key& key) {
  const auto calendars = calendars_.Now();
  std::optional<Moved> moved;
  const Result<bool> done = InCase("tell due date", key.case_id, [&](db::Tx& tx) -> Status {
    moved.reset();
    std::optional<Clock> clock = clock_store::Lock(tx, key.case_id, key.name);
    if (clock && !clock->told) {  // begins here: no due date was told that could have moved
      clock_store::SaveFired(tx, *std::move(clock), {kinds_, *calendars});
      return Done{};
    }
    if (!clock || !clock->due_at) return Done{};
    moved = Moved{key.case_id, key.name, clock->kind, clock->due_at, std::nullopt};
    moved->due_at = clock_store::SaveFired(tx, *std::move(clock), {kinds_, *calendars}).due_at;
    if (moved->due_at == moved->was) {
      moved.reset();
      return Done{};
    }
    return hooks_.moved(tx, *moved);
  });
  if (!done) return done.error();
  if (!*done || !moved) return Done{};
  log::Info("due date moved", {{"schema", database_.schema()},
                               {"case", key.case_id},
                               {"clock", key.name},
                               {"due", moved->due_at ? FormatTime(*moved->due_at) : ""}});
  return Done{};
}

}  // namespace zonelink::clocks
