// SPDX-License-Identifier: Apache-2.0
#include "platform/db/scratch_database.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <pqxx/pqxx>
#include <sstream>

#include "platform/core/check.h"
#include "platform/core/clock.h"
#include "platform/crypto/crypto.h"

namespace zonelink::db {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) std::fprintf(stderr, "%s is not set: run the tests by ./dev test\n", name);
  ZL_CHECK(value != nullptr, "the test cluster's environment");
  return value;
}

// The connection string with dbname, and with user and passfile too unless `bare`.
std::string WithDatabase(const std::string& url, const std::string& name, bool bare) {
  std::istringstream words(url);
  std::string out;
  for (std::string word; words >> word;) {
    if (word.rfind("dbname=", 0) == 0) continue;
    if (bare && (word.rfind("user=", 0) == 0 || word.rfind("passfile=", 0) == 0)) continue;
    out += word + " ";
  }
  return out + "dbname=" + name;
}

void RunAlone(const std::string& url, const std::string& sql) {
  pqxx::connection link(url);
  pqxx::nontransaction(link).exec(sql);
}

}  // namespace

ScratchDatabase::ScratchDatabase(const Schema& schema)
    : name_("zl_scratch_" + crypto::HexEncode(crypto::RandomBytes(6))),
      cluster_url_(Environment("ZONELINK_TEST_ADMIN_URL")),
      admin_url_(WithDatabase(cluster_url_, name_, false)),
      url_(WithDatabase(cluster_url_, name_, true)),
      // Roles belong to the whole cluster, so all tests share their passwords.
      password_dir_(Environment("ZONELINK_TEST_DIR") + "/passwords") {
  std::filesystem::create_directories(password_dir_);
  RunAlone(cluster_url_, "CREATE DATABASE " + name_);
  // As a deployment's.
  RunAlone(cluster_url_, "REVOKE TEMPORARY ON DATABASE " + name_ + " FROM PUBLIC");
  const auto applied = Migrate(schema, {admin_url_, password_dir_});
  if (!applied) std::fprintf(stderr, "%s\n", applied.error().message.c_str());
  ZL_CHECK(applied.has_value(), "a schema that migrates");
}

ScratchDatabase::~ScratchDatabase() {
  RunAlone(cluster_url_, "DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
}

Options ScratchDatabase::OptionsFor(const Schema& schema) const {
  Options options;
  options.url = url_;
  options.role = "zl_" + schema.name;
  options.schema = schema.name;
  std::ifstream(password_dir_ + "/" + options.role + ".password") >> options.password;
  return options;
}

void ScratchDatabase::Admin(const std::string& sql) { RunAlone(admin_url_, sql); }

std::string ScratchDatabase::AdminText(const std::string& sql) {
  pqxx::connection link(admin_url_);
  return pqxx::nontransaction(link).exec(sql)[0][0].c_str();
}

}  // namespace zonelink::db
