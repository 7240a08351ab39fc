// SPDX-License-Identifier: Apache-2.0
#include "platform/review/history.h"

#include <fmt/format.h>

#include <algorithm>

namespace zonelink::review {
namespace {

void Restate(Record& record, Opinion& opinion, Standing standing) {
  opinion.standing = standing;
  auto& restated = record.restated;
  const bool known = std::find(restated.begin(), restated.end(), opinion.seq) != restated.end();
  if (opinion.seq <= record.saved_version && !known) restated.push_back(opinion.seq);
}

void GoTo(Line& line, size_t place, Time at) {
  line.record.step = line.plan.steps[place].name;
  line.record.step_since = at;
}

// What counts on the steps from `place` on counts no more.
void CancelFrom(Line& line, size_t place) {
  for (Opinion& opinion : line.record.opinions) {
    if (opinion.standing != Standing::kCounted) continue;
    if (*PlaceOf(line.plan, opinion.step) >= place) {
      Restate(line.record, opinion, Standing::kCancelled);
    }
  }
}

void CancelOf(Line& line, const std::string& user_id) {
  const std::string current = CurrentStep(line).name;
  for (Opinion& opinion : line.record.opinions) {
    if (opinion.standing != Standing::kCounted || opinion.step != current) continue;
    if (opinion.user_id == user_id || opinion.on_behalf_of == user_id) {
      Restate(line.record, opinion, Standing::kCancelled);
    }
  }
}

void RetakeStep(Line& line, const Act& act) {
  for (Opinion& opinion : line.record.opinions) {
    if (opinion.seq == act.amount) Restate(line.record, opinion, Standing::kTakenBack);
  }
  const size_t place = *PlaceOf(line.plan, act.step);
  if (place < CurrentPlace(line) && Settled(line, act.step) != Outcome::kAgreed) {
    GoTo(line, place, act.at);
  }
}

void Close(Line& line, Closed closed) {
  const bool unsaid = closed == Closed::kTacit || closed == Closed::kWithdrawn;
  if (unsaid && Settled(line, line.record.step) == Outcome::kOpen) {
    CancelFrom(line, CurrentPlace(line));
  }
  line.record.closed = closed;
}

int64_t NextSeq(Line& line) {
  if (line.record.step.empty()) line.record.step = line.plan.steps.front().name;
  return ++line.record.version;
}

}  // namespace

void Append(Line& line, Opinion opinion) {
  opinion.seq = NextSeq(line);
  opinion.round = line.record.round;
  const std::string step = opinion.step;
  const Time at = opinion.at;
  const bool counts = line.record.closed == Closed::kNo && step == line.record.step &&
                      Settled(line, step) == Outcome::kOpen;
  opinion.standing = counts ? Standing::kCounted : Standing::kLate;
  line.record.opinions.push_back(std::move(opinion));
  if (!counts || Settled(line, step) != Outcome::kAgreed) return;
  const size_t next = CurrentPlace(line) + 1;
  if (next == line.plan.steps.size()) {
    line.record.closed = Closed::kAgreed;
  } else {
    GoTo(line, next, at);
  }
}

void Append(Line& line, Act act) {
  act.seq = NextSeq(line);
  line.record.acts.push_back(act);
  switch (act.kind) {
    case Kind::kReturned:
      CancelFrom(line, *PlaceOf(line.plan, act.step));
      ++line.record.round;
      GoTo(line, *PlaceOf(line.plan, act.step), act.at);
      return;
    case Kind::kTakenBack: RetakeStep(line, act); return;
    case Kind::kRecused: CancelOf(line, act.user_id); return;
    case Kind::kClosed: Close(line, static_cast<Closed>(act.amount)); return;
    case Kind::kAssigned:
    case Kind::kDelegated:
    case Kind::kUndelegated:
    case Kind::kDeclared:
    case Kind::kInterest:
    case Kind::kRecusalAsked:
    case Kind::kRecusalDeclined:
    case Kind::kAdded:
    case Kind::kDropped:
    case Kind::kQuorum:
    case Kind::kRouted:
    case Kind::kReminded: return;  // looked up in the acts when they matter
  }
}

Line Replay(Plan plan, const Record& record) {
  Line line{.plan = std::move(plan)};
  auto opinion = record.opinions.begin();
  auto act = record.acts.begin();
  while (opinion != record.opinions.end() || act != record.acts.end()) {
    const bool spoken =
        act == record.acts.end() || (opinion != record.opinions.end() && opinion->seq < act->seq);
    if (spoken) {
      Append(line, *opinion++);
    } else {
      Append(line, *act++);
    }
  }
  return line;
}

Result<size_t> PlaceOf(const Plan& plan, std::string_view step) {
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    if (plan.steps[i].name == step) return i;
  }
  return InvalidArgument("STEP_UNKNOWN", fmt::format("{} is no step of this review", step),
                         {{"step", std::string(step)}});
}

size_t CurrentPlace(const Line& line) {
  if (line.record.step.empty()) return 0;
  return *PlaceOf(line.plan, line.record.step);
}

const Step& CurrentStep(const Line& line) { return line.plan.steps[CurrentPlace(line)]; }

Error ClosedError(const Line& line) {
  const std::string how(Name(line.record.closed));
  return FailedPrecondition("LINE_CLOSED", fmt::format("closed: {}", how), {{"closed", how}});
}

Error SettledError(const Line& line, const std::string& step) {
  const std::string outcome(Name(Settled(line, step)));
  return FailedPrecondition("STEP_SETTLED", fmt::format("step {} is {}", step, outcome),
                            {{"step", step}, {"outcome", outcome}});
}

Status CheckOpen(const Line& line, const std::string& step) {
  if (const auto place = PlaceOf(line.plan, step); !place) return place.error();
  if (line.record.closed != Closed::kNo) return ClosedError(line);
  return Done{};
}

Status CheckUnsettled(const Line& line, const std::string& step) {
  if (const Status open = CheckOpen(line, step); !open) return open.error();
  if (Settled(line, step) != Outcome::kOpen) return SettledError(line, step);
  return Done{};
}

bool Contains(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::string Joined(const std::vector<std::string>& all) {
  return fmt::format("{}", fmt::join(all, ", "));
}

const std::string& Principal(const Opinion& opinion) {
  return opinion.on_behalf_of.empty() ? opinion.user_id : opinion.on_behalf_of;
}

}  // namespace zonelink::review
