// SPDX-License-Identifier: Apache-2.0
// How every verb of a decision runs: one command that locks the case, asks the rule, saves decision
// and event, and answers with the decision as it is now.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "platform/clocks/calendars.h"
#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/decision.h"
#include "zonelink/recognition/v1/filing.pb.h"

namespace zonelink::recognition {

class DecisionDesk {
 public:
  DecisionDesk(db::Database& database, clocks::Calendars& calendars)
      : database_(database), calendars_(calendars) {}

  // Which decision, and as it was read.
  struct Target {
    std::string filing_id;
    std::string zone;
    std::string etag;
  };
  // What the verb does. Runs inside the transaction, perhaps twice.
  using Rule = std::function<Result<Decision>(Decision, const Actor&, db::Tx&)>;

  // NotFound `FILING_NOT_FOUND`; PermissionDenied `NOT_DECIDING_ZONE`; Aborted `ETAG_MISMATCH`,
  // `REVIEW_CHANGED`; whatever the rule says. Every conflict says how the decision stands: `state`,
  // `etag`, and once it is over `decidedAt`, `decidedBy`.
  Result<v1::Decision> Change(const Call& call, const google::protobuf::Message& request,
                              const Target& target, const Rule& rule);
  // Those by which clocks are read now.
  std::shared_ptr<const clocks::CalendarSet> Calendars() { return calendars_.Now(); }

 private:
  db::Database& database_;
  clocks::Calendars& calendars_;
};

// Of any request that names a decision.
template <class Request>
DecisionDesk::Target TargetOf(const Request& request) {
  return {request.filing_id(), request.zone(), request.etag()};
}

}  // namespace zonelink::recognition
