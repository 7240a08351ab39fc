// SPDX-License-Identifier: Apache-2.0
// The gateway as a module of zonelinkd: the public port and the admin port.
#pragma once

#include <functional>
#include <memory>

#include "platform/module.h"

namespace zonelink::gateway {

class GatewayModule final : public Module {
 public:
  // Binds both ports; connections are answered from Start on. `ready` is what /readyz asks. Refused
  // as HttpServer::Listen.
  static Result<std::unique_ptr<GatewayModule>> Create(const Environment& env,
                                                       std::function<Status()> ready);
  ~GatewayModule() override;

  void Start() override;
  void Stop() override;
  // Unavailable `GATEWAY_STARTING` before Start.
  Status Ready() override;

  int http_port() const;
  int admin_port() const;

 private:
  struct Impl;
  explicit GatewayModule(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace zonelink::gateway
