// SPDX-License-Identifier: Apache-2.0
// The catalogue of roles: what each needs, who grants it, what it excludes.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace zonelink::directory {

enum class Role {
  kFiler,            // files for an enterprise
  kEnterpriseAdmin,  // keeps an enterprise's accounts
  kVerifier,
  kReviewer,
  kInspector,
  kReleaser,
  kZoneAdmin,  // keeps a zone's accounts
  kSecretariat,
  kChair,
  kAuditor,  // reads everything, writes nothing
  kEvaluator,
  kSystemAdmin,
  kSecurityAdmin,
  kAuditAdmin,
};

// 三员分立: whose roles an account may hold. An administrator of the three holds that role alone.
enum class Duty { kBusiness, kSystem, kSecurity, kAudit };

// What an account must belong to before it can hold a role.
enum class Affiliation { kNone, kZone, kOrganization };

const std::vector<Role>& AllRoles();
std::string_view Name(Role role);  // as in tokens, for example "zone_admin"
std::optional<Role> ParseRole(std::string_view name);

Duty DutyOf(Role role);
std::string_view Name(Duty duty);  // as stored, for example "business"
Affiliation AffiliationFor(Role role);
// The three administrators: proposed by one person, confirmed by another.
bool NeedsTwoPersons(Role role);

}  // namespace zonelink::directory
