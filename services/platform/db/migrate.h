// SPDX-License-Identifier: Apache-2.0
// Forward-only numbered migrations, embedded in the binary with their checksums.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::db {

// One file of a service's migrations/, embedded at build time.
struct Migration {
  std::string_view name;  // 0001_zones.sql
  std::string_view sql;
};

// The files that zl_embed made, in their order. `Embedded` is its generated {name, contents}.
template <class Embedded, size_t count>
std::vector<Migration> FromEmbedded(const Embedded (&files)[count]) {
  std::vector<Migration> migrations;
  for (const Embedded& file : files) migrations.push_back({file.name, file.contents});
  return migrations;
}

// A service's schema: its name gives schema and roles (`zl_<name>`, `_owner`, `_auditor`,
// `_public`, `_relay`, `_writer`, `_timer`).
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
Status CheckSchema(const Schema& schema, const std::string& url, const std::string& role,
                   const std::string& password);

// Where the controllable clock of a new deployment starts: sets its offset if it is still zero.
Status SetClockOffset(const std::string& admin_url, std::chrono::microseconds offset);

// The shared tables of every service schema: idempotency, events, cursors.
std::span<const Migration> PlatformMigrations();

}  // namespace zonelink::db
