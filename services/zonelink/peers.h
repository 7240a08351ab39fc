// SPDX-License-Identifier: Apache-2.0
// How this process and the deployment's others know each other, by configuration and module table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/core/result.h"
#include "platform/rpc/server.h"
#include "zonelink/config/v1/config.pb.h"
#include "zonelink/modules.h"

namespace zonelink {

// Empty, as a default, is loopback.
bool IsLoopback(const std::string& host);

// Whether these are some of the targets only, so that the others are in other processes.
bool IsSplit(const std::vector<const ModuleEntry*>& chosen);

// InvalidArgument `CONFIG_INVALID`: plain TCP beyond loopback, half of the TLS files, a caller or
// RPC that does not exist. FailedPrecondition as CheckTlsFiles, and `CERTIFICATE_INVALID` when the
// certificate does not stand for a chosen target.
Status CheckPeers(const config::v1::Config& config, const std::vector<const ModuleEntry*>& chosen);

// FailedPrecondition `CERTIFICATE_EXPIRES`: the certificate has less than two weeks left.
Status CheckPeersExpiry(const config::v1::Config& config);

// Nothing: all targets run here, or peers are reached in clear. Call after CheckPeers.
std::optional<rpc::PeerSecurity> PeerSecurityOf(const config::v1::Config& config,
                                                const std::vector<const ModuleEntry*>& chosen);

}  // namespace zonelink
