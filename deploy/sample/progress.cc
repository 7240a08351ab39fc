// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/progress.h"

#include <fmt/format.h>

#include <cstdio>

namespace zonelink::sample {

void Progress::Phase(std::string phase) {
  const std::lock_guard lock(mutex_);
  phase_ = std::move(phase);
  Show();
}

void Progress::Advance() {
  const std::lock_guard lock(mutex_);
  ++done_;
  Show();
}

void Progress::Finish() {
  const std::lock_guard lock(mutex_);
  if (terminal_) std::fputs("\r\033[K", stdout);
  std::fflush(stdout);
}

double Progress::Seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

void Progress::Show() {
  const int percent = static_cast<int>(done_ * 100 / total_);
  const std::string line = fmt::format("{:3} %  {}", percent, phase_);
  if (terminal_ && line != shown_) {
    fmt::print("\r\033[K{}", line);
    std::fflush(stdout);
    shown_ = line;
  } else if (!terminal_ && percent / 5 > shown_percent_ / 5) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
    shown_percent_ = percent;
  }
}

}  // namespace zonelink::sample
