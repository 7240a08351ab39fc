// SPDX-License-Identifier: Apache-2.0
// What applicants do with a filing, and how anyone concerned reads it.
#include <algorithm>

#include "platform/outbox/event_log.h"
#include "recognition/attributes_json.h"
#include "recognition/convert.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/events.h"
#include "recognition/filing_store.h"
#include "recognition/item_store.h"
#include "recognition/negative_list_store.h"
#include "recognition/recognition_service.h"
#include "recognition/requests.h"

namespace zonelink::recognition {
namespace {

void SetPromise(const Item& item, pb::PrecheckFilingResponse* out) {
  out->set_promise_text_zh(item.promise_text_zh);
  out->set_promise_text_en(item.promise_text_en);
  out->set_promise_version(item.promise_version);
}

}  // namespace

Result<pb::PrecheckFilingResponse> RecognitionService::PrecheckFiling(
    const Call& call, const pb::PrecheckFilingRequest& request) {
  const auto targets = ToTexts(request.target_zones());
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::PrecheckFilingResponse> {
    const Date today = ShanghaiDate(tx.now());
    auto coverage =
        item_store::GetCoverage(tx, request.item_id(), request.home_zone(), targets, today);
    if (!coverage) return coverage.error();
    coverage->findings = negative_list_store::Screen(
        tx, {request.item_id(), request.home_zone(), targets, ToAttributes(request.attributes())},
        today);
    const auto prospects = Foresee(*coverage, request.home_zone(), targets);
    if (!prospects) return prospects.error();
    const Item& item = coverage->item;
    pb::PrecheckFilingResponse reply;
    reply.set_item_id(item.item_id);
    reply.set_item_version(item.version);
    for (const Prospect& prospect : *prospects) {
      *reply.add_zones() = ToProto(prospect, item, tx.now());
      if (prospect.outcome == Prospect::Outcome::kPromiseNeeded) SetPromise(item, &reply);
    }
    for (auto& name : MissingAttributes(item.attributes, ToAttributes(request.attributes()))) {
      reply.add_missing_attributes(std::move(name));
    }
    for (auto& kind : MissingDocuments(item, ToDocuments(request.documents()))) {
      const auto& later = item.deferrable_documents;
      if (std::find(later.begin(), later.end(), kind) != later.end()) {
        reply.add_deferrable_documents(kind);
      }
      reply.add_missing_documents(std::move(kind));
    }
    return reply;
  });
}

void RecognitionService::SubmitFiling(const Call& call, const pb::SubmitFilingRequest& request,
                                      rpc::Answer<pb::Filing> answer) {
  const Actor by = ActorOf(call);
  intake_.Command(
      call, request, ToSubmission(request, by),
      [by, draws = DrawNumbers(request.target_zones_size(), clock_.Now())](
          const Submission& submission, const Coverage& coverage, Time now) {
        return Submit(submission, by, coverage, draws, now);
      },
      answer);
}

Result<pb::Filing> RecognitionService::GetFiling(const Call& call,
                                                 const pb::GetFilingRequest& request) {
  const auto calendars = calendars_.Now();
  return database_.Query(call, [&](db::Tx& tx) {
    return filing_store::Get(tx, FilingId(request.filing_id())).transform([&](const Filing& f) {
      return ToProto(f, *calendars, tx.now());
    });
  });
}

Result<pb::ListFilingsResponse> RecognitionService::ListFilings(
    const Call& call, const pb::ListFilingsRequest& request) {
  filing_store::Filter filter = ToFilter(request, call.caller);
  const std::string query = QueryOf(
      call, {filter.state, filter.item_id, filter.zone, filter.oldest_first ? "oldest" : "newest"});
  const auto keys = pages_.Keys(query, request.page_token(), 2);
  if (!keys) return keys.error();
  if (!keys->empty()) {
    filter.submitted_at = (*keys)[0];
    filter.id = (*keys)[1];
  }
  const size_t page_size = rpc::PageSize(request.page_size());
  filter.limit = static_cast<int>(page_size) + 1;
  const auto calendars = calendars_.Now();
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::ListFilingsResponse> {
    const auto filings = filing_store::List(tx, filter);
    pb::ListFilingsResponse reply;
    for (size_t i = 0; i < std::min(filings.size(), page_size); ++i) {
      *reply.add_items() = ToProto(filings[i], *calendars, tx.now());
    }
    if (filings.size() <= page_size) return reply;
    const Filing& last = filings[page_size - 1];
    reply.set_next_page_token(pages_.Token(query, {FormatTime(last.submitted_at), last.id.str()}));
    return reply;
  });
}

Result<pb::FilingTimeline> RecognitionService::GetFilingTimeline(
    const Call& call, const pb::GetFilingTimelineRequest& request) {
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::FilingTimeline> {
    const auto events = outbox::OfSubject(tx, "filings/" + request.filing_id());
    if (events.empty()) return NotFound("FILING_NOT_FOUND", "no such filing");
    pb::FilingTimeline timeline;
    for (const auto& event : events) *timeline.add_items() = ToTimelineEntry(event);
    return timeline;
  });
}

Result<pb::Filing> RecognitionService::WithdrawFiling(const Call& call,
                                                      const pb::WithdrawFilingRequest& request) {
  const Actor by = ActorOf(call);
  const auto calendars = calendars_.Now();
  const filing_store::Rules rules{Deadlines(), *calendars};
  return database_.Command<pb::Filing>(call, request, [&](db::Tx& tx) {
    return filing_store::Lock(tx, FilingId(request.filing_id()))
        .and_then([&](Filing f) { return CheckEtag(std::move(f), request.etag()); })
        .and_then([&](Filing f) { return Withdraw(std::move(f), by, request.reason(), tx.now()); })
        .and_then([&](Filing f) {
          return filing_store::SaveWithdrawn(tx, std::move(f), by, request.reason(), rules);
        })
        .transform([&](const Filing& f) { return ToProto(f, *calendars, tx.now()); });
  });
}

Result<pb::Filing> RecognitionService::SupplementFiling(
    const Call& call, const pb::SupplementFilingRequest& request) {
  const Actor by = ActorOf(call);
  const std::vector<Document> documents = ToDocuments(request.documents());
  const auto calendars = calendars_.Now();
  const filing_store::Rules rules{Deadlines(), *calendars};
  return database_.Command<pb::Filing>(call, request, [&](db::Tx& tx) {
    return filing_store::Lock(tx, FilingId(request.filing_id()))
        .and_then([&](Filing f) { return CheckEtag(std::move(f), request.etag()); })
        .and_then([&](Filing f) {
          return Supplement(std::move(f), by, request.zone(), documents, tx.now());
        })
        .and_then([&](Filing f) {
          return filing_store::SaveSupplemented(tx, std::move(f), documents, by, request.note(),
                                                rules);
        })
        .transform([&](const Filing& f) { return ToProto(f, *calendars, tx.now()); });
  });
}

}  // namespace zonelink::recognition
