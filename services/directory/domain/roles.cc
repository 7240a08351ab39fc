// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/roles.h"

#include <algorithm>

#include "platform/core/check.h"

namespace zonelink::directory {
namespace {

struct Entry {
  Role role;
  std::string_view name;
  Affiliation affiliation;
  Duty duty;
};

constexpr Entry kCatalogue[] = {
    {Role::kFiler, "filer", Affiliation::kOrganization, Duty::kBusiness},
    {Role::kEnterpriseAdmin, "enterprise_admin", Affiliation::kOrganization, Duty::kBusiness},
    {Role::kVerifier, "verifier", Affiliation::kZone, Duty::kBusiness},
    {Role::kReviewer, "reviewer", Affiliation::kZone, Duty::kBusiness},
    {Role::kInspector, "inspector", Affiliation::kZone, Duty::kBusiness},
    {Role::kReleaser, "releaser", Affiliation::kZone, Duty::kBusiness},
    {Role::kZoneAdmin, "zone_admin", Affiliation::kZone, Duty::kBusiness},
    {Role::kSecretariat, "secretariat", Affiliation::kNone, Duty::kBusiness},
    {Role::kChair, "chair", Affiliation::kNone, Duty::kBusiness},
    {Role::kAuditor, "auditor", Affiliation::kNone, Duty::kBusiness},
    {Role::kEvaluator, "evaluator", Affiliation::kNone, Duty::kBusiness},
    {Role::kSystemAdmin, "system_admin", Affiliation::kNone, Duty::kSystem},
    {Role::kSecurityAdmin, "security_admin", Affiliation::kNone, Duty::kSecurity},
    {Role::kAuditAdmin, "audit_admin", Affiliation::kNone, Duty::kAudit},
};

const Entry& EntryOf(Role role) {
  const auto* found = std::find_if(std::begin(kCatalogue), std::end(kCatalogue),
                                   [&](const Entry& entry) { return entry.role == role; });
  ZL_CHECK(found != std::end(kCatalogue), "a role outside the catalogue");
  return *found;
}

}  // namespace

const std::vector<Role>& AllRoles() {
  static const std::vector<Role> roles = [] {
    std::vector<Role> all;
    for (const Entry& entry : kCatalogue) all.push_back(entry.role);
    return all;
  }();
  return roles;
}

std::string_view Name(Role role) { return EntryOf(role).name; }

std::optional<Role> ParseRole(std::string_view name) {
  for (const Entry& entry : kCatalogue) {
    if (entry.name == name) return entry.role;
  }
  return std::nullopt;
}

Duty DutyOf(Role role) { return EntryOf(role).duty; }

std::string_view Name(Duty duty) {
  switch (duty) {
    case Duty::kBusiness: return "business";
    case Duty::kSystem: return "system_admin";
    case Duty::kSecurity: return "security_admin";
    case Duty::kAudit: return "audit_admin";
  }
  return "";
}

Affiliation AffiliationFor(Role role) { return EntryOf(role).affiliation; }

bool NeedsTwoPersons(Role role) { return DutyOf(role) != Duty::kBusiness; }

}  // namespace zonelink::directory
