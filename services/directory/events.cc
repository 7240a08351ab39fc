// SPDX-License-Identifier: Apache-2.0
#include "directory/events.h"

#include "platform/outbox/append.h"
#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::directory {
namespace {

const std::vector<std::string> kServicesOnly{"service"};

events::v1::UserChanged UserBody(const Account& account, const std::string& actor) {
  events::v1::UserChanged body;
  body.set_user_id(account.user_id);
  body.set_actor_user_id(actor);
  body.set_zone(account.zone);
  body.set_organization_id(account.organization_id);
  return body;
}

void AppendUser(db::Tx& tx, const Account& account, const char* type, const std::string& actor) {
  outbox::Append(tx,
                 {.subject = "users/" + account.user_id,
                  .version = account.version,
                  .type = type,
                  .parties = kServicesOnly},
                 UserBody(account, actor));
}

}  // namespace

void AppendZoneOpened(db::Tx& tx, const Zone& zone) {
  events::v1::ZoneOpened body;
  body.set_zone(zone.zone_id);
  body.set_name_zh(zone.name_zh);
  body.set_name_en(zone.name_en);
  outbox::Append(tx,
                 {.subject = "zones/" + zone.zone_id,
                  .version = 1,
                  .type = "zonelink.directory.zone.opened",
                  .parties = kServicesOnly},
                 body);
}

void AppendOrganizationRegistered(db::Tx& tx, const Organization& organization) {
  events::v1::OrganizationRegistered body;
  body.set_organization_id(organization.organization_id);
  body.set_uscc(organization.uscc);
  body.set_name_zh(organization.name_zh);
  body.set_name_en(organization.name_en);
  body.set_zone(organization.zone);
  outbox::Append(tx,
                 {.subject = "organizations/" + organization.organization_id,
                  .version = 1,
                  .type = "zonelink.directory.organization.registered",
                  .parties = {"org:" + organization.organization_id, "zone:" + organization.zone,
                              "leading-group", "service"}},
                 body);
}

void AppendUserCreated(db::Tx& tx, const Account& account, const std::string& actor) {
  AppendUser(tx, account, "zonelink.directory.user.created", actor);
}

void AppendUserDisabled(db::Tx& tx, const Account& account, const std::string& actor) {
  AppendUser(tx, account, "zonelink.directory.user.disabled", actor);
}

void AppendRoleChanged(db::Tx& tx, const RoleGrant& grant, std::string_view verb,
                       const std::string& actor) {
  events::v1::RoleChanged body;
  body.set_grant_id(grant.grant_id);
  body.set_user_id(grant.user_id);
  body.set_role(std::string(Name(grant.role)));
  body.set_actor_user_id(actor);
  outbox::Append(tx,
                 {.subject = "role-grants/" + grant.grant_id,
                  .version = grant.version,
                  .type = "zonelink.directory.role." + std::string(verb),
                  .parties = kServicesOnly},
                 body);
}

void AppendSessionOpened(db::Tx& tx, const std::string& session_id, const std::string& user_id) {
  events::v1::SessionChanged body;
  body.set_session_id(session_id);
  body.set_user_id(user_id);
  outbox::Append(tx,
                 {.subject = "sessions/" + session_id,
                  .version = 1,
                  .type = "zonelink.directory.session.opened",
                  .parties = kServicesOnly},
                 body);
}

void AppendSessionRevoked(db::Tx& tx, const std::string& session_id, const std::string& user_id,
                          int64_t version, std::string_view ground) {
  events::v1::SessionChanged body;
  body.set_session_id(session_id);
  body.set_user_id(user_id);
  body.set_ground(std::string(ground));
  outbox::Append(tx,
                 {.subject = "sessions/" + session_id,
                  .version = version,
                  .type = "zonelink.directory.session.revoked",
                  .parties = kServicesOnly},
                 body);
}

}  // namespace zonelink::directory
