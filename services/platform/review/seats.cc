// SPDX-License-Identifier: Apache-2.0
// Whom a step asks, what their opinions come to, and who may still be heard.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "platform/review/history.h"

namespace zonelink::review {
namespace {

void Remove(std::vector<std::string>& from, const std::string& one) {
  from.erase(std::remove(from.begin(), from.end(), one), from.end());
}

void AddOrDrop(Seats& seats, const Act& act) {
  std::vector<std::string>& list = act.party.empty() ? seats.persons : seats.parties;
  const std::string& who = act.party.empty() ? act.user_id : act.party;
  if (act.kind == Kind::kAdded) {
    list.push_back(who);
  } else {
    Remove(list, who);
  }
}

// The superior takes the place of a party, of the unit, or of a person.
void Route(Seats& seats, const Act& act) {
  if (Contains(seats.parties, act.other_party)) {
    std::replace(seats.parties.begin(), seats.parties.end(), act.other_party, act.party);
  } else if (Contains(seats.persons, act.other_party)) {
    Remove(seats.persons, act.other_party);
    seats.parties.push_back(act.party);
  } else {
    seats.unit = act.party;
  }
}

bool ApartFrom(const Step& one, const Step& other) {
  return Contains(one.apart_from, other.name) || Contains(other.apart_from, one.name);
}

// The step apart from `step` in which one of the two has ever spoken; nullptr: none. What was
// cancelled or taken back is no less known to who said it.
const Opinion* SpokenApart(const Line& line, const Step& step, const Voice& voice) {
  for (const Opinion& opinion : line.record.opinions) {
    if (!ApartFrom(step, line.plan.steps[*PlaceOf(line.plan, opinion.step)])) continue;
    for (const std::string& who : {voice.user_id, voice.principal}) {
      if (opinion.user_id == who || opinion.on_behalf_of == who) return &opinion;
    }
  }
  return nullptr;
}

}  // namespace

Seats SeatsOf(const Line& line, const std::string& name) {
  const Step& step = line.plan.steps[*PlaceOf(line.plan, name)];
  const bool own = step.parties.empty();
  Seats seats{.unit = own ? line.plan.unit : "", .parties = step.parties, .quorum = step.quorum};
  for (const Act& act : line.record.acts) {
    if (act.step != name) continue;
    if (act.kind == Kind::kAdded || act.kind == Kind::kDropped) AddOrDrop(seats, act);
    if (act.kind == Kind::kQuorum) seats.quorum = static_cast<int>(act.amount);
    if (act.kind == Kind::kRouted) Route(seats, act);
  }
  const int named = static_cast<int>(seats.parties.size() + seats.persons.size());
  if (own) seats.unit_seats = step.rule == Rule::kAny ? 1 : seats.quorum;
  if (step.rule == Rule::kAny) {
    seats.quorum = 1;
  } else if (own || step.rule == Rule::kAll) {
    seats.quorum = seats.unit_seats + named;
  }
  return seats;
}

Seat SeatOf(const Seats& seats, const std::string& principal, const std::string& party) {
  if (Contains(seats.persons, principal)) return Seat::kPerson;
  if (Contains(seats.parties, party)) return Seat::kParty;
  return seats.unit_seats > 0 ? Seat::kUnit : Seat::kNone;
}

Tally Count(const Line& line, const std::string& step) {
  const Seats seats = SeatsOf(line, step);
  Tally tally{.seats =
                  seats.unit_seats + static_cast<int>(seats.parties.size() + seats.persons.size())};
  for (const Opinion& opinion : line.record.opinions) {
    if (opinion.step != step || opinion.standing != Standing::kCounted) continue;
    tally.agreed += opinion.verdict == Verdict::kAgree ? 1 : 0;
    tally.disagreed += opinion.verdict == Verdict::kDisagree ? 1 : 0;
    const bool unit = SeatOf(seats, Principal(opinion), opinion.party) == Seat::kUnit;
    if (unit && opinion.verdict == Verdict::kAbstain) continue;
    tally.unit_spoken += unit ? 1 : 0;
    ++tally.spoken;
  }
  return tally;
}

Outcome Settled(const Line& line, const std::string& name) {
  const Step& step = line.plan.steps[*PlaceOf(line.plan, name)];
  const Tally tally = Count(line, name);
  if (step.veto && tally.disagreed > 0) return Outcome::kDisagreed;
  const int silent = tally.seats - tally.spoken;
  const bool quorum_of_named = step.rule == Rule::kQuorum && !step.parties.empty();
  if (step.rule == Rule::kAny || quorum_of_named) {
    const int needed = SeatsOf(line, name).quorum;
    if (tally.agreed >= needed) return Outcome::kAgreed;
    return tally.agreed + silent < needed ? Outcome::kDisagreed : Outcome::kOpen;
  }
  if (step.rule == Rule::kQuorum && tally.disagreed > 0) return Outcome::kDisagreed;
  if (silent > 0) return Outcome::kOpen;
  return tally.agreed > 0 && tally.disagreed == 0 ? Outcome::kAgreed : Outcome::kDisagreed;
}

std::vector<std::string> SilentParties(const Line& line, const std::string& step) {
  const Seats seats = SeatsOf(line, step);
  std::vector<std::string> silent = seats.parties;
  silent.insert(silent.end(), seats.persons.begin(), seats.persons.end());
  for (const Opinion& opinion : line.record.opinions) {
    if (opinion.step != step || opinion.standing != Standing::kCounted) continue;
    const Seat seat = SeatOf(seats, Principal(opinion), opinion.party);
    if (seat == Seat::kPerson) Remove(silent, Principal(opinion));
    if (seat == Seat::kParty) Remove(silent, opinion.party);
  }
  if (Count(line, step).unit_spoken < seats.unit_seats) silent.push_back(seats.unit);
  return silent;
}

std::vector<std::string> ExcludedUsers(const Line& line, const std::string& name) {
  const Step& step = line.plan.steps[*PlaceOf(line.plan, name)];
  std::set<std::string> excluded;
  for (const Act& act : line.record.acts) {
    const bool concerns = act.kind == Kind::kRecused || act.kind == Kind::kInterest;
    if (!concerns) continue;
    if (IsRecused(line, act.user_id) || HasInterest(line, act.user_id))
      excluded.insert(act.user_id);
  }
  for (const Opinion& opinion : line.record.opinions) {
    if (!ApartFrom(step, line.plan.steps[*PlaceOf(line.plan, opinion.step)])) continue;
    excluded.insert(opinion.user_id);
    excluded.insert(Principal(opinion));
  }
  return {excluded.begin(), excluded.end()};
}

std::vector<std::string> AssigneesIn(const Line& line, const std::string& step,
                                     std::string_view party) {
  std::vector<std::string> assignees;
  for (const Act& act : line.record.acts) {
    if (act.kind != Kind::kAssigned || act.step != step || act.party != party) continue;
    Remove(assignees, act.other_user_id);
    assignees.push_back(act.user_id);
  }
  for (const std::string& user : ExcludedUsers(line, step)) Remove(assignees, user);
  for (const std::string& user : SeatsOf(line, step).persons) Remove(assignees, user);
  for (const Opinion& opinion : line.record.opinions) {
    if (opinion.step != step || opinion.standing != Standing::kCounted) continue;
    Remove(assignees, opinion.user_id);
    Remove(assignees, Principal(opinion));
  }
  return assignees;
}

std::vector<std::string> Assignees(const Line& line, const std::string& step) {
  const Seats seats = SeatsOf(line, step);
  std::vector<std::string> parties = seats.parties;
  if (seats.unit_seats > 0) parties.push_back(seats.unit);
  std::vector<std::string> assignees;
  for (const std::string& party : parties) {
    const auto some = AssigneesIn(line, step, party);
    assignees.insert(assignees.end(), some.begin(), some.end());
  }
  return assignees;
}

int FreeSeats(const Line& line, const std::string& step, const Voice& voice) {
  if (voice.seat != Seat::kUnit) {
    const auto silent = SilentParties(line, step);
    return Contains(silent, voice.seat == Seat::kPerson ? voice.principal : voice.party) ? 1 : 0;
  }
  return SeatsOf(line, step).unit_seats - Count(line, step).unit_spoken;
}

Result<Voice> VoiceOf(const Line& line, const std::string& step, const Person& person, Time now) {
  Voice voice{person.user_id, person.user_id, person.party, person.roles, Seat::kNone};
  if (person.standing_delegation) voice.principal = person.on_behalf_of;
  if (!person.on_behalf_of.empty() && !person.standing_delegation) {
    const Act* lent = DelegationOf(line, person.on_behalf_of, person.user_id, now);
    if (lent == nullptr) {
      return PermissionDenied("DELEGATION_MISSING",
                              fmt::format("no delegation by {} is in force", person.on_behalf_of),
                              {{"user", person.on_behalf_of}});
    }
    voice.principal = person.on_behalf_of;
    voice.party = lent->party;
    voice.roles = lent->roles;
  }
  const Seats seats = SeatsOf(line, step);
  voice.seat = SeatOf(seats, voice.principal, voice.party);
  if (voice.seat == Seat::kPerson) return voice;
  const bool stranger = voice.seat == Seat::kUnit && voice.party != seats.unit;
  if (voice.seat == Seat::kNone || stranger) {
    return PermissionDenied("PARTY_NOT_ASKED",
                            fmt::format("step {} does not ask {}", step, voice.party),
                            {{"step", step}, {"party", voice.party}});
  }
  const std::string& role = line.plan.steps[*PlaceOf(line.plan, step)].role;
  if (!Contains(voice.roles, role)) {
    return PermissionDenied("NOT_YOUR_STEP", fmt::format("step {} needs the role {}", step, role),
                            {{"step", step}, {"role", role}});
  }
  return voice;
}

Status CheckFree(const Line& line, const std::string& name, const Voice& voice) {
  for (const std::string& who : {voice.user_id, voice.principal}) {
    if (IsRecused(line, who)) {
      return FailedPrecondition("RECUSED", fmt::format("{} is recused", who), {{"user", who}});
    }
    if (HasInterest(line, who)) {
      return FailedPrecondition("CONFLICT_DECLARED", fmt::format("{} has an interest", who),
                                {{"user", who}});
    }
  }
  const Step& step = line.plan.steps[*PlaceOf(line.plan, name)];
  if (const Opinion* apart = SpokenApart(line, step, voice)) {
    return FailedPrecondition(
        "SAME_PERSON_TWICE",
        fmt::format("who acted in step {} may not act in step {}", apart->step, name),
        {{"step", name}, {"other_step", apart->step}, {"user", voice.principal}});
  }
  return Done{};
}

Status CheckSilent(const Line& line, const std::string& step, const Voice& voice, bool late) {
  const Seats seats = SeatsOf(line, step);
  for (const Opinion& opinion : line.record.opinions) {
    const bool heard =
        opinion.standing == Standing::kCounted ||
        (late && opinion.standing == Standing::kLate && opinion.round == line.record.round);
    if (opinion.step != step || !heard) continue;
    for (const std::string& who : {voice.user_id, voice.principal}) {
      if (opinion.user_id != who && opinion.on_behalf_of != who) continue;
      return FailedPrecondition("ALREADY_GIVEN", fmt::format("{} has spoken", who),
                                {{"step", step}, {"user", who}});
    }
    if (voice.seat != Seat::kParty || opinion.party != voice.party) continue;
    if (SeatOf(seats, Principal(opinion), opinion.party) != Seat::kParty) continue;
    return FailedPrecondition("PARTY_HAS_SPOKEN", fmt::format("{} has spoken", voice.party),
                              {{"step", step}, {"party", voice.party}});
  }
  if (voice.seat == Seat::kUnit && FreeSeats(line, step, voice) <= 0 &&
      Settled(line, step) == Outcome::kOpen) {
    return FailedPrecondition("SEATS_TAKEN", "as many officers as needed have spoken",
                              {{"step", step}});
  }
  return Done{};
}

}  // namespace zonelink::review
