// SPDX-License-Identifier: Apache-2.0
// Random plans and random verbs against a model that keeps its own books of whom a step asks, and
// tells by trying every way the silent could still speak what the opinions come to.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "platform/review/testing_lines.h"

namespace zonelink::review {
namespace {

constexpr int kSequences = 20'000;
constexpr int kAtOnce = 200;  // of 100 runs each

// rapidcheck draws the seeds only: its generators cost more than what they test here.
std::mt19937_64& Random() {
  static std::mt19937_64 random;
  return random;
}
template <class Integer>
Integer Pick(Integer from, Integer to) {
  return from + static_cast<Integer>(Random()() % static_cast<uint64_t>(to - from));
}
template <class T>
const T& OneOf(const std::vector<T>& all) {
  return all[Pick(size_t{0}, all.size())];
}

// Everybody holds both roles or one; two officers or more in each party.
const std::vector<Person>& People() {
  static const std::vector<Person> people = {
      {"u1", "U1", "own", {"a", "b"}},  {"u2", "U2", "own", {"a", "b"}},
      {"u3", "U3", "own", {"a"}},       {"u4", "U4", "own", {"b"}},
      {"x1", "X1", "B", {"a", "b"}},    {"x2", "X2", "B", {"a"}},
      {"y1", "Y1", "C", {"a", "b"}},    {"z1", "Z1", "D", {"a", "b"}},
      {"h1", "H1", "high", {"a", "b"}}, {"h2", "H2", "high", {"b"}}};
  return people;
}
const std::vector<std::string>& Parties() {
  static const std::vector<std::string> parties = {"B", "C", "D"};
  return parties;
}

Step AnyStep(int number) {
  Step step{.name = "s" + std::to_string(number),
            .role = Pick(0, 2) == 0 ? "a" : "b",
            .rule = static_cast<Rule>(Pick(0, 3)),
            .veto = Pick(0, 3) == 0};
  if (Pick(0, 2) == 0) {
    step.quorum = Pick(1, 3);
  } else {
    step.parties.assign(Parties().begin(), Parties().begin() + Pick(1, 4));
    step.quorum = Pick(1, static_cast<int>(step.parties.size()) + 1);
  }
  for (int earlier = 0; earlier < number; ++earlier) {
    if (Pick(0, 2) == 0) step.apart_from.push_back("s" + std::to_string(earlier));
  }
  return step;
}

Plan AnyPlan() {
  Plan plan{.line = "line", .unit = "own", .declaration_needed = Pick(0, 6) == 0};
  const int steps = Pick(1, 4);
  for (int i = 0; i < steps; ++i) plan.steps.push_back(AnyStep(i));
  RC_ASSERT(CheckPlan(plan).has_value());
  return plan;
}

// Whom a step asks, as the model keeps it: seats by their holder; "" is a seat of the own unit.
struct Asked {
  std::string unit;
  int unit_seats = 0;
  std::set<std::string> parties;
  std::set<std::string> persons;
  int quorum = 1;
};

struct Model {
  explicit Model(const Plan& plan) {
    for (const Step& step : plan.steps) {
      Asked asked{.quorum = step.quorum};
      asked.parties.insert(step.parties.begin(), step.parties.end());
      if (step.parties.empty()) {
        asked.unit = plan.unit;
        asked.unit_seats = step.rule == Rule::kAny ? 1 : step.quorum;
      }
      steps[step.name] = asked;
    }
  }
  std::map<std::string, Asked> steps;
};

// How many seats have said what.
struct Said {
  int agreed = 0, disagreed = 0, abstained = 0, silent = 0;
};

Said SaidOn(const Line& line, const Asked& asked, const std::string& step) {
  Said said;
  int unit = 0;
  std::set<std::string> silent = asked.parties;
  silent.insert(asked.persons.begin(), asked.persons.end());
  for (const Opinion& one : line.record.opinions) {
    if (one.step != step || one.standing != Standing::kCounted) continue;
    const std::string who = one.on_behalf_of.empty() ? one.user_id : one.on_behalf_of;
    const bool person = asked.persons.count(who) != 0;
    const bool party = !person && asked.parties.count(one.party) != 0;
    if (person) RC_ASSERT(silent.erase(who) == 1U);       // nobody speaks twice
    if (party) RC_ASSERT(silent.erase(one.party) == 1U);  // a party has one voice
    if (!person && !party) {
      RC_ASSERT(asked.unit_seats > 0);
      if (one.verdict == Verdict::kAbstain) continue;
      ++unit;
    }
    said.agreed += one.verdict == Verdict::kAgree ? 1 : 0;
    said.disagreed += one.verdict == Verdict::kDisagree ? 1 : 0;
    said.abstained += one.verdict == Verdict::kAbstain ? 1 : 0;
  }
  RC_ASSERT(unit <= asked.unit_seats);
  said.silent = static_cast<int>(silent.size()) + asked.unit_seats - unit;
  return said;
}

// Agreed to once all have spoken?
bool AgreedAtLast(const Step& step, const Asked& asked, const Said& all) {
  if (step.rule == Rule::kAny) return all.agreed > 0;
  if (step.rule == Rule::kQuorum && asked.unit_seats == 0) return all.agreed >= asked.quorum;
  return all.agreed > 0 && all.disagreed == 0;
}

// 会签 waits for everybody unless there is a veto; the other rules settle as soon as nothing that
// the silent may say changes the result, a veto of theirs left aside.
Outcome ModelOutcome(const Line& line, const Model& model, const Step& step) {
  const Asked& asked = model.steps.at(step.name);
  const Said said = SaidOn(line, asked, step.name);
  if (step.veto && said.disagreed > 0) return Outcome::kDisagreed;
  bool some = false, all = true;
  for (int agree = 0; agree <= said.silent; ++agree) {
    for (int disagree = 0; agree + disagree <= said.silent; ++disagree) {
      const bool agreed = AgreedAtLast(
          step, asked, {said.agreed + agree, said.disagreed + disagree, said.abstained, 0});
      some = some || agreed;
      all = all && agreed;
    }
  }
  if (all) return Outcome::kAgreed;
  if (some) return Outcome::kOpen;
  return step.rule == Rule::kAll && said.silent > 0 ? Outcome::kOpen : Outcome::kDisagreed;
}

std::set<std::string> Ids(const Opinion& opinion) {
  std::set<std::string> ids = {opinion.user_id};
  if (!opinion.on_behalf_of.empty()) ids.insert(opinion.on_behalf_of);
  return ids;
}
bool Meet(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& one) { return b.count(one) != 0; });
}

void CheckPersons(const Line& line) {
  const auto& opinions = line.record.opinions;
  for (size_t i = 0; i < opinions.size(); ++i) {
    for (size_t j = i + 1; j < opinions.size(); ++j) {
      const Opinion &a = opinions[i], &b = opinions[j];
      if (!Meet(Ids(a), Ids(b))) continue;
      if (a.step == b.step) {
        const bool both = a.standing == Standing::kCounted && b.standing == Standing::kCounted;
        RC_ASSERT(!both);
        continue;
      }
      const auto step = [&](const Opinion& one) -> const Step& {
        return *std::find_if(line.plan.steps.begin(), line.plan.steps.end(),
                             [&](const Step& s) { return s.name == one.step; });
      };
      const auto lists = [](const Step& s, const std::string& name) {
        return std::count(s.apart_from.begin(), s.apart_from.end(), name) != 0;
      };
      RC_ASSERT(!lists(step(a), b.step) && !lists(step(b), a.step));
    }
  }
}

// Every entry of `before` is there yet, unchanged but for the standing of opinions.
void CheckNothingLost(const Line& before, const Line& after) {
  RC_ASSERT(after.record.opinions.size() >= before.record.opinions.size());
  for (size_t i = 0; i < before.record.opinions.size(); ++i) {
    Opinion then = before.record.opinions[i];
    const Opinion& now = after.record.opinions[i];
    // What counts no more never counts again.
    RC_ASSERT(then.standing == Standing::kCounted || then.standing == now.standing);
    then.standing = now.standing;
    RC_ASSERT(then == now);
  }
  RC_ASSERT(
      std::equal(before.record.acts.begin(), before.record.acts.end(), after.record.acts.begin()));
  RC_ASSERT(after.record.opinions.size() + after.record.acts.size() ==
            static_cast<size_t>(after.record.version));
}

void CheckLine(const Line& line, const Model& model) {
  CheckPersons(line);
  bool passed = false;
  for (const Step& step : line.plan.steps) {
    const Outcome outcome = ModelOutcome(line, model, step);
    RC_ASSERT(Settled(line, step.name) == outcome);
    const bool current = CurrentStep(line).name == step.name;
    if (!passed && !current) RC_ASSERT(outcome == Outcome::kAgreed);
    if (passed) RC_ASSERT(outcome == Outcome::kOpen);
    if (current) {
      const bool ended = line.record.closed == Closed::kAgreed;
      RC_ASSERT((outcome == Outcome::kAgreed) == ended);
    }
    passed = passed || current;
  }
  RC_ASSERT(Same(Replay(line.plan, line.record).record, line.record));
}

// One random verb; the model follows where it is accepted.
Result<Line> Opine(const Line& line, Time now) {
  Person by = OneOf(People());
  if (Pick(0, 4) == 0) by.on_behalf_of = OneOf(People()).user_id;
  const bool current = Pick(0, 5) != 0;
  const std::string step = current ? CurrentStep(line).name : OneOf(line.plan.steps).name;
  // Mostly somebody who may.
  for (int tries = 0; tries < 8 && !MayAct(line, by, now); ++tries) by = OneOf(People());
  const auto verdict = static_cast<Verdict>(std::max(0, Pick(-3, 3)));
  const bool may = MayAct(line, by, now).has_value();
  auto given = Give(line, step, {verdict, "text"}, by, now);
  if (current && given) {
    RC_ASSERT(may == (given->record.opinions.back().standing == Standing::kCounted));
  }
  if (current && !given) RC_ASSERT(!may);
  return given;
}

Result<Line> Sign(const Line& line, Model& model, Time now) {
  const std::string step = OneOf(line.plan.steps).name;
  Asked& asked = model.steps[step];
  const bool person = Pick(0, 2) == 0;
  const std::string user = OneOf(People()).user_id, party = OneOf(Parties());
  const Signatory who{step, person ? "" : party, person ? user : ""};
  auto& seats = person ? asked.persons : asked.parties;
  const std::string& name = person ? user : party;
  switch (Pick(0, 4)) {
    case 0: {
      auto added = AddSign(line, who, "head", "why", now);
      if (added) seats.insert(name);
      return added;
    }
    case 1: {
      auto dropped = ReduceSign(line, who, "head", "why", now);
      if (dropped) seats.erase(name);
      return dropped;
    }
    case 2: {
      const int quorum = Pick(1, 5);
      auto set = SetQuorum(line, {step, quorum}, "head", "why", now);
      if (set) asked.quorum = quorum;
      if (set && asked.unit_seats > 0) asked.unit_seats = quorum;
      return set;
    }
    default: {
      const std::string from = Pick(0, 2) == 0 ? "own" : name;
      const std::string to = Pick(0, 2) == 0 ? "high" : OneOf(Parties());
      auto routed = RouteUp(line, {step, from, to, "why"}, "head", now);
      if (!routed) return routed;
      if (asked.parties.erase(from) + asked.persons.erase(from) == 1) {
        asked.parties.insert(to);
      } else {
        asked.unit = to;
      }
      return routed;
    }
  }
}

// The verb on whomever of the people it is accepted for, or refused for the last of them.
template <class Verb>
Result<Line> OnSomebody(Verb&& verb) {
  const size_t first = Pick(size_t{0}, People().size());
  for (size_t i = 0;; ++i) {
    auto done = verb(People()[(first + i) % People().size()]);
    if (done || i + 1 == People().size()) return done;
  }
}

Result<Line> DoAnything(const Line& line, Model& model, Time now) {
  const Person &one = OneOf(People()), &other = OneOf(People());
  const std::string step = OneOf(line.plan.steps).name;
  switch (Pick(0, 34)) {
    case 0: return TakeBack(line, one, now);
    case 1: return OnSomebody([&](const Person& who) { return TakeBack(line, who, now); });
    case 2:
      return OnSomebody([&](const Person& who) { return ReturnTo(line, step, who, "why", now); });
    case 3: return Assign(line, step, one, "head", now);
    case 4: return Reassign(line, {step, "", one, "head", ""}, now);
    case 5: return Delegate(line, one, other, now + std::chrono::minutes{Pick(0, 30)}, now);
    case 6:
      return OnSomebody(
          [&](const Person& who) { return Undelegate(line, who.user_id, "head", now); });
    case 7: return Declare(line, one, Pick(0, 5) == 0 ? "cousin" : "", now);
    case 8: return Pick(0, 2) == 0 ? Recuse(line, one, "why", now) : line;
    case 9: return RequestRecusal(line, one.user_id, "applicant", "why", now);
    case 10:
      return OnSomebody([&](const Person& who) {
        return DecideRecusal(line, {who.user_id, Pick(0, 2) == 0, "why"}, "head", now);
      });
    case 11: return Remind(line, step, OneOf(Parties()), "head", now);
    case 12: return Pick(0, 6) == 0 ? Withdraw(line, "applicant", "", now) : line;
    case 13: return Pick(0, 6) == 0 ? CloseTacit(line, "over", now) : line;
    case 14: return Pick(0, 3) == 0 ? Refuse(line, "head", "why", now) : line;
    case 15:
    case 16:
    case 17:
    case 18: return Sign(line, model, now);
    default: return Opine(line, now);
  }
}

RC_GTEST_PROP(ReviewProperty, HistoryPersonsAndOutcomes, ()) {
  static int sequences = 0, opinions = 0;
  static std::map<Kind, int> acts;
  static std::map<Standing, int> standings;
  static std::map<Closed, int> closed;
  Random().seed(*rc::gen::noShrink(rc::gen::arbitrary<uint64_t>()));
  for (int i = 0; i < kAtOnce; ++i) {
    Line line{.plan = AnyPlan()};
    Model model(line.plan);
    const int verbs = Pick(5, 25);
    for (int verb = 0; verb < verbs; ++verb) {
      const auto after = DoAnything(line, model, At(verb));
      if (!after) continue;
      CheckNothingLost(line, *after);
      line = *after;
      CheckLine(line, model);
    }
    ++sequences;
    opinions += static_cast<int>(line.record.opinions.size());
    for (const Opinion& opinion : line.record.opinions) ++standings[opinion.standing];
    for (const Act& act : line.record.acts) ++acts[act.kind];
    ++closed[line.record.closed];
  }
  if (sequences < kSequences) return;
  // The sequences do get everywhere.
  RC_ASSERT(opinions > sequences);
  RC_ASSERT(acts.size() == 16U);
  RC_ASSERT(standings.size() == 4U);
  RC_ASSERT(closed.size() == 5U);
}

}  // namespace
}  // namespace zonelink::review
