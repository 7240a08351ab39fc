// SPDX-License-Identifier: Apache-2.0
// What a witness decides about one checkpoint of one log, by the rules of
// https://c2sp.org/tlog-witness. Pure: files, time and HTTP are elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/checkpoint.h"

namespace zonelink::witness {

// A checkpoint with the note it came in.
struct Head {
  ledger::Checkpoint checkpoint;
  ledger::Note note;
};

// A checkpoint that somebody asks to have cosigned; means nothing before its signature is verified.
struct Proposal {
  uint64_t old_size = 0;
  std::vector<ledger::Hash> proof;
  Head head;
};

// Body of `add-checkpoint`. InvalidArgument `PROPOSAL_INVALID`; reasons of Note and Checkpoint.
Result<Proposal> ParseProposal(std::string_view body);
// `head` as the body of `add-checkpoint` would bring it.
Result<Head> ParseHead(std::string_view note);

// The head with the log's signature alone. InvalidArgument `LOG_SIGNATURE_MISSING`, also when the
// key's signature is there but broken.
Result<Head> VerifyLogSignature(Head head, const ledger::VerifierKey& log);

// What a witness knows of a log.
struct Known {
  std::optional<Head> latest;  // nothing: never cosigned
  bool frozen = false;         // the log has contradicted itself

  // What a log has to prove from.
  uint64_t size() const { return latest ? latest->checkpoint.size : 0; }
  ledger::Hash root() const { return latest ? latest->checkpoint.root : ledger::EmptyRoot(); }
};

enum class Verdict {
  kCosign,
  kMalformed,     // the old size is above the new one
  kConflict,      // prove from what is known instead; the log is frozen; or another root
  kProofInvalid,  // does not show that the log has only grown
};

struct Decision {
  Verdict verdict = Verdict::kMalformed;
  // The proposal's head is another one for a size that was cosigned: evidence, whatever else the
  // proposal says. A proof that fails is none, anybody can make one.
  bool fork = false;
};

// For a proposal whose signature is verified.
Decision Decide(const Known& known, const Proposal& proposal);

}  // namespace zonelink::witness
