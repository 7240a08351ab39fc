// SPDX-License-Identifier: Apache-2.0
// Forward-only numbered migrations, embedded in the binary with their checksums.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::db {

// One file of a service's migrations/, embedded at build time.
struct Migration {
  int version;            // from the file's name, 0001…
  std::string_view name;  // 0001_zones.sql
  std::string_view sql;
};

// A service's schema: its name gives schema and roles (`zl_<name>`, `_owner`, `_auditor`, `_public`, `_relay`).
struct Schema {
  std::string name;
  std::span<const Migration> migrations;
};

struct MigrateOptions {
  std::string admin_url;     // may create roles and schemas
  std::string password_dir;  // <role>.password is made where it is missing
};

// Creates roles and schema where missing, applies what is new, each file in its own transaction.
// Returns the names of the files applied. Refuses when an applied file's checksum changed:
// FailedPrecondition `MIGRATION_CHANGED`.
Result<std::vector<std::string>> Migrate(const Schema& schema, const MigrateOptions& options);

// Start-up check over the service's own connection string: every migration known to this binary is
// applied, with the same checksum. Newer ones are accepted. FailedPrecondition `SCHEMA_TOO_OLD`,
// `MIGRATION_CHANGED`.
Status CheckSchema(const Schema& schema, const std::string& url, const std::string& role, const std::string& password);

// The shared tables of every service schema: idempotency, events, cursors.
std::span<const Migration> PlatformMigrations();

}  // namespace zonelink::db
