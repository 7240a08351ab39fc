// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/verify_call.h"

#include <utility>

namespace zonelink::gateway {
namespace {

constexpr std::string_view kVerify =
    "/zonelink.recognition.v1.RecognitionService/VerifyRecognition";
constexpr std::string_view kZones = "/zonelink.directory.v1.DirectoryService/ListZones";
constexpr std::string_view kReceipt = "/zonelink.ledger.v1.LedgerService/GetReceipt";
constexpr std::string_view kLedger = "/zonelink.ledger.v1.LedgerService/GetLedger";

}  // namespace

VerifyCall::VerifyCall(Api& api, RequestRecord record, VerifyRequest request)
    : api_(api), record_(std::move(record)), request_(std::move(request)) {
  api_.CallBegins();
}

VerifyCall::~VerifyCall() {
  Leave(false);
  responder_.reset();  // before the servers may go
  api_.CallEnds();
}

void VerifyCall::Leave(bool overloaded) {
  const Route* const route = std::exchange(entered_, nullptr);
  if (route != nullptr) api_.Leave(*route, kStranger, overloaded);
}

void VerifyCall::OnBody(std::string, std::shared_ptr<Responder> responder) {
  responder_ = std::move(responder);
  verify_.set_number(request_.number);
  Ask(kVerify, verify_, &VerifyCall::OnRecognition);
}

void VerifyCall::Ask(std::string_view rpc, const google::protobuf::Message& message, Next next) {
  const Route& route = api_.RouteOf(rpc);
  if (const Status entered = api_.Enter(route, kStranger); !entered) {
    return (this->*next)(entered.error());
  }
  entered_ = &route;
  const rpc::CallHeaders headers{.request_id = record_.request_id,
                                 .trace_parent = record_.trace_parent,
                                 .deadline = Deadline(next)};
  api_.ClientOf(route).Call(
      route.rpc, headers, message, *route.output->prototype,
      [self = shared_from_this(), next](const rpc::UnaryReply& reply, std::string_view) {
        self->Leave(!reply && reply.error().reason == "OVERLOADED");
        (self.get()->*next)(reply);
      });
}

// What is shown beside the status is not waited for until nothing can be shown any more.
std::chrono::steady_clock::time_point VerifyCall::Deadline(Next next) const {
  const bool first = next == &VerifyCall::OnRecognition;
  return record_.started + (first ? api_.deadline() : api_.deadline() * 3 / 4);
}

void VerifyCall::OnRecognition(const rpc::UnaryReply& reply) {
  if (!reply) {
    if (First()) Answer(api_.VerifyProblem(record_, request_, reply.error()));
    return;
  }
  facts_.recognition = static_cast<const recognition::v1::Recognition&>(**reply);
  Ask(kZones, zones_, &VerifyCall::OnZones);
}

void VerifyCall::OnZones(const rpc::UnaryReply& reply) {
  if (reply) {
    const auto& zones = static_cast<const directory::v1::ListZonesResponse&>(**reply);
    for (const auto& zone : zones.items()) {
      const ZoneName name{zone.name_zh(), zone.name_en()};
      if (zone.zone_id() == facts_.recognition.home_zone()) facts_.home_zone = name;
      if (zone.zone_id() == facts_.recognition.zone()) facts_.zone = name;
    }
  }
  if (!facts_.recognition.has_proof()) return Show();
  get_receipt_.set_event_id(facts_.recognition.proof().event_id());
  Ask(kReceipt, get_receipt_, &VerifyCall::OnReceipt);
}

void VerifyCall::OnReceipt(const rpc::UnaryReply& reply) {
  if (!reply) {
    facts_.proof = Unproven(get_receipt_.event_id(), reply.error());
    return Show();
  }
  receipt_ = static_cast<const ledger::v1::Receipt&>(**reply);
  Ask(kLedger, get_ledger_, &VerifyCall::OnLedger);
}

void VerifyCall::OnLedger(const rpc::UnaryReply& reply) {
  facts_.proof = reply ? CheckGrant(get_receipt_.event_id(), receipt_,
                                    static_cast<const ledger::v1::Ledger&>(**reply))
                       : Unproven(get_receipt_.event_id(), reply.error());
  Show();
}

void VerifyCall::Show() {
  if (!First()) return;
  Answer(api_.FinishPage(record_, api_.verify_pages().Show(request_, facts_)));
}

void VerifyCall::OnLate() {
  if (!First()) return;
  const Error late = DeadlineExceeded("DEADLINE_EXCEEDED", "there is no answer in time");
  Answer(api_.VerifyProblem(record_, request_, late));
}

void VerifyCall::Answer(HttpResponse response) {
  // The connection must not outlive the call through us.
  std::exchange(responder_, nullptr)->Respond(std::move(response));
}

}  // namespace zonelink::gateway
