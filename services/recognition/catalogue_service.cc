// SPDX-License-Identifier: Apache-2.0
#include "recognition/catalogue_service.h"

namespace zonelink::recognition {

void CatalogueService::Bind(rpc::Server& server) {
  using Self = CatalogueService;
  rpc::Binder(server, "zonelink.recognition.v1.CatalogueService", this)
      .Unary("ReviseItem", &Self::ReviseItem)
      .Unary("ListItemVersions", &Self::ListItemVersions)
      .Unary("AmendAgreement", &Self::AmendAgreement)
      .Unary("ResumeAgreement", &Self::ResumeAgreement)
      .Unary("CreateNegativeListEntry", &Self::CreateNegativeListEntry)
      .Unary("GetNegativeListEntry", &Self::GetNegativeListEntry)
      .Unary("ListNegativeListEntries", &Self::ListNegativeListEntries)
      .Unary("RetireNegativeListEntry", &Self::RetireNegativeListEntry)
      .Unary("ScreenAttributes", &Self::ScreenAttributes)
      .Unary("CountNegativeListHits", &Self::CountNegativeListHits);
}

}  // namespace zonelink::recognition
