// SPDX-License-Identifier: Apache-2.0
// What the rules speak of → replies.
#pragma once

#include "directory/domain/account.h"
#include "directory/domain/role_grant.h"
#include "directory/session_store.h"
#include "platform/calendar/calendar.h"
#include "platform/crypto/crypto.h"
#include "zonelink/directory/v1/directory_service.pb.h"

namespace zonelink::directory {

v1::Zone ToProto(const Zone& zone);
v1::Organization ToProto(const Organization& organization);
v1::User ToProto(const Account& account);
v1::RoleGrant ToProto(const RoleGrant& grant);
v1::SessionInfo ToProto(const session_store::Session& session, const std::string& current_session);
v1::WorkingDays ToProto(const WorkingDayAnswer& answer);
v1::Key ToProto(const crypto::Ed25519Key& key);

}  // namespace zonelink::directory
