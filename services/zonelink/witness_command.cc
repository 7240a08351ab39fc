// SPDX-License-Identifier: Apache-2.0
#include "zonelink/witness_command.h"

#include <fmt/format.h>

#include "gateway/witness/witness_server.h"
#include "platform/log/log.h"
#include "zonelink/until_signal.h"

namespace zonelink {

Status RunWitness(const config::v1::Witness& config, const std::string& ready_file) {
  BlockEndSignals();
  const SystemClock clock;
  const auto server = witness::WitnessServer::Open(config, clock);
  if (!server) return server.error();
  (*server)->Start();
  if (const Status written =
          WriteReadyFile(ready_file, fmt::format("http={}\n", (*server)->port()));
      !written) {
    return written;
  }
  const int got = WaitForEndSignal();
  log::Info("stopping", {{"signal", int64_t{got}}});
  (*server)->Stop();
  return Done{};
}

Result<std::string> VerifierKeyOf(const std::string& name, const std::string& key_file,
                                  bool cosigner) {
  if (!ledger::ValidKeyName(name)) {
    return InvalidArgument("VERIFIER_KEY_INVALID", "the name is empty or has spaces or '+'");
  }
  const auto secret = crypto::Ed25519Key::FromPemFile(key_file);
  if (!secret) return secret.error();
  const auto type =
      cosigner ? ledger::SignatureType::kCosignature : ledger::SignatureType::kEd25519;
  return ledger::VerifierKey::Of(name, type, secret->PublicRaw()).Format();
}

}  // namespace zonelink
