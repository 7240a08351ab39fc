// SPDX-License-Identifier: Apache-2.0
// Real zonelinkd processes on a database of their own: one with all targets, or one per target with
// mutual TLS between them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/core/time.h"
#include "tests/support/child.h"
#include "tests/support/peer_certificates.h"
#include "tests/support/settings.h"
#include "tests/support/test_database.h"

namespace zonelink::test {

struct DeploymentOptions {
  std::optional<Time> clock;                     // what the deployment's clock shows at the start
  std::map<std::string, std::string> limits;     // config keys under `limits`
  std::map<std::string, std::string> auth;       // config keys under `auth`
  std::vector<std::string> witnesses;            // names of witnesses of the ledger, run beside it
  std::map<std::string, std::string> ledger;     // further config keys under `ledger`
  std::map<std::string, std::string> database;   // config keys under `database`
  std::map<std::string, std::string> grpc;       // config keys under `grpc`
  std::map<std::string, std::string> documents;  // config keys under `documents`
  std::optional<bool> many;                      // one process per target; else as the settings say
};

class Deployment {
 public:
  // Returns when every process is ready. Throws std::runtime_error with the logs when one is not.
  explicit Deployment(DeploymentOptions options = {});
  ~Deployment();  // prints the logs when the test has failed
  Deployment(const Deployment&) = delete;

  // The gateway's, without a trailing slash.
  std::string base_url() const;
  // Health and metrics of a target's process.
  std::string admin_url(const std::string& target) const;
  // host:port on which a target's process answers other processes; nothing when all run in one.
  std::optional<std::string> grpc_address(const std::string& target) const;
  // By which the processes know each other; nothing when all run in one.
  PeerCertificates* certificates() const { return certificates_.get(); }
  // `all`, or one per target in the order in which they start.
  std::vector<std::string> targets() const;
  const Settings& settings() const { return settings_; }
  const TestDatabase& database() const { return database_; }
  // Verifier key of the ledger, and of a witness.
  std::string ledger_key() const { return ledger_key_; }
  std::string witness_key(const std::string& name) const;
  // URL before /add-checkpoint, and the folder with what a witness has cosigned.
  std::string witness_url(const std::string& name) const;
  std::string witness_dir(const std::string& name) const;
  // The file outside the database that keeps the last checkpoint signed.
  std::string ledger_state_file() const { return dir_ + "/last-signed"; }
  // The key that wraps the keys of documents.
  std::string documents_key_file() const { return files_.documents_key_file; }
  // Private key of the ledger, PEM.
  std::string ledger_key_file() const { return files_.ledger_key_file; }

  // Ends one process, named by its target or its witness, by a signal and waits until it is gone.
  void Kill(const std::string& target, int signal);
  // Starts it again on the same ports and waits until it is ready.
  void Restart(const std::string& target);
  // Everything that was logged by a target's process.
  std::string LogOf(const std::string& target) const;

 private:
  struct Process;

  void StartWitnesses();
  void Start(Process& process);
  void AwaitReady(Process& process);
  std::string ConfigFor(const Process& process) const;
  std::string GrpcSection(const Process& process) const;
  std::string WitnessConfig(const Process& process) const;
  Process& Find(const std::string& target) const;
  [[noreturn]] void Fail(const Process& process, const std::string& what) const;

  Settings settings_;
  DeploymentOptions options_;
  TestDatabase database_;
  std::string dir_;
  DeploymentFiles files_;
  std::string ledger_key_;
  std::unique_ptr<PeerCertificates> certificates_;
  std::vector<std::unique_ptr<Process>> witnesses_;
  std::vector<std::unique_ptr<Process>> processes_;
};

}  // namespace zonelink::test
