// SPDX-License-Identifier: Apache-2.0
#include "zonelink/certificate_watch.h"

#include <chrono>
#include <string>

#include "platform/log/log.h"
#include "zonelink/peers.h"

namespace zonelink {
namespace {

constexpr std::chrono::seconds kInterval{2};

void Tell(const Status& found) {
  if (found) return log::Info("the certificate between processes is good again");
  const log::Fields fields{{"reason", found.error().reason}, {"error", found.error().message}};
  if (found.error().reason == "CERTIFICATE_EXPIRES")
    return log::Warn("the certificate between processes ends soon", fields);
  log::Error("the certificate between processes is not good: new connections fail", fields);
}

}  // namespace

void CertificateWatch::Start() {
  thread_ = std::thread([this] { Run(); });
}

void CertificateWatch::Stop() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

Status CertificateWatch::Look() const {
  if (const Status good = CheckPeers(config_, chosen_); !good) return good;
  return CheckPeersExpiry(config_);
}

// A fault is told once, and when it is found twice: the first may be files read while they were
// being replaced.
void CertificateWatch::Run() {
  std::string told, before;
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const Status found = Look();
    const std::string fault = found ? "" : found.error().message;
    if (fault == before && fault != told) {
      Tell(found);
      told = fault;
    }
    before = fault;
    wake_.wait_for(lock, kInterval, [&] { return stop_; });
  }
}

}  // namespace zonelink
