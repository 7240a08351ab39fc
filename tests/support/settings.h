// SPDX-License-Identifier: Apache-2.0
// Where the tests find a database cluster, a scratch folder and the binaries.
#pragma once

#include <string>

namespace zonelink::test {

// Parts of a libpq connection.
struct Cluster {
  std::string admin_url;  // superuser, some existing database

  // The same cluster, another database.
  std::string AdminUrl(const std::string& database) const;
  // Without user and password, as services get it.
  std::string ServiceUrl(const std::string& database) const;
};

struct Settings {
  Cluster cluster;
  std::string scratch_dir;
  std::string bin_dir;
  bool many = false;  // one process per target

  std::string Zonelinkd() const { return bin_dir + "/zonelinkd"; }
};

// From ZONELINK_TEST_ADMIN_URL, ZONELINK_TEST_DIR, ZONELINK_BIN_DIR and ZONELINK_TEST_MODE (`one`,
// the default, or `many`). Ends the program with a sentence when one is missing.
Settings ReadSettings();

}  // namespace zonelink::test
