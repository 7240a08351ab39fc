// SPDX-License-Identifier: Apache-2.0
// What the ledger's commands share: which log is meant, how it is read, whose signatures count.
#pragma once

#include <string>

#include "gateway/cli/commands.h"
#include "gateway/cli/ledger_source.h"
#include "gateway/cli/ledger_trust.h"

namespace zonelink::cli {

// The ledger of the profile's server.
std::string OwnLedger(const Invocation& run);
// `place`, or the server's own ledger where it is empty. Reads the server of the profile as whoever
// is logged in.
LogSource SourceAt(Invocation& run, const std::string& place, const std::string& keep_in = "");
// Where pins and the state of watching are.
std::string ConfigFolder(const Invocation& run);

// Whose signatures count for `note`, a checkpoint of the log at `source`; null: read from a file of
// its own. Says on standard error when the key comes from the server itself.
Result<Trust> TrustFor(Invocation& run, LogSource* source, std::string_view note);

// Prints why something is not verified, or failed, and where. Returns the exit code.
int RefuseLedger(const Invocation& run, const std::string& place, const Error& error);

// To standard error, a line of its own.
void Notice(const Invocation& run, std::string_view text);

}  // namespace zonelink::cli
