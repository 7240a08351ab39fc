// SPDX-License-Identifier: Apache-2.0
// gRPC takes up whatever is put in the place of a certificate while the process runs. This tells in
// the log what `doctor` would say of it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/core/result.h"
#include "zonelink/config/v1/config.pb.h"
#include "zonelink/modules.h"

namespace zonelink {

class CertificateWatch {
 public:
  CertificateWatch(const config::v1::Config& config, const std::vector<const ModuleEntry*>& chosen)
      : config_(config), chosen_(chosen) {}
  ~CertificateWatch() { Stop(); }
  CertificateWatch(const CertificateWatch&) = delete;

  void Start();
  void Stop();

 private:
  void Run();
  Status Look() const;

  const config::v1::Config& config_;
  const std::vector<const ModuleEntry*>& chosen_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace zonelink
