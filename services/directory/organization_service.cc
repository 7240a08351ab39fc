// SPDX-License-Identifier: Apache-2.0
// Organisations.
#include <fmt/format.h>

#include "directory/convert.h"
#include "directory/directory_service.h"
#include "directory/organization_store.h"
#include "directory/requests.h"

namespace zonelink::directory {

Result<pb::Organization> DirectoryService::CreateOrganization(
    const Call& call, const pb::CreateOrganizationRequest& request) {
  const Status may = CheckMayRegister(call.caller, request.zone());
  if (!may) return may.error();
  const Organization organization = ToOrganization(request, crypto::NewUuid(clock_.Now()));
  return database_.Command<pb::Organization>(
      call, request, [&](db::Tx& tx) -> Result<pb::Organization> {
        organization_store::Insert(tx, organization, call.caller.user_id);
        return ToProto(organization);
      });
}

Result<pb::Organization> DirectoryService::GetOrganization(
    const Call& call, const pb::GetOrganizationRequest& request) {
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::Organization> {
    return organization_store::Get(tx, request.organization_id())
        .transform([](Organization&& organization) { return ToProto(organization); });
  });
}

Result<pb::ListOrganizationsResponse> DirectoryService::ListOrganizations(
    const Call& call, const pb::ListOrganizationsRequest& request) {
  const std::string query = fmt::format("ListOrganizations {} {}|{}", call.caller.user_id,
                                        request.zone(), request.uscc());
  const auto keys = pages_.Keys(query, request.page_token(), 1);
  if (!keys) return keys.error();
  const size_t size = static_cast<size_t>(rpc::PageSize(request.page_size()));
  const organization_store::Filter filter{.zone = request.zone(),
                                          .uscc = request.uscc(),
                                          .after_uscc = keys->empty() ? "" : keys->front(),
                                          .limit = static_cast<int>(size) + 1};
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::ListOrganizationsResponse> {
    std::vector<Organization> organizations = organization_store::List(tx, filter);
    pb::ListOrganizationsResponse reply;
    if (organizations.size() > size) {
      organizations.resize(size);
      reply.set_next_page_token(pages_.Token(query, {organizations.back().uscc}));
    }
    for (const Organization& organization : organizations) {
      *reply.add_items() = ToProto(organization);
    }
    return reply;
  });
}

}  // namespace zonelink::directory
