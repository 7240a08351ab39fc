// SPDX-License-Identifier: Apache-2.0
// The witness over HTTP: POST /add-checkpoint, GET /latest?origin=, GET /, GET /healthz.
#pragma once

#include <memory>

#include "gateway/http/http_message.h"
#include "gateway/witness/witness.h"

namespace zonelink::witness {

// Largest body of a proposal.
inline constexpr size_t kProposalBytes = size_t{64} * 1024;

class WitnessApp final : public gateway::HttpApp {
 public:
  explicit WitnessApp(Witness& witness);
  gateway::Opened Open(const gateway::RequestHead& head) override;
  gateway::HttpResponse Refuse(const gateway::RequestHead& head, const Error& error) override;

 private:
  gateway::HttpResponse AnswerGet(const gateway::RequestHead& head);

  Witness& witness_;
  const std::shared_ptr<gateway::Exchange> add_checkpoint_;
};

}  // namespace zonelink::witness
