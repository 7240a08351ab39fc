// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>

#include "platform/db/database.h"

namespace zonelink::db {

struct Rows::Held {
  pqxx::result result;
};

}  // namespace zonelink::db
