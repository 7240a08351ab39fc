// SPDX-License-Identifier: Apache-2.0
#include "worklist/intake.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "platform/outbox/consumer.h"
#include "platform/rpc/timestamp.h"
#include "worklist/case_store.h"
#include "worklist/feed_store.h"
#include "worklist/inbox_store.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::worklist {
namespace {

namespace pb = events::v1;

constexpr std::string_view kFiling = "zonelink.recognition.filing.";
constexpr std::string_view kDecision = "zonelink.recognition.decision.";

// What one event tells of one decision; refers to the batch.
struct Told {
  std::string_view event_id;
  Time at;
  std::string_view verb;                      // the end of its type
  const pb::FilingChanged* filing = nullptr;  // nothing: a decision's event, which finds the facts
  const pb::DecisionChanged* change = nullptr;
  const pb::DecisionState* decision = nullptr;
  bool first = false;   // of its filing: nothing can have waited before
  std::string subject;  // in the inbox
};

// What a batch tells, in its order.
struct Batch {
  google::protobuf::Arena bodies;
  std::vector<NewFeedEntry> feed;
  std::vector<Told> told;
};

// One decision while a batch is applied.
struct Place {
  std::vector<InboxEntry> stored;  // rows that are there
  std::vector<InboxEntry> waits;   // what is to be there
  std::optional<CaseFacts> facts;  // once they are known
  std::optional<CaseRow> row;      // to write, where somebody has or had to act
  bool changed = false;
};
using Places = std::map<std::string_view, Place>;  // by subject

template <class List>
std::vector<std::string> Texts(const List& list) {
  return {list.begin(), list.end()};
}

// Empty where the event tells no day.
Result<std::optional<Date>> DayOf(const std::string& text) {
  if (text.empty()) return std::optional<Date>();
  const auto day = ParseDate(text);
  if (!day) return Internal("an event with a day that is none");
  return day;
}

Result<DecisionNews> News(const pb::DecisionState& state, Time at,
                          const clocks::CalendarSet& calendars) {
  const auto query_due_on = DayOf(state.query_due_on());
  if (!query_due_on) return query_due_on.error();
  const auto follow_up_due_on = DayOf(state.follow_up_due_on());
  if (!follow_up_due_on) return follow_up_due_on.error();
  DecisionNews news{.zone = state.zone(),
                    .mode = state.mode(),
                    .state = state.state(),
                    .step = state.step(),
                    .waiting_for = state.waiting_for(),
                    .verified_by = Texts(state.verified_by()),
                    .excluded_users = Texts(state.excluded_users()),
                    .assigned_to = state.assigned_to(),
                    .deputies = Texts(state.deputies()),
                    .opinions_of = Texts(state.opinions_of()),
                    .recusal_asked = Texts(state.recusal_asked()),
                    .query_to = state.query_to(),
                    .query_due_on = *query_due_on,
                    .promise = state.promise(),
                    .follow_up_due_on = *follow_up_due_on,
                    .told_on = ShanghaiDate(at),
                    .calendar = &calendars.For(state.zone())};
  if (!state.has_clock()) return news;
  const auto due_on = ParseDate(state.clock().due_on());
  if (!due_on) return Internal("an event with a due date that is none");
  news.clock = ClockNews{.budget_days = state.clock().budget_days(),
                         .due_on = *due_on,
                         .provisional = state.clock().provisional(),
                         .running = state.clock().running()};
  return news;
}

CaseFacts Facts(const pb::FilingChanged& filing) {
  return {.filing_id = filing.filing_id(),
          .receipt_number = filing.receipt_number(),
          .organization_id = filing.organization_id(),
          .applicant_name = filing.applicant_name(),
          .item_id = filing.item_id(),
          .item_name_zh = filing.item_name_zh(),
          .item_name_en = filing.item_name_en()};
}

NewFeedEntry FeedEntryOf(const pb::Event& event, std::string_view zone, std::string_view state) {
  return {.event_id = event.event_id(),
          .type = event.type(),
          .subject = event.subject(),
          .at = ToTime(event.at()),
          .zone = zone,
          .state = state,
          .parties = outbox::PartiesText(event)};
}

Status ReadFiling(const pb::Event& event, Batch& batch) {
  auto& body = *google::protobuf::Arena::CreateMessage<pb::FilingChanged>(&batch.bodies);
  if (!body.ParseFromString(event.body())) return Internal("a filing event that cannot be read");
  std::string_view zone;
  if (body.decisions_size() == 1) zone = body.decisions(0).zone();
  batch.feed.push_back(FeedEntryOf(event, zone, body.state()));
  for (const auto& decision : body.decisions()) {
    batch.told.push_back({.event_id = event.event_id(),
                          .at = batch.feed.back().at,
                          .verb = std::string_view(event.type()).substr(kFiling.size()),
                          .filing = &body,
                          .decision = &decision,
                          .first = event.version() == 1,
                          .subject = SubjectOf(body.filing_id(), decision.zone())});
  }
  return Done{};
}

Status ReadDecision(const pb::Event& event, Batch& batch) {
  auto& body = *google::protobuf::Arena::CreateMessage<pb::DecisionChanged>(&batch.bodies);
  if (!body.ParseFromString(event.body())) return Internal("a decision event that cannot be read");
  batch.feed.push_back(FeedEntryOf(event, body.decision().zone(), body.decision().state()));
  batch.told.push_back({.event_id = event.event_id(),
                        .at = batch.feed.back().at,
                        .verb = std::string_view(event.type()).substr(kDecision.size()),
                        .change = &body,
                        .decision = &body.decision(),
                        .subject = SubjectOf(body.filing_id(), body.decision().zone())});
  return Done{};
}

Status Read(std::span<const pb::Event> events, Batch& batch) {
  std::unordered_set<std::string_view> ids;
  for (const pb::Event& event : events) {
    if (!ids.insert(event.event_id()).second) continue;
    Status read = Done{};
    if (event.type().starts_with(kFiling)) {
      read = ReadFiling(event, batch);
    } else if (event.type().starts_with(kDecision)) {
      read = ReadDecision(event, batch);
    }
    if (!read) return read;
  }
  return Done{};
}

// Takes out what was applied before.
void ForgetApplied(db::Tx& tx, Batch& batch) {
  const auto applied = InFeed(tx, batch.feed);
  if (applied.empty()) return;
  const auto known = [&](const auto& told) { return applied.count(told.event_id) > 0; };
  std::erase_if(batch.feed, known);
  std::erase_if(batch.told, known);
}

// A decision's event tells nothing of its filing: where nothing waited before, the case does.
void FindFacts(db::Tx& tx, const std::vector<Told>& told, Places& places) {
  std::vector<std::string> unknown;
  std::unordered_set<std::string_view> met;
  for (const Told& news : told) {
    const bool early = met.insert(news.subject).second;
    const bool known = news.filing != nullptr || places.at(news.subject).facts;
    if (early && !known) unknown.push_back(news.subject);
  }
  if (unknown.empty()) return;
  for (CaseRow& row : CasesOf(tx, unknown)) places.at(row.subject).facts = std::move(row.facts);
}

Places PlacesOf(db::Tx& tx, const std::vector<Told>& told) {
  Places places;
  std::vector<std::string> subjects;
  for (const Told& news : told) {
    places[news.subject];
    if (!news.first) subjects.push_back(news.subject);
  }
  if (subjects.empty()) return places;
  for (InboxEntry& entry : EntriesOf(tx, subjects)) {
    Place& place = places.at(entry.subject);
    place.facts = entry.facts;
    place.waits.push_back(entry);
    place.stored.push_back(std::move(entry));
  }
  FindFacts(tx, told, places);
  return places;
}

// The entry for what the decision itself waits for.
const InboxEntry* ItselfOf(const Place& place) {
  for (const InboxEntry& entry : place.waits) {
    if (entry.work.place.empty()) return &entry;
  }
  return nullptr;
}

// An entry whose action stays has been waiting since it was made.
InboxEntry EntryOf(const Told& told, const Place& place, Work work) {
  InboxEntry entry{.work_id = {},
                   .subject = told.subject,
                   .zone = told.decision->zone(),
                   .facts = *place.facts,
                   .work = std::move(work),
                   .since = told.at};
  for (const InboxEntry& before : place.waits) {
    const bool same = before.work.place == entry.work.place;
    if (same && before.work.action == entry.work.action) entry.since = before.since;
  }
  return entry;
}

// What the decision waits for after the event, with why it presses.
Result<std::vector<Work>> WorkAfter(const Told& told, const DecisionNews& news,
                                    const Place& place) {
  const std::string rung = told.change == nullptr ? "" : told.change->rung();
  const InboxEntry* before = ItselfOf(place);
  Reason pressing = before == nullptr ? Reason::kNone : before->work.reason;
  pressing = PressingAfter(pressing, told.verb, rung);
  const std::string organization = place.facts ? place.facts->organization_id : "";
  auto works = WhatWaits(news, organization, pressing);
  if (!works || works->empty() || before == nullptr) return works;
  const Reason left = PressingOn(pressing, before->work.action, works->front().action);
  return left == pressing ? std::move(works) : WhatWaits(news, organization, left);
}

// Its case is written from the moment on when somebody has to act.
void SetCase(const Told& told, const DecisionNews& news, bool waits, Place& place) {
  const bool open = IsOpen(news.state);
  const bool never = told.filing != nullptr && !waits && place.waits.empty() && !place.row;
  if (!place.facts || never) return;
  std::optional<Time> closed_at;
  std::optional<int> used_days;
  if (place.row) closed_at = place.row->closed_at;
  if (place.row) used_days = place.row->used_days;
  if (!open && !closed_at) {
    closed_at = told.at;
    const bool decided = news.state != "WITHDRAWN" && news.state != "RETURNED";
    if (decided && news.clock && told.change != nullptr) used_days = told.change->used_days();
  }
  Time since = place.stored.empty() ? told.at : place.stored.front().since;
  if (place.row) since = place.row->since;
  place.row = CaseRow{.subject = told.subject,
                      .zone = news.zone,
                      .facts = *place.facts,
                      .state = news.state,
                      .since = since,
                      .clock = news.clock,
                      .asks_others = open && (!news.query_to.empty() || !news.opinions_of.empty()),
                      .closed_at = closed_at,
                      .used_days = used_days};
}

Status Apply(const Told& told, const clocks::CalendarSet& calendars, Place& place) {
  const auto news = News(*told.decision, told.at, calendars);
  if (!news) return news.error();
  if (!place.facts && told.filing != nullptr) place.facts = Facts(*told.filing);
  auto works = WorkAfter(told, *news, place);
  if (!works) return works.error();
  // What was decided at submission never waited.
  if (!place.facts && !works->empty()) {
    return Internal("a decision waits whose filing was never told of");
  }
  std::vector<InboxEntry> waits;
  for (Work& work : *works) waits.push_back(EntryOf(told, place, std::move(work)));
  SetCase(told, *news, !waits.empty(), place);
  place.waits = std::move(waits);
  place.changed = true;
  return Done{};
}

bool Stored(const Place& place, const InboxEntry& entry) {
  return std::any_of(place.stored.begin(), place.stored.end(), [&](const InboxEntry& row) {
    return row.work == entry.work && row.since == entry.since;
  });
}

bool WaitsAt(const Place& place, const std::string& name) {
  return std::any_of(place.waits.begin(), place.waits.end(),
                     [&](const InboxEntry& entry) { return entry.work.place == name; });
}

void SaveInbox(db::Tx& tx, const Places& places) {
  std::vector<const InboxEntry*> put;
  std::vector<std::string> gone, partly, partly_places;
  for (const auto& [subject, place] : places) {
    if (!place.changed) continue;
    for (const InboxEntry& entry : place.waits) {
      if (!Stored(place, entry)) put.push_back(&entry);
    }
    if (place.waits.empty() && !place.stored.empty()) gone.emplace_back(subject);
    if (place.waits.empty()) continue;
    for (const InboxEntry& row : place.stored) {
      if (WaitsAt(place, row.work.place)) continue;
      partly.emplace_back(subject);
      partly_places.push_back(row.work.place);
    }
  }
  if (!put.empty()) PutWork(tx, put);
  if (!gone.empty()) RemoveWork(tx, gone);
  if (!partly.empty()) RemovePlaces(tx, partly, partly_places);
}

void SaveCases(db::Tx& tx, const Places& places) {
  std::vector<const CaseRow*> rows;
  for (const auto& [subject, place] : places) {
    if (place.row) rows.push_back(&*place.row);
  }
  if (!rows.empty()) PutCases(tx, rows);
}

}  // namespace

Status ApplyRecognitionEvents(db::Tx& tx, std::span<const pb::Event> events,
                              const clocks::CalendarSet& calendars) {
  Batch batch;
  if (const Status read = Read(events, batch); !read) return read;
  if (batch.feed.empty()) return Done{};
  ForgetApplied(tx, batch);
  if (batch.feed.empty()) return Done{};
  AddToFeed(tx, "recognition", batch.feed);
  Places places = PlacesOf(tx, batch.told);
  for (const Told& told : batch.told) {
    const Status applied = Apply(told, calendars, places.at(told.subject));
    if (!applied) return applied;
  }
  SaveInbox(tx, places);
  SaveCases(tx, places);
  return Done{};
}

}  // namespace zonelink::worklist
