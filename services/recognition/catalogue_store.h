// SPDX-License-Identifier: Apache-2.0
// The catalogue as a whole, and the version that tells whether a copy of it is still true.
#pragma once

#include <cstdint>

#include "platform/db/database.h"
#include "recognition/domain/catalogue.h"

namespace zonelink::recognition::catalogue_store {

// Grows with every change to items, zones or routes. Asked for when it is made.
class Version {
 public:
  explicit Version(db::Tx& tx);
  int64_t Get() const { return rows_[0].Int("version"); }

 private:
  db::Rows rows_;
};

// At least as new as the version that was read before it.
Catalogue Load(db::Tx& tx);

}  // namespace zonelink::recognition::catalogue_store
