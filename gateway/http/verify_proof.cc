// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/verify_proof.h"

#include <optional>
#include <string_view>

#include "ledger/domain/receipt.h"

namespace zonelink::gateway {
namespace {

// What grants: an officer's or the clock's decision, or the filing itself where the agreement lets
// it.
constexpr std::string_view kGranted = "zonelink.recognition.decision.granted";
constexpr std::string_view kSubmitted = "zonelink.recognition.filing.submitted";

bool Grants(std::string_view type) {
  return type == kSubmitted || type.substr(0, kGranted.size()) == kGranted;
}

// Cosignatures are counted apart: that too few have come is no fault of the proof.
Result<ledger::TrustPolicy> PolicyOf(const ledger::v1::Ledger& ledger) {
  auto key = ledger::VerifierKey::Parse(ledger.key());
  if (!key) return std::move(key).error();
  ledger::TrustPolicy policy{
      .origin = ledger.origin(), .log = *std::move(key), .witnesses = {}, .quorum = 0};
  for (const auto& witness : ledger.witnesses()) {
    auto known = ledger::VerifierKey::Parse(witness.key());
    if (!known) return std::move(known).error();
    policy.witnesses.push_back(*std::move(known));
  }
  return policy;
}

Result<ledger::Receipt> ToReceipt(const ledger::v1::Receipt& receipt) {
  ledger::Receipt out{.event_id = receipt.event_id(),
                      .index = static_cast<uint64_t>(receipt.index()),
                      .entry = receipt.entry(),
                      .proof = {},
                      .checkpoint = receipt.checkpoint(),
                      .salt = std::nullopt,
                      .event = std::nullopt};
  for (const std::string& bytes : receipt.proof()) {
    const auto hash = ledger::Hash::From(bytes);
    if (!hash) return InvalidArgument("PROOF_INVALID", "a hash of the proof has not 32 bytes");
    out.proof.push_back(*hash);
  }
  return out;
}

}  // namespace

GrantProof CheckGrant(const std::string& event_id, const ledger::v1::Receipt& receipt,
                      const ledger::v1::Ledger& ledger) {
  GrantProof proof{.state = ProofState::kNotProven, .event_id = event_id};
  const auto policy = PolicyOf(ledger);
  auto asked = ToReceipt(receipt);
  if (!policy || !asked) {
    proof.reason = policy ? asked.error().reason : policy.error().reason;
    return proof;
  }
  // The leaf is to be that of the event that was asked for, whatever the receipt calls itself.
  asked->event_id = event_id;
  const auto verified = ledger::VerifyReceipt(*asked, *policy);
  if (!verified) {
    proof.reason = verified.error().reason;
    return proof;
  }
  proof.type = verified->entry.type;
  if (!Grants(proof.type)) {
    proof.reason = "ENTRY_MISMATCH";
    return proof;
  }
  proof.state = ProofState::kProven;
  proof.at = verified->entry.at;
  proof.index = asked->index;
  proof.size = verified->checkpoint.checkpoint.size;
  proof.origin = verified->checkpoint.checkpoint.origin;
  proof.cosigned = static_cast<unsigned>(verified->checkpoint.cosigners.size());
  proof.witnesses = static_cast<unsigned>(policy->witnesses.size());
  proof.quorum = static_cast<unsigned>(ledger.quorum());
  return proof;
}

GrantProof Unproven(const std::string& event_id, const Error& refusal) {
  const bool pending = refusal.reason == "RECEIPT_PENDING";
  return {.state = pending ? ProofState::kPending : ProofState::kNoAnswer, .event_id = event_id};
}

}  // namespace zonelink::gateway
