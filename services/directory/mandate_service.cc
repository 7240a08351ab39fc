// SPDX-License-Identifier: Apache-2.0
#include "directory/mandate_service.h"

#include <fmt/format.h>

#include "directory/convert.h"
#include "directory/mandate_store.h"
#include "directory/organization_store.h"
#include "platform/core/check.h"
#include "platform/crypto/crypto.h"
#include "platform/rpc/timestamp.h"

namespace zonelink::directory {
namespace {

Date ToDate(const std::string& text) {
  const std::optional<Date> day = ParseDate(text);
  ZL_CHECK(day.has_value(), "the server checked the field's format");
  return *day;
}

Result<MandateTerms> TermsOf(const v1::CreateMandateRequest& request) {
  return ToTerms({request.item_ids().begin(), request.item_ids().end()},
                 {request.acts().begin(), request.acts().end()})
      .transform([&](MandateTerms&& terms) {
        terms.valid_from = ToDate(request.valid_from());
        terms.valid_until = ToDate(request.valid_until());
        terms.note = request.note();
        return std::move(terms);
      });
}

std::string StateFilter(v1::MandateState state) {
  switch (state) {
    case v1::MANDATE_STATE_ACTIVE: return std::string(Name(MandateState::kActive));
    case v1::MANDATE_STATE_REVOKED: return std::string(Name(MandateState::kRevoked));
    default: return "";
  }
}

v1::MandateParty ToParty(const Organization& party) {
  v1::MandateParty out;
  out.set_organization_id(party.organization_id);
  out.set_uscc(party.uscc);
  out.set_name(party.name_zh);
  return out;
}

v1::Mandate ToProto(const Mandate& mandate) {
  v1::Mandate out;
  out.set_mandate_id(mandate.mandate_id);
  *out.mutable_principal() = ToParty(mandate.principal);
  *out.mutable_agent() = ToParty(mandate.agent);
  for (const std::string& item : mandate.terms.item_ids) out.add_item_ids(item);
  for (const Act act : mandate.terms.acts) out.add_acts(std::string(Name(act)));
  out.set_valid_from(FormatDate(mandate.terms.valid_from));
  out.set_valid_until(FormatDate(mandate.terms.valid_until));
  out.set_note(mandate.terms.note);
  out.set_state(mandate.state == MandateState::kActive ? v1::MANDATE_STATE_ACTIVE
                                                       : v1::MANDATE_STATE_REVOKED);
  out.set_granted_by(mandate.granted_by);
  *out.mutable_granted_at() = ToTimestamp(mandate.granted_at);
  out.set_revoked_by_organization_id(mandate.revoked_by_organization_id.value_or(""));
  if (mandate.revoked_at) *out.mutable_revoked_at() = ToTimestamp(*mandate.revoked_at);
  out.set_revoke_reason(mandate.revoke_reason.value_or(""));
  return out;
}

}  // namespace

MandateService::MandateService(db::Database& database, const WallClock& clock,
                               std::string_view secret)
    : database_(database), clock_(clock), pages_(secret) {}

void MandateService::Bind(rpc::Server& server) {
  rpc::Binder(server, "zonelink.directory.v1.MandateService", this)
      .Unary("CreateMandate", &MandateService::CreateMandate)
      .Unary("GetMandate", &MandateService::GetMandate)
      .Unary("ListMandates", &MandateService::ListMandates)
      .Unary("RevokeMandate", &MandateService::RevokeMandate);
}

Result<Organization> MandateService::FindAgent(const std::string& uscc) {
  Organization agent;
  const Status found = database_.System("mandate.find_agent", [&](db::Tx& tx) -> Status {
    Result<Organization> held = organization_store::GetByCode(tx, uscc);
    if (!held) return std::move(held).error();
    agent = *std::move(held);
    return Done{};
  });
  if (!found) return found.error();
  return agent;
}

Result<v1::Mandate> MandateService::CreateMandate(const Call& call,
                                                  const v1::CreateMandateRequest& request) {
  const Result<MandateTerms> terms = TermsOf(request);
  if (!terms) return terms.error();
  const Result<Organization> agent = FindAgent(request.agent_uscc());
  if (!agent) return agent.error();
  const std::string mandate_id = crypto::NewUuid(clock_.Now());
  return database_.Command<v1::Mandate>(call, request, [&](db::Tx& tx) -> Result<v1::Mandate> {
    const Result<Organization> principal = organization_store::Get(tx, call.caller.organization_id);
    if (!principal) return principal.error();
    Result<Mandate> mandate = GiveMandate(*terms, call.caller, *principal, *agent, tx.now());
    if (!mandate) return mandate.error();
    mandate->mandate_id = mandate_id;
    mandate_store::Insert(tx, *mandate);
    return ToProto(*mandate);
  });
}

Result<v1::Mandate> MandateService::GetMandate(const Call& call,
                                               const v1::GetMandateRequest& request) {
  return database_.Query(call, [&](db::Tx& tx) -> Result<v1::Mandate> {
    return mandate_store::Get(tx, request.mandate_id()).transform([](Mandate&& mandate) {
      return ToProto(mandate);
    });
  });
}

Result<v1::ListMandatesResponse> MandateService::ListMandates(
    const Call& call, const v1::ListMandatesRequest& request) {
  const std::string state = StateFilter(request.state());
  const std::string query = fmt::format("ListMandates {} {}|{}|{}", call.caller.user_id,
                                        request.side(), state, request.uscc());
  const auto keys = pages_.Keys(query, request.page_token(), 2);
  if (!keys) return keys.error();
  const size_t size = static_cast<size_t>(rpc::PageSize(request.page_size()));
  mandate_store::Filter filter{.side = request.side(),
                               .organization_id = call.caller.organization_id,
                               .state = state,
                               .uscc = request.uscc(),
                               .limit = static_cast<int>(size) + 1};
  if (!keys->empty()) {
    filter.granted_before = (*keys)[0];
    filter.id_before = (*keys)[1];
  }
  return database_.Query(call, [&](db::Tx& tx) -> Result<v1::ListMandatesResponse> {
    std::vector<Mandate> mandates = mandate_store::List(tx, filter);
    v1::ListMandatesResponse reply;
    if (mandates.size() > size) {
      mandates.resize(size);
      reply.set_next_page_token(pages_.Token(
          query, {FormatTime(mandates.back().granted_at), mandates.back().mandate_id}));
    }
    for (const Mandate& mandate : mandates) *reply.add_items() = ToProto(mandate);
    return reply;
  });
}

Result<v1::Mandate> MandateService::RevokeMandate(const Call& call,
                                                  const v1::RevokeMandateRequest& request) {
  return database_.Command<v1::Mandate>(call, request, [&](db::Tx& tx) -> Result<v1::Mandate> {
    Result<Mandate> mandate = mandate_store::GetForUpdate(tx, request.mandate_id());
    if (!mandate) return mandate.error();
    Result<Mandate> ended =
        EndMandate(*std::move(mandate), call.caller, request.reason(), tx.now());
    if (!ended) return ended.error();
    return ToProto(mandate_store::Save(tx, *std::move(ended), call.caller.user_id));
  });
}

}  // namespace zonelink::directory
