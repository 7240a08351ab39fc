// SPDX-License-Identifier: Apache-2.0
// Handlers of zonelink.ledger.v1.LedgerService.
#pragma once

#include <string>

#include "ledger/publisher.h"
#include "ledger/tree_reader.h"
#include "ledger/tree_store.h"
#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/server.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"

namespace zonelink::ledger {

class LedgerService {
 public:
  LedgerService(db::Database& database, rpc::Channels& channels, TreeReader& tree,
                const Publisher& publisher);
  void Bind(rpc::Server& server);

  Result<api::Raw> GetCheckpoint(const Call& call, const v1::GetCheckpointRequest& request);
  Result<api::Raw> GetTile(const Call& call, const v1::GetTileRequest& request);
  Result<api::Raw> GetEntries(const Call& call, const v1::GetEntriesRequest& request);
  Result<v1::Receipt> GetReceipt(const Call& call, const v1::GetReceiptRequest& request);
  Result<v1::ConsistencyProof> GetConsistencyProof(const Call& call,
                                                   const v1::GetConsistencyProofRequest& request);
  Result<v1::Ledger> GetLedger(const Call& call, const v1::GetLedgerRequest& request);
  Result<v1::DestroySaltResponse> DestroySalt(const Call& call,
                                              const v1::DestroySaltRequest& request);

 private:
  Status AppendDestroyed(const Call& call, const v1::DestroySaltRequest& request);

  db::Database& database_;
  rpc::Channels& channels_;
  TreeReader& tree_;
  const Publisher& publisher_;
};

}  // namespace zonelink::ledger
