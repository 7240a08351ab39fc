// SPDX-License-Identifier: Apache-2.0
#include "gateway/witness/watched_log.h"

#include <algorithm>
#include <charconv>

#include "platform/crypto/crypto.h"

namespace zonelink::witness {
namespace {

constexpr size_t kMostProofLines = 63;

Error Invalid(std::string why) { return InvalidArgument("PROPOSAL_INVALID", std::move(why)); }

// The text up to the next newline, which is taken too; nothing when there is none.
std::optional<std::string_view> TakeLine(std::string_view& rest) {
  const size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

// ASCII decimal without leading zeroes.
std::optional<uint64_t> ParseSize(std::string_view text) {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return size;
}

std::optional<ledger::Hash> ParseHash(std::string_view line) {
  const std::optional<std::string> raw = crypto::Base64Decode(line);
  return raw ? ledger::Hash::From(*raw) : std::nullopt;
}

}  // namespace

Result<Head> ParseHead(std::string_view note) {
  Result<ledger::Note> parsed = ledger::Note::Parse(note);
  if (!parsed) return std::move(parsed).error();
  Result<ledger::Checkpoint> checkpoint = ledger::Checkpoint::Parse(parsed->text);
  if (!checkpoint) return std::move(checkpoint).error();
  return Head{*std::move(checkpoint), *std::move(parsed)};
}

Result<Proposal> ParseProposal(std::string_view body) {
  constexpr std::string_view kOld = "old ";
  const auto first = TakeLine(body);
  if (!first || !first->starts_with(kOld)) return Invalid("the first line is not the old size");
  const auto old_size = ParseSize(first->substr(kOld.size()));
  if (!old_size) return Invalid("the old size is not a number");
  Proposal proposal;
  proposal.old_size = *old_size;
  while (true) {
    const auto line = TakeLine(body);
    if (!line) return Invalid("no empty line ends the proof");
    if (line->empty()) break;
    if (proposal.proof.size() == kMostProofLines) return Invalid("more than 63 proof lines");
    const auto hash = ParseHash(*line);
    if (!hash) return Invalid("a proof line is not a hash in base64");
    proposal.proof.push_back(*hash);
  }
  Result<Head> head = ParseHead(body);
  if (!head) return std::move(head).error();
  proposal.head = *std::move(head);
  return proposal;
}

Result<Head> VerifyLogSignature(Head head, const ledger::VerifierKey& log) {
  const auto signers = ledger::VerifySignatures(head.note, {&log, 1});
  if (!signers || signers->empty()) {
    return InvalidArgument("LOG_SIGNATURE_MISSING", "no signature of the log's key verifies");
  }
  auto& signatures = head.note.signatures;
  const auto others =
      std::remove_if(signatures.begin(), signatures.end(), [&](const ledger::NoteSignature& given) {
        return given.name != log.name || given.id != log.id;
      });
  signatures.erase(others, signatures.end());
  return head;
}

Decision Decide(const Known& known, const Proposal& proposal) {
  const ledger::Checkpoint& seen = proposal.head.checkpoint;
  const bool other_root = seen.size == known.size() && seen.root != known.root();
  Decision decision{Verdict::kConflict, known.latest && other_root};
  if (proposal.old_size > seen.size) {
    decision.verdict = Verdict::kMalformed;
    return decision;
  }
  if (known.frozen || proposal.old_size != known.size() || other_root) return decision;
  // From the empty tree, and from a tree to itself, there is nothing to prove.
  const bool shown = known.size() == 0 || seen.size == known.size()
                         ? proposal.proof.empty()
                         : ledger::VerifyConsistency(known.size(), known.root(), seen.size,
                                                     seen.root, proposal.proof)
                               .has_value();
  decision.verdict = shown ? Verdict::kCosign : Verdict::kProofInvalid;
  return decision;
}

}  // namespace zonelink::witness
