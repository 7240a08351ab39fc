// SPDX-License-Identifier: Apache-2.0
#include "directory/requests.h"

namespace zonelink::directory {

Result<Role> ToRole(const std::string& name) {
  const std::optional<Role> role = ParseRole(name);
  if (!role) return InvalidArgument("ROLE_UNKNOWN", "no such role", {{"role", name}});
  return *role;
}

Account ToAccount(const v1::CreateUserRequest& request, std::string user_id) {
  return {.user_id = std::move(user_id),
          .username = request.username(),
          .name = request.name(),
          .zone = request.zone(),
          .department = request.department(),
          .organization_id = request.organization_id()};
}

Organization ToOrganization(const v1::CreateOrganizationRequest& request,
                            std::string organization_id) {
  return {.organization_id = std::move(organization_id),
          .uscc = request.uscc(),
          .name_zh = request.name_zh(),
          .name_en = request.name_en(),
          .zone = request.zone()};
}

}  // namespace zonelink::directory
