// SPDX-License-Identifier: Apache-2.0
// The tables `checkpoints` and `cosignatures`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/checkpoint.h"
#include "platform/db/database.h"

namespace zonelink::ledger {

struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::string note;  // with the log's signature alone
};

struct StoredCheckpoint {
  uint64_t size = 0;
  Hash root;
  std::string note;
  Time signed_at;
  std::map<std::string, std::string> cosignatures;  // witness → signature line
};

struct Cosignature {
  uint64_t size = 0;    // of the checkpoint
  std::string witness;  // name of its key
  std::string line;
  Time cosigned_at;
};

std::optional<StoredCheckpoint> NewestCheckpoint(db::Tx& tx);
// When it was signed; nothing where one of this size is stored already, which stays.
std::optional<Time> AddCheckpoint(db::Tx& tx, const SignedCheckpoint& checkpoint);
// The first cosignature of a witness under a checkpoint stays.
void AddCosignature(db::Tx& tx, const Cosignature& cosignature);
// Per witness the size of the newest checkpoint that it cosigned.
std::map<std::string, uint64_t> CosignedSizes(db::Tx& tx);
// Of the newest checkpoint that at least `quorum` of `witnesses` cosigned; 0: none.
uint64_t AnchoredSize(db::Tx& tx, const std::vector<std::string>& witnesses, unsigned quorum);

}  // namespace zonelink::ledger
