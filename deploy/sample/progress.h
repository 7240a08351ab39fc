// SPDX-License-Identifier: Apache-2.0
// How far the loader is: one line that renews itself on a terminal, else a line every 5 %.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

namespace zonelink::sample {

// Thread-safe.
class Progress {
 public:
  Progress(size_t total, bool terminal) : total_(total), terminal_(terminal) {}
  // What is being done now, for example "2026-03-02".
  void Phase(std::string phase);
  void Advance();
  // Ends the renewing line.
  void Finish();
  double Seconds() const;

 private:
  void Show();
  const size_t total_;
  const bool terminal_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  size_t done_ = 0;
  int shown_percent_ = -1;
  std::string phase_;
  std::string shown_;
};

}  // namespace zonelink::sample
