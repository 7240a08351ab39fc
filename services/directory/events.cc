// SPDX-License-Identifier: Apache-2.0
#include "directory/events.h"

#include <fmt/format.h>

#include "directory/convert.h"
#include "platform/outbox/append.h"
#include "platform/rpc/timestamp.h"
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
  body.set_name(account.name);
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

void AppendMandateChanged(db::Tx& tx, const Mandate& mandate, const std::string& actor) {
  events::v1::MandateChanged body;
  body.set_mandate_id(mandate.mandate_id);
  body.set_principal_organization_id(mandate.principal.organization_id);
  body.set_principal_uscc(mandate.principal.uscc);
  body.set_principal_name(mandate.principal.name_zh);
  body.set_principal_zone(mandate.principal.zone);
  body.set_agent_organization_id(mandate.agent.organization_id);
  body.set_agent_name(mandate.agent.name_zh);
  for (const std::string& item : mandate.terms.item_ids) body.add_item_ids(item);
  for (const Act act : mandate.terms.acts) body.add_acts(std::string(Name(act)));
  body.set_valid_from(FormatDate(mandate.terms.valid_from));
  body.set_valid_until(FormatDate(mandate.terms.valid_until));
  body.set_state(std::string(Name(mandate.state)));
  body.set_actor_user_id(actor);
  const bool active = mandate.state == MandateState::kActive;
  outbox::Append(
      tx,
      {.subject = "mandates/" + mandate.mandate_id,
       .version = mandate.version,
       .type = active ? "zonelink.directory.mandate.granted" : "zonelink.directory.mandate.revoked",
       .parties = {"org:" + mandate.principal.organization_id,
                   "org:" + mandate.agent.organization_id, "service"}},
      body);
}

void AppendDelegationChanged(db::Tx& tx, const Delegation& delegation, const std::string& actor) {
  events::v1::DelegationChanged body;
  body.set_delegation_id(delegation.delegation_id);
  body.set_user_id(delegation.user_id);
  body.set_name(delegation.name);
  body.set_zone(delegation.zone);
  body.set_deputy_user_id(delegation.deputy_user_id);
  body.set_deputy_name(delegation.deputy_name);
  for (const Role role : delegation.roles) body.add_roles(std::string(Name(role)));
  *body.mutable_from() = ToTimestamp(delegation.from);
  *body.mutable_until() = ToTimestamp(delegation.until);
  body.set_state(std::string(Name(delegation.state)));
  body.set_actor_user_id(actor);
  const bool active = delegation.state == DelegationState::kActive;
  outbox::Append(tx,
                 {.subject = "delegations/" + delegation.delegation_id,
                  .version = delegation.version,
                  .type = active ? "zonelink.directory.delegation.granted"
                                 : "zonelink.directory.delegation.revoked",
                  .parties = {"zone:" + delegation.zone, "service"}},
                 body);
}

void AppendCalendarPublished(db::Tx& tx, const CalendarVersion& version) {
  events::v1::CalendarPublished body;
  body.set_calendar(version.calendar);
  body.set_year(version.year.year);
  body.set_version(version.version);
  for (const CalendarException& day : version.year.days) {
    events::v1::CalendarDay* added = body.add_days();
    added->set_date(FormatDate(day.day));
    added->set_kind(std::string(Name(day.kind)));
    added->set_name(day.name);
  }
  body.set_actor_user_id(version.published_by);
  std::vector<std::string> parties{"leading-group", "service"};
  if (version.calendar != kNational) parties.push_back("zone:" + version.calendar);
  outbox::Append(tx,
                 {.subject = fmt::format("calendars/{}-{}", version.calendar, version.year.year),
                  .version = version.version,
                  .type = "zonelink.directory.calendar.published",
                  .parties = std::move(parties)},
                 body);
}

}  // namespace zonelink::directory
