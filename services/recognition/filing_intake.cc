// SPDX-License-Identifier: Apache-2.0
#include "recognition/filing_intake.h"

#include "platform/db/request_hash.h"
#include "platform/log/log.h"
#include "recognition/catalogue_store.h"
#include "recognition/convert.h"
#include "recognition/decision_store.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/events.h"
#include "recognition/filing_store.h"
#include "recognition/item_store.h"
#include "recognition/mandate_store.h"
#include "recognition/negative_list_store.h"
#include "recognition/requests.h"
#include "recognition/vault_store.h"

namespace zonelink::recognition {

FilingIntake::FilingIntake(db::Database& database, const WallClock& clock,
                           clocks::Calendars& calendars)
    : database_(database),
      clock_(clock),
      calendars_(calendars),
      group_(database, "submit filings", {}, BeginGroup) {}

void FilingIntake::Command(const Call& call, const v1::SubmitFilingRequest& request,
                           Submission submission, Rule rule, rpc::Answer<v1::Filing> answer) {
  const auto intake = std::shared_ptr<Intake>(new Intake{.call = call,
                                                         .request = request,
                                                         .submission = std::move(submission),
                                                         .rule = std::move(rule),
                                                         .answer = answer,
                                                         .share = {.call = call},
                                                         .row = {},
                                                         .reply = {}});
  if (!Prepare(*intake)) {
    auto alone = RunAlone(*intake);
    const bool accepted = alone.has_value();
    answer.Give(std::move(alone));
    if (accepted) Refresh();  // the copy may have refused what the database accepts
    return;
  }
  group_.Join(intake->share, intake->row, [this, intake](const Result<db::Grouped>& outcome) {
    if (!outcome) {
      if (outcome.error().reason != "FILING_DUPLICATE") return intake->answer.Give(outcome.error());
      return intake->answer.Resume([this, intake, error = outcome.error()] {
        intake->answer.Give(Duplicate(*intake, error));
      });
    }
    if (*outcome == db::Grouped::kCommitted) return intake->answer.Give(std::move(intake->reply));
    intake->answer.Resume([this, intake] {
      Refresh();
      intake->answer.Give(RunAlone(*intake));
    });
  });
}

Result<Submission> FilingIntake::Completed(db::Tx& tx, const Caller& caller,
                                           const Submission& submitted) {
  Submission submission = submitted;
  if (submission.applicant.uscc != caller.organization_uscc) {
    auto found = mandate_store::Find(tx, {.principal_uscc = submission.applicant.uscc,
                                          .agent_organization_id = caller.organization_id,
                                          .item_id = submission.item_id,
                                          .act = "file",
                                          .today = ShanghaiDate(tx.now())});
    if (!found) {
      return PermissionDenied("FOREIGN_APPLICANT", "not the caller's organisation, and no mandate");
    }
    found->principal.name = submission.applicant.name;
    submission.applicant = std::move(found->principal);
    submission.agency = std::move(found->agency);
  }
  if (submission.refile_of.empty()) return submission;
  const auto former = filing_store::Get(tx, FilingId(submission.refile_of));
  if (!former) return former.error();
  auto papers = TakeOver(*former, submission, ShanghaiDate(tx.now()));
  if (!papers) return papers.error();
  submission.documents = *std::move(papers);
  return submission;
}

Result<v1::Filing> FilingIntake::RunAlone(const Intake& intake) {
  const auto calendars = calendars_.Now();
  auto filed = database_.Command<v1::Filing>(intake.call, intake.request, [&](db::Tx& tx) {
    return Completed(tx, intake.call.caller, intake.submission)
        .and_then([&](const Submission& submission) {
          return item_store::GetCoverage(tx, submission.item_id, submission.home_zone,
                                         submission.target_zones, ShanghaiDate(tx.now()))
              .transform([&](Coverage coverage) {
                coverage.findings =
                    negative_list_store::Screen(tx,
                                                {submission.item_id, submission.home_zone,
                                                 submission.target_zones, submission.attributes},
                                                ShanghaiDate(tx.now()));
                return coverage;
              })
              .and_then([&](const Coverage& coverage) {
                Submission whole = submission;
                vault_store::TakeInto(tx, whole, coverage.item, ShanghaiDate(tx.now()));
                return intake.rule(whole, coverage, {tx.now(), *calendars});
              })
              .transform([&](const Filing& filing) {
                const Filing* const one = &filing;
                const outbox::Entry event =
                    FilingSubmitted(filing, ActorOf(intake.call), *calendars);
                filing_store::Insert(tx, {&one, 1}, {&event.event_id, 1},
                                     {Deadlines(), *calendars});
                outbox::Append(tx, event);
                return ToProto(filing, *calendars, tx.now());
              });
        });
  });
  if (filed || filed.error().reason != "FILING_DUPLICATE") return filed;
  return Duplicate(intake, std::move(filed).error());
}

// Tells which case is open already, but not to an agent that may not see it.
Error FilingIntake::Duplicate(const Intake& intake, Error error) {
  const auto known = database_.Query(intake.call, [&](db::Tx& tx) -> Result<std::string> {
    return Completed(tx, intake.call.caller, intake.submission)
        .and_then(
            [&](const Submission& submission) { return decision_store::OpenCase(tx, submission); });
  });
  if (known) {
    error.metadata.emplace_back("receiptNumber", *known);
  } else if (intake.submission.applicant.uscc != intake.call.caller.organization_uscc) {
    error.reason = "FILING_DUPLICATE_HIDDEN";
  }
  return error;
}

bool FilingIntake::Prepare(Intake& intake) {
  const std::shared_ptr<const Copy> copy = CurrentCopy();
  if (copy == nullptr) return false;
  const Submission& submission = intake.submission;
  // Mandates, former filings and vaults are asked of the database.
  if (submission.applicant.uscc != intake.call.caller.organization_uscc) return false;
  if (!submission.refile_of.empty() || submission.use_vault) return false;
  const Time now = clock_.Now() + copy->clock_offset;
  const auto coverage = copy->catalogue.CoverageOf(submission.item_id, submission.home_zone,
                                                   submission.target_zones, ShanghaiDate(now));
  if (!coverage || coverage->to_screen) return false;
  auto calendars = calendars_.Now();
  auto filing = intake.rule(submission, *coverage, {now, *calendars});
  if (!filing) return false;
  intake.reply = ToProto(*filing, *calendars, now);
  intake.share.place = submission.applicant.organization_id + "@" + filing->home_zone;
  intake.share.request_hash = db::RequestHash(intake.request);
  intake.share.reply = intake.reply.SerializeAsString();
  intake.share.clock_offset = copy->clock_offset;
  outbox::Entry event = FilingSubmitted(*filing, ActorOf(intake.call), *calendars);
  intake.row = {*std::move(filing), std::move(event), copy->version, std::move(calendars)};
  return true;
}

db::GroupCommit<FilingIntake::Row>::Write FilingIntake::BeginGroup(db::Tx& tx) {
  return [&tx, version = catalogue_store::Version(tx)](std::span<const Row* const> rows) {
    return WriteGroup(tx, version.Get(), rows);
  };
}

Result<db::Grouped> FilingIntake::WriteGroup(db::Tx& tx, int64_t catalogue_version,
                                             std::span<const Row* const> rows) {
  std::vector<const Filing*> filings;
  std::vector<const outbox::Entry*> events;
  std::vector<std::string> event_ids;
  for (const Row* row : rows) {
    if (row->catalogue_version != catalogue_version) return db::Grouped::kAskAlone;
    filings.push_back(&row->filing);
    events.push_back(&row->event);
    event_ids.push_back(row->event.event_id);
  }
  // The newest calendars of the group: a publication between its members concerns all of them.
  filing_store::Insert(tx, filings, event_ids, {Deadlines(), *rows.back()->calendars});
  outbox::AppendFirst(tx, events);
  return db::Grouped::kCommitted;
}

std::shared_ptr<const FilingIntake::Copy> FilingIntake::CurrentCopy() {
  const auto current = [this] {
    std::lock_guard lock(copy_mutex_);
    return copy_;
  };
  auto copy = current();
  if (copy != nullptr) return copy;
  Refresh();
  return current();
}

void FilingIntake::Refresh() {
  const std::unique_lock refreshing(refresh_mutex_, std::try_to_lock);
  if (!refreshing) return;
  const std::shared_ptr<const Copy> old = [this] {
    std::lock_guard lock(copy_mutex_);
    return copy_;
  }();
  std::shared_ptr<const Copy> fresh;
  const Status loaded = database_.Group("load catalogue", {}, [&](db::Tx& tx) -> Status {
    // The version first: what is read after it may be newer, and is then found out at the commit.
    const int64_t version = catalogue_store::Version(tx).Get();
    fresh = old;
    if (old != nullptr && old->version == version && old->clock_offset == tx.clock_offset()) {
      return Done{};
    }
    fresh =
        std::make_shared<const Copy>(Copy{version, tx.clock_offset(), catalogue_store::Load(tx)});
    return Done{};
  });
  if (!loaded) return log::Warn("catalogue not loaded", {{"reason", loaded.error().reason}});
  std::lock_guard lock(copy_mutex_);
  copy_ = std::move(fresh);
}

}  // namespace zonelink::recognition
