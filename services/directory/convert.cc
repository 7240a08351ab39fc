// SPDX-License-Identifier: Apache-2.0
#include "directory/convert.h"

#include "platform/rpc/timestamp.h"

namespace zonelink::directory {

v1::Zone ToProto(const Zone& zone) {
  v1::Zone out;
  out.set_zone_id(zone.zone_id);
  out.set_name_zh(zone.name_zh);
  out.set_name_en(zone.name_en);
  out.set_province_gb(zone.province_gb);
  out.set_opened_on(FormatDate(zone.opened_on));
  out.set_batch(zone.batch);
  return out;
}

v1::Organization ToProto(const Organization& organization) {
  v1::Organization out;
  out.set_organization_id(organization.organization_id);
  out.set_uscc(organization.uscc);
  out.set_name_zh(organization.name_zh);
  out.set_name_en(organization.name_en);
  out.set_zone(organization.zone);
  return out;
}

v1::User ToProto(const Account& account) {
  v1::User out;
  out.set_user_id(account.user_id);
  out.set_username(account.username);
  out.set_name(account.name);
  out.set_zone(account.zone);
  out.set_department(account.department);
  out.set_organization_id(account.organization_id);
  for (const Role role : account.roles) out.add_roles(std::string(Name(role)));
  out.set_disabled(account.disabled);
  *out.mutable_created_at() = ToTimestamp(account.created_at);
  return out;
}

static v1::RoleGrantState ToProto(GrantState state) {
  switch (state) {
    case GrantState::kProposed: return v1::ROLE_GRANT_STATE_PROPOSED;
    case GrantState::kActive: return v1::ROLE_GRANT_STATE_ACTIVE;
    case GrantState::kRevoked: return v1::ROLE_GRANT_STATE_REVOKED;
  }
  return v1::ROLE_GRANT_STATE_UNSPECIFIED;
}

v1::RoleGrant ToProto(const RoleGrant& grant) {
  v1::RoleGrant out;
  out.set_grant_id(grant.grant_id);
  out.set_user_id(grant.user_id);
  out.set_role(std::string(Name(grant.role)));
  out.set_state(ToProto(grant.state));
  out.set_granted_by(grant.granted_by);
  out.set_confirmed_by(grant.confirmed_by.value_or(""));
  *out.mutable_granted_at() = ToTimestamp(grant.granted_at);
  if (grant.revoked_at) *out.mutable_revoked_at() = ToTimestamp(*grant.revoked_at);
  return out;
}

v1::SessionInfo ToProto(const session_store::Session& session, const std::string& current_session) {
  v1::SessionInfo out;
  out.set_session_id(session.session_id);
  *out.mutable_opened_at() = ToTimestamp(session.opened_at);
  *out.mutable_refreshed_at() = ToTimestamp(session.refreshed_at);
  out.set_current(session.session_id == current_session);
  return out;
}

v1::WorkingDays ToProto(const WorkingDayAnswer& answer) {
  v1::WorkingDays out;
  out.set_due_on(FormatDate(answer.due_on));
  out.set_provisional(answer.provisional);
  for (const SkippedDay& day : answer.skipped) {
    v1::SkippedDay* skipped = out.add_skipped();
    skipped->set_date(FormatDate(day.day));
    skipped->set_why(day.why);
  }
  return out;
}

v1::Key ToProto(const crypto::Ed25519Key& key) {
  v1::Key out;
  out.set_kid(key.KeyId());
  out.set_kty("OKP");
  out.set_crv("Ed25519");
  out.set_alg("EdDSA");
  out.set_use("sig");
  out.set_x(crypto::Base64UrlEncode(key.PublicRaw()));
  return out;
}

}  // namespace zonelink::directory
