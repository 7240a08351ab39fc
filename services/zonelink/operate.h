// SPDX-License-Identifier: Apache-2.0
// What an operator runs besides serving: migrate, bootstrap, check-config, doctor.
#pragma once

#include <string>

#include "platform/core/result.h"
#include "zonelink/config/v1/config.pb.h"

namespace zonelink {

// Creates and updates roles and schemas of all services. `clock_start`: where a controllable clock
// starts (RFC 3339); empty: at wall time.
Status MigrateAll(const config::v1::Config& config, const std::string& clock_start);

// Creates the three separated administrators with the password in `password_file`.
Status BootstrapAll(const config::v1::Config& config, const std::string& password_file);

// What can be checked without starting: secrets, addresses, certificates, and what only some
// targets need where `target` has them: the directory's signing keys, the database, the ledger.
Status CheckConfig(const config::v1::Config& config, const std::string& target);

// Looks at everything that running `target` needs and says how to mend what is wrong. False:
// something is.
bool Doctor(const config::v1::Config& config, const std::string& target);

}  // namespace zonelink
