// SPDX-License-Identifier: Apache-2.0
// Many filings by one request: all or nothing in one transaction, or row by row in parts of one
// transaction each.
//
// Every part is a command under a key of its own, made of the request's, and stored with its
// answer, refusals included: a request that was broken off between two parts, and comes again, goes
// on behind the last one that was committed. All parts carry the hash of the whole request, so that
// another body under the same key is refused with the first of them.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "platform/clocks/calendars.h"
#include "platform/core/call.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/filing.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::recognition {

class FilingBatch {
 public:
  // `clock` goes into ids alone.
  FilingBatch(db::Database& database, const WallClock& clock, clocks::Calendars& calendars)
      : database_(database), clock_(clock), calendars_(calendars) {}

  // Before the first batch. Called for rows that would be refused calls if they came alone: who
  // tries many foreign applicants at once is found too. Once for each reason in a transaction: a
  // batch must not fill the record that commands wait for.
  void OnDenied(std::function<void(const Call&, const Error&)> denied) {
    denied_ = std::move(denied);
  }

  Result<v1::BatchSubmitFilingsResponse> File(const Call& call,
                                              const v1::BatchSubmitFilingsRequest& request);

 private:
  // A row of the request, with all that is known of it before the transaction.
  struct Row {
    int index = 0;
    std::optional<Error> refused;  // its fields break a rule
    Submission submission;
    Draws draws;
  };
  // What one transaction files.
  struct Part {
    const Call& call;  // under the part's key
    const v1::BatchSubmitFilingsRequest& request;
    const Actor& by;
    std::span<const Row> rows;
    // Rows with a case that is open already and that the database does not show the caller.
    std::set<int> hidden = {};
  };
  using Judged = std::vector<Result<Filing>>;

  std::vector<Row> Read(const v1::BatchSubmitFilingsRequest& request, const Actor& by);
  // `judged`: the rows were, now; the answer is none that was stored.
  Result<v1::BatchSubmitFilingsResponse> FilePart(Part part, bool& judged);
  // Runs inside the transaction, which may run twice.
  v1::BatchSubmitFilingsResponse Write(db::Tx& tx, const Part& part,
                                       const clocks::CalendarSet& calendars);
  static Judged Judge(db::Tx& tx, const Part& part, const Moment& moment);
  // Refuses the rows whose case is open already, or becomes so by a row before them.
  static void RefuseOpenCases(db::Tx& tx, Judged& judged);
  // Adds to `hidden` which of the rows the database refuses, by writing halves that are rolled
  // back.
  void FindHidden(Part& part, std::span<const Row> rows);
  bool Collides(const Part& part, std::span<const Row> rows);
  void TellDenied(const Call& call, const v1::BatchSubmitFilingsResponse& reply) const;

  db::Database& database_;
  const WallClock& clock_;
  clocks::Calendars& calendars_;
  std::function<void(const Call&, const Error&)> denied_;  // may be empty
};

}  // namespace zonelink::recognition
