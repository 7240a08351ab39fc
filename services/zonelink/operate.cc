// SPDX-License-Identifier: Apache-2.0
#include "zonelink/operate.h"

#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "directory/bootstrap.h"
#include "documents/key_ring.h"
#include "ledger/settings.h"
#include "platform/config/config.h"
#include "platform/core/clock.h"
#include "platform/crypto/crypto.h"
#include "zonelink/modules.h"
#include "zonelink/peers.h"

namespace zonelink {
namespace {

constexpr uint64_t kLeastFreeBytes = 1ull << 30;

// One line of the doctor's report.
bool Report(const char* what, const Status& status, const char* mend) {
  if (status) {
    fmt::print("  ok    {}\n", what);
    return true;
  }
  fmt::print("  WRONG {}: {}\n        {}\n", what, status.error().message, mend);
  return false;
}

Status CheckSecrets(const config::v1::Config& config) {
  if (config.auth().secret_file().empty())
    return InvalidArgument("CONFIG_INVALID", "auth.secret_file is missing");
  const Result<std::string> secret = config::ReadSecret(config.auth().secret_file());
  if (!secret) return secret.error();
  if (secret->size() < 32)
    return FailedPrecondition("SECRET_SHORT", "secret_file must hold at least 32 bytes");
  return Done{};
}

Status CheckKeys(const config::v1::Config& config) {
  if (config.auth().signing_key_file().empty())
    return InvalidArgument("CONFIG_INVALID", "auth.signing_key_file is missing");
  const auto key = crypto::Ed25519Key::FromPemFile(config.auth().signing_key_file());
  if (!key) return key.error();
  if (config.auth().next_signing_key_file().empty()) return Done{};
  const auto next = crypto::Ed25519Key::FromPemFile(config.auth().next_signing_key_file());
  if (!next) return next.error();
  return Done{};
}

Status CheckAddresses(const config::v1::Config& config) {
  const auto& http = config.http();
  const bool tls = !http.tls_certificate_file().empty();
  if (tls != !http.tls_key_file().empty()) {
    return InvalidArgument("CONFIG_INVALID",
                           "http.tls_certificate_file and http.tls_key_file go together");
  }
  if (!tls && !IsLoopback(http.address())) {
    return InvalidArgument(
        "CONFIG_INVALID",
        "http.address is not loopback: set http.tls_certificate_file and http.tls_key_file");
  }
  return Done{};
}

bool Runs(const std::vector<const ModuleEntry*>& chosen, std::string_view target) {
  return std::any_of(chosen.begin(), chosen.end(),
                     [&](const ModuleEntry* entry) { return entry->target == target; });
}

bool UsesDatabase(const std::vector<const ModuleEntry*>& chosen) {
  return std::any_of(chosen.begin(), chosen.end(),
                     [](const ModuleEntry* entry) { return entry->schema != nullptr; });
}

Status CheckDocuments(const config::v1::Config& config) {
  if (const auto keys = documents::KeyRing::Read(config.documents()); !keys) return keys.error();
  return Done{};
}

Status CheckLedger(const config::v1::Config& config) {
  const config::v1::Ledger& ledger = config.ledger();
  if (const auto settings = ledger::ReadSettings(ledger); !settings) return settings.error();
  if (ledger.signing_key_file() == config.auth().signing_key_file() ||
      ledger.signing_key_file() == config.auth().next_signing_key_file()) {
    return InvalidArgument("CONFIG_INVALID",
                           "ledger.signing_key_file is one of auth's: the ledger's key signs "
                           "nothing but checkpoints");
  }
  const std::string folder = std::filesystem::path(ledger.state_file()).parent_path();
  if (::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0) return Done{};
  return InvalidArgument(
      "CONFIG_INVALID", fmt::format("ledger.state_file: the folder of {} is absent or not writable",
                                    ledger.state_file()));
}

// Publishing has stopped where the database contradicts what was signed.
Status CheckNotFrozen(const config::v1::Ledger& ledger) {
  const std::string evidence = ledger.state_file() + ".frozen";
  if (::access(evidence.c_str(), F_OK) != 0) return Done{};
  return FailedPrecondition("LEDGER_FROZEN",
                            fmt::format("publishing has stopped, see {}", evidence));
}

Status CheckDisk(const std::string& path) {
  struct statvfs disk {};
  if (statvfs(path.c_str(), &disk) != 0)
    return FailedPrecondition("DISK", fmt::format("cannot look at {}", path));
  const uint64_t left = static_cast<uint64_t>(disk.f_bavail) * disk.f_frsize;
  if (left < kLeastFreeBytes)
    return FailedPrecondition("DISK", fmt::format("{} MiB are left at {}", left >> 20, path));
  return Done{};
}

// The database's clock and this machine's: tokens and leases rest on wall time.
Status CheckWallClock(db::Database& database) {
  constexpr static db::Sql kNow{"doctor.now", "SELECT clock_timestamp() AS now"};
  Time there;
  const Status asked = database.System("doctor", [&](db::Tx& tx) -> Status {
    there = tx.Exec(kNow)[0].At("now");
    return Done{};
  });
  if (!asked) return asked;
  const auto apart = there - SystemClock().Now();
  if (apart < std::chrono::seconds(5) && apart > -std::chrono::seconds(5)) return Done{};
  return FailedPrecondition("CLOCK_SKEW", "the database's clock differs by more than 5 seconds");
}

bool LookAtSchema(const config::v1::Config& config, const ModuleEntry& entry) {
  if (entry.schema == nullptr) return true;
  const std::string name(entry.target);
  Result<db::Options> options = DatabaseOptions(config, name);
  if (!options) {
    return Report((name + ": password").c_str(), options.error(),
                  "run `zonelinkd migrate`: it makes missing passwords");
  }
  const bool migrated =
      Report((name + ": migrations").c_str(),
             db::CheckSchema(*entry.schema(), options->url, options->role, options->password),
             "is PostgreSQL running? then run `zonelinkd migrate`");
  db::Database database(*std::move(options));
  return Report((name + ": database clock").c_str(), CheckWallClock(database),
                "synchronise the clocks (NTP)") &&
         migrated;
}

}  // namespace

Status MigrateAll(const config::v1::Config& config, const std::string& clock_start) {
  std::optional<Time> start;
  if (!clock_start.empty()) {
    start = ParseTime(clock_start);
    if (!start) return InvalidArgument("TIME_INVALID", "--clock-start is not an RFC 3339 time");
    if (!config.clock().controllable())
      return FailedPrecondition("CLOCK_NOT_CONTROLLABLE", "--clock-start needs clock.controllable");
  }
  const db::MigrateOptions options{config.database().admin_url(), config.database().password_dir()};
  for (const ModuleEntry& entry : Modules()) {
    if (entry.schema == nullptr) continue;
    const Result<std::vector<std::string>> applied = db::Migrate(*entry.schema(), options);
    if (!applied) return applied.error();
    for (const std::string& file : *applied) fmt::print("applied {}\n", file);
    if (applied->empty()) fmt::print("{} is up to date\n", entry.target);
  }
  if (!start) return Done{};
  return db::SetClockOffset(config.database().admin_url(), *start - SystemClock().Now());
}

Status BootstrapAll(const config::v1::Config& config, const std::string& password_file) {
  const Result<std::string> password = config::ReadSecret(password_file);
  if (!password) return password.error();
  Result<db::Options> options = DatabaseOptions(config, "directory");
  if (!options) return options.error();
  db::Database database(*std::move(options));
  return directory::Bootstrap(database, *password);
}

Status CheckConfig(const config::v1::Config& config, const std::string& target) {
  const Result<std::vector<const ModuleEntry*>> chosen = ChosenModules(target);
  if (!chosen) return chosen.error();
  if (const Status addresses = CheckAddresses(config); !addresses) return addresses;
  if (UsesDatabase(*chosen) && config.database().url().empty())
    return InvalidArgument("CONFIG_INVALID", "database.url is missing");
  if (const Status peers = CheckPeers(config, *chosen); !peers) return peers;
  if (const Status secrets = CheckSecrets(config); !secrets) return secrets;
  if (Runs(*chosen, "directory")) {
    if (const Status keys = CheckKeys(config); !keys) return keys;
  }
  if (Runs(*chosen, "documents")) {
    if (const Status keys = CheckDocuments(config); !keys) return keys;
  }
  return Runs(*chosen, "ledger") ? CheckLedger(config) : Status(Done{});
}

bool Doctor(const config::v1::Config& config, const std::string& target) {
  bool well = Report("addresses and TLS", CheckAddresses(config),
                     "mend the http section of the configuration");
  well &= Report("deployment secret", CheckSecrets(config),
                 "write 32 random bytes to auth.secret_file, readable by the owner only");
  const Result<std::vector<const ModuleEntry*>> chosen = ChosenModules(target);
  if (!chosen) return Report("target", chosen.error(), "name targets of --list-targets");
  if (Runs(*chosen, "directory")) {
    well &= Report("signing keys", CheckKeys(config),
                   "make one: openssl genpkey -algorithm ed25519 -out FILE, then chmod 600");
  }
  well &= Report("certificates between processes", CheckPeers(config, *chosen),
                 "mend the grpc section; `./dev certs` shows how certificates are made");
  if (IsSplit(*chosen)) {
    well &= Report("certificates between processes: time left", CheckPeersExpiry(config),
                   "replace certificate and key: see `Certificates` in docs/operations.md");
  }
  if (Runs(*chosen, "ledger")) {
    well &= Report("ledger: key, state and witnesses", CheckLedger(config),
                   "mend the ledger section; `zonelinkd verifier-key` prints verifier keys");
    well &= Report("ledger: publishing", CheckNotFrozen(config.ledger()),
                   "keep that file, the database and the logs: they are evidence; then see "
                   "`Publishing is frozen` in docs/operations.md");
  }
  if (Runs(*chosen, "documents")) {
    well &= Report("documents: keys", CheckDocuments(config),
                   "make one: openssl rand -hex 32 > FILE, then chmod 600; if documents are stored "
                   "already, bring back the key they were stored with");
  }
  if (!UsesDatabase(*chosen)) return well;
  well &= Report("disk space", CheckDisk(config.database().password_dir()), "free some space");
  for (const ModuleEntry* entry : *chosen) well &= LookAtSchema(config, *entry);
  return well;
}

}  // namespace zonelink
