// SPDX-License-Identifier: Apache-2.0
// The ledger and its verification as people and programs read them. Pure: facts in, text out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/cli/ledger_trust.h"
#include "gateway/cli/ledger_verify.h"
#include "gateway/cli/show.h"
#include "ledger/domain/receipt.h"

namespace zonelink::cli {

// 1,234,567
std::string Grouped(uint64_t number);
// A signed note line by line, free of control characters.
std::string ShowNote(std::string_view note);

// The server's description of its ledger (GET /v1/ledger).
std::string ShowLedger(const client::Json& ledger, const View& view);

struct ReceiptReport {
  std::string name;
  ledger::Receipt receipt;
  ledger::VerifiedReceipt verified;
  Trust trust;
};
std::string ShowReceipt(const ReceiptReport& report, const Style& say);
// One line each.
std::string ShowReceipts(const std::vector<ReceiptReport>& reports, const Style& say);
std::string ReceiptJson(const ReceiptReport& report);

// A head whose signatures were verified; with `before`, that it begins with that one.
struct HeadReport {
  std::string name;
  ledger::TrustedCheckpoint head;
  std::optional<ledger::Checkpoint> before;
  std::optional<LogReport> log;  // every entry was verified, too
  Trust trust;
};
std::string ShowHead(const HeadReport& report, const Style& say);
std::string HeadJson(const HeadReport& report);

// Two heads of one log that cannot both be true, as notes, and where they were saved.
struct Alarm {
  Heads heads = Heads::kFork;
  std::string place;
  std::string before;
  std::string now;
  std::string before_file;  // empty: not saved, it was given as a file
  std::string now_file;
};
std::string ShowAlarm(const Alarm& alarm, const Style& say);
std::string AlarmJson(const Alarm& alarm);

// Why something at `place` is not verified or could not be tried, and what to do; also for reasons
// that are not the ledger's own.
std::string ShowLedgerProblem(const std::string& place, const Error& error, const Style& style);
std::string LedgerProblemJson(const std::string& place, const Error& error);
// As the man page promises.
int LedgerExitCode(const Error& error);

// "45.2 %  1,000 of 2,211 entries  56,000/s"
std::string ShowProgress(const LogProgress& progress, const Style& say);

std::string ShowPolicy(const ledger::TrustPolicy& policy, const std::vector<std::string>& logs,
                       const Style& say);

}  // namespace zonelink::cli
