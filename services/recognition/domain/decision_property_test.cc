// SPDX-License-Identifier: Apache-2.0
// Random officers, applicants, zones and clocks on random decisions: whatever they try, what is
// promised of every decision holds after each verb that was let through.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <random>

#include "recognition/domain/decision_testing.h"

namespace zonelink::recognition {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr uint64_t kSequencesAtOnce = 200;  // of each of rapidcheck's hundred runs
constexpr int kTries = 24;

const std::vector<Actor>& Officers() {
  static const std::vector<Actor> officers = {kVerifier, kVerifier2, kReviewer, kReviewer2, kBoth,
                                              kHead,     kHead2,     kStranger, kOwn};
  return officers;
}

bool Stands(State state) {
  return state == State::kSupplementing || state == State::kHearing || state == State::kSuspended;
}

class Play {
 public:
  explicit Play(uint64_t seed) : rng_(seed) {
    d_ = Start();
    if (d_.clock) held_ = d_.clock->suspensions;
    first_closed_at_ = d_.closed_at;
  }

  void Run() {
    for (int i = 0; i < kTries; ++i) {
      now_ += OneOf<std::chrono::microseconds>(
          {minutes(0), minutes(7), hours(3), hours(24), hours(70)});
      at_ = now_;
      d_.step.reset();  // saved
      auto after = Any();
      if (!after) continue;
      const Before before{d_.state, d_.version, d_.recognition_number};
      d_ = *std::move(after);
      Check(before);
    }
    CheckHistory();
  }

 private:
  template <class T>
  T OneOf(std::vector<T> from) {
    return from[rng_() % from.size()];
  }
  bool Maybe() { return rng_() % 2 == 0; }

  Decision Start() {
    static const std::vector<Decision> states = [] {
      std::vector<Decision> all;
      for (const State state : AllStates()) all.push_back(In(state));
      return all;
    }();
    Decision d = rng_() % 3 == 0 ? OneOf(states) : Received(OneOf<int>({1, 2}));
    if (rng_() % 12 == 0) d = GrantedOnPromise();
    d.terms.tacit_allowed = Maybe();
    if (IsOpen(d.state) && rng_() % 3 == 0) {
      d.papers = {Deferred("invoice", "2026-03-05"), Deferred("list", "2026-03-12")};
    }
    return d;
  }

  const Actor& Anyone() { return Officers()[rng_() % Officers().size()]; }
  Officer Somebody() { return Known(Anyone()); }

  Result<Decision> Any() {
    switch (rng_() % 8) {
      case 0:
      case 1: return Intake();
      case 2:
      case 3: return Review();
      case 4: return People();
      case 5: return Clock();
      default: return Outcome();
    }
  }

  Result<Decision> Intake() {
    const Actor& by = Anyone();
    switch (rng_() % 12) {
      case 0: return Correct(d_, by, {{"hsCode", "8542"}}, "typo", now_);
      case 1: return DeclareNotRequired(d_, by, "free", now_);
      case 2: return DeclareWrongAuthority(d_, by, "customs", "not ours", now_);
      case 3: return RequestSupplement(d_, by, Notice(), {}, false, now_);
      case 4:
      case 5: return Supplement(d_, now_);
      case 6: return HandIn(d_, {OneOf<std::string>({"invoice", "list"})}, now_);
      case 7: return rng_() % 8 == 0 ? Withdraw(d_, "sold", now_) : Accept(d_, by, now_);
      default: return Accept(d_, by, now_);
    }
  }

  Result<Decision> Review() {
    const Actor& by = Maybe() ? kVerifier : Anyone();
    switch (rng_() % 18) {
      case 0: return AddVerifier(d_, by, "hard", now_);
      case 1: return DropVerifier(d_, by, "easy", now_);
      case 2: return Return(d_, by, OneOf<const char*>({"accept", "verify"}), "again", now_);
      case 3: return TakeBack(d_, by, "wrong", NationalCalendar(), now_);
      case 4: return QueryHome(d_, by, "true?", now_);
      case 5: return AnswerQuery(d_, kHome, "yes", now_);
      case 6:
        return RequestOpinions(d_, by,
                               zonelink::recognition::Asking(
                                   OneOf<review::Rule>({review::Rule::kAll, review::Rule::kAny,
                                                        review::Rule::kQuorum}),
                                   2, Maybe()),
                               now_);
      case 7:
      case 8: {
        const char* zone = OneOf<const char*>({"fujian", "jiangsu", "hubei", "hunan"});
        const auto verdict =
            OneOf<review::Verdict>({review::Verdict::kAgree, review::Verdict::kDisagree});
        return GiveOpinion(d_, Of(zone, "reviewer", zone), verdict, "so", now_);
      }
      case 9: return Suspend(d_, by, Ground(OneOf<const char*>({"HEARING", "EXPERT"})), now_);
      case 10: return Resume(d_, by, now_);
      case 11: return Extend(d_, by, "hard", NationalCalendar(), now_);
      default: return Verify(d_, by, "ok", now_);
    }
  }

  Result<Decision> People() {
    const Actor& by = Anyone();
    const std::vector<Officer> unit = Maybe() ? Unit() : std::vector<Officer>{};
    switch (rng_() % 12) {
      case 0: return Recuse(d_, by, "a cousin", unit, now_);
      case 1: return RequestRecusal(d_, kFiler, Somebody(), "a friend", now_);
      case 2: return Remind(d_, kFiler, "please", now_);
      case 3:
      case 4:
      case 5: return DecideRecusal(d_, by, {Anyone().user_id, Maybe(), "so"}, unit, now_);
      case 6:
      case 7:
      case 8: return Reassign(d_, by, Somebody(), "busy", now_);
      default: return Delegate(d_, by, Somebody(), now_ + hours(200), now_);
    }
  }

  Result<Decision> Outcome() {
    const Actor& by = Maybe() ? kReviewer : Anyone();
    switch (rng_() % 7) {
      case 0: return GrantPartial(d_, by, {.activities = {"retail"}}, "part", "R", now_);
      case 1: {
        const Date day = ShanghaiDate(now_) + std::chrono::days{30};
        return GrantConditional(
            d_, by, {{.text = "a", .due_on = day}, {.text = "b", .due_on = day}}, "if", "R", now_);
      }
      case 2: return Refuse(d_, by, {"§20", "forged", "not genuine"}, now_);
      case 3: return Deliver(d_, by, "post", now_);
      case 4: return CheckPromise(d_, by, Maybe(), "seen", now_);
      case 5: return ConfirmCondition(d_, by, OneOf<int>({1, 2}), "seen", now_);
      default: return Granted(d_, by, now_);
    }
  }

  // Any rung of any kind, also of clocks that stand or were stopped, and a little late.
  Result<Decision> Clock() {
    static const std::vector<std::string_view> rungs = [] {
      std::set<std::string_view> all;
      for (const clocks::Kind& kind : Deadlines()) {
        for (const clocks::Rung& rung : kind.rungs) all.insert(rung.name);
      }
      return std::vector<std::string_view>(all.begin(), all.end());
    }();
    const std::string clock = OneOf<std::string>(
        {"query/1", "query/2", "condition/1", "condition/2", "paper-window/1", "paper-window/2"});
    const Time stands_for = std::max(kSubmitted, now_ - minutes(rng_() % 3 * 90));
    at_ = stands_for;
    for (const Suspension& held : held_) at_ = std::max(at_, held.until.value_or(held.from));
    auto passed = PassRung(d_, clock, OneOf(rungs), "ABCDEFGHJKMN", stands_for);
    if (!passed) return FailedPrecondition("NOTHING", "changes nothing");
    return *std::move(passed);
  }

  struct Before {
    State state;
    int64_t version;
    std::string recognition_number;
  };

  void Check(const Before& before) {
    RC_LOG() << FormatTime(now_) << " " << Name(before.state) << " → " << Name(d_.state) << " by "
             << Name(d_.step->verb) << ", at " << FormatTime(at_) << "\n";
    RC_ASSERT(d_.version == before.version + 1);
    RC_ASSERT(d_.step.has_value());
    RC_ASSERT(d_.step->from == before.state);
    CheckMove(before.state);
    CheckEnd(before);
    CheckClock();
    CheckEyes();
    const std::string step(WaitingStep(d_));
    if (d_.state == State::kPending) RC_ASSERT(step == "accept");
    if (d_.state == State::kAccepted) RC_ASSERT(step == "verify");
    if (d_.state == State::kVerified) RC_ASSERT(step == "decide");
    if (d_.state == State::kReturnedToStep) RC_ASSERT(step == "accept" || step == "verify");
    if (IsOpen(d_.state)) RC_ASSERT(!WaitingFor(d_).empty());
  }

  void CheckMove(State from) {
    if (from == d_.state) return;
    static const std::string diagram = StateDiagram();
    const std::string arrow =
        "\n    " + std::string(Name(from)) + " --> " + std::string(Name(d_.state)) + ": ";
    const size_t at = diagram.find(arrow);
    RC_ASSERT(at != std::string::npos);
    const size_t begin = at + arrow.size() - 1;
    const std::string verbs = diagram.substr(begin, diagram.find('\n', begin) - begin) + ",";
    RC_ASSERT(verbs.find(" " + std::string(Name(d_.step->verb)) + ",") != std::string::npos);
  }

  // What is over stays over; only what was granted still moves.
  void CheckEnd(const Before& before) {
    RC_ASSERT(d_.closed_at.has_value() == !IsOpen(d_.state));
    if (!first_closed_at_) first_closed_at_ = d_.closed_at;
    RC_ASSERT(d_.closed_at == first_closed_at_);
    const bool granted = !d_.recognition_number.empty();
    RC_ASSERT(granted == (IsInForce(d_.state) || d_.state == State::kSuspendedAfter ||
                          d_.state == State::kRevoked));
    if (IsOpen(before.state)) {
      if (!granted || d_.mode != Mode::kReview) return;
      RC_ASSERT(!PapersOutstanding(d_));
      RC_ASSERT(!OpinionsVetoed(d_));
      if (d_.state == State::kTacitGranted) {
        RC_ASSERT(d_.terms.tacit_allowed);
        RC_ASSERT(!OpinionsAgainst(d_));
      }
      return;
    }
    RC_ASSERT(!IsOpen(d_.state));
    const bool was_granted = IsInForce(before.state) || before.state == State::kSuspendedAfter;
    RC_ASSERT(was_granted || d_.state == before.state);
    RC_ASSERT(d_.recognition_number == before.recognition_number);
  }

  // The clock stands where the state says so, and counts what a walk over the days counts.
  void CheckClock() {
    if (!d_.clock) return;
    RC_ASSERT(Stands(d_.state) == !GroundOf(d_).empty());
    RC_ASSERT(d_.clock->stopped_at.has_value() == !IsOpen(d_.state));
    RC_ASSERT(Running(*d_.clock) == (IsOpen(d_.state) && !Stands(d_.state)));
    if (Stands(d_.state) && (held_.empty() || held_.back().until)) held_.push_back({at_, {}, {}});
    // A clock that stood until the case closed did not run at that instant, though it be midnight.
    const bool runs = IsOpen(d_.state) && !Stands(d_.state);
    if (runs && !held_.empty() && !held_.back().until) held_.back().until = at_;
    const Calendar& calendar = NationalCalendar();
    const auto reading = ReadClock(d_, calendar, now_);
    RC_ASSERT(reading->budget_days == 20 + d_.extended_days);
    const Time until = d_.closed_at.value_or(now_);
    const int used = DaysRun(until);
    RC_ASSERT(reading->used_days == used);
    RC_ASSERT(Used(*d_.clock, calendar, until) + Remaining(*d_.clock, calendar, until) ==
              reading->budget_days);
    if (!reading->running || used >= reading->budget_days) return;
    const Date yesterday = ShanghaiDate(now_) - std::chrono::days{1};
    const Date since = std::max(yesterday, ShanghaiDate(kSubmitted));
    RC_ASSERT(used + calendar.Count(since, reading->due_on) == reading->budget_days);
  }

  int DaysRun(Time until) const {
    int used = 0;
    for (Date day = ShanghaiDate(kSubmitted) + std::chrono::days{1}; EndOfDay(day) <= until;
         day += std::chrono::days{1}) {
      const Time end = EndOfDay(day);
      const bool held = std::any_of(held_.begin(), held_.end(), [&](const Suspension& one) {
        return one.from <= end && (!one.until || end < *one.until);
      });
      if (!held && NationalCalendar().IsWorkingDay(day)) ++used;
    }
    return used;
  }

  // Nobody both verifies and decides, nobody verifies twice, nobody decides for their own.
  void CheckEyes() {
    if (!d_.line) return;
    std::set<std::string> verified;
    std::set<std::string> counted;
    for (const review::Opinion& one : d_.line->record.opinions) {
      RC_ASSERT(one.user_id != kOwn.user_id);
      RC_ASSERT(one.user_id != kStranger.user_id);
      if (one.step != "verify") continue;
      verified.insert({one.user_id, one.on_behalf_of});
      if (one.standing == review::Standing::kCounted) {
        RC_ASSERT(counted.insert(one.user_id).second);
        RC_ASSERT(one.on_behalf_of.empty() || counted.insert(one.on_behalf_of).second);
      }
    }
    verified.erase("");
    for (const review::Opinion& one : d_.line->record.opinions) {
      if (one.step != "decide") continue;
      RC_ASSERT(verified.count(one.user_id) == 0);
      RC_ASSERT(verified.count(one.on_behalf_of) == 0);
    }
    if (d_.state != State::kVerified) return;
    const int verifications = static_cast<int>(VerificationsOf(d_).size());
    RC_ASSERT(verifications >= d_.verifiers_needed);
    RC_ASSERT(verifications >= VerifiersNeeded(d_));
  }

  // Whoever was recused said nothing afterwards, and the record is what its entries make.
  void CheckHistory() {
    if (!d_.line) return;
    const review::Record& record = d_.line->record;
    for (const review::Act& act : record.acts) {
      if (act.kind != review::Kind::kRecused) continue;
      for (const review::Opinion& one : record.opinions) {
        const bool theirs = one.user_id == act.user_id || one.on_behalf_of == act.user_id;
        RC_ASSERT(!theirs || one.seq < act.seq);
      }
    }
    const review::Record again = review::Replay(d_.line->plan, record).record;
    RC_ASSERT(again.step == record.step);
    RC_ASSERT(again.round == record.round);
    RC_ASSERT(again.closed == record.closed);
    RC_ASSERT(again.opinions == record.opinions);
  }

  std::mt19937_64 rng_;
  Time now_ = kLater;
  Time at_ = kLater;
  Decision d_;
  std::vector<Suspension> held_;  // the clock's, as the states tell
  std::optional<Time> first_closed_at_;
};

RC_GTEST_PROP(DecisionProperty, WhateverAnyoneTriesWhatIsPromisedHolds, ()) {
  // Drawn whole: rapidcheck's own numbers stay small in the first runs.
  const auto seed = *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<uint64_t>());
  for (uint64_t i = 0; i < kSequencesAtOnce; ++i) Play(seed * kSequencesAtOnce + i).Run();
}

}  // namespace
}  // namespace zonelink::recognition
