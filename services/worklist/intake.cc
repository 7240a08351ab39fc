// SPDX-License-Identifier: Apache-2.0
#include "worklist/intake.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <string_view>

#include "worklist/feed_store.h"
#include "worklist/inbox_store.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::worklist {
namespace {

namespace pb = events::v1;

constexpr std::string_view kFiling = "zonelink.recognition.filing.";
constexpr std::string_view kDecision = "zonelink.recognition.decision.";

Time AtOf(const pb::Event& event) {
  return Time(std::chrono::microseconds(
      google::protobuf::util::TimeUtil::TimestampToMicroseconds(event.at())));
}

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

Status PutOrRemove(db::Tx& tx, const CaseFacts& facts, const DecisionNews& news, Time at) {
  const auto work = WhatWaits(news, facts.organization_id);
  if (!work) return work.error();
  if (*work) {
    PutWork(tx, facts, news.zone, **work, at);
  } else {
    RemoveWork(tx, facts.filing_id, news.zone);
  }
  return Done{};
}

bool Feed(db::Tx& tx, const pb::Event& event, std::string zone, std::string state) {
  return AddToFeed(tx,
                   {.event_id = event.event_id(),
                    .source = "recognition",
                    .type = event.type(),
                    .subject = event.subject(),
                    .at = AtOf(event),
                    .zone = std::move(zone),
                    .state = std::move(state)},
                   {event.parties().begin(), event.parties().end()});
}

Status ApplyFiling(db::Tx& tx, const pb::Event& event) {
  pb::FilingChanged body;
  if (!body.ParseFromString(event.body())) return Internal("a filing event that cannot be read");
  const std::string zone = body.decisions_size() == 1 ? body.decisions(0).zone() : "";
  if (!Feed(tx, event, zone, body.state())) return Done{};
  const CaseFacts facts = Facts(body);
  for (const auto& decision : body.decisions()) {
    const auto news = News(decision);
    if (!news) return news.error();
    const auto applied = PutOrRemove(tx, facts, *news, AtOf(event));
    if (!applied) return applied;
  }
  return Done{};
}

Status ApplyDecision(db::Tx& tx, const pb::Event& event) {
  pb::DecisionChanged body;
  if (!body.ParseFromString(event.body())) return Internal("a decision event that cannot be read");
  const auto news = News(body.decision());
  if (!news) return news.error();
  if (!Feed(tx, event, news->zone, news->state)) return Done{};
  const auto facts = FactsForUpdate(tx, body.filing_id(), news->zone);
  if (facts) return PutOrRemove(tx, *facts, *news, AtOf(event));
  // What was decided at submission never waited.
  const auto work = WhatWaits(*news, "");
  if (!work) return work.error();
  if (*work) return Internal("a decision waits whose filing was never told of");
  return Done{};
}

}  // namespace

Status ApplyRecognitionEvent(db::Tx& tx, const pb::Event& event) {
  const std::string_view type = event.type();
  if (type.substr(0, kFiling.size()) == kFiling) return ApplyFiling(tx, event);
  if (type.substr(0, kDecision.size()) == kDecision) return ApplyDecision(tx, event);
  return Done{};
}

}  // namespace zonelink::worklist
