// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "platform/crypto/crypto.h"
#include "tests/support/child.h"

namespace zonelink::test {
namespace {

constexpr const char* kTemplatePrefix = "zl_template_";
// Only one program at a time makes or replaces the template.
constexpr const char* kTemplateLock = "SELECT pg_advisory_lock(7363821950)";

// Changes whenever the binary does; it embeds the migrations.
std::string BinaryVersion(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) throw std::runtime_error(path + " is not built");
  const std::string facts =
      fmt::format("{} {} {}.{}", path, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
  return crypto::HexEncode(crypto::Sha256(facts)).substr(0, 16);
}

std::string PasswordDir(const Settings& settings) {
  const std::string dir = settings.scratch_dir + "/passwords";
  std::filesystem::create_directories(dir);
  std::filesystem::permissions(dir, std::filesystem::perms::owner_all);
  return dir;
}

void RunOrThrow(std::vector<std::string> argv, const std::string& log) {
  const std::string what = argv[0] + " " + argv[1];
  const int code = RunToEnd(std::move(argv), log);
  if (code != 0)
    throw std::runtime_error(fmt::format("{} ended with {}:\n{}", what, code, Tail(log)));
}

void MakeTemplate(const Settings& settings, const std::string& name) {
  const std::string dir = settings.scratch_dir + "/" + name;
  std::filesystem::create_directories(dir);
  const auto files = MakeDeploymentFiles(dir);
  const std::string config = dir + "/config.yaml";
  WritePrivateFile(config,
                   fmt::format(R"(database:
  url: "{}"
  admin_url: "{}"
  password_dir: "{}"
auth:
  signing_key_file: "{}"
  secret_file: "{}"
clock:
  controllable: true
)",
                               settings.cluster.ServiceUrl(name), settings.cluster.AdminUrl(name),
                               PasswordDir(settings), files.signing_key_file, files.secret_file));
  WritePrivateFile(dir + "/password", std::string(kPassword) + "\n");
  const std::string log = dir + "/log";
  RunOrThrow({settings.Zonelinkd(), "migrate", "--config", config}, log);
  RunOrThrow(
      {settings.Zonelinkd(), "bootstrap", "--config", config, "--password-file", dir + "/password"},
      log);
}

// Templates of older binaries; one that is being cloned stays.
void DropOldTemplates(AdminSql& sql, const std::string& keep) {
  for (const auto& row :
       sql.Query("SELECT datname FROM pg_database WHERE starts_with(datname, $1) AND datname <> $2",
                 {kTemplatePrefix, keep})) {
    try {
      sql.Run(fmt::format("DROP DATABASE IF EXISTS {}", *row[0]));
    } catch (const std::runtime_error&) {
      continue;  // in use; the next new template drops it
    }
  }
}

std::string UniqueName() { return "zl_test_" + crypto::HexEncode(crypto::RandomBytes(8)); }

}  // namespace

void WritePrivateFile(const std::string& path, const std::string& text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written =
      fd >= 0 && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (fd >= 0) close(fd);
  if (!written) throw std::runtime_error("cannot write " + path);
}

void WriteEd25519Key(const std::string& path) {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  WritePrivateFile(path, std::string(data, static_cast<size_t>(size)));
  BIO_free(memory);
  EVP_PKEY_free(key);
}

DeploymentFiles MakeDeploymentFiles(const std::string& dir) {
  DeploymentFiles files{.signing_key_file = dir + "/signing.pem",
                        .next_signing_key_file = dir + "/next_signing.pem",
                        .secret_file = dir + "/secret",
                        .ledger_key_file = dir + "/ledger.pem",
                        .documents_key_file = dir + "/documents.key"};
  WriteEd25519Key(files.signing_key_file);
  WriteEd25519Key(files.next_signing_key_file);
  WriteEd25519Key(files.ledger_key_file);
  WritePrivateFile(files.documents_key_file, crypto::HexEncode(crypto::RandomBytes(32)) + "\n");
  WritePrivateFile(files.secret_file, crypto::HexEncode(crypto::RandomBytes(32)) + "\n");
  return files;
}

TestDatabase TestDatabase::Cloned(const Settings& settings, std::optional<Time> clock) {
  const std::string version = BinaryVersion(settings.Zonelinkd());
  const std::string source = kTemplatePrefix + version;
  AdminSql sql(settings.cluster.admin_url);
  sql.Query(kTemplateLock);
  if (sql.Query("SELECT 1 FROM pg_database WHERE datname = $1", {source}).empty()) {
    // Made under another name first: a half-made template must not be found.
    const std::string fresh = UniqueName();
    sql.Run("CREATE DATABASE " + fresh);
    sql.Run("REVOKE TEMPORARY ON DATABASE " + fresh + " FROM PUBLIC");  // as a deployment's
    MakeTemplate(settings, fresh);
    sql.Run(fmt::format("ALTER DATABASE {} RENAME TO {}", fresh, source));
    DropOldTemplates(sql, source);
  }
  TestDatabase database(settings, UniqueName());
  sql.Run(fmt::format("CREATE DATABASE {} TEMPLATE {}", database.name_, source));
  sql.Run("SELECT pg_advisory_unlock_all()");
  const auto offset =
      clock
          ? *clock - std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())
          : std::chrono::microseconds(0);
  database.Admin().Query("UPDATE clock.setting SET offset_us = $1::bigint",
                         {std::to_string(offset.count())});
  return database;
}

TestDatabase TestDatabase::Empty(const Settings& settings) {
  TestDatabase database(settings, UniqueName());
  AdminSql(settings.cluster.admin_url).Run("CREATE DATABASE " + database.name_);
  return database;
}

TestDatabase::TestDatabase(TestDatabase&& other) noexcept
    : settings_(std::move(other.settings_)), name_(std::exchange(other.name_, {})) {}

TestDatabase::~TestDatabase() {
  if (name_.empty()) return;
  try {
    AdminSql(settings_.cluster.admin_url)
        .Run(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_));
  } catch (const std::runtime_error& error) {
    std::fprintf(stderr, "left behind: %s\n", error.what());
  }
}

std::string TestDatabase::password_dir() const { return PasswordDir(settings_); }

}  // namespace zonelink::test
