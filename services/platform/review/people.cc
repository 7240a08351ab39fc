// SPDX-License-Identifier: Apache-2.0
// Verbs about who acts: assignments, delegations, declarations, recusals.
#include <fmt/format.h>

#include <algorithm>

#include "platform/review/history.h"
#include "platform/review/review.h"

namespace zonelink::review {
namespace {

// The last act of those kinds about a person; nullptr: none.
const Act* LastAbout(const Line& line, std::string_view user_id,
                     std::initializer_list<Kind> kinds) {
  const auto& acts = line.record.acts;
  const auto found = std::find_if(acts.rbegin(), acts.rend(), [&](const Act& act) {
    return act.user_id == user_id && std::find(kinds.begin(), kinds.end(), act.kind) != kinds.end();
  });
  return found == acts.rend() ? nullptr : &*found;
}

bool RecusalPending(const Line& line, std::string_view user_id) {
  const Act* last =
      LastAbout(line, user_id, {Kind::kRecusalAsked, Kind::kRecused, Kind::kRecusalDeclined});
  return last != nullptr && last->kind == Kind::kRecusalAsked;
}

Error Recused(std::string_view user_id) {
  return FailedPrecondition("RECUSED", fmt::format("{} is recused", user_id),
                            {{"user", std::string(user_id)}});
}

Error ReasonMissing() { return InvalidArgument("REASON_MISSING", "say why"); }

bool IsAnyonesDeputy(const Line& line, std::string_view user_id, Time now) {
  const auto& acts = line.record.acts;
  return std::any_of(acts.begin(), acts.end(), [&](const Act& act) {
    return act.kind == Kind::kDelegated && act.other_user_id == user_id &&
           DelegationOf(line, act.user_id, user_id, now) != nullptr;
  });
}

bool HasDeputy(const Line& line, std::string_view user_id, Time now) {
  const Act* last = LastAbout(line, user_id, {Kind::kDelegated, Kind::kUndelegated});
  return last != nullptr && DelegationOf(line, user_id, last->other_user_id, now) != nullptr;
}

// Whoever is given a step must be able to act there; a declaration can follow.
Result<Voice> MayTake(const Line& line, const std::string& step, Person to, Time now) {
  to.on_behalf_of.clear();
  to.standing_delegation = false;
  auto voice = VoiceOf(line, step, to, now);
  if (!voice) return voice.error();
  if (const Status free = CheckFree(line, step, *voice); !free) return free.error();
  if (const Status silent = CheckSilent(line, step, *voice, false); !silent) return silent.error();
  return voice;
}

Error AlreadyAssigned(const std::string& step, const std::vector<std::string>& assignees) {
  return FailedPrecondition("ALREADY_ASSIGNED",
                            fmt::format("step {} is assigned to {}", step, Joined(assignees)),
                            {{"step", step}, {"assignees", Joined(assignees)}});
}

Act AssignAct(const Handover& handover, const Voice& to, Time now) {
  return {.kind = Kind::kAssigned,
          .step = handover.step,
          .user_id = to.user_id,
          .other_user_id = handover.from_user,
          .party = to.party,
          .reason = handover.reason,
          .at = now,
          .by_user = handover.by_user};
}

}  // namespace

bool IsRecused(const Line& line, std::string_view user_id) {
  return LastAbout(line, user_id, {Kind::kRecused}) != nullptr;
}

bool HasInterest(const Line& line, std::string_view user_id) {
  const Act* last = LastAbout(line, user_id, {Kind::kInterest, Kind::kRecusalDeclined});
  return last != nullptr && last->kind == Kind::kInterest;
}

bool HasDeclared(const Line& line, std::string_view user_id) {
  return LastAbout(line, user_id, {Kind::kDeclared, Kind::kInterest}) != nullptr;
}

// A later delegation by the same person ends the one before.
const Act* DelegationOf(const Line& line, std::string_view principal, std::string_view deputy,
                        Time now) {
  const Act* last = LastAbout(line, principal, {Kind::kDelegated, Kind::kUndelegated});
  if (last == nullptr || last->kind != Kind::kDelegated) return nullptr;
  if (last->other_user_id != deputy || *last->until_at <= now) return nullptr;
  return IsRecused(line, principal) || IsRecused(line, deputy) ? nullptr : last;
}

bool IsDeputy(const Line& line, const Person& person, Time now) {
  return DelegationOf(line, person.on_behalf_of, person.user_id, now) != nullptr;
}

Result<Line> Assign(Line line, const std::string& step, const Person& to,
                    const std::string& by_user, Time now) {
  if (const Status open = CheckUnsettled(line, step); !open) return open.error();
  const auto voice = MayTake(line, step, to, now);
  if (!voice) return voice.error();
  const auto assignees = AssigneesIn(line, step, voice->party);
  const bool full = FreeSeats(line, step, *voice) <= static_cast<int>(assignees.size());
  if (voice->seat == Seat::kPerson || full || Contains(assignees, to.user_id)) {
    return AlreadyAssigned(
        step, voice->seat == Seat::kPerson ? std::vector<std::string>{to.user_id} : assignees);
  }
  Append(line, AssignAct({.step = step, .by_user = by_user}, *voice, now));
  return line;
}

Result<Line> Reassign(Line line, const Handover& handover, Time now) {
  const std::string& step = handover.step;
  if (const Status open = CheckUnsettled(line, step); !open) return open.error();
  const auto voice = MayTake(line, step, handover.to, now);
  if (!voice) return voice.error();
  const auto assignees = AssigneesIn(line, step, voice->party);
  if (voice->seat == Seat::kPerson || Contains(assignees, voice->user_id)) {
    return AlreadyAssigned(step, {voice->user_id});
  }
  Handover made = handover;
  if (made.from_user.empty() && assignees.size() == 1) made.from_user = assignees.front();
  const bool unclear = made.from_user.empty() && assignees.size() > 1;
  if (unclear || (!made.from_user.empty() && !Contains(assignees, made.from_user))) {
    return FailedPrecondition("NOT_ASSIGNED",
                              fmt::format("step {} is assigned to {}", step, Joined(assignees)),
                              {{"step", step}, {"assignees", Joined(assignees)}});
  }
  Append(line, AssignAct(made, *voice, now));
  return line;
}

Result<Line> Delegate(Line line, const Person& by, const Person& deputy, Time until, Time now) {
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  if (by.user_id == deputy.user_id) {
    return InvalidArgument("SAME_PERSON", "nobody is their own deputy");
  }
  if (!by.on_behalf_of.empty() || IsAnyonesDeputy(line, by.user_id, now) ||
      HasDeputy(line, deputy.user_id, now)) {
    return FailedPrecondition("DEPUTY_MAY_NOT_DELEGATE", "a deputy may not delegate on",
                              {{"user", by.user_id}, {"deputy", deputy.user_id}});
  }
  if (by.party != deputy.party) {
    return FailedPrecondition("DEPUTY_OF_OTHER_PARTY", fmt::format("is of {}", deputy.party),
                              {{"party", by.party}});
  }
  if (until <= now) return InvalidArgument("DELEGATION_OVER", "ends before it begins");
  for (const std::string& who : {by.user_id, deputy.user_id}) {
    if (IsRecused(line, who)) return Recused(who);
  }
  Append(line, Act{.kind = Kind::kDelegated,
                   .user_id = by.user_id,
                   .other_user_id = deputy.user_id,
                   .party = by.party,
                   .roles = by.roles,
                   .until_at = until,
                   .at = now,
                   .by_user = by.user_id});
  return line;
}

Result<Line> Undelegate(Line line, const std::string& user_id, const std::string& by_user,
                        Time now) {
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  if (!HasDeputy(line, user_id, now)) {
    return FailedPrecondition("DELEGATION_MISSING",
                              fmt::format("no delegation by {} is in force", user_id),
                              {{"user", user_id}});
  }
  Append(line, Act{.kind = Kind::kUndelegated, .user_id = user_id, .at = now, .by_user = by_user});
  return line;
}

Result<Line> Declare(Line line, const Person& by, std::string interest, Time now) {
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  if (IsRecused(line, by.user_id)) return Recused(by.user_id);
  if (HasInterest(line, by.user_id)) {
    return FailedPrecondition("CONFLICT_DECLARED", "a superior decides on the declared interest",
                              {{"user", by.user_id}});
  }
  Append(line, Act{.kind = interest.empty() ? Kind::kDeclared : Kind::kInterest,
                   .user_id = by.user_id,
                   .party = by.party,
                   .reason = std::move(interest),
                   .at = now,
                   .by_user = by.user_id});
  return line;
}

Result<Line> Recuse(Line line, const Person& by, std::string reason, Time now) {
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  if (reason.empty()) return ReasonMissing();
  if (IsRecused(line, by.user_id)) return Recused(by.user_id);
  Append(line, Act{.kind = Kind::kRecused,
                   .user_id = by.user_id,
                   .party = by.party,
                   .reason = std::move(reason),
                   .at = now,
                   .by_user = by.user_id});
  return line;
}

Result<Line> RequestRecusal(Line line, const std::string& user_id, const std::string& by_user,
                            std::string reason, Time now) {
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  if (reason.empty()) return ReasonMissing();
  if (IsRecused(line, user_id)) return Recused(user_id);
  if (RecusalPending(line, user_id)) {
    return FailedPrecondition("RECUSAL_PENDING", "a superior has yet to decide",
                              {{"user", user_id}});
  }
  Append(line, Act{.kind = Kind::kRecusalAsked,
                   .user_id = user_id,
                   .other_user_id = by_user,
                   .reason = std::move(reason),
                   .at = now,
                   .by_user = by_user});
  return line;
}

Result<Line> DecideRecusal(Line line, const RecusalDecision& decision, const std::string& by_user,
                           Time now) {
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  if (decision.reason.empty()) return ReasonMissing();
  if (IsRecused(line, decision.user_id)) return Recused(decision.user_id);
  if (!RecusalPending(line, decision.user_id) && !HasInterest(line, decision.user_id)) {
    return FailedPrecondition("RECUSAL_NOT_ASKED", "nobody asked for it",
                              {{"user", decision.user_id}});
  }
  if (by_user == decision.user_id) {
    return FailedPrecondition("OWN_RECUSAL", "a superior decides");
  }
  Append(line, Act{.kind = decision.upheld ? Kind::kRecused : Kind::kRecusalDeclined,
                   .user_id = decision.user_id,
                   .other_user_id = by_user,
                   .reason = decision.reason,
                   .at = now,
                   .by_user = by_user});
  return line;
}

}  // namespace zonelink::review
