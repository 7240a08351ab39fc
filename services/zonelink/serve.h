// SPDX-License-Identifier: Apache-2.0
// Runs the chosen modules until SIGTERM or SIGINT.
#pragma once

#include <string>

#include "platform/core/result.h"
#include "zonelink/config/v1/config.pb.h"

namespace zonelink {

struct ServeOptions {
  std::string target = "all";
  std::string ready_file;  // written once everything listens: http=, admin=, grpc= with the ports
};

Status Serve(const config::v1::Config& config, const ServeOptions& options);

}  // namespace zonelink
