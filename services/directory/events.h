// SPDX-License-Identifier: Apache-2.0
// The directory's events, appended in the transaction of the change they tell of. Other services
// read them; what callers may see of accounts they ask the directory for. Mandates, delegations and
// calendars are for those whom they concern too.
#pragma once

#include <string>
#include <string_view>

#include "directory/domain/account.h"
#include "directory/domain/calendar_year.h"
#include "directory/domain/delegation.h"
#include "directory/domain/mandate.h"
#include "directory/domain/role_grant.h"
#include "platform/db/database.h"

namespace zonelink::directory {

void AppendZoneOpened(db::Tx& tx, const Zone& zone);
void AppendOrganizationRegistered(db::Tx& tx, const Organization& organization);
void AppendUserCreated(db::Tx& tx, const Account& account, const std::string& actor);
void AppendUserDisabled(db::Tx& tx, const Account& account, const std::string& actor);
// `verb`: proposed, granted or revoked.
void AppendRoleChanged(db::Tx& tx, const RoleGrant& grant, std::string_view verb,
                       const std::string& actor);
void AppendSessionOpened(db::Tx& tx, const std::string& session_id, const std::string& user_id);
void AppendSessionRevoked(db::Tx& tx, const std::string& session_id, const std::string& user_id,
                          int64_t version, std::string_view ground);

// Granted or revoked, as its state says.
void AppendMandateChanged(db::Tx& tx, const Mandate& mandate, const std::string& actor);
void AppendDelegationChanged(db::Tx& tx, const Delegation& delegation, const std::string& actor);
void AppendCalendarPublished(db::Tx& tx, const CalendarVersion& version);

}  // namespace zonelink::directory
