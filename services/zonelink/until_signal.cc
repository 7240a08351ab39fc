// SPDX-License-Identifier: Apache-2.0
#include "zonelink/until_signal.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <cstdio>
#include <fstream>

namespace zonelink {
namespace {

sigset_t EndSignals() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  return ends;
}

}  // namespace

void BlockEndSignals() {
  const sigset_t ends = EndSignals();
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

int WaitForEndSignal() {
  const sigset_t ends = EndSignals();
  int got = 0;
  sigwait(&ends, &got);
  return got;
}

Status WriteReadyFile(const std::string& path, const std::string& text) {
  if (path.empty()) return Done{};
  const std::string fresh = path + ".new";
  {
    std::ofstream file(fresh);
    file << text << std::flush;
    if (!file) return FailedPrecondition("READY_FILE", fmt::format("cannot write {}", fresh));
  }
  if (std::rename(fresh.c_str(), path.c_str()) != 0) {
    return FailedPrecondition("READY_FILE", fmt::format("cannot write {}", path));
  }
  return Done{};
}

}  // namespace zonelink
