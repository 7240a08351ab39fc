// SPDX-License-Identifier: Apache-2.0
#include "recognition/deadlines.h"

#include "recognition/decision_store.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/requests.h"

namespace zonelink::recognition {
namespace {

// A clock's name: the zone and the clock within the zone's decision.
struct Named {
  std::string zone;
  std::string clock;
};
Named Split(const std::string& name) {
  const size_t slash = name.find('/');
  ZL_CHECK(slash != std::string::npos, "a decision's clock begins with its zone");
  return {name.substr(0, slash), name.substr(slash + 1)};
}

Status LockCase(db::Tx& tx, const std::string& filing_id) {
  return decision_store::LockFiling(tx, FilingId(filing_id));
}

Status Fire(db::Tx& tx, const clocks::Due& due, const clocks::CalendarSet& calendars) {
  const Named named = Split(due.name);
  auto decision = decision_store::Lock(tx, FilingId(due.case_id), named.zone);
  if (!decision) return decision.error();
  auto passed = PassRung(*std::move(decision), named.clock, due.rung, DrawRecognition(), due.at);
  if (!passed) return Done{};  // it has no effect any more
  const decision_store::Rules rules{Deadlines(), calendars};
  auto saved = decision_store::Save(tx, *std::move(passed), {}, rules, due.rung);
  if (!saved) return saved.error();
  return Done{};
}

// The inbox shows the due date: an event tells the new one.
Status TellMoved(db::Tx& tx, const clocks::Moved& moved, const clocks::CalendarSet& calendars) {
  if (moved.kind != "DECISION") return Done{};
  auto decision = decision_store::Lock(tx, FilingId(moved.case_id), Split(moved.name).zone);
  if (!decision) return decision.error();
  if (const Status taken = Take(*decision, Verb::kPassRung); !taken) return taken;
  const decision_store::Rules rules{Deadlines(), calendars};
  auto saved = decision_store::Save(tx, *std::move(decision), {}, rules, kCalendarPublished.name);
  if (!saved) return saved.error();
  return Done{};
}

}  // namespace

clocks::Hooks DeadlineHooks(clocks::Calendars& calendars) {
  return {.lock = LockCase,
          .fire = [&calendars](db::Tx& tx,
                               const clocks::Due& due) { return Fire(tx, due, *calendars.Now()); },
          .moved =
              [&calendars](db::Tx& tx, const clocks::Moved& moved) {
                return TellMoved(tx, moved, *calendars.Now());
              }};
}

}  // namespace zonelink::recognition
