// SPDX-License-Identifier: Apache-2.0
// `zonelinkd witness` and `zonelinkd verifier-key`: for who watches a ledger, without a database.
#pragma once

#include <string>

#include "platform/core/result.h"
#include "zonelink/config/v1/config.pb.h"

namespace zonelink {

// Until SIGTERM or SIGINT. `ready_file` gets `http=<port>` once it listens; empty: no such file.
Status RunWitness(const config::v1::Witness& config, const std::string& ready_file);

// What others verify with that the private key in `key_file` signs: as a log, or as a witness.
// InvalidArgument `VERIFIER_KEY_INVALID` (the name); FailedPrecondition `SECRET_UNREADABLE`.
Result<std::string> VerifierKeyOf(const std::string& name, const std::string& key_file,
                                  bool cosigner);

}  // namespace zonelink
