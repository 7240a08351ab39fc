// SPDX-License-Identifier: Apache-2.0
#include "recognition/decision_desk.h"

#include "recognition/convert.h"
#include "recognition/decision_store.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/requests.h"

namespace zonelink::recognition {

Result<v1::Decision> DecisionDesk::Change(const Call& call,
                                          const google::protobuf::Message& request,
                                          const Target& target, const Rule& rule) {
  const Actor by = ActorOf(call);
  const auto calendars = calendars_.Now();
  const decision_store::Rules rules{Deadlines(), *calendars};
  const Calendar& calendar = calendars->For(target.zone);
  return database_.Command<v1::Decision>(call, request, [&](db::Tx& tx) {
    return decision_store::Lock(tx, FilingId(target.filing_id), target.zone)
        .and_then([&](Decision d) { return CheckEtag(std::move(d), target.etag); })
        .and_then([&](Decision d) { return rule(std::move(d), by, tx); })
        .and_then([&](Decision d) { return decision_store::Save(tx, std::move(d), by, rules); })
        .transform([&](const Decision& d) { return ToProto(d, calendar, tx.now()); });
  });
}

}  // namespace zonelink::recognition
