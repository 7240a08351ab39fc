// SPDX-License-Identifier: Apache-2.0
#include "tests/support/settings.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string_view>

namespace zonelink::test {
namespace {

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(2);
}

std::string Needed(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') {
    Die(fmt::format("{} is not set; `./dev test` sets it and starts a test cluster", name));
  }
  return value;
}

// One keyword of a connection string, quoted as libpq wants it.
std::string Pair(std::string_view keyword, std::string_view value) {
  std::string quoted;
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return fmt::format("{}='{}' ", keyword, quoted);
}

std::string Rebuild(const std::string& url, const std::string& database,
                    const std::function<bool(std::string_view)>& keep) {
  char* error = nullptr;
  PQconninfoOption* options = PQconninfoParse(url.c_str(), &error);
  if (options == nullptr) {
    Die(fmt::format("ZONELINK_TEST_ADMIN_URL: {}", error == nullptr ? "out of memory" : error));
  }
  std::string text = Pair("dbname", database);
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    const std::string_view keyword = option->keyword;
    if (option->val == nullptr || keyword == "dbname" || !keep(keyword)) continue;
    text += Pair(keyword, option->val);
  }
  PQconninfoFree(options);
  text.pop_back();
  return text;
}

}  // namespace

std::string Cluster::AdminUrl(const std::string& database) const {
  return Rebuild(admin_url, database, [](std::string_view) { return true; });
}

std::string Cluster::ServiceUrl(const std::string& database) const {
  return Rebuild(admin_url, database, [](std::string_view keyword) {
    return keyword != "user" && keyword != "password" && keyword != "passfile";
  });
}

Settings ReadSettings() {
  Settings settings{.cluster = {.admin_url = Needed("ZONELINK_TEST_ADMIN_URL")},
                    .scratch_dir = Needed("ZONELINK_TEST_DIR"),
                    .bin_dir = Needed("ZONELINK_BIN_DIR")};
  const char* mode = std::getenv("ZONELINK_TEST_MODE");
  settings.many = mode != nullptr && std::string_view(mode) == "many";
  std::filesystem::create_directories(settings.scratch_dir);
  return settings;
}

}  // namespace zonelink::test
