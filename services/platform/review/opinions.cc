// SPDX-License-Identifier: Apache-2.0
// Verbs by which a line moves: opinions, taking back, returning, closing.
#include <fmt/format.h>

#include <algorithm>

#include "platform/review/history.h"
#include "platform/review/review.h"

namespace zonelink::review {
namespace {

Error ReasonMissing() { return InvalidArgument("REASON_MISSING", "say why"); }

bool Over(const Line& line, const std::string& step) {
  return line.record.closed != Closed::kNo || Settled(line, step) != Outcome::kOpen;
}

// May anything be said on the step at this stage of the line?
Status CheckReached(const Line& line, const std::string& step) {
  const auto place = PlaceOf(line.plan, step);
  if (!place) return place.error();
  if (line.record.closed == Closed::kWithdrawn) return ClosedError(line);
  if (*place <= CurrentPlace(line)) return Done{};
  return FailedPrecondition("STEP_NOT_REACHED",
                            fmt::format("step {} comes before", CurrentStep(line).name),
                            {{"step", step}, {"current", CurrentStep(line).name}});
}

// The task was given to somebody else, and no seat is left beside theirs.
Status CheckNotPassedOver(const Line& line, const std::string& step, const Voice& voice) {
  if (voice.seat == Seat::kPerson) return Done{};
  const auto assignees = AssigneesIn(line, step, voice.party);
  if (Contains(assignees, voice.user_id) || Contains(assignees, voice.principal)) return Done{};
  bool handed_over = false;
  for (const Act& act : line.record.acts) {
    if (act.kind != Kind::kAssigned || act.step != step || act.party != voice.party) continue;
    if (act.user_id == voice.principal) handed_over = false;
    if (act.other_user_id == voice.principal) handed_over = true;
  }
  const int free = FreeSeats(line, step, voice) - static_cast<int>(assignees.size());
  if (!handed_over && (free > 0 || assignees.empty())) return Done{};
  return FailedPrecondition("REASSIGNED",
                            fmt::format("step {} is assigned to {}", step, Joined(assignees)),
                            {{"step", step}, {"assignees", Joined(assignees)}});
}

Status CheckDeclared(const Line& line, const Voice& voice) {
  if (!line.plan.declaration_needed || HasDeclared(line, voice.user_id)) return Done{};
  return FailedPrecondition("DECLARATION_MISSING", "declare first whether there is an interest",
                            {{"user", voice.user_id}});
}

// As far as nothing that the person or others may still do mends it.
Result<Voice> MayEverAct(const Line& line, const std::string& step, const Person& by, Time now) {
  auto voice = VoiceOf(line, step, by, now);
  if (!voice) return voice.error();
  if (const Status free = CheckFree(line, step, *voice); !free) return free.error();
  const Status silent = CheckSilent(line, step, *voice, Over(line, step));
  if (!silent) return silent.error();
  return voice;
}

Result<Voice> MayGive(const Line& line, const std::string& step, const Person& by, Time now) {
  if (const Status reached = CheckReached(line, step); !reached) return reached.error();
  auto voice = MayEverAct(line, step, by, now);
  if (!voice) return voice.error();
  if (voice->seat == Seat::kUnit && Over(line, step)) {
    if (Settled(line, step) == Outcome::kOpen) return ClosedError(line);
    return SettledError(line, step);
  }
  if (const Status declared = CheckDeclared(line, *voice); !declared) return declared.error();
  if (const Status chosen = CheckNotPassedOver(line, step, *voice); !chosen) return chosen.error();
  return voice;
}

Act ClosingAct(const Line& line, Closed closed, const std::string& by_user, Time now) {
  return {.kind = Kind::kClosed,
          .step = CurrentStep(line).name,
          .amount = static_cast<int64_t>(closed),
          .at = now,
          .by_user = by_user};
}

Result<Line> CloseAs(Line line, Closed closed, const std::string& by_user, std::string reason,
                     Time now) {
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  if (reason.empty()) return ReasonMissing();
  Act act = ClosingAct(line, closed, by_user, now);
  act.reason = std::move(reason);
  Append(line, std::move(act));
  return line;
}

}  // namespace

Result<Line> Give(Line line, const std::string& step, Statement statement, const Person& by,
                  Time now) {
  auto voice = MayGive(line, step, by, now);
  if (!voice) return voice.error();
  Append(line, Opinion{.step = step,
                       .party = std::move(voice->party),
                       .user_id = by.user_id,
                       .name = by.name,
                       .on_behalf_of = by.on_behalf_of,
                       .at = now,
                       .verdict = statement.verdict,
                       .text = std::move(statement.text)});
  return line;
}

Status MayAct(const Line& line, const Person& person, Time now) {
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  const std::string& step = CurrentStep(line).name;
  if (const auto voice = MayGive(line, step, person, now); !voice) return voice.error();
  if (Settled(line, step) != Outcome::kOpen) return SettledError(line, step);
  return Done{};
}

bool NobodyLeft(const Line& line, const std::string& step, const std::vector<Person>& people,
                Time now) {
  return std::none_of(people.begin(), people.end(), [&](const Person& person) {
    return MayEverAct(line, step, person, now).has_value();
  });
}

Result<Line> TakeBack(Line line, const Person& by, Time now) {
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  if (IsRecused(line, by.user_id)) {
    return FailedPrecondition("RECUSED", "recused", {{"user", by.user_id}});
  }
  const auto& opinions = line.record.opinions;
  const auto own = std::find_if(opinions.rbegin(), opinions.rend(), [&](const Opinion& one) {
    return one.user_id == by.user_id && one.standing == Standing::kCounted;
  });
  if (own == opinions.rend()) {
    return FailedPrecondition("NOTHING_TO_TAKE_BACK", "no opinion of yours counts");
  }
  const size_t place = *PlaceOf(line.plan, own->step);
  const bool answered = std::any_of(opinions.begin(), opinions.end(), [&](const Opinion& one) {
    return one.seq > own->seq && one.standing != Standing::kTakenBack &&
           *PlaceOf(line.plan, one.step) > place;
  });
  const auto& acts = line.record.acts;
  const bool returned = std::any_of(acts.begin(), acts.end(), [&](const Act& act) {
    return act.seq > own->seq && act.kind == Kind::kReturned;
  });
  if (answered || returned) {
    return FailedPrecondition("NEXT_HAS_ACTED", "the next step has been acted on",
                              {{"step", own->step}});
  }
  Append(line, Act{.kind = Kind::kTakenBack,
                   .step = own->step,
                   .user_id = by.user_id,
                   .amount = own->seq,
                   .at = now,
                   .by_user = by.user_id});
  return line;
}

Result<Line> ReturnTo(Line line, const std::string& step, const Person& by, std::string reason,
                      Time now) {
  if (const Status open = CheckOpen(line, step); !open) return open.error();
  if (reason.empty()) return ReasonMissing();
  const std::string current = CurrentStep(line).name;
  const size_t place = *PlaceOf(line.plan, step);
  const bool stuck = step == current && Settled(line, step) == Outcome::kDisagreed;
  if (place >= CurrentPlace(line) && !stuck) {
    return InvalidArgument("NOT_AN_EARLIER_STEP", fmt::format("the current step is {}", current),
                           {{"step", step}, {"current", current}});
  }
  const auto voice = VoiceOf(line, current, by, now);
  if (!voice) return voice.error();
  if (const Status free = CheckFree(line, current, *voice); !free) return free.error();
  Append(line, Act{.kind = Kind::kReturned,
                   .step = step,
                   .user_id = by.user_id,
                   .other_user_id = by.on_behalf_of,
                   .reason = std::move(reason),
                   .at = now,
                   .by_user = by.user_id});
  return line;
}

Result<Line> Refuse(Line line, const std::string& by_user, std::string reason, Time now) {
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  const std::string& current = CurrentStep(line).name;
  if (Settled(line, current) != Outcome::kDisagreed) {
    return FailedPrecondition("STEP_NOT_DISAGREED", fmt::format("step {} is open", current),
                              {{"step", current}});
  }
  return CloseAs(std::move(line), Closed::kDisagreed, by_user, std::move(reason), now);
}

Result<Line> Withdraw(Line line, const std::string& by_user, std::string reason, Time now) {
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  Act act = ClosingAct(line, Closed::kWithdrawn, by_user, now);
  act.reason = std::move(reason);  // an applicant need not say why
  Append(line, std::move(act));
  return line;
}

Result<Line> CloseTacit(Line line, std::string reason, Time now) {
  return CloseAs(std::move(line), Closed::kTacit, "", std::move(reason), now);
}

}  // namespace zonelink::review
