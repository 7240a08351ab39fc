// SPDX-License-Identifier: Apache-2.0
// How submitted filings come in: the rules run over a copy of the catalogue in memory, and one
// transaction writes the filings of all who come at the same time (db::GroupCommit).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <span>

#include "platform/clocks/calendars.h"
#include "platform/core/call.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/db/group_commit.h"
#include "platform/outbox/append.h"
#include "platform/rpc/answer.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/catalogue.h"
#include "recognition/domain/filing.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::recognition {

class FilingIntake {
 public:
  // `clock` is wall time; the controllable clock's offset comes with the catalogue.
  FilingIntake(db::Database& database, const WallClock& clock, clocks::Calendars& calendars);

  // What the submission becomes under this coverage, or why not. Runs more than once, on any
  // thread.
  using Rule = std::function<Result<Filing>(const Submission&, const Coverage&, const Moment&)>;

  // Like Database::Command: the filing is committed when the answer is given, once per idempotency
  // key. Accepts by the copy of the catalogue if that is still true at the commit; refuses only by
  // what the database says. The answer may be given on another thread, after this has returned.
  void Command(const Call& call, const v1::SubmitFilingRequest& request, Submission submission,
               Rule rule, rpc::Answer<v1::Filing> answer);

  // In whose name the caller may file, and with which papers: asked of the database.
  // PermissionDenied `FOREIGN_APPLICANT`; NotFound `FILING_NOT_FOUND` and FailedPrecondition
  // `REFILE_NOT_CLOSED` for a filing that is filed again.
  static Result<Submission> Completed(db::Tx& tx, const Caller& caller,
                                      const Submission& submitted);

 private:
  struct Copy {
    int64_t version = 0;
    std::chrono::microseconds clock_offset{0};
    Catalogue catalogue;
  };
  struct Row {
    Filing filing;
    outbox::Entry event;
    int64_t catalogue_version = 0;
    std::shared_ptr<const clocks::CalendarSet> calendars;  // that its clocks are told by; shared
  };
  // One command, from its arrival to its answer.
  struct Intake {
    const Call& call;
    const v1::SubmitFilingRequest& request;
    const Submission submission;
    const Rule rule;
    const rpc::Answer<v1::Filing> answer;
    db::GroupShare share;  // and what follows: as a member of a group
    Row row;
    v1::Filing reply;
  };

  // Prepares the command for a group. False: it is to run alone.
  bool Prepare(Intake& intake);
  Result<v1::Filing> RunAlone(const Intake& intake);
  Error Duplicate(const Intake& intake, Error error);
  static db::GroupCommit<Row>::Write BeginGroup(db::Tx& tx);
  static Result<db::Grouped> WriteGroup(db::Tx& tx, int64_t catalogue_version,
                                        std::span<const Row* const> rows);
  std::shared_ptr<const Copy> CurrentCopy();
  // Replaces the copy if it is no longer true.
  void Refresh();

  db::Database& database_;
  const WallClock& clock_;
  clocks::Calendars& calendars_;
  std::mutex refresh_mutex_;  // one refreshes, the others do without
  std::mutex copy_mutex_;
  std::shared_ptr<const Copy> copy_;  // shared with the commands that are using it
  db::GroupCommit<Row> group_;
};

}  // namespace zonelink::recognition
