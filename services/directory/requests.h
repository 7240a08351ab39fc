// SPDX-License-Identifier: Apache-2.0
// Requests → what the rules speak of. Field rules have been checked by the server.
#pragma once

#include "directory/domain/account.h"
#include "directory/domain/roles.h"
#include "platform/core/result.h"
#include "zonelink/directory/v1/directory_service.pb.h"

namespace zonelink::directory {

// InvalidArgument `ROLE_UNKNOWN`.
Result<Role> ToRole(const std::string& name);
Account ToAccount(const v1::CreateUserRequest& request, std::string user_id);
Organization ToOrganization(const v1::CreateOrganizationRequest& request,
                            std::string organization_id);

}  // namespace zonelink::directory
