// SPDX-License-Identifier: Apache-2.0
// Who stands in for whom, as the directory tells of it. Only policies read it.
#pragma once

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::worklist {

// In the consumer of the directory's events, for `zonelink.directory.delegation.…`.
void PutDeputy(db::Tx& tx, const events::v1::DelegationChanged& delegation);

}  // namespace zonelink::worklist
