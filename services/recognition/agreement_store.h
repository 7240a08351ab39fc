// SPDX-License-Identifier: Apache-2.0
// Agreements with their signatures, and the routes of those in force.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/agreement.h"

namespace zonelink::recognition::agreement_store {

// With its event.
Agreement Insert(db::Tx& tx, Agreement agreement, const Actor& by);

// NotFound `AGREEMENT_NOT_FOUND`, also for an agreement between others.
Result<Agreement> Get(db::Tx& tx, const AgreementId& id);
// The same, held until the end of the transaction.
Result<Agreement> Lock(db::Tx& tx, const AgreementId& id);

// Empty fields do not filter; `drafted_before` and `id_before` are the last keys of the page
// before.
struct Filter {
  std::string item_id;
  std::string state;
  std::string drafted_before = "infinity";
  std::string id_before;
  int limit = 0;
};
// With the time of drafting, which is the list's first key.
struct Listed {
  Agreement agreement;
  Time drafted_at;
};
// Newest first.
std::vector<Listed> List(db::Tx& tx, const Filter& filter);

// The newest signature, and the routes if it was the last one needed. A pair of zones that another
// agreement in force covers violates agreement_routes_in_force. With its event.
Agreement SaveSigned(db::Tx& tx, Agreement agreement, const Actor& by);
// Suspended, terminated or replaced: its routes end. With its event.
Agreement SaveEnded(db::Tx& tx, Agreement agreement, const Actor& by, std::string_view reason);
// Its routes begin again; a pair of zones that another agreement covers by now violates
// agreement_routes_in_force. With its event.
Agreement SaveResumed(db::Tx& tx, Agreement agreement, const Actor& by, std::string_view reason);

}  // namespace zonelink::recognition::agreement_store
