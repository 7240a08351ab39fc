// SPDX-License-Identifier: Apache-2.0
#include "worklist/intake.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/util/time_util.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "platform/outbox/consumer.h"
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
  const pb::FilingChanged* filing = nullptr;  // nothing: a decision's event, which finds the facts
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

// One entry of the inbox while a batch is applied.
struct Place {
  bool stored = false;              // there is a row
  bool changed = false;             // that is not, or no longer, what `entry` says
  std::optional<InboxEntry> entry;  // nothing: nothing waits
};
using Places = std::map<std::string_view, Place>;  // by subject

Result<DecisionNews> News(const pb::DecisionState& state) {
  DecisionNews news{.zone = state.zone(),
                    .state = state.state(),
                    .verified_by = {state.verified_by().begin(), state.verified_by().end()}};
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
  const auto micros = google::protobuf::util::TimeUtil::TimestampToMicroseconds(event.at());
  return {.event_id = event.event_id(),
          .type = event.type(),
          .subject = event.subject(),
          .at = Time(std::chrono::microseconds(micros)),
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
    place.stored = true;
    place.entry = std::move(entry);
  }
  return places;
}

std::string OrganizationOf(const Told& told, const Place& place) {
  if (place.entry) return place.entry->facts.organization_id;
  return told.filing == nullptr ? "" : told.filing->organization_id();
}

// An entry whose action stays has been waiting since it was made.
Status Apply(const Told& told, Place& place) {
  const auto news = News(*told.decision);
  if (!news) return news.error();
  auto work = WhatWaits(*news, OrganizationOf(told, place));
  if (!work) return std::move(work).error();
  if (!*work) {
    place.changed = place.changed || place.entry.has_value();
    place.entry.reset();
    return Done{};
  }
  // What was decided at submission never waited.
  if (told.filing == nullptr && !place.entry) {
    return Internal("a decision waits whose filing was never told of");
  }
  const bool stays = place.entry && place.entry->work.action == (*work)->action;
  const Time since = stays ? place.entry->since : told.at;
  CaseFacts facts = place.entry ? std::move(place.entry->facts) : Facts(*told.filing);
  place.entry = InboxEntry{.work_id = {},
                           .subject = told.subject,
                           .zone = news->zone,
                           .facts = std::move(facts),
                           .work = **std::move(work),
                           .since = since};
  place.changed = true;
  return Done{};
}

void Save(db::Tx& tx, const Places& places) {
  std::vector<const InboxEntry*> put;
  std::vector<std::string> gone;
  for (const auto& [subject, place] : places) {
    if (!place.changed) continue;
    if (place.entry) {
      put.push_back(&*place.entry);
    } else if (place.stored) {
      gone.emplace_back(subject);
    }
  }
  if (!put.empty()) PutWork(tx, put);
  if (!gone.empty()) RemoveWork(tx, gone);
}

}  // namespace

Status ApplyRecognitionEvents(db::Tx& tx, std::span<const pb::Event> events) {
  Batch batch;
  if (const Status read = Read(events, batch); !read) return read;
  if (batch.feed.empty()) return Done{};
  ForgetApplied(tx, batch);
  if (batch.feed.empty()) return Done{};
  AddToFeed(tx, "recognition", batch.feed);
  Places places = PlacesOf(tx, batch.told);
  for (const Told& told : batch.told) {
    if (const Status applied = Apply(told, places.at(told.subject)); !applied) return applied;
  }
  Save(tx, places);
  return Done{};
}

}  // namespace zonelink::worklist
