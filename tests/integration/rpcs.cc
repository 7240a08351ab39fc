// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/rpcs.h"

#include <stdexcept>

#include "zonelink/clocks/v1/clocks_service.pb.h"
#include "zonelink/directory/v1/calendar_service.pb.h"
#include "zonelink/directory/v1/delegation_service.pb.h"
#include "zonelink/directory/v1/directory_service.pb.h"
#include "zonelink/directory/v1/mandate_service.pb.h"
#include "zonelink/documents/v1/documents_service.pb.h"
#include "zonelink/events/v1/events.pb.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"
#include "zonelink/recognition/v1/catalogue_service.pb.h"
#include "zonelink/recognition/v1/decision_service.pb.h"
#include "zonelink/recognition/v1/grant_service.pb.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"
#include "zonelink/worklist/v1/board_service.pb.h"
#include "zonelink/worklist/v1/worklist_service.pb.h"

namespace zonelink::test {

using google::protobuf::MethodDescriptor;

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const auto* file : {directory::v1::GetMeRequest::descriptor()->file(),
                           directory::v1::PublishCalendarRequest::descriptor()->file(),
                           directory::v1::CreateDelegationRequest::descriptor()->file(),
                           directory::v1::CreateMandateRequest::descriptor()->file(),
                           recognition::v1::VerifyRecognitionRequest::descriptor()->file(),
                           recognition::v1::ReviseItemRequest::descriptor()->file(),
                           recognition::v1::ListRefusalReasonsRequest::descriptor()->file(),
                           recognition::v1::DeliverDecisionRequest::descriptor()->file(),
                           worklist::v1::ListInboxRequest::descriptor()->file(),
                           worklist::v1::GetBoardRequest::descriptor()->file(),
                           ledger::v1::GetLedgerRequest::descriptor()->file(),
                           documents::v1::GetUploadRequest::descriptor()->file(),
                           clocks::v1::FireDueRequest::descriptor()->file(),
                           events::v1::PullEventsRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

std::string ShortName(const MethodDescriptor& method) {
  return method.service()->name() + "/" + method.name();
}

const MethodDescriptor& MethodOf(const std::string& short_name) {
  for (const auto* method : AllMethods()) {
    if (ShortName(*method) == short_name) return *method;
  }
  throw std::runtime_error("no RPC " + short_name);
}

}  // namespace zonelink::test
