// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/receipt.h"

namespace zonelink::ledger {
namespace {

Result<Link> CheckLink(const Receipt& receipt, const Entry& entry) {
  if (!receipt.salt || !receipt.event) return Link::kNotShown;
  if (receipt.salt->size() != kSaltBytes ||
      Commit(*receipt.salt, *receipt.event) != entry.commitment) {
    return InvalidArgument("COMMITMENT_MISMATCH",
                           "salt and event do not make the leaf's commitment");
  }
  return Link::kShown;
}

}  // namespace

Result<VerifiedReceipt> VerifyReceipt(const Receipt& receipt, const TrustPolicy& policy) {
  auto checkpoint = OpenCheckpoint(receipt.checkpoint, policy);
  if (!checkpoint) return std::move(checkpoint).error();
  auto entry = Entry::Parse(receipt.entry);
  if (!entry) return std::move(entry).error();
  if (entry->event_id != receipt.event_id) {
    return InvalidArgument("ENTRY_MISMATCH", "the leaf is another event's",
                           {{"event_id", entry->event_id}});
  }
  const Checkpoint& head = checkpoint->checkpoint;
  const auto included =
      VerifyInclusion(LeafHash(receipt.entry), receipt.index, head.size, receipt.proof, head.root);
  if (!included) return included.error();
  const auto link = CheckLink(receipt, *entry);
  if (!link) return link.error();
  return VerifiedReceipt{
      .checkpoint = std::move(*checkpoint), .entry = std::move(*entry), .link = *link};
}

}  // namespace zonelink::ledger
