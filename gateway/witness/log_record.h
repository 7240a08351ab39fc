// SPDX-License-Identifier: Apache-2.0
// One log as a witness keeps it: what was cosigned, and whether the log has contradicted itself.
// Any thread may call any method; deciding and keeping are one step.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/witness/state_dir.h"
#include "gateway/witness/watched_log.h"
#include "platform/core/clock.h"
#include "platform/crypto/crypto.h"

namespace zonelink::witness {

// Who cosigns.
struct Cosigner {
  ledger::VerifierKey key;
  crypto::Ed25519Key secret;
  const WallClock& clock;
};

// What the larger of two trees says about the smaller one, out of tiles that make the larger root.
struct Prefix {
  ledger::Hash root;                // of as many leaves as the smaller tree has
  std::vector<ledger::Hash> proof;  // from it to the larger root
};

// Two heads that the log has signed and that no log which only grows can both have.
struct Contradiction {
  Head cosigned;
  Head seen;
  std::optional<Prefix> prefix;  // nothing where the sizes are the same
};

struct Outcome {
  Verdict verdict = Verdict::kMalformed;
  uint64_t known_size = 0;     // what the log has to prove from
  std::string signature_line;  // ours, for Verdict::kCosign
};

class LogRecord {
 public:
  // Reads what is kept in `folder`. FailedPrecondition `STATE_UNREADABLE`: what is kept is not what
  // a witness keeps; it must not cosign as if there were nothing.
  static Result<std::unique_ptr<LogRecord>> Open(ledger::VerifierKey log, const std::string& origin,
                                                 const std::string& folder,
                                                 const Cosigner& cosigner);
  LogRecord(const LogRecord&) = delete;

  // InvalidArgument `ORIGIN_MISMATCH`; as VerifyLogSignature.
  Result<Head> Verify(Head head) const;
  // Decides about a verified proposal. A cosignature is given out when the head is on the disk.
  // Unavailable `STATE_UNWRITABLE`: nothing was cosigned.
  Result<Outcome> Propose(const Proposal& proposal);
  // Keeps the evidence and cosigns no more until an operator has removed it.
  void Freeze(const Contradiction& contradiction);

  Known known();
  // The latest note with the log's signature and ours; nothing before the first.
  std::optional<std::string> LatestNote();
  // What a person should know besides, shown by Describe; empty: nothing.
  void SetRemark(std::string remark);
  std::string Describe();

  const std::string& origin() const { return origin_; }

 private:
  LogRecord(ledger::VerifierKey log, std::string origin, const std::string& folder,
            const Cosigner& cosigner);
  Status Load();
  void FreezeLocked(const Contradiction& contradiction);
  void RefreshFrozen();
  Result<std::string> Keep(const Head& head);

  const ledger::VerifierKey log_;
  const std::string origin_;
  const Cosigner& cosigner_;
  const StateFile latest_file_;
  const StateFile frozen_file_;

  std::mutex mutex_;
  Known known_;
  std::string evidence_;  // while frozen
  bool evidence_kept_ = false;
  std::optional<ledger::Hash> proof_refused_;  // root last reported
  std::string remark_;
};

}  // namespace zonelink::witness
