// SPDX-License-Identifier: Apache-2.0
// Which papers the enterprises' vaults hold: a copy of what documents' events say.
#pragma once

#include <string>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/vault.h"
#include "recognition/filing_store.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::recognition::vault_store {

// Applies one event of documents; those that tell of nothing stored or discarded have no effect.
Status Apply(db::Tx& tx, const events::v1::Event& event);

// Papers of these kinds in an organisation's vault, newest first, as far as the caller may know of
// them: the organisation itself, a zone that decides an open case of it.
std::vector<VaultPaper> Holds(db::Tx& tx, const std::string& organization_id,
                              const std::vector<std::string>& kinds);

// The one of these bytes, if it is valid on `today`. NotFound `DOCUMENT_NOT_FOUND`, also for one of
// which the caller may not know.
Result<VaultPaper> Find(db::Tx& tx, const std::string& organization_id, const std::string& sha256,
                        Date today);

// Kinds of papers that the item requires, in the version that the filing pins.
std::vector<std::string> RequiredKinds(db::Tx& tx, const FilingId& id);

// The paper that the filing has last taken into its file, with what was handed in by it and the
// event.
Result<Filing> SaveTaken(db::Tx& tx, Filing filing, const Actor& by,
                         const filing_store::Rules& rules);

// Adds to a submission that asks for it the papers that it can take from its applicant's vault.
void TakeInto(db::Tx& tx, Submission& submission, const Item& item, Date today);

}  // namespace zonelink::recognition::vault_store
