// SPDX-License-Identifier: Apache-2.0
// What gRPC itself has to say, such as of a stranger's handshake, as lines of our log.
#pragma once

namespace zonelink::rpc {

// Once, before anything of gRPC is used.
void LogWhatGrpcSays();

}  // namespace zonelink::rpc
