// SPDX-License-Identifier: Apache-2.0
#include "platform/db/migrate.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <pqxx/pqxx>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"
#include "platform/db/pool.h"
#include "platform_migrations.h"

namespace zonelink::db {
namespace {

// Every schema of a database is migrated under one lock: two starts must not race.
constexpr int64_t kMigrationLock = 0x5a4c4d49475241LL;

// The platform's files come before the service's own and are numbered apart from them.
struct NumberedFile {
  std::string id;  // platform/0001_platform.sql
  std::string_view sql;
};

std::vector<NumberedFile> FilesOf(const Schema& schema) {
  std::vector<NumberedFile> files;
  for (const Migration& file : PlatformMigrations())
    files.push_back({fmt::format("platform/{}", file.name), file.sql});
  for (const Migration& file : schema.migrations)
    files.push_back({fmt::format("{}/{}", schema.name, file.name), file.sql});
  return files;
}

std::string RoleOf(const Schema& schema) { return "zl_" + schema.name; }

std::string Replaced(std::string text, std::string_view from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::optional<std::string> FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line) || line.empty()) return std::nullopt;
  return line;
}

// The role's password, made where the file is missing. Written beside and linked into place: of two
// who make it at the same time one wins and both use the winner's.
Result<std::string> PasswordOf(const std::string& dir, const std::string& role) {
  const std::string path = dir + "/" + role + ".password";
  if (auto password = FirstLine(path)) return *std::move(password);
  const std::string fresh = fmt::format("{}.{}.new", path, getpid());
  const std::string line = crypto::Base64UrlEncode(crypto::RandomBytes(24)) + "\n";
  const int fd = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool written = fd >= 0;
  written = written && write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  written = written && fsync(fd) == 0;
  if (fd >= 0) close(fd);
  if (written && link(fresh.c_str(), path.c_str()) != 0 && errno != EEXIST) written = false;
  unlink(fresh.c_str());
  auto password = FirstLine(path);
  if (!written || !password) {
    return FailedPrecondition("SECRET_UNWRITABLE", fmt::format("cannot write {}", path));
  }
  return *std::move(password);
}

// The SCRAM verifier is computed here, so that the password never reaches the server's logs.
std::string ScramVerifier(const std::string& admin_url, const std::string& role,
                          const std::string& password) {
  PGconn* link = PQconnectdb(admin_url.c_str());
  char* verifier = PQencryptPasswordConn(link, password.c_str(), role.c_str(), "scram-sha-256");
  const std::string text = verifier == nullptr ? "" : verifier;
  PQfreemem(verifier);
  PQfinish(link);
  return text;
}

void CreateRolesOnce(pqxx::work& work, const std::string& role, const std::string& verifier) {
  for (const char* suffix : {"_owner", "_auditor", "_public", "_relay", "_writer", "_timer"}) {
    work.exec(fmt::format(
        "DO $$ BEGIN CREATE ROLE {0} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE; "
        "EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        role + suffix));
  }
  work.exec(
      fmt::format("DO $$ BEGIN CREATE ROLE {0} LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB "
                  "NOCREATEROLE; "
                  "EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                  role));
  work.exec(fmt::format("ALTER ROLE {} PASSWORD {}", role, work.quote(verifier)));
  work.exec(
      fmt::format("GRANT {0}_auditor, {0}_public, {0}_relay, {0}_writer, {0}_timer TO {0}", role));
  work.exec(fmt::format("GRANT {}_owner TO CURRENT_USER", role));
}

// Roles belong to the whole cluster: another database's migration may be changing them right now,
// and PostgreSQL then refuses one of the two.
void CreateRoles(pqxx::connection& link, const std::string& role, const std::string& verifier) {
  for (int tries_left = 10;; --tries_left) {
    try {
      pqxx::work work(link);
      CreateRolesOnce(work, role, verifier);
      work.commit();
      return;
    } catch (const pqxx::sql_error&) {
      if (tries_left == 0) throw;
    }
  }
}

void CreateSchema(pqxx::work& work, const Schema& schema) {
  const std::string role = RoleOf(schema);
  work.exec(
      fmt::format("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}_owner", schema.name, role));
  work.exec(fmt::format(
      "GRANT USAGE ON SCHEMA {0} TO {1}, {1}_auditor, {1}_public, {1}_relay, {1}_writer, {1}_timer",
      schema.name, role));
  work.exec(
      fmt::format("CREATE TABLE IF NOT EXISTS {0}.schema_migrations (id text PRIMARY KEY, checksum "
                  "text NOT NULL, "
                  "applied_at timestamptz NOT NULL DEFAULT clock_timestamp())",
                  schema.name));
  work.exec(fmt::format("ALTER TABLE {0}.schema_migrations OWNER TO {1}_owner", schema.name, role));
  work.exec(fmt::format("GRANT SELECT ON {0}.schema_migrations TO {1}", schema.name, role));
}

// The controllable clock's one offset; it belongs to no service.
void CreateClock(pqxx::work& work) {
  work.exec(
      "CREATE SCHEMA IF NOT EXISTS clock;"
      "CREATE TABLE IF NOT EXISTS clock.setting (one boolean PRIMARY KEY DEFAULT true CHECK (one), "
      "offset_us bigint NOT NULL);"
      "INSERT INTO clock.setting (offset_us) VALUES (0) ON CONFLICT DO NOTHING");
}

void OpenClockTo(pqxx::work& work, const std::string& role) {
  const std::string readers = fmt::format(
      "{0}, {0}_owner, {0}_relay, {0}_auditor, {0}_public, {0}_writer, {0}_timer", role);
  work.exec("GRANT USAGE ON SCHEMA clock TO " + readers);
  work.exec("GRANT SELECT ON clock.setting TO " + readers);
  if (role == "zl_directory")
    work.exec("GRANT UPDATE (offset_us) ON clock.setting TO zl_directory");
}

std::map<std::string, std::string> Applied(pqxx::transaction_base& work,
                                           const std::string& schema) {
  std::map<std::string, std::string> applied;
  for (const auto& row :
       work.exec(fmt::format("SELECT id, checksum FROM {}.schema_migrations", schema))) {
    applied[row[0].as<std::string>()] = row[1].as<std::string>();
  }
  return applied;
}

Status Changed(const NumberedFile& file) {
  return FailedPrecondition(
      "MIGRATION_CHANGED",
      fmt::format("{} was applied with other contents; migrations are never edited, only added",
                  file.id));
}

Status ApplyFile(pqxx::connection& link, const Schema& schema, const NumberedFile& file) {
  const std::string role = RoleOf(schema);
  std::string sql = Replaced(std::string(file.sql), "{{role}}", role);
  sql = Replaced(std::move(sql), "{{schema}}", schema.name);
  pqxx::work work(link);
  work.exec(fmt::format("SET LOCAL ROLE {}_owner", role));
  work.exec(fmt::format("SET LOCAL search_path = {}", schema.name));
  work.exec(sql);
  work.exec_params(
      fmt::format("INSERT INTO {}.schema_migrations (id, checksum) VALUES ($1, $2)", schema.name),
      file.id, crypto::HexEncode(crypto::Sha256(file.sql)));
  work.commit();
  return Done{};
}

}  // namespace

std::span<const Migration> PlatformMigrations() {
  static const std::vector<Migration> files = FromEmbedded(platform_migrations::kFiles);
  return files;
}

Result<std::vector<std::string>> Migrate(const Schema& schema, const MigrateOptions& options) {
  const std::string role = RoleOf(schema);
  const Result<std::string> password = PasswordOf(options.password_dir, role);
  if (!password) return password.error();
  try {
    pqxx::connection link(options.admin_url);
    pqxx::nontransaction(link).exec(fmt::format("SELECT pg_advisory_lock({})", kMigrationLock));
    {
      CreateRoles(link, role, ScramVerifier(options.admin_url, role, *password));
      pqxx::work work(link);
      CreateSchema(work, schema);
      CreateClock(work);
      OpenClockTo(work, role);
      work.commit();
    }
    std::map<std::string, std::string> applied;
    {
      pqxx::nontransaction read(link);
      applied = Applied(read, schema.name);
    }
    std::vector<std::string> fresh;
    for (const NumberedFile& file : FilesOf(schema)) {
      const auto found = applied.find(file.id);
      if (found == applied.end()) {
        if (const Status status = ApplyFile(link, schema, file); !status) return status.error();
        fresh.push_back(file.id);
      } else if (found->second != crypto::HexEncode(crypto::Sha256(file.sql))) {
        return Changed(file).error();
      }
    }
    return fresh;
  } catch (const pqxx::failure& fault) {
    return FailedPrecondition("MIGRATION_FAILED", fmt::format("{}: {}", schema.name, fault.what()));
  }
}

Status SetClockOffset(const std::string& admin_url, std::chrono::microseconds offset) {
  try {
    pqxx::connection link(admin_url);
    pqxx::work work(link);
    work.exec_params("UPDATE clock.setting SET offset_us = $1 WHERE offset_us = 0", offset.count());
    work.commit();
    return Done{};
  } catch (const pqxx::failure& fault) {
    return Unavailable("DATABASE_UNAVAILABLE", fault.what());
  }
}

Status CheckSchema(const Schema& schema, const std::string& url, const std::string& role,
                   const std::string& password) {
  try {
    pqxx::connection link(ConnectionString(url, role, password, schema.name));
    pqxx::nontransaction read(link);
    const auto applied = Applied(read, schema.name);
    for (const NumberedFile& file : FilesOf(schema)) {
      const auto found = applied.find(file.id);
      if (found == applied.end()) {
        return FailedPrecondition(
            "SCHEMA_TOO_OLD", fmt::format("{} is not applied; run `zonelinkd migrate`", file.id));
      }
      if (found->second != crypto::HexEncode(crypto::Sha256(file.sql))) return Changed(file);
    }
    return Done{};
  } catch (const pqxx::undefined_table&) {
    return FailedPrecondition(
        "SCHEMA_TOO_OLD",
        fmt::format("schema {} does not exist; run `zonelinkd migrate`", schema.name));
  } catch (const pqxx::failure& fault) {
    return Unavailable("DATABASE_UNAVAILABLE", fmt::format("{}: {}", schema.name, fault.what()));
  }
}

}  // namespace zonelink::db
