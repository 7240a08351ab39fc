// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/grpc_log.h"

#include <grpc/support/log.h>

#include "platform/log/log.h"

namespace zonelink::rpc {

void LogWhatGrpcSays() {
  // Its errors are what one connection met; ours are what an operator must look at.
  gpr_set_log_function([](gpr_log_func_args* said) {
    if (said->severity == GPR_LOG_SEVERITY_ERROR) {
      log::Warn("grpc", {{"error", std::string(said->message)}});
    } else {
      log::Info("grpc", {{"said", std::string(said->message)}});
    }
  });
}

}  // namespace zonelink::rpc
