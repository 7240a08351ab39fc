// SPDX-License-Identifier: Apache-2.0
#include "worklist/intake.h"

#include <google/protobuf/util/time_util.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "worklist/feed_store.h"
#include "worklist/inbox_store.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::worklist {
namespace {

namespace pb = events::v1;

constexpr std::string_view kFiling = "zonelink.recognition.filing.";
constexpr std::string_view kDecision = "zonelink.recognition.decision.";

// What one event tells of one decision.
struct Told {
  std::string event_id;
  Time at;
  std::string filing_id;
  std::optional<CaseFacts> facts;  // a filing's event brings them, a decision's finds them
  pb::DecisionState decision;
};

// What a batch tells, in its order.
struct Batch {
  std::vector<NewFeedEntry> feed;
  std::vector<Told> told;
};

// One entry of the inbox while a batch is applied.
struct Place {
  bool stored = false;              // there is a row
  bool changed = false;             // that is not, or no longer, what `entry` says
  std::optional<InboxEntry> entry;  // nothing: nothing waits
};
using Places = std::map<std::string, Place>;  // by subject

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

NewFeedEntry FeedEntryOf(const pb::Event& event, std::string zone, std::string state) {
  const auto micros = google::protobuf::util::TimeUtil::TimestampToMicroseconds(event.at());
  return {.entry = {.event_id = event.event_id(),
                    .source = "recognition",
                    .type = event.type(),
                    .subject = event.subject(),
                    .at = Time(std::chrono::microseconds(micros)),
                    .zone = std::move(zone),
                    .state = std::move(state)},
          .parties = {event.parties().begin(), event.parties().end()}};
}

Status ReadFiling(const pb::Event& event, Batch& batch) {
  pb::FilingChanged body;
  if (!body.ParseFromString(event.body())) return Internal("a filing event that cannot be read");
  const std::string zone = body.decisions_size() == 1 ? body.decisions(0).zone() : "";
  batch.feed.push_back(FeedEntryOf(event, zone, body.state()));
  for (auto& decision : *body.mutable_decisions()) {
    batch.told.push_back({.event_id = event.event_id(),
                          .at = batch.feed.back().entry.at,
                          .filing_id = body.filing_id(),
                          .facts = Facts(body),
                          .decision = std::move(decision)});
  }
  return Done{};
}

Status ReadDecision(const pb::Event& event, Batch& batch) {
  pb::DecisionChanged body;
  if (!body.ParseFromString(event.body())) return Internal("a decision event that cannot be read");
  batch.feed.push_back(FeedEntryOf(event, body.decision().zone(), body.decision().state()));
  batch.told.push_back({.event_id = event.event_id(),
                        .at = batch.feed.back().entry.at,
                        .filing_id = body.filing_id(),
                        .facts = std::nullopt,
                        .decision = std::move(*body.mutable_decision())});
  return Done{};
}

Result<Batch> Read(std::span<const pb::Event> events) {
  Batch batch;
  std::set<std::string_view> ids;
  for (const pb::Event& event : events) {
    if (!ids.insert(event.event_id()).second) continue;
    Status read = Done{};
    if (event.type().starts_with(kFiling)) {
      read = ReadFiling(event, batch);
    } else if (event.type().starts_with(kDecision)) {
      read = ReadDecision(event, batch);
    }
    if (!read) return std::move(read).error();
  }
  return batch;
}

Places PlacesOf(db::Tx& tx, const std::vector<Told>& told) {
  Places places;
  std::vector<std::string> subjects;
  for (const Told& news : told) {
    subjects.push_back(SubjectOf(news.filing_id, news.decision.zone()));
    places[subjects.back()];
  }
  if (subjects.empty()) return places;
  for (InboxEntry& entry : EntriesOf(tx, subjects)) {
    Place& place = places[entry.subject];
    place.stored = true;
    place.entry = std::move(entry);
  }
  return places;
}

// An entry whose action stays has been waiting since it was made.
Status Apply(const Told& told, Place& place) {
  const auto news = News(told.decision);
  if (!news) return news.error();
  const bool known = told.facts.has_value() || place.entry.has_value();
  const CaseFacts facts = place.entry ? place.entry->facts
                                      : told.facts.value_or(CaseFacts{.filing_id = told.filing_id});
  const auto work = WhatWaits(*news, facts.organization_id);
  if (!work) return work.error();
  // What was decided at submission never waited.
  if (*work && !known) return Internal("a decision waits whose filing was never told of");
  if (!*work) {
    place.changed = place.changed || place.entry.has_value();
    place.entry.reset();
    return Done{};
  }
  const bool stays = place.entry && place.entry->work.action == (*work)->action;
  place.entry = InboxEntry{.work_id = {},
                           .subject = SubjectOf(told.filing_id, news->zone),
                           .zone = news->zone,
                           .facts = facts,
                           .work = **work,
                           .since = stays ? place.entry->since : told.at};
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
      gone.push_back(subject);
    }
  }
  if (!put.empty()) PutWork(tx, put);
  if (!gone.empty()) RemoveWork(tx, gone);
}

}  // namespace

Status ApplyRecognitionEvents(db::Tx& tx, std::span<const pb::Event> events) {
  auto batch = Read(events);
  if (!batch) return std::move(batch).error();
  if (batch->feed.empty()) return Done{};
  const std::set<std::string> added = AddToFeed(tx, batch->feed);
  std::erase_if(batch->told, [&](const Told& told) { return added.count(told.event_id) == 0; });
  Places places = PlacesOf(tx, batch->told);
  for (const Told& told : batch->told) {
    Place& place = places[SubjectOf(told.filing_id, told.decision.zone())];
    if (const Status applied = Apply(told, place); !applied) return applied;
  }
  Save(tx, places);
  return Done{};
}

}  // namespace zonelink::worklist
