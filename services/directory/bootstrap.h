// SPDX-License-Identifier: Apache-2.0
// The first three persons of a deployment, before anybody can be granted anything.
#pragma once

#include <string>

#include "platform/core/result.h"
#include "platform/db/database.h"

namespace zonelink::directory {

// Creates sysadmin, secadmin and auditadmin with the three administrators' roles in force and this
// password. FailedPrecondition `ALREADY_BOOTSTRAPPED` when any account exists; InvalidArgument
// `PASSWORD_WEAK`. `database`: of schema `directory`.
Status Bootstrap(db::Database& database, const std::string& password);

}  // namespace zonelink::directory
