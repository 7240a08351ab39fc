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

// The role's password, made where the file is missing.
Result<std::string> PasswordOf(const std::string& dir, const std::string& role) {
  const std::string path = dir + "/" + role + ".password";
  if (std::ifstream file(path); file) {
    std::string password;
    std::getline(file, password);
    if (!password.empty()) return password;
  }
  const std::string password = crypto::Base64UrlEncode(crypto::RandomBytes(24));
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return FailedPrecondition("SECRET_UNWRITABLE", fmt::format("cannot write {}", path));
  const std::string line = password + "\n";
  const bool written =
      write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && fsync(fd) == 0;
  close(fd);
  if (!written)
    return FailedPrecondition("SECRET_UNWRITABLE", fmt::format("cannot write {}", path));
  return password;
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

void CreateRoles(pqxx::work& work, const std::string& role, const std::string& verifier) {
  for (const char* suffix : {"_owner", "_auditor", "_public", "_relay"}) {
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
  work.exec(fmt::format("GRANT {0}_auditor, {0}_public, {0}_relay TO {0}", role));
}

void CreateSchema(pqxx::work& work, const Schema& schema) {
  const std::string role = RoleOf(schema);
  work.exec(
      fmt::format("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}_owner", schema.name, role));
  work.exec(fmt::format("GRANT USAGE ON SCHEMA {0} TO {1}, {1}_auditor, {1}_public, {1}_relay",
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
      "DO $$ BEGIN CREATE ROLE zl_clock NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
      "CREATE SCHEMA IF NOT EXISTS clock;"
      "CREATE TABLE IF NOT EXISTS clock.setting (one boolean PRIMARY KEY DEFAULT true CHECK (one), "
      "offset_us bigint NOT NULL);"
      "INSERT INTO clock.setting (offset_us) VALUES (0) ON CONFLICT DO NOTHING;"
      "GRANT USAGE ON SCHEMA clock TO zl_clock; GRANT SELECT ON clock.setting TO zl_clock");
}

void OpenClockTo(pqxx::work& work, const std::string& role) {
  work.exec(
      fmt::format("GRANT USAGE ON SCHEMA clock TO {0}, {0}_relay, {0}_auditor, {0}_public", role));
  work.exec(fmt::format("GRANT SELECT ON clock.setting TO {0}, {0}_relay, {0}_auditor, {0}_public",
                        role));
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
      pqxx::work work(link);
      CreateRoles(work, role, ScramVerifier(options.admin_url, role, *password));
      work.exec(fmt::format("GRANT {}_owner TO CURRENT_USER", role));
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
