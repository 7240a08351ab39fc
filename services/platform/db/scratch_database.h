// SPDX-License-Identifier: Apache-2.0
// For tests of the platform: an empty database of its own on the test cluster, dropped at the end.
#pragma once

#include <memory>
#include <string>

#include "platform/db/database.h"
#include "platform/db/migrate.h"

namespace zonelink::db {

class ScratchDatabase {
 public:
  // Creates the database and migrates `schema` into it. Crashes when ZONELINK_TEST_ADMIN_URL is not
  // set: run tests by `./dev test`.
  explicit ScratchDatabase(const Schema& schema);
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;

  Options OptionsFor(const Schema& schema) const;
  const std::string& admin_url() const { return admin_url_; }  // of the new database
  const std::string& password_dir() const { return password_dir_; }
  // Runs statements as the cluster's administrator.
  void Admin(const std::string& sql);
  std::string AdminText(const std::string& sql);  // first column of the first row

 private:
  std::string name_;
  std::string cluster_url_;
  std::string admin_url_;
  std::string url_;
  std::string password_dir_;
};

}  // namespace zonelink::db
