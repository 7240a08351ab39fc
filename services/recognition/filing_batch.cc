// SPDX-License-Identifier: Apache-2.0
#include "recognition/filing_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "platform/outbox/append.h"
#include "platform/rpc/rules.h"
#include "recognition/convert.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/events.h"
#include "recognition/filing_batch_store.h"
#include "recognition/filing_intake.h"
#include "recognition/filing_store.h"
#include "recognition/item_store.h"
#include "recognition/negative_list_store.h"
#include "recognition/requests.h"
#include "recognition/vault_store.h"

namespace zonelink::recognition {
namespace {

// Rows of a part. Belongs to the keys: a request that was broken off must find the same parts.
constexpr size_t kPartRows = 100;
constexpr int kTries = 3;

Error Duplicate(const std::string& receipt_number) {
  Error error =
      AlreadyExists("FILING_DUPLICATE", "a case on this item and credential is open there");
  if (!receipt_number.empty()) error.metadata.emplace_back("receiptNumber", receipt_number);
  return error;
}

// Of a case that the database knows and the caller does not see: an agent may not learn of it.
Error Unseen(const Caller& caller, const Submission& submission) {
  if (submission.applicant.uscc == caller.organization_uscc) return Duplicate("");
  return AlreadyExists("FILING_DUPLICATE_HIDDEN", "a case that the caller may not see is open");
}

Call PartCall(const Call& call, size_t part) {
  Call out = call;
  out.rpc += fmt::format("/parts-of-{}", kPartRows);
  if (!out.idempotency_key.empty()) out.idempotency_key += fmt::format("#{}", part);
  return out;
}

// What the catalogue says, asked once for rows of the same item and zones.
class Coverages {
 public:
  Coverages(db::Tx& tx, Date today) : tx_(tx), today_(today) {}

  const Result<Coverage>& Of(const Submission& s) {
    std::string key =
        fmt::format("{}\n{}\n{}", s.item_id, s.home_zone, fmt::join(s.target_zones, " "));
    auto& known = known_[std::move(key)];
    if (!known) {
      known = std::make_unique<Result<Coverage>>(
          item_store::GetCoverage(tx_, s.item_id, s.home_zone, s.target_zones, today_));
    }
    return *known;
  }

 private:
  db::Tx& tx_;
  const Date today_;
  std::map<std::string, std::unique_ptr<Result<Coverage>>> known_;  // stays where it is told of
};

// A row on its way to a filing. The screening is asked for all of them before the first is read.
struct Candidate {
  Submission submission;
  const Coverage* coverage = nullptr;
  db::Rows screening;
};

}  // namespace

Result<v1::BatchSubmitFilingsResponse> FilingBatch::File(
    const Call& call, const v1::BatchSubmitFilingsRequest& request) {
  const Actor by = ActorOf(call);
  const std::vector<Row> rows = Read(request, by);
  const size_t part_rows = request.all_or_nothing() ? rows.size() : kPartRows;
  v1::BatchSubmitFilingsResponse reply;
  for (size_t from = 0; from < rows.size(); from += part_rows) {
    const size_t count = std::min(part_rows, rows.size() - from);
    const Call part_call = PartCall(call, from / part_rows);
    bool judged = false;  // and not answered from what is stored
    auto part = FilePart({part_call, request, by, std::span(rows).subspan(from, count)}, judged);
    if (!part) return part.error();
    if (judged) TellDenied(call, *part);
    reply.MergeFrom(*part);
  }
  for (const v1::FilingRow& row : reply.rows()) {
    if (row.outcome() == v1::FILING_ROW_OUTCOME_FILED)
      reply.set_filed_count(reply.filed_count() + 1);
    if (row.has_problem()) reply.set_refused_count(reply.refused_count() + 1);
  }
  return reply;
}

std::vector<FilingBatch::Row> FilingBatch::Read(const v1::BatchSubmitFilingsRequest& request,
                                                const Actor& by) {
  std::vector<Row> rows(static_cast<size_t>(request.filings_size()));
  for (size_t i = 0; i < rows.size(); ++i) {
    const v1::SubmitFilingRequest& filing = request.filings(static_cast<int>(i));
    Row& row = rows[i];
    row.index = static_cast<int>(i);
    if (const Status fields = rpc::CheckFields(filing); !fields) {
      row.refused = fields.error();
      continue;
    }
    row.submission = ToSubmission(filing, by);
    row.draws = DrawNumbers(filing.target_zones_size(), clock_.Now());
  }
  return rows;
}

Result<v1::BatchSubmitFilingsResponse> FilingBatch::FilePart(Part part, bool& judged) {
  const auto calendars = calendars_.Now();
  for (int attempt = 1;; ++attempt) {
    judged = false;
    auto filed = database_.Command<v1::BatchSubmitFilingsResponse>(
        part.call, part.request, [&](db::Tx& tx) -> Result<v1::BatchSubmitFilingsResponse> {
          auto written = Write(tx, part, *calendars);
          judged = true;  // reading anything under a key that is taken ends the body before
          return written;
        });
    if (filed || filed.error().reason != "FILING_DUPLICATE") return filed;
    if (attempt == kTries) return Aborted("CONFLICT", "kept colliding with other commands");
    // Once may be a case that was opened meanwhile: now it is seen.
    if (attempt > 1) FindHidden(part, part.rows);
  }
}

void FilingBatch::TellDenied(const Call& call, const v1::BatchSubmitFilingsResponse& reply) const {
  if (!denied_) return;
  std::set<std::string> told;
  for (const v1::FilingRow& row : reply.rows()) {
    for (const Code code : {Code::kPermissionDenied, Code::kNotFound}) {
      if (!row.has_problem() || row.problem().code() != Name(code)) continue;
      if (told.insert(row.problem().reason()).second) {
        denied_(call, {.code = code, .reason = row.problem().reason()});
      }
    }
  }
}

v1::BatchSubmitFilingsResponse FilingBatch::Write(db::Tx& tx, const Part& part,
                                                  const clocks::CalendarSet& calendars) {
  Judged judged = Judge(tx, part, {tx.now(), calendars});
  RefuseOpenCases(tx, judged);
  std::vector<const Filing*> accepted;
  for (const Result<Filing>& row : judged) {
    if (row) accepted.push_back(&*row);
  }
  const bool held_back = part.request.all_or_nothing() && accepted.size() < judged.size();
  if (!held_back && !accepted.empty()) {
    std::vector<outbox::Entry> events;
    std::vector<std::string> event_ids;
    for (const Filing* filing : accepted) {
      events.push_back(FilingSubmitted(*filing, part.by, calendars));
      event_ids.push_back(events.back().event_id);
    }
    filing_store::Insert(tx, accepted, event_ids, {Deadlines(), calendars});
    for (const outbox::Entry& event : events) outbox::Append(tx, event);
  }
  v1::BatchSubmitFilingsResponse reply;
  for (size_t i = 0; i < judged.size(); ++i) {
    v1::FilingRow& row = *reply.add_rows();
    if (!judged[i]) {
      row = ToRow(judged[i].error());
    } else if (held_back) {
      row.set_outcome(v1::FILING_ROW_OUTCOME_HELD_BACK);
    } else {
      row = ToRow(*judged[i]);
    }
    row.set_index(part.rows[i].index);
  }
  return reply;
}

FilingBatch::Judged FilingBatch::Judge(db::Tx& tx, const Part& part, const Moment& moment) {
  const Date today = ShanghaiDate(moment.now);
  Coverages coverages(tx, today);
  std::vector<Result<Candidate>> candidates;
  candidates.reserve(part.rows.size());
  const auto prepare = [&](const Row& row) -> Result<Candidate> {
    if (row.refused) return *row.refused;
    if (part.hidden.count(row.index) > 0) return Unseen(part.call.caller, row.submission);
    auto submission = FilingIntake::Completed(tx, part.call.caller, row.submission);
    if (!submission) return submission.error();
    const Result<Coverage>& coverage = coverages.Of(*submission);
    if (!coverage) return coverage.error();
    db::Rows screening =
        negative_list_store::AskScreening(tx,
                                          {submission->item_id, submission->home_zone,
                                           submission->target_zones, submission->attributes},
                                          today);
    return Candidate{*std::move(submission), &*coverage, std::move(screening)};
  };
  for (const Row& row : part.rows) candidates.push_back(prepare(row));
  Judged judged;
  judged.reserve(candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!candidates[i]) {
      judged.emplace_back(candidates[i].error());
      continue;
    }
    Candidate& candidate = *candidates[i];
    vault_store::TakeInto(tx, candidate.submission, candidate.coverage->item, today);
    Coverage coverage = *candidate.coverage;
    coverage.findings = negative_list_store::ReadFindings(candidate.screening);
    judged.push_back(Submit(candidate.submission, part.by, coverage, part.rows[i].draws, moment));
  }
  return judged;
}

void FilingBatch::RefuseOpenCases(db::Tx& tx, Judged& judged) {
  std::vector<const Filing*> accepted;
  for (const Result<Filing>& row : judged) {
    if (row) accepted.push_back(&*row);
  }
  auto open = filing_batch_store::OpenCases(tx, accepted);
  for (Result<Filing>& row : judged) {
    if (!row) continue;
    const auto keys = filing_batch_store::OpenKeys(*row);
    const auto known = std::find_if(keys.begin(), keys.end(),
                                    [&](const auto& key) { return open.count(key) > 0; });
    if (known != keys.end()) {
      row = Duplicate(open[*known]);
      continue;
    }
    for (const auto& key : keys) open.emplace(key, row->receipt_number);
  }
}

void FilingBatch::FindHidden(Part& part, std::span<const Row> rows) {
  if (rows.empty() || !Collides(part, rows)) return;
  if (rows.size() == 1) {
    part.hidden.insert(rows[0].index);
    return;
  }
  FindHidden(part, rows.subspan(0, rows.size() / 2));
  FindHidden(part, rows.subspan(rows.size() / 2));
}

bool FilingBatch::Collides(const Part& part, std::span<const Row> rows) {
  Call call = part.call;
  call.idempotency_key.clear();
  v1::BatchSubmitFilingsRequest best_effort;  // writes what can be, whatever else is refused
  const Part probe{call, best_effort, part.by, rows, part.hidden};
  const auto calendars = calendars_.Now();
  const auto tried = database_.Command<v1::BatchSubmitFilingsResponse>(
      call, best_effort, [&](db::Tx& tx) -> Result<v1::BatchSubmitFilingsResponse> {
        Write(tx, probe, *calendars);
        filing_batch_store::Settle(tx);
        return Aborted("CONFLICT", "only tried");
      });
  return tried.error().reason == "FILING_DUPLICATE";
}

}  // namespace zonelink::recognition
