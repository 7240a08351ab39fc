// SPDX-License-Identifier: Apache-2.0
// Wall time, passed in. The deployment's own (controllable) time is read inside each transaction:
// see db::Tx::now().
#pragma once

#include <chrono>

#include "platform/core/time.h"

namespace zonelink {

// An interface because tests move time by hand.
class WallClock {
 public:
  virtual ~WallClock() = default;
  virtual Time Now() const = 0;
};

class SystemClock final : public WallClock {
 public:
  Time Now() const override {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace zonelink
