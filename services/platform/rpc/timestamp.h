// SPDX-License-Identifier: Apache-2.0
// Instants as messages carry them.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <chrono>

#include "platform/core/time.h"

namespace zonelink {

// Of what is no valid timestamp, the nearest instant of the years 1 to 9999; whole microseconds.
inline Time ToTime(const google::protobuf::Timestamp& at) {
  constexpr int64_t kFirst = -62'135'596'800;
  constexpr int64_t kLast = 253'402'300'799;
  return Time{std::chrono::seconds{std::clamp<int64_t>(at.seconds(), kFirst, kLast)} +
              std::chrono::microseconds{at.nanos() / 1000}};
}

inline google::protobuf::Timestamp ToTimestamp(Time at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  google::protobuf::Timestamp out;
  out.set_seconds(seconds.time_since_epoch().count());
  out.set_nanos(static_cast<int32_t>(std::chrono::nanoseconds(at - seconds).count()));
  return out;
}

}  // namespace zonelink
