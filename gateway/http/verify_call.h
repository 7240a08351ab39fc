// SPDX-License-Identifier: Apache-2.0
// One request for the page of a recognition: asks the services, one after the other, and answers
// with the page. The recognition decides the answer; zone names and proof are shown as far as they
// come.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string_view>

#include "gateway/http/api.h"
#include "gateway/http/verify_page.h"
#include "zonelink/directory/v1/directory_service.pb.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::gateway {

class VerifyCall final : public Exchange, public std::enable_shared_from_this<VerifyCall> {
 public:
  // `request` names a number.
  VerifyCall(Api& api, RequestRecord record, VerifyRequest request);
  ~VerifyCall() override;

  void OnBody(std::string body, std::shared_ptr<Responder> responder) override;
  void OnLate() override;

 private:
  using Next = void (VerifyCall::*)(const rpc::UnaryReply&);

  // `message` is a member.
  void Ask(std::string_view rpc, const google::protobuf::Message& message, Next next);
  std::chrono::steady_clock::time_point Deadline(Next next) const;
  void OnRecognition(const rpc::UnaryReply& reply);
  void OnZones(const rpc::UnaryReply& reply);
  void OnReceipt(const rpc::UnaryReply& reply);
  void OnLedger(const rpc::UnaryReply& reply);
  void Show();
  void Answer(HttpResponse response);
  void Leave(bool overloaded);
  bool First() { return !answered_.exchange(true); }

  Api& api_;
  const RequestRecord record_;
  const VerifyRequest request_;
  const Route* entered_ = nullptr;  // counts among its service's calls in flight
  recognition::v1::VerifyRecognitionRequest verify_;
  directory::v1::ListZonesRequest zones_;
  ledger::v1::GetReceiptRequest get_receipt_;
  ledger::v1::GetLedgerRequest get_ledger_;
  ledger::v1::Receipt receipt_;
  VerifyFacts facts_;
  std::shared_ptr<Responder> responder_;
  std::atomic<bool> answered_{false};
};

}  // namespace zonelink::gateway
