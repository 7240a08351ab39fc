// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <map>

#include "gateway/cli/commands.h"
#include "gateway/cli/files.h"
#include "gateway/cli/ledger_input.h"
#include "gateway/cli/ledger_show.h"
#include "gateway/cli/ledger_site.h"
#include "gateway/cli/ledger_verify.h"

namespace zonelink::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr size_t kLargestNote = 64u << 10;
constexpr size_t kLargestProof = 1u << 20;

// Standard error: one line that is written over at a terminal, else a line now and then.
class ProgressLine {
 public:
  explicit ProgressLine(const Style& say)
      : say_(say), terminal_(ErrorIsTerminal()), last_(SteadyClock::now()) {}
  ~ProgressLine() {
    if (shown_ && terminal_) std::fputs("\r\033[K", stderr);
  }
  void Show(const LogProgress& progress) {
    const auto now = SteadyClock::now();
    if (now - last_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(5))) {
      return;
    }
    last_ = now;
    shown_ = true;
    const std::string text = ShowProgress(progress, say_);
    const std::string line = terminal_ ? "\r" + text + "\033[K" : text + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
  }

 private:
  const Style& say_;
  bool terminal_;
  bool shown_ = false;
  SteadyClock::time_point last_;
};

// The policy for what was accepted earlier: the log's own signature says that it is the log's.
ledger::TrustPolicy LogAlone(ledger::TrustPolicy policy) {
  policy.quorum = 0;
  return policy;
}

int RaiseAlarm(const Invocation& run, const Alarm& alarm) {
  Print(run.arguments.json ? AlarmJson(alarm) + "\n" : ShowAlarm(alarm, run.view.style));
  return kExitAlarm;
}

void PrintHead(const Invocation& run, const HeadReport& report) {
  Print(run.arguments.json ? HeadJson(report) + "\n" : ShowHead(report, run.view.style));
}

class Receipts {
 public:
  explicit Receipts(Invocation& run) : run_(run) {}

  Result<ReceiptReport> Verify(const What& what) {
    auto receipt = ParseReceipt(what.text);
    if (!receipt) return std::move(receipt).error();
    const std::string origin = ClaimedOrigin(receipt->checkpoint);
    auto trust = trusts_.find(origin);
    if (trust == trusts_.end()) {
      trust = trusts_.emplace(origin, TrustFor(run_, nullptr, receipt->checkpoint)).first;
    }
    if (!trust->second) return trust->second.error();
    auto verified = ledger::VerifyReceipt(*receipt, trust->second->policy);
    if (!verified) return std::move(verified).error();
    return ReceiptReport{what.name, std::move(*receipt), std::move(*verified), *trust->second};
  }

 private:
  Invocation& run_;
  std::map<std::string, Result<Trust>> trusts_;  // by origin
};

int VerifyReceipts(Invocation& run, const std::vector<What>& all) {
  Receipts receipts(run);
  std::vector<ReceiptReport> reports;
  int code = kExitOk;
  for (const What& what : all) {
    auto report = receipts.Verify(what);
    if (!report) {
      const int refused = RefuseLedger(run, what.name, report.error());
      if (code != kExitNotVerified) code = refused;
      continue;
    }
    if (run.arguments.json) Print(ReceiptJson(*report) + "\n");
    reports.push_back(std::move(*report));
  }
  if (run.arguments.json) return code;
  const Style& say = run.view.style;
  if (all.size() == 1) {
    if (!reports.empty()) Print(ShowReceipt(reports.front(), say));
    return code;
  }
  Print(ShowReceipts(reports, say));
  Print(fmt::format(fmt::runtime(say("{} 份回执验证通过，{} 份未通过\n",
                                     "receipts verified: {}, not verified: {}\n")),
                    reports.size(), all.size() - reports.size()));
  return code;
}

// What the later checkpoint says about the earlier one, by a proof in a file or by tiles.
Result<Heads> CompareByOptions(Invocation& run, const ledger::Checkpoint& before,
                               const ledger::Checkpoint& now) {
  const LedgerArguments& arguments = run.arguments.ledger;
  if (arguments.proof.empty() || before.size == now.size) {
    LogSource source = SourceAt(run, arguments.tiles);
    return CompareHeads(before, now, source.fetch());
  }
  auto proof = ReadFile(arguments.proof, kLargestProof).and_then(ParseConsistency);
  if (!proof) return std::move(proof).error();
  if (proof->from != before.size || proof->to != now.size) {
    return InvalidArgument(
        "PROOF_INVALID",
        fmt::format("{} is from {} to {}, the checkpoints from {} to {}", arguments.proof,
                    proof->from, proof->to, before.size, now.size));
  }
  const auto shown =
      ledger::VerifyConsistency(before.size, before.root, now.size, now.root, proof->hashes);
  if (!shown) return shown.error();
  return Heads::kGrown;
}

int VerifyCheckpoints(Invocation& run, const std::vector<What>& all) {
  std::vector<ledger::TrustedCheckpoint> heads;
  std::optional<Trust> trust;
  for (const What& what : all) {
    if (!trust) {
      auto found = TrustFor(run, nullptr, what.text);
      if (!found) return RefuseLedger(run, what.name, found.error());
      trust = std::move(*found);
    }
    auto head = ledger::OpenCheckpoint(what.text, trust->policy);
    if (!head) return RefuseLedger(run, what.name, head.error());
    heads.push_back(std::move(*head));
  }
  if (heads.size() == 1) {
    PrintHead(run, {.name = all[0].name, .head = heads[0], .trust = *trust});
    return kExitOk;
  }
  const bool in_order = heads[0].checkpoint.size <= heads[1].checkpoint.size;
  const size_t before = in_order ? 0 : 1;
  const size_t now = 1 - before;
  const auto compared = CompareByOptions(run, heads[before].checkpoint, heads[now].checkpoint);
  if (!compared) return RefuseLedger(run, all[now].name, compared.error());
  if (*compared == Heads::kFork) {
    return RaiseAlarm(run, {.heads = *compared,
                            .place = heads[now].checkpoint.origin,
                            .before = all[before].text,
                            .now = all[now].text});
  }
  PrintHead(run, {.name = all[now].name,
                  .head = heads[now],
                  .before = heads[before].checkpoint,
                  .trust = *trust});
  return kExitOk;
}

// A folder that already holds another log is left alone.
Status CheckDownload(const std::string& folder, const std::string& note) {
  if (folder.empty()) return Done{};
  const auto held = ReadFile(folder + "/checkpoint", kLargestNote);
  if (!held || ClaimedOrigin(*held) == ClaimedOrigin(note)) return Done{};
  return FailedPrecondition("OUTPUT_UNWRITABLE",
                            folder + " already holds the log " + ClaimedOrigin(*held));
}

Status SaveVerified(const LedgerArguments& arguments, const std::string& note) {
  if (!arguments.download.empty()) {
    // Last: a folder with a checkpoint has all that it covers.
    auto kept = WriteFile(arguments.download + "/checkpoint", note);
    if (!kept) return kept;
  }
  return arguments.save_checkpoint.empty() ? Status(Done{})
                                           : WriteFile(arguments.save_checkpoint, note);
}

// The head and the one to go on from; the alarm when they contradict each other.
struct Opened {
  HeadReport report;
  std::string note;
  std::optional<Alarm> alarm;
};

Result<Opened> OpenLog(Invocation& run, LogSource& source) {
  const LedgerArguments& arguments = run.arguments.ledger;
  auto note = source.Get("checkpoint");
  if (!note) return std::move(note).error();
  auto trust = TrustFor(run, &source, *note);
  if (!trust) return std::move(trust).error();
  const bool go_on = !arguments.from.empty();
  // A head that contradicts an earlier one is an alarm, whoever has cosigned it.
  auto head = ledger::OpenCheckpoint(*note, go_on ? LogAlone(trust->policy) : trust->policy);
  if (!head) return std::move(head).error();
  Opened opened{.report = {.name = source.place(), .head = std::move(*head), .trust = *trust},
                .note = std::move(*note)};
  const auto writable = CheckDownload(arguments.download, opened.note);
  if (!writable) return writable.error();
  if (!go_on) return opened;
  const auto earlier = ReadFile(arguments.from, kLargestNote);
  if (!earlier) return earlier.error();
  const auto before = ledger::OpenCheckpoint(*earlier, LogAlone(trust->policy));
  if (!before) {
    Error error = before.error();
    error.message = arguments.from + ": " + error.message;
    return error;
  }
  const auto heads =
      CompareHeads(before->checkpoint, opened.report.head.checkpoint, source.fetch());
  if (!heads) return heads.error();
  opened.report.before = before->checkpoint;
  if (!AlarmName(*heads).empty()) {
    opened.alarm =
        Alarm{.heads = *heads, .place = source.place(), .before = *earlier, .now = opened.note};
    return opened;
  }
  const auto cosigned = ledger::OpenCheckpoint(opened.note, trust->policy);
  if (!cosigned) return cosigned.error();
  return opened;
}

int VerifyWholeLog(Invocation& run, const std::string& place) {
  const LedgerArguments& arguments = run.arguments.ledger;
  LogSource source = SourceAt(run, place, arguments.download);
  auto opened = OpenLog(run, source);
  if (!opened) return RefuseLedger(run, source.place(), opened.error());
  if (opened->alarm) return RaiseAlarm(run, *opened->alarm);
  HeadReport& report = opened->report;
  Result<LogReport> log = [&] {
    ProgressLine line(run.view.style);
    return VerifyLog(source, report.head.checkpoint, report.before ? report.before->size : 0,
                     [&](const LogProgress& progress) { line.Show(progress); });
  }();
  if (!log) return RefuseLedger(run, source.place(), log.error());
  const auto saved = SaveVerified(arguments, opened->note);
  if (!saved) return RefuseLedger(run, "", saved.error());
  report.log = std::move(*log);
  PrintHead(run, report);
  return kExitOk;
}

// Options that mean nothing for what is verified are mistakes, not to be passed over.
Status CheckOptions(const LedgerArguments& arguments, const std::vector<What>& all) {
  const WhatKind kind = all.front().kind;
  const bool of_log =
      !arguments.from.empty() || !arguments.save_checkpoint.empty() || !arguments.download.empty();
  const bool of_two = !arguments.tiles.empty() || !arguments.proof.empty();
  if (of_log && kind != WhatKind::kLog) {
    return InvalidArgument("WHAT_UNCLEAR",
                           "--from, --save-checkpoint and --download belong to a whole log");
  }
  if (of_two && (kind != WhatKind::kCheckpoint || all.size() != 2)) {
    return InvalidArgument("WHAT_UNCLEAR", "--tiles and --proof belong to two checkpoints");
  }
  return Done{};
}

}  // namespace

int LedgerVerify(Invocation& run) {
  const LedgerArguments& arguments = run.arguments.ledger;
  auto all = arguments.what.empty() && !arguments.receipts
                 ? Result<std::vector<What>>({{WhatKind::kLog, OwnLedger(run), ""}})
                 : ReadWhat(arguments.what, arguments.receipts);
  if (!all) return RefuseLedger(run, "", all.error());
  const auto fitting = CheckOptions(arguments, *all);
  if (!fitting) return RefuseLedger(run, "", fitting.error());
  switch (all->front().kind) {
    case WhatKind::kReceipt: return VerifyReceipts(run, *all);
    case WhatKind::kCheckpoint: return VerifyCheckpoints(run, *all);
    case WhatKind::kLog: return VerifyWholeLog(run, all->front().name);
  }
  return kExitRefused;
}

}  // namespace zonelink::cli
