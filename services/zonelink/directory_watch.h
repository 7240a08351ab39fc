// SPDX-License-Identifier: Apache-2.0
// What every process must hear from the directory: the keys that verify tokens, and which sessions
// have ended. Ended sessions are refused everywhere within 5 seconds (asked for every second).
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "platform/core/result.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/token.h"

namespace zonelink {

class DirectoryWatch {
 public:
  DirectoryWatch(rpc::Channels& channels, std::string_view self)
      : channels_(channels), self_(self) {}
  ~DirectoryWatch() { Stop(); }
  DirectoryWatch(const DirectoryWatch&) = delete;

  void Start(rpc::TokenVerifier& verifier);
  void Stop();
  Result<std::vector<rpc::PublicKey>> FetchKeys();
  // The directory answered at least once.
  Status Ready() const;

 private:
  void Run(rpc::TokenVerifier& verifier);
  Result<std::vector<std::string>> FetchRevoked();

  rpc::Channels& channels_;
  const std::string self_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::atomic<bool> heard_{false};
  std::thread thread_;
};

}  // namespace zonelink
