// SPDX-License-Identifier: Apache-2.0
#include "gateway/witness/log_record.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/log/log.h"

namespace zonelink::witness {
namespace {

std::string RootText(const ledger::Checkpoint& checkpoint) {
  return crypto::Base64Encode(checkpoint.root.view());
}

// Its first line says it all to a person; the rest lets anybody verify it.
std::string FormatEvidence(const Contradiction& contradiction, Time at) {
  const ledger::Checkpoint& cosigned = contradiction.cosigned.checkpoint;
  const ledger::Checkpoint& seen = contradiction.seen.checkpoint;
  std::string text = fmt::format(
      "fork seen {}: cosigned size {} root {}, then seen size {} root {}\n\n"
      "cosigned:\n\n{}\nseen:\n\n{}",
      FormatTime(at), cosigned.size, RootText(cosigned), seen.size, RootText(seen),
      contradiction.cosigned.note.Format(), contradiction.seen.note.Format());
  if (!contradiction.prefix) return text;
  text += fmt::format(
      "\nroot of the first {} leaves of the larger tree, and its consistency proof:\n\n{}\n",
      std::min(cosigned.size, seen.size), crypto::Base64Encode(contradiction.prefix->root.view()));
  for (const ledger::Hash& hash : contradiction.prefix->proof) {
    text += crypto::Base64Encode(hash.view()) + "\n";
  }
  return text;
}

std::string_view FirstLine(std::string_view text) { return text.substr(0, text.find('\n')); }

}  // namespace

LogRecord::LogRecord(ledger::VerifierKey log, std::string origin, const std::string& folder,
                     const Cosigner& cosigner)
    : log_(std::move(log)),
      origin_(std::move(origin)),
      cosigner_(cosigner),
      latest_file_(folder, "latest"),
      frozen_file_(folder, "frozen") {}

Result<std::unique_ptr<LogRecord>> LogRecord::Open(ledger::VerifierKey log,
                                                   const std::string& origin,
                                                   const std::string& folder,
                                                   const Cosigner& cosigner) {
  std::unique_ptr<LogRecord> record(new LogRecord(std::move(log), origin, folder, cosigner));
  if (Status loaded = record->Load(); !loaded) return std::move(loaded).error();
  return record;
}

Status LogRecord::Load() {
  auto latest = latest_file_.Read();
  if (!latest) return std::move(latest).error();
  if (*latest) {
    const auto unreadable = [this](std::string_view why) {
      return FailedPrecondition("STATE_UNREADABLE",
                                fmt::format("{}: {}", latest_file_.path(), why));
    };
    Result<Head> head = ParseHead(**latest);
    if (!head) return unreadable(head.error().message);
    if (head->checkpoint.origin != origin_) return unreadable("is of another log");
    // Of an earlier key there is none to verify; what it signed still holds.
    const auto ours = ledger::VerifySignatures(head->note, {&cosigner_.key, 1});
    if (!ours) return unreadable("our cosignature does not verify");
    known_.latest = *std::move(head);
  }
  auto frozen = frozen_file_.Read();
  if (!frozen) return std::move(frozen).error();
  if (!*frozen) return Done{};
  known_.frozen = true;
  evidence_ = **std::move(frozen);
  evidence_kept_ = true;
  log::Warn("frozen", {{"origin", origin_}, {"evidence", frozen_file_.path()}});
  return Done{};
}

Result<Head> LogRecord::Verify(Head head) const {
  if (head.checkpoint.origin != origin_) {
    return InvalidArgument("ORIGIN_MISMATCH", "the checkpoint is of another log");
  }
  return VerifyLogSignature(std::move(head), log_);
}

Result<Outcome> LogRecord::Propose(const Proposal& proposal) {
  const std::lock_guard lock(mutex_);
  RefreshFrozen();
  const Decision decision = Decide(known_, proposal);
  if (decision.fork) FreezeLocked({*known_.latest, proposal.head, std::nullopt});
  Outcome outcome{decision.verdict, known_.size(), {}};
  const ledger::Checkpoint& seen = proposal.head.checkpoint;
  if (decision.verdict == Verdict::kProofInvalid && proof_refused_ != seen.root) {
    // Once per head: anybody may bring a head with a false proof again and again.
    proof_refused_ = seen.root;
    log::Warn("proof refused", {{"origin", origin_},
                                {"known_size", static_cast<int64_t>(known_.size())},
                                {"size", static_cast<int64_t>(seen.size)},
                                {"root", RootText(seen)}});
  }
  if (decision.verdict != Verdict::kCosign) return outcome;
  Result<std::string> line = Keep(proposal.head);
  if (!line) return std::move(line).error();
  outcome.known_size = seen.size;
  outcome.signature_line = *std::move(line);
  return outcome;
}

// Writes the head with our cosignature and gives the cosignature's line.
Result<std::string> LogRecord::Keep(const Head& head) {
  Head kept = head;
  const ledger::NoteSignature ours =
      ledger::Cosign(head.note.text, cosigner_.key, cosigner_.secret, cosigner_.clock.Now());
  kept.note.signatures.push_back(ours);
  if (Status written = latest_file_.Write(kept.note.Format()); !written) {
    log::Error("nothing cosigned",
               {{"origin", origin_}, {"error", std::string(written.error().message)}});
    return std::move(written).error();
  }
  known_.latest = std::move(kept);
  return ledger::FormatSignatureLine(ours);
}

void LogRecord::Freeze(const Contradiction& contradiction) {
  const std::lock_guard lock(mutex_);
  FreezeLocked(contradiction);
}

void LogRecord::FreezeLocked(const Contradiction& contradiction) {
  if (known_.frozen) return;
  known_.frozen = true;
  evidence_ = FormatEvidence(contradiction, cosigner_.clock.Now());
  evidence_kept_ = false;
  log::Error("fork seen", {{"origin", origin_},
                           {"cosigned", contradiction.cosigned.note.Format()},
                           {"seen", contradiction.seen.note.Format()},
                           {"evidence", frozen_file_.path()}});
  RefreshFrozen();
}

// The file decides, as soon as it has been written.
void LogRecord::RefreshFrozen() {
  if (!known_.frozen) return;
  if (!evidence_kept_) {
    const Status written = frozen_file_.Write(evidence_);
    evidence_kept_ = written.has_value();
    if (!evidence_kept_) {
      log::Error("evidence not kept", {{"origin", origin_}, {"error", written.error().message}});
    }
    return;
  }
  if (frozen_file_.Exists()) return;
  known_.frozen = false;
  evidence_.clear();
  log::Info("no longer frozen", {{"origin", origin_}});
}

Known LogRecord::known() {
  const std::lock_guard lock(mutex_);
  RefreshFrozen();
  return known_;
}

std::optional<std::string> LogRecord::LatestNote() {
  const std::lock_guard lock(mutex_);
  if (!known_.latest) return std::nullopt;
  return known_.latest->note.Format();
}

void LogRecord::SetRemark(std::string remark) {
  const std::lock_guard lock(mutex_);
  remark_ = std::move(remark);
}

std::string LogRecord::Describe() {
  const std::lock_guard lock(mutex_);
  RefreshFrozen();
  std::string text = fmt::format("log    {}\nsize   {}\n", origin_, known_.size());
  if (known_.latest) {
    text += fmt::format("root   {}\n", RootText(known_.latest->checkpoint));
    for (const ledger::NoteSignature& signature : known_.latest->note.signatures) {
      if (signature.name != cosigner_.key.name || signature.id != cosigner_.key.id) continue;
      const auto at = ledger::CosignedAt(signature);
      if (at) text += fmt::format("since  {}\n", FormatTime(*at));
    }
  } else {
    text += "since  never cosigned\n";
  }
  if (known_.frozen) text += fmt::format("FROZEN {}\n", FirstLine(evidence_));
  if (!remark_.empty()) text += fmt::format("follow {}\n", remark_);
  return text;
}

}  // namespace zonelink::witness
