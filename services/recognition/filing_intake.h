// SPDX-License-Identifier: Apache-2.0
// How submitted filings come in: the rules run over a copy of the catalogue in memory, and one
// transaction writes the filings of all who come at the same time (db::GroupCommit).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "platform/core/call.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/db/group_commit.h"
#include "platform/outbox/append.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/catalogue.h"
#include "recognition/domain/filing.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::recognition {

class FilingIntake {
 public:
  // `clock` is wall time; the controllable clock's offset comes with the catalogue.
  FilingIntake(db::Database& database, const WallClock& clock);

  // What the submission becomes under this coverage, or why not. Runs more than once.
  using Rule = std::function<Result<Filing>(const Coverage&, Time now)>;

  // Like Database::Command: the filing is committed when it returns, once per idempotency key.
  // Accepts by the copy of the catalogue if that is still true at the commit; refuses only by what
  // the database says.
  Result<v1::Filing> Command(const Call& call, const v1::SubmitFilingRequest& request,
                             const Submission& submission, const Rule& rule);

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
  };

  // Nothing: the command is to run alone.
  std::optional<Result<v1::Filing>> TryGroup(const Call& call,
                                             const v1::SubmitFilingRequest& request,
                                             const Submission& submission, const Rule& rule);
  static Result<db::Grouped> Write(db::Tx& tx, std::span<const Row* const> rows);
  std::shared_ptr<const Copy> CurrentCopy();
  // Replaces the copy if it is no longer true.
  void Refresh();

  db::Database& database_;
  const WallClock& clock_;
  std::mutex refresh_mutex_;  // one refreshes, the others do without
  std::mutex copy_mutex_;
  std::shared_ptr<const Copy> copy_;  // shared with the commands that are using it
  db::GroupCommit<Row> group_;
};

}  // namespace zonelink::recognition
