// SPDX-License-Identifier: Apache-2.0
#include "directory/clock_store.h"

namespace zonelink::directory::clock_store {

constexpr db::Sql kOffset{"clock.offset", "SELECT offset_us FROM clock.setting FOR UPDATE"};

std::chrono::microseconds OffsetForUpdate(db::Tx& tx) {
  return std::chrono::microseconds{tx.Exec(kOffset)[0].Int("offset_us")};
}

constexpr db::Sql kSetOffset{"clock.set_offset", "UPDATE clock.setting SET offset_us = $1"};

void SetOffset(db::Tx& tx, std::chrono::microseconds offset) {
  tx.Exec(kSetOffset, static_cast<int64_t>(offset.count()));
}

}  // namespace zonelink::directory::clock_store
