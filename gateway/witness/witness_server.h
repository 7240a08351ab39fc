// SPDX-License-Identifier: Apache-2.0
// A whole witness: files, followers and HTTP, out of its configuration.
#pragma once

#include <memory>
#include <vector>

#include "gateway/http/http_server.h"
#include "gateway/witness/follower.h"
#include "gateway/witness/witness.h"
#include "gateway/witness/witness_app.h"
#include "zonelink/config/v1/config.pb.h"

namespace zonelink::witness {

class WitnessServer {
 public:
  // Binds; requests wait until Start. InvalidArgument `CONFIG_INVALID`, `VERIFIER_KEY_INVALID`;
  // FailedPrecondition `SECRET_UNREADABLE`; reasons of Witness::Open and HttpServer::Listen.
  static Result<std::unique_ptr<WitnessServer>> Open(const config::v1::Witness& config,
                                                     const WallClock& clock);
  ~WitnessServer() { Stop(); }
  WitnessServer(const WitnessServer&) = delete;

  void Start();
  void Stop();
  int port() const { return server_->port(); }

 private:
  explicit WitnessServer(std::unique_ptr<Witness> witness)
      : witness_(std::move(witness)), app_(*witness_) {}

  // The server and the followers are destroyed before what they call.
  const std::unique_ptr<Witness> witness_;
  WitnessApp app_;
  std::vector<std::unique_ptr<Follower>> followers_;
  std::unique_ptr<gateway::HttpServer> server_;
};

}  // namespace zonelink::witness
