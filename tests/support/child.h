// SPDX-License-Identifier: Apache-2.0
// A child process that ends with the test at the latest.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace zonelink::test {

class Child {
 public:
  // Output of both kinds is appended to `log_path`.
  Child(std::vector<std::string> argv, const std::string& log_path);
  ~Child();  // kills what still runs
  Child(const Child&) = delete;

  void Signal(int signal);
  // Status as of waitpid(2); nothing when it still runs after `limit`.
  std::optional<int> Wait(std::chrono::milliseconds limit);
  bool Running() { return !Wait(std::chrono::milliseconds(0)); }

 private:
  pid_t pid_ = -1;
  int pidfd_ = -1;
  std::optional<int> status_;
};

// Runs to the end; the exit code, or 128 + signal. Output goes to `log_path`.
int RunToEnd(std::vector<std::string> argv, const std::string& log_path);

// The last lines of a file, for failure messages.
std::string Tail(const std::string& path, size_t bytes = 3000);

// Asks `done` again every few milliseconds until it is true or the limit is over.
template <class Ask>
bool WaitUntil(std::chrono::milliseconds limit, Ask&& done) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace zonelink::test
