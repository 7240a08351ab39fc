// SPDX-License-Identifier: Apache-2.0
// Proof that one event is in the ledger; verified without the ledger's help.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/checkpoint.h"
#include "ledger/domain/entry.h"

namespace zonelink::ledger {

struct Receipt {
  std::string event_id;
  uint64_t index = 0;
  std::string entry;  // the leaf's bytes
  std::vector<Hash> proof;
  std::string checkpoint;            // signed note
  std::optional<std::string> salt;   // absent for strangers and after its destruction
  std::optional<std::string> event;  // the event's stored bytes, as `salt`
};

enum class Link {
  kShown,     // the leaf commits to the event in the receipt
  kNotShown,  // no salt or no event in the receipt: only that a leaf of this id is in the tree
};

struct VerifiedReceipt {
  TrustedCheckpoint checkpoint;
  Entry entry;
  Link link = Link::kNotShown;
};

// InvalidArgument as OpenCheckpoint and Entry::Parse, `ENTRY_MISMATCH` (another event's leaf),
// `COMMITMENT_MISMATCH` (salt and event do not make the leaf's commitment), `PROOF_INVALID`.
Result<VerifiedReceipt> VerifyReceipt(const Receipt& receipt, const TrustPolicy& policy);

}  // namespace zonelink::ledger
