// SPDX-License-Identifier: Apache-2.0
// What a person may hand in for verification, read strictly: a changed byte must never pass as a
// default.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/merkle.h"
#include "ledger/domain/note.h"
#include "ledger/domain/receipt.h"
#include "platform/core/result.h"

namespace zonelink::cli {

enum class WhatKind { kReceipt, kCheckpoint, kLog };

struct What {
  WhatKind kind = WhatKind::kLog;
  std::string name;  // path or URL
  std::string text;  // the file's contents; empty for logs
};

// Tells receipts, checkpoints and logs apart by their form; a folder without `checkpoint` is taken
// for one of receipts where `receipts` says so. InvalidArgument `INPUT_UNREADABLE`, `WHAT_UNCLEAR`.
// All results are of one kind: one log, one or two checkpoints, or receipts.
Result<std::vector<What>> ReadWhat(const std::vector<std::string>& names, bool receipts);

// A receipt as the API gives it. InvalidArgument `RECEIPT_INVALID`.
Result<ledger::Receipt> ParseReceipt(std::string_view json);

struct ConsistencyFile {
  uint64_t from = 0;
  uint64_t to = 0;
  std::vector<ledger::Hash> hashes;
};
// A consistency proof as the API gives it. InvalidArgument `PROOF_INVALID`.
Result<ConsistencyFile> ParseConsistency(std::string_view json);

// What a server says about its ledger.
struct LedgerAbout {
  std::string origin;
  ledger::VerifierKey key;
  std::vector<ledger::VerifierKey> witnesses;
  unsigned quorum = 0;
};
// InvalidArgument `LEDGER_UNREADABLE`, `VERIFIER_KEY_INVALID`.
Result<LedgerAbout> ParseLedger(std::string_view json);

// First line of a note; says nothing before a signature is verified.
std::string ClaimedOrigin(std::string_view note);

}  // namespace zonelink::cli
