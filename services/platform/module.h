// SPDX-License-Identifier: Apache-2.0
// What the server binary needs of a service. Each service has one module.{h,cc} that builds store
// and service from config and holds no logic; services/zonelink/modules.cc is the table of all.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "platform/clocks/clocks_service.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/outbox/denial_log.h"
#include "platform/outbox/events_service.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/page.h"
#include "platform/rpc/server.h"
#include "platform/rpc/token.h"
#include "zonelink/config/v1/config.pb.h"

namespace zonelink {

// What a module is built from; outlives every module.
struct Environment {
  const config::v1::Config& config;
  const WallClock& clock;
  const std::string& secret;  // the deployment's shared secret
  rpc::Server& server;
  rpc::Channels& channels;
  rpc::TokenVerifier& tokens;
  const rpc::Pages& pages;
  outbox::EventsService& events;  // serves the event logs of this process
  clocks::ClocksService& clocks;  // fires what is due in this process when it is asked to
  outbox::DenialLog& denials;     // writes the refused calls of this process
  std::function<Status()> ready;  // whether every module of this process is; for /readyz
};

class Module {
 public:
  virtual ~Module() = default;
  // After all modules are built and the server listens: start threads.
  virtual void Start() = 0;
  virtual void Stop() = 0;
  // Local copies have caught up, the database answers. The message says what is missing.
  virtual Status Ready() = 0;
};

// Connection options of a service's schema by the configuration: role zl_<service>, its password
// file.
Result<db::Options> DatabaseOptions(const config::v1::Config& config, const std::string& service);

}  // namespace zonelink
