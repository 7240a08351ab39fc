// SPDX-License-Identifier: Apache-2.0
// Run by the build: fails it when an RPC declares no access rule, or a command over HTTP does not
// say how it treats Idempotency-Key.
#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.h>

#include <cstdio>

#include "zonelink/clocks/v1/clocks_service.pb.h"
#include "zonelink/directory/v1/calendar_service.pb.h"
#include "zonelink/directory/v1/delegation_service.pb.h"
#include "zonelink/directory/v1/directory_service.pb.h"
#include "zonelink/directory/v1/mandate_service.pb.h"
#include "zonelink/documents/v1/documents_service.pb.h"
#include "zonelink/events/v1/events.pb.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"
#include "zonelink/options.pb.h"
#include "zonelink/recognition/v1/catalogue_service.pb.h"
#include "zonelink/recognition/v1/decision_service.pb.h"
#include "zonelink/recognition/v1/grant_service.pb.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"
#include "zonelink/worklist/v1/board_service.pb.h"
#include "zonelink/worklist/v1/worklist_service.pb.h"

namespace {

using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

int Faults(const MethodDescriptor& method) {
  int faults = 0;
  const auto& options = method.options();
  if (!options.HasExtension(zonelink::access)) {
    std::fprintf(stderr, "%s: no (zonelink.access)\n", method.full_name().c_str());
    ++faults;
  } else {
    const auto& access = options.GetExtension(zonelink::access);
    if (access.scope() == zonelink::SCOPE_UNSPECIFIED) {
      std::fprintf(stderr, "%s: (zonelink.access) has no scope\n", method.full_name().c_str());
      ++faults;
    }
  }
  const bool is_command =
      options.HasExtension(google::api::http) && options.GetExtension(google::api::http).has_post();
  if (is_command &&
      options.GetExtension(zonelink::idempotency) == zonelink::IDEMPOTENCY_UNSPECIFIED) {
    std::fprintf(stderr, "%s: a POST must declare (zonelink.idempotency)\n",
                 method.full_name().c_str());
    ++faults;
  }
  return faults;
}

int Faults(const FileDescriptor& file) {
  int faults = 0;
  for (int s = 0; s < file.service_count(); ++s) {
    for (int m = 0; m < file.service(s)->method_count(); ++m)
      faults += Faults(*file.service(s)->method(m));
  }
  return faults;
}

}  // namespace

int main() {
  int faults = 0;
  faults += Faults(*zonelink::events::v1::PullEventsRequest::descriptor()->file());
  faults += Faults(*zonelink::clocks::v1::FireDueRequest::descriptor()->file());
  faults += Faults(*zonelink::directory::v1::GetMeRequest::descriptor()->file());
  faults += Faults(*zonelink::directory::v1::PublishCalendarRequest::descriptor()->file());
  faults += Faults(*zonelink::directory::v1::CreateDelegationRequest::descriptor()->file());
  faults += Faults(*zonelink::directory::v1::CreateMandateRequest::descriptor()->file());
  faults += Faults(*zonelink::recognition::v1::VerifyRecognitionRequest::descriptor()->file());
  faults += Faults(*zonelink::recognition::v1::ReviseItemRequest::descriptor()->file());
  faults += Faults(*zonelink::recognition::v1::ListRefusalReasonsRequest::descriptor()->file());
  faults += Faults(*zonelink::recognition::v1::DeliverDecisionRequest::descriptor()->file());
  faults += Faults(*zonelink::documents::v1::GetUploadRequest::descriptor()->file());
  faults += Faults(*zonelink::ledger::v1::GetTileRequest::descriptor()->file());
  faults += Faults(*zonelink::worklist::v1::ListInboxRequest::descriptor()->file());
  faults += Faults(*zonelink::worklist::v1::GetBoardRequest::descriptor()->file());
  return faults == 0 ? 0 : 1;
}
