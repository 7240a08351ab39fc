// SPDX-License-Identifier: Apache-2.0
// The handlers of zonelink.recognition.v1.CatalogueService. By subject: catalogue_handlers.cc
// (items), agreement_handlers.cc, negative_list_handlers.cc.
#pragma once

#include "platform/core/call.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/rpc/page.h"
#include "platform/rpc/server.h"
#include "zonelink/recognition/v1/catalogue_service.pb.h"

namespace zonelink::recognition {

namespace pb = ::zonelink::recognition::v1;

class CatalogueService {
 public:
  // `clock` goes into ids alone.
  CatalogueService(db::Database& database, const WallClock& clock, const rpc::Pages& pages)
      : database_(database), clock_(clock), pages_(pages) {}

  void Bind(rpc::Server& server);

  Result<pb::Item> ReviseItem(const Call& call, const pb::ReviseItemRequest& request);
  Result<pb::ListItemVersionsResponse> ListItemVersions(const Call& call,
                                                        const pb::ListItemVersionsRequest& request);

  Result<pb::Agreement> AmendAgreement(const Call& call, const pb::AmendAgreementRequest& request);
  Result<pb::Agreement> ResumeAgreement(const Call& call,
                                        const pb::ResumeAgreementRequest& request);

  Result<pb::NegativeListEntry> CreateNegativeListEntry(
      const Call& call, const pb::CreateNegativeListEntryRequest& request);
  Result<pb::NegativeListEntry> GetNegativeListEntry(
      const Call& call, const pb::GetNegativeListEntryRequest& request);
  Result<pb::ListNegativeListEntriesResponse> ListNegativeListEntries(
      const Call& call, const pb::ListNegativeListEntriesRequest& request);
  Result<pb::NegativeListEntry> RetireNegativeListEntry(
      const Call& call, const pb::RetireNegativeListEntryRequest& request);
  Result<pb::ScreenAttributesResponse> ScreenAttributes(const Call& call,
                                                        const pb::ScreenAttributesRequest& request);
  Result<pb::CountNegativeListHitsResponse> CountNegativeListHits(
      const Call& call, const pb::CountNegativeListHitsRequest& request);

 private:
  db::Database& database_;
  const WallClock& clock_;
  const rpc::Pages& pages_;
};

}  // namespace zonelink::recognition
