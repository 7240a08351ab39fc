// SPDX-License-Identifier: Apache-2.0
// A database of the test's own, dropped at its end.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "platform/core/time.h"
#include "tests/support/admin_sql.h"
#include "tests/support/settings.h"

namespace zonelink::test {

// Password of the three administrators that `zonelinkd bootstrap` makes, and of every user of the
// tests.
inline constexpr const char* kPassword = "zonelink-sample";

class TestDatabase {
 public:
  // Migrated and bootstrapped: a clone of a template that is made once per binary. `clock`: what
  // the deployment's clock shows now; empty: wall time.
  static TestDatabase Cloned(const Settings& settings, std::optional<Time> clock = std::nullopt);
  // Without any schema.
  static TestDatabase Empty(const Settings& settings);

  TestDatabase(TestDatabase&& other) noexcept;
  ~TestDatabase();

  const std::string& name() const { return name_; }
  std::string admin_url() const { return settings_.cluster.AdminUrl(name_); }
  std::string service_url() const { return settings_.cluster.ServiceUrl(name_); }
  // Holds <role>.password; the roles belong to the cluster, so all tests share it.
  std::string password_dir() const;
  AdminSql Admin() const { return AdminSql(admin_url()); }

 private:
  TestDatabase(Settings settings, std::string name)
      : settings_(std::move(settings)), name_(std::move(name)) {}

  Settings settings_;
  std::string name_;
};

// The files that every process of a deployment needs, made once in `dir`: keys and secrets.
struct DeploymentFiles {
  std::string signing_key_file;
  std::string next_signing_key_file;
  std::string secret_file;
  std::string ledger_key_file;
  std::string documents_key_file;
};
DeploymentFiles MakeDeploymentFiles(const std::string& dir);

// A fresh Ed25519 private key in a PEM file.
void WriteEd25519Key(const std::string& path);

// Text of a file that only its owner may read.
void WritePrivateFile(const std::string& path, const std::string& text);

}  // namespace zonelink::test
