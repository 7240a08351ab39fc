// SPDX-License-Identifier: Apache-2.0
// The events of documents, appended in the transaction of the change they tell of.
#pragma once

#include <string>

#include "documents/domain/document.h"
#include "documents/vault_store.h"
#include "platform/db/database.h"

namespace zonelink::documents {

// Each with the document as it is afterwards.
void AppendStored(db::Tx& tx, const Document& document);
void AppendRead(db::Tx& tx, const Document& document, const vault_store::Reading& reading);
void AppendDiscarded(db::Tx& tx, const Document& document, const std::string& user_id);

}  // namespace zonelink::documents
