// SPDX-License-Identifier: Apache-2.0
#include "recognition/filing_intake.h"

#include "platform/db/request_hash.h"
#include "platform/log/log.h"
#include "recognition/catalogue_store.h"
#include "recognition/convert.h"
#include "recognition/events.h"
#include "recognition/filing_store.h"
#include "recognition/item_store.h"
#include "recognition/requests.h"

namespace zonelink::recognition {

FilingIntake::FilingIntake(db::Database& database, const WallClock& clock)
    : database_(database), clock_(clock), group_(database, "submit filings", {}, Write) {}

Result<v1::Filing> FilingIntake::Command(const Call& call, const v1::SubmitFilingRequest& request,
                                         const Submission& submission, const Rule& rule) {
  if (auto grouped = TryGroup(call, request, submission, rule)) return *std::move(grouped);
  const Actor by = ActorOf(call);
  auto alone = database_.Command<v1::Filing>(call, request, [&](db::Tx& tx) {
    return item_store::GetCoverage(tx, submission.item_id, submission.home_zone,
                                   submission.target_zones, ShanghaiDate(tx.now()))
        .and_then([&](const Coverage& coverage) { return rule(coverage, tx.now()); })
        .transform([&](const Filing& filing) {
          const Filing* const one = &filing;
          filing_store::Insert(tx, {&one, 1});
          outbox::Append(tx, FilingSubmitted(filing, by));
          return ToProto(filing, tx.now());
        });
  });
  if (alone) Refresh();  // the copy may have refused what the database accepts
  return alone;
}

std::optional<Result<v1::Filing>> FilingIntake::TryGroup(const Call& call,
                                                         const v1::SubmitFilingRequest& request,
                                                         const Submission& submission,
                                                         const Rule& rule) {
  const std::shared_ptr<const Copy> copy = CurrentCopy();
  if (copy == nullptr) return std::nullopt;
  const Time now = clock_.Now() + copy->clock_offset;
  auto filing = copy->catalogue
                    .CoverageOf(submission.item_id, submission.home_zone, submission.target_zones,
                                ShanghaiDate(now))
                    .and_then([&](const Coverage& coverage) { return rule(coverage, now); });
  if (!filing) return std::nullopt;
  v1::Filing reply = ToProto(*filing, now);
  const db::GroupShare share{
      .call = call,
      .place = submission.applicant.organization_id + "@" + filing->home_zone,
      .request_hash = db::RequestHash(request),
      .reply = reply.SerializeAsString(),
      .clock_offset = copy->clock_offset};
  outbox::Entry event = FilingSubmitted(*filing, ActorOf(call));
  const Row row{*std::move(filing), std::move(event), copy->version};
  const Result<db::Grouped> grouped = group_.Join(share, row);
  if (!grouped) return grouped.error();
  if (*grouped == db::Grouped::kCommitted) return reply;
  Refresh();
  return std::nullopt;
}

Result<db::Grouped> FilingIntake::Write(db::Tx& tx, std::span<const Row* const> rows) {
  const int64_t version = catalogue_store::Version(tx);
  std::vector<const Filing*> filings;
  std::vector<const outbox::Entry*> events;
  for (const Row* row : rows) {
    if (row->catalogue_version != version) return db::Grouped::kAskAlone;
    filings.push_back(&row->filing);
    events.push_back(&row->event);
  }
  filing_store::Insert(tx, filings);
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
    const int64_t version = catalogue_store::Version(tx);
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
