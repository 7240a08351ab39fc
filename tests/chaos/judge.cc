// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/judge.h"

#include <exception>

#include "ledger/domain/log_check.h"

namespace zonelink::chaos {
namespace {

LedgerCopy CopyLedger(const ledger::Fetch& fetch, const ledger::TrustPolicy& policy) {
  LedgerCopy copy;
  const auto refuse = [&](const Error& error) {
    copy.fault = error.reason + ": " + error.message;
    return copy;
  };
  const auto note = fetch("checkpoint");
  if (!note) return refuse(note.error());
  auto trusted = ledger::OpenCheckpoint(*note, policy);
  if (!trusted) return refuse(trusted.error());
  copy.newest = *std::move(trusted);
  ledger::LogCheckOptions options;
  options.entry = [&](uint64_t, std::string_view entry) -> Status {
    copy.entries.emplace_back(entry);
    return Done{};
  };
  const auto checked = ledger::CheckLog(copy.newest->checkpoint, fetch, options);
  if (!checked) return refuse(checked.error());
  return copy;
}

}  // namespace

Evidence::Evidence(const Journal& journal, test::AdminSql& sql, ledger::Fetch fetch,
                   std::chrono::milliseconds merge_delay)
    : journal(journal),
      sql(sql),
      fetch([this](const std::string& path) { return FetchOnce(path); }),
      merge_delay(merge_delay),
      from_log_(std::move(fetch)) {}

Result<std::string> Evidence::FetchOnce(const std::string& path) {
  const auto known = fetched_.find(path);
  if (known != fetched_.end()) return known->second;
  auto fetched = from_log_(path);
  if (fetched) fetched_[path] = *fetched;
  return fetched;
}

const LedgerCopy& Evidence::Ledger() {
  if (!copy_) copy_ = CopyLedger(fetch, Policy());
  return *copy_;
}

ledger::TrustPolicy Evidence::Policy() const {
  ledger::TrustPolicy policy;
  const auto log = ledger::VerifierKey::Parse(journal.trust.log_key);
  if (!log) throw std::runtime_error("the journal names no key of the log");
  policy.log = *log;
  for (const std::string& text : journal.trust.witness_keys) {
    const auto key = ledger::VerifierKey::Parse(text);
    if (!key) throw std::runtime_error("the journal names a witness without a key: " + text);
    policy.witnesses.push_back(*key);
  }
  return policy;
}

std::span<const Check> Checks() {
  static const std::vector<Check> checks = {
      {"I-01", "an acknowledged filing is never lost", AcknowledgedAreStored},
      {"I-02", "and never duplicated", NothingTwice},
      {"I-03", "a request in doubt ends exactly once after it is sent again", DoubtEndsOnce},
      {"I-04", "what a client was told equals what is stored", ToldIsStored},
      {"I-05", "each committed event leads to exactly one leaf", OneLeafPerEvent},
      {"I-06", "each event takes effect exactly once", OneEffectPerEvent},
      {"I-07", "no event waits longer than the maximum merge delay", LeavesAreInTime},
      {"I-08", "a tenant never reads another's row", TenantsAreApart},
      {"I-16", "the published tree is append-only", TreeOnlyGrows},
      {"I-17", "never two roots for one size", OneRootPerSize},
      {"I-18", "every receipt still verifies", ReceiptsStillVerify},
      {"I-19", "the ledger's content is the database's content", LedgerIsWhatIsStored},
  };
  return checks;
}

Verdict Judge(Evidence& evidence) {
  Verdict verdict;
  evidence.sql.Run("BEGIN");
  for (const Check& check : Checks()) {
    evidence.sql.Run("SAVEPOINT judged");
    try {
      verdict[check.id] = check.run(evidence);
    } catch (const std::exception& error) {
      verdict[check.id] = {std::string("cannot be checked: ") + error.what()};
    }
    evidence.sql.Run("ROLLBACK TO SAVEPOINT judged");
  }
  evidence.sql.Run("ROLLBACK");
  return verdict;
}

std::vector<std::string> Failed(const Verdict& verdict) {
  std::vector<std::string> failed;
  for (const auto& [id, violations] : verdict) {
    if (!violations.empty()) failed.push_back(id);
  }
  return failed;
}

std::vector<std::string> Sources(test::AdminSql& sql) {
  std::vector<std::string> sources;
  for (const auto& row : sql.Query(
           "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
           "c.relname = 'events' AND c.relkind = 'r' ORDER BY 1")) {
    sources.push_back(*row[0]);
  }
  return sources;
}

std::string Bytes(const std::optional<std::string>& column) {
  std::string bytes;
  if (!column || column->rfind("\\x", 0) != 0) return bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (size_t i = 2; i + 1 < column->size(); i += 2) {
    bytes += static_cast<char>(digit((*column)[i]) * 16 + digit((*column)[i + 1]));
  }
  return bytes;
}

}  // namespace zonelink::chaos
