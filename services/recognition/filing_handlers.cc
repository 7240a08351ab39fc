// SPDX-License-Identifier: Apache-2.0
// What applicants do with a filing, and how anyone concerned reads it.
#include <algorithm>

#include "platform/outbox/event_log.h"
#include "recognition/attributes_json.h"
#include "recognition/convert.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/domain/vault.h"
#include "recognition/events.h"
#include "recognition/filing_store.h"
#include "recognition/item_store.h"
#include "recognition/mandate_store.h"
#include "recognition/negative_list_store.h"
#include "recognition/recognition_service.h"
#include "recognition/requests.h"
#include "recognition/vault_store.h"

namespace zonelink::recognition {
namespace {

using Prospects = std::vector<Prospect>;

void SetPromise(const Item& item, pb::PrecheckFilingResponse* out) {
  out->set_promise_text_zh(item.promise_text_zh);
  out->set_promise_text_en(item.promise_text_en);
  out->set_promise_version(item.promise_version);
}

void SetZones(const Prospects& prospects, const Item& item, const Moment& moment,
              pb::PrecheckFilingResponse* out) {
  for (const Prospect& prospect : prospects) {
    *out->add_zones() = ToProto(prospect, item, moment.calendars.For(prospect.zone), moment.now);
    if (prospect.outcome == Prospect::Outcome::kPromiseNeeded) SetPromise(item, out);
  }
}

// Once only: what the vault holds is offered, and the rest is missing.
void SetPapers(const Item& item, const std::vector<std::string>& missing,
               const std::vector<VaultPaper>& offered, pb::PrecheckFilingResponse* out) {
  for (const VaultPaper& paper : offered) *out->add_offered_documents() = ToProto(paper.document);
  const auto& later = item.deferrable_documents;
  for (const std::string& kind : missing) {
    const bool held = std::any_of(offered.begin(), offered.end(), [&](const VaultPaper& paper) {
      return paper.document.kind == kind;
    });
    if (held) continue;
    if (std::find(later.begin(), later.end(), kind) != later.end()) {
      out->add_deferrable_documents(kind);
    }
    out->add_missing_documents(kind);
  }
}

// The filing as the rules are to see it: who filed it for somebody, and has no mandate for the act
// today, is the applicant's agent no more.
Filing ForAct(db::Tx& tx, Filing f, const Actor& by, std::string_view act) {
  const bool agent = f.agency && f.agency->agent_organization_id == by.organization_id;
  if (agent && !mandate_store::Covers(
                   tx, {by.organization_id, f.applicant.organization_id, f.id.str(), act})) {
    f.agency.reset();
  }
  return f;
}

}  // namespace

Result<pb::PrecheckFilingResponse> RecognitionService::PrecheckFiling(
    const Call& call, const pb::PrecheckFilingRequest& request) {
  const auto targets = ToTexts(request.target_zones());
  const Attributes attributes = ToAttributes(request.attributes());
  const auto calendars = calendars_.Now();
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::PrecheckFilingResponse> {
    const Date today = ShanghaiDate(tx.now());
    auto coverage =
        item_store::GetCoverage(tx, request.item_id(), request.home_zone(), targets, today);
    if (!coverage) return coverage.error();
    coverage->findings = negative_list_store::Screen(
        tx, {request.item_id(), request.home_zone(), targets, attributes}, today);
    const auto prospects = Foresee(*coverage, request.home_zone(), targets);
    if (!prospects) return prospects.error();
    const Item& item = coverage->item;
    const auto missing = MissingDocuments(item, ToDocuments(request.documents()));
    const auto vault = vault_store::Holds(tx, call.caller.organization_id, missing);
    pb::PrecheckFilingResponse reply;
    reply.set_item_id(item.item_id);
    reply.set_item_version(item.version);
    SetZones(*prospects, item, {tx.now(), *calendars}, &reply);
    for (auto& name : MissingAttributes(item.attributes, attributes)) {
      reply.add_missing_attributes(std::move(name));
    }
    SetPapers(item, missing, Offered(missing, vault, today), &reply);
    return reply;
  });
}

void RecognitionService::SubmitFiling(const Call& call, const pb::SubmitFilingRequest& request,
                                      rpc::Answer<pb::Filing> answer) {
  const Actor by = ActorOf(call);
  intake_.Command(
      call, request, ToSubmission(request, by),
      [by, draws = DrawNumbers(request.target_zones_size(), clock_.Now())](
          const Submission& submission, const Coverage& coverage, const Moment& moment) {
        return Submit(submission, by, coverage, draws, moment);
      },
      answer);
}

Result<pb::BatchSubmitFilingsResponse> RecognitionService::BatchSubmitFilings(
    const Call& call, const pb::BatchSubmitFilingsRequest& request) {
  return batch_.File(call, request);
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
        .and_then([&](Filing f) {
          return Withdraw(ForAct(tx, std::move(f), by, "withdraw"), by, request.reason(), tx.now());
        })
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
          return Supplement(ForAct(tx, std::move(f), by, "supplement"), by, request.zone(),
                            documents, tx.now());
        })
        .and_then([&](Filing f) {
          return filing_store::SaveSupplemented(tx, std::move(f), documents, by, request.note(),
                                                rules);
        })
        .transform([&](const Filing& f) { return ToProto(f, *calendars, tx.now()); });
  });
}

Result<pb::Filing> RecognitionService::TakeVaultDocument(
    const Call& call, const pb::TakeVaultDocumentRequest& request) {
  const Actor by = ActorOf(call);
  const auto calendars = calendars_.Now();
  const filing_store::Rules rules{Deadlines(), *calendars};
  return database_.Command<pb::Filing>(call, request, [&](db::Tx& tx) -> Result<pb::Filing> {
    auto filing = filing_store::Lock(tx, FilingId(request.filing_id())).and_then([&](Filing f) {
      return CheckEtag(std::move(f), request.etag());
    });
    if (!filing) return filing.error();
    // Who may not act is told so, whatever the vault holds.
    const Status may = CheckTaking(*filing, by, request.zone(), request.sha256());
    if (!may) return may.error();
    const auto paper = vault_store::Find(tx, filing->applicant.organization_id, request.sha256(),
                                         ShanghaiDate(tx.now()));
    if (!paper) return paper.error();
    const auto item = item_store::GetVersion(tx, filing->item_id, filing->item_version);
    if (!item) return item.error();
    const Taker taker{by, request.zone(), tx.now()};
    return TakeFromVault(*std::move(filing), taker, paper->document, *item)
        .and_then([&](Filing f) { return vault_store::SaveTaken(tx, std::move(f), by, rules); })
        .transform([&](const Filing& f) { return ToProto(f, *calendars, tx.now()); });
  });
}

}  // namespace zonelink::recognition
