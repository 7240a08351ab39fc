// SPDX-License-Identifier: Apache-2.0
// What a database administrator can do to the evidence, one way at a time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/support/admin_sql.h"

namespace zonelink::chaos {

// What a mutation works on. The services stand still.
struct Scene {
  test::AdminSql& sql;       // superuser, triggers off
  test::AdminSql& older;     // an older backup of the same database
  std::string key_file;      // the log's private key
  std::string verifier_key;  // its public part
  std::string state_file;    // where the log keeps what it has signed last
  std::string older_state;   // contents of that file in the backup
};

struct Mutation {
  std::string what;
  // Who must find it, among others: verifier, publisher, witness, judge. Empty: nothing is left of
  // it once the ledger runs again, and nobody finds anything.
  std::string found_by;
  std::string sql = {};
  std::function<void(Scene&)> act = {};
  bool older_database = false;  // instead: the whole database is replaced by the backup
  // The services' logs may make the very same tree grow again before anybody looks: then nothing is
  // lost, and what readers remember still fits.
  bool may_heal = false;
};

std::vector<Mutation> Mutations();

}  // namespace zonelink::chaos
