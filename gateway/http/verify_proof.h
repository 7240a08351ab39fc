// SPDX-License-Identifier: Apache-2.0
// Whether the ledger proves the grant behind a recognition: checked here with the rules that every
// verifier of the ledger uses, never taken from what a service says of itself.
#pragma once

#include <cstdint>
#include <string>

#include "platform/core/error.h"
#include "platform/core/time.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"

namespace zonelink::gateway {

enum class ProofState : uint8_t {
  kNoEvent,    // the recognition names no event
  kNoAnswer,   // the ledger did not answer: nothing was checked
  kPending,    // no checkpoint covers the event yet
  kNotProven,  // there is a receipt, and it does not hold
  kProven,     // leaf, inclusion and the ledger's signature hold
};

struct GrantProof {
  ProofState state = ProofState::kNoEvent;
  std::string event_id;
  std::string reason;  // why it is not proven: of the ledger's rules, or `ENTRY_MISMATCH` of what
                       // grants nothing
  std::string type;    // of the event, as the leaf has it
  Time at;
  uint64_t index = 0;  // of the leaf, from 0
  uint64_t size = 0;   // leaves under the checkpoint
  std::string origin;
  unsigned cosigned = 0;  // witnesses whose cosignature holds
  unsigned witnesses = 0;
  unsigned quorum = 0;
};

// By the keys that `ledger` tells. kNotProven or kProven.
GrantProof CheckGrant(const std::string& event_id, const ledger::v1::Receipt& receipt,
                      const ledger::v1::Ledger& ledger);
// What the ledger's refusal to give a receipt means: kPending or kNoAnswer.
GrantProof Unproven(const std::string& event_id, const Error& refusal);

}  // namespace zonelink::gateway
