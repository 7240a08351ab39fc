// SPDX-License-Identifier: Apache-2.0
#include "platform/module.h"

#include <fmt/format.h>

#include "platform/config/config.h"

namespace zonelink {

Result<db::Options> DatabaseOptions(const config::v1::Config& config, const std::string& service) {
  const config::v1::Database& database = config.database();
  db::Options options;
  const auto own = database.service_urls().find(service);
  options.url = own == database.service_urls().end() ? database.url() : own->second;
  options.role = "zl_" + service;
  options.schema = service;
  if (database.pool_size() != 0) options.pool_size = database.pool_size();
  options.controllable_clock = config.clock().controllable();
  Result<std::string> password =
      config::ReadSecret(fmt::format("{}/{}.password", database.password_dir(), options.role));
  if (!password) return std::move(password).error();
  options.password = *std::move(password);
  return options;
}

}  // namespace zonelink
