// SPDX-License-Identifier: Apache-2.0
// Verbs about whom a step asks: adding and dropping signatories, routing up, reminding.
#include <fmt/format.h>

#include <algorithm>

#include "platform/review/history.h"
#include "platform/review/review.h"

namespace zonelink::review {
namespace {

Error ReasonMissing() { return InvalidArgument("REASON_MISSING", "say why"); }

Error NotAsked(const std::string& step, const std::string& who) {
  return FailedPrecondition("PARTY_NOT_ASKED", fmt::format("step {} does not ask {}", step, who),
                            {{"step", step}, {"party", who}});
}

Error AlreadyAsked(const std::string& step, const std::string& who) {
  return FailedPrecondition("PARTY_ALREADY_ASKED", fmt::format("step {} asks {}", step, who),
                            {{"step", step}, {"party", who}});
}

Error HasSpoken(const std::string& step, const std::string& who) {
  return FailedPrecondition("PARTY_HAS_SPOKEN", fmt::format("{} has spoken", who),
                            {{"step", step}, {"party", who}});
}

Error WouldSettle(const std::string& step) {
  return FailedPrecondition("DROP_WOULD_SETTLE",
                            "the step would be settled by it and not by an opinion",
                            {{"step", step}});
}

Error BelowQuorum(const std::string& step) {
  return FailedPrecondition("DROP_BELOW_QUORUM", "too few would be left", {{"step", step}});
}

bool Asks(const Seats& seats, const std::string& who) {
  return Contains(seats.parties, who) || Contains(seats.persons, who) ||
         (seats.unit_seats > 0 && seats.unit == who);
}

Status CheckSignatory(const Signatory& who) {
  if (who.party.empty() != who.user_id.empty()) return Done{};
  return InvalidArgument("SIGNATORY_INVALID", "name a party or a person");
}

// An act about whom the step asks; the caller adds what it concerns.
Act SignAct(Kind kind, const std::string& step, const std::string& by_user, Time now) {
  return {.kind = kind, .step = step, .at = now, .by_user = by_user};
}

// Has the person spoken, or may they never?
Status CheckAddable(const Line& line, const Signatory& who) {
  const Voice voice{.user_id = who.user_id, .principal = who.user_id};
  if (const Status free = CheckFree(line, who.step, voice); !free) return free.error();
  return CheckSilent(line, who.step, voice, false);
}

}  // namespace

Result<Line> AddSign(Line line, const Signatory& who, const std::string& by_user,
                     std::string reason, Time now) {
  if (const Status open = CheckUnsettled(line, who.step); !open) return open.error();
  if (const Status valid = CheckSignatory(who); !valid) return valid.error();
  if (reason.empty()) return ReasonMissing();
  const std::string& added = who.party.empty() ? who.user_id : who.party;
  if (Asks(SeatsOf(line, who.step), added)) return AlreadyAsked(who.step, added);
  if (!who.user_id.empty()) {
    if (const Status addable = CheckAddable(line, who); !addable) return addable.error();
  }
  Act act = SignAct(Kind::kAdded, who.step, by_user, now);
  act.party = who.party;
  act.user_id = who.user_id;
  act.reason = std::move(reason);
  Append(line, std::move(act));
  return line;
}

Result<Line> ReduceSign(Line line, const Signatory& who, const std::string& by_user,
                        std::string reason, Time now) {
  if (const Status open = CheckUnsettled(line, who.step); !open) return open.error();
  if (const Status valid = CheckSignatory(who); !valid) return valid.error();
  if (reason.empty()) return ReasonMissing();
  const Seats seats = SeatsOf(line, who.step);
  const std::string& dropped = who.party.empty() ? who.user_id : who.party;
  const auto& asked = who.party.empty() ? seats.persons : seats.parties;
  if (!Contains(asked, dropped)) return NotAsked(who.step, dropped);
  if (!Contains(SilentParties(line, who.step), dropped)) return HasSpoken(who.step, dropped);
  Act act = SignAct(Kind::kDropped, who.step, by_user, now);
  act.party = who.party;
  act.user_id = who.user_id;
  act.reason = std::move(reason);
  Append(line, std::move(act));
  const int left = Count(line, who.step).seats;
  if (left < 1 || left < SeatsOf(line, who.step).quorum) {
    return BelowQuorum(who.step);
  }
  if (Settled(line, who.step) != Outcome::kOpen) return WouldSettle(who.step);
  return line;
}

Result<Line> SetQuorum(Line line, const Quorum& quorum, const std::string& by_user,
                       std::string reason, Time now) {
  if (const Status open = CheckUnsettled(line, quorum.step); !open) return open.error();
  if (reason.empty()) return ReasonMissing();
  const Step& step = line.plan.steps[*PlaceOf(line.plan, quorum.step)];
  const bool own = step.parties.empty();
  const int seats = Count(line, quorum.step).seats;
  const bool fixed = step.rule == Rule::kAny || (!own && step.rule == Rule::kAll);
  if (fixed || (!own && quorum.quorum > seats)) {
    return FailedPrecondition("QUORUM_ABOVE_SEATS", "so many cannot be needed",
                              {{"step", quorum.step}, {"seats", fmt::format("{}", seats)}});
  }
  if (quorum.quorum < step.quorum) {
    return FailedPrecondition("QUORUM_BELOW_PLAN", fmt::format("at least {}", step.quorum),
                              {{"step", quorum.step}, {"quorum", fmt::format("{}", step.quorum)}});
  }
  Act act = SignAct(Kind::kQuorum, quorum.step, by_user, now);
  act.amount = quorum.quorum;
  act.reason = std::move(reason);
  Append(line, std::move(act));
  if (own && Count(line, quorum.step).unit_spoken > quorum.quorum) return BelowQuorum(quorum.step);
  if (Settled(line, quorum.step) != Outcome::kOpen) return WouldSettle(quorum.step);
  return line;
}

Result<Line> RouteUp(Line line, const Route& route, const std::string& by_user, Time now) {
  if (const Status open = CheckUnsettled(line, route.step); !open) return open.error();
  if (route.reason.empty()) return ReasonMissing();
  const Seats seats = SeatsOf(line, route.step);
  if (!Asks(seats, route.from)) return NotAsked(route.step, route.from);
  if (Asks(seats, route.to)) return AlreadyAsked(route.step, route.to);
  if (!Contains(SilentParties(line, route.step), route.from)) {
    return HasSpoken(route.step, route.from);
  }
  Act act = SignAct(Kind::kRouted, route.step, by_user, now);
  act.party = route.to;
  act.other_party = route.from;
  act.reason = route.reason;
  Append(line, std::move(act));
  return line;
}

int Reminders(const Line& line, const std::string& step) {
  int reminders = 0;
  for (const Act& act : line.record.acts) {
    if (act.kind == Kind::kReturned) reminders = 0;
    if (act.kind == Kind::kReminded && act.step == step) ++reminders;
  }
  return reminders;
}

Result<Line> Remind(Line line, const std::string& step, const std::string& party,
                    const std::string& by_user, Time now) {
  if (const Status open = CheckUnsettled(line, step); !open) return open.error();
  if (step != CurrentStep(line).name) {
    return FailedPrecondition("STEP_NOT_REACHED",
                              fmt::format("step {} comes before", CurrentStep(line).name),
                              {{"step", step}, {"current", CurrentStep(line).name}});
  }
  if (!Asks(SeatsOf(line, step), party)) return NotAsked(step, party);
  if (!Contains(SilentParties(line, step), party)) return HasSpoken(step, party);
  Act act = SignAct(Kind::kReminded, step, by_user, now);
  act.party = party;
  Append(line, std::move(act));
  return line;
}

}  // namespace zonelink::review
