// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/ledger_verify.h"

#include <chrono>
#include <vector>

#include "platform/crypto/crypto.h"

namespace zonelink::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kSampleBytes = 4u << 20;
constexpr std::chrono::milliseconds kMeasureFor{150};

double Seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }

// How many of the sampled entries this machine's SHA-256 hashes in a second.
double MeasureSha256(const std::vector<std::string>& sample) {
  if (sample.empty()) return 0;
  const auto start = Clock::now();
  uint64_t count = 0;
  while (Clock::now() - start < kMeasureFor) {
    for (const std::string& entry : sample) crypto::Sha256Of(entry);
    count += sample.size();
  }
  return static_cast<double>(count) / Seconds(Clock::now() - start);
}

}  // namespace

Result<Heads> CompareHeads(const ledger::Checkpoint& before, const ledger::Checkpoint& now,
                           const ledger::Fetch& fetch) {
  if (now.size < before.size) return Heads::kRollback;
  if (now.size == before.size) return now.root == before.root ? Heads::kSame : Heads::kFork;
  const auto consistent = ledger::CheckConsistent(before, now, fetch);
  if (consistent) return Heads::kGrown;
  // The tiles are those of the new head, checked against its root: they show another beginning.
  if (consistent.error().reason == "PROOF_INVALID") return Heads::kFork;
  return consistent.error();
}

std::string_view AlarmName(Heads heads) {
  switch (heads) {
    case Heads::kSame:
    case Heads::kGrown: return "";
    case Heads::kRollback: return "ROLLBACK";
    case Heads::kFork: return "FORK";
  }
  return "";
}

Result<LogReport> VerifyLog(LogSource& source, const ledger::Checkpoint& head, uint64_t from,
                            const std::function<void(const LogProgress&)>& progress) {
  const auto start = Clock::now();
  const double waited_before = source.waited().count();
  std::vector<std::string> sample;
  size_t sampled = 0;
  ledger::LogCheckOptions options{.from = from};
  options.entry = [&](uint64_t, std::string_view entry) -> Status {
    if (sampled + entry.size() > kSampleBytes) return Done{};
    sampled += entry.size();
    sample.emplace_back(entry);
    return Done{};
  };
  options.progress = [&](uint64_t done, uint64_t total) {
    if (progress) progress({done, total, Seconds(Clock::now() - start)});
    return true;
  };
  auto check = ledger::CheckLog(head, source.fetch(), options);
  if (!check) return std::move(check).error();
  LogReport report{.check = *check, .from = from};
  report.seconds = Seconds(Clock::now() - start);
  report.reading_seconds = source.waited().count() - waited_before;
  report.bytes_read = source.bytes();
  report.sha256_per_second = MeasureSha256(sample);
  return report;
}

}  // namespace zonelink::cli
