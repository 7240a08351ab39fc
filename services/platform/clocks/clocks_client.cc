// SPDX-License-Identifier: Apache-2.0
#include "platform/clocks/clocks_client.h"

#include <fmt/format.h>

#include <future>
#include <memory>

#include "platform/rpc/unary_client.h"
#include "zonelink/clocks/v1/clocks_service.pb.h"

namespace zonelink::clocks {
namespace {

constexpr char kFireDue[] = "/zonelink.clocks.v1.ClocksService/FireDue";

}  // namespace

Status FireDue(const rpc::Channels& channels, std::string_view caller,
               std::span<const std::string_view> services,
               std::chrono::steady_clock::time_point deadline) {
  const std::string token = channels.TokenOf(caller);
  for (const std::string_view service : services) {
    v1::FireDueRequest request;
    request.set_service(std::string(service));
    const rpc::UnaryClient client(channels, service);
    // Shared with whoever gives it, who may still hold it when it has come.
    const auto answer = std::make_shared<std::promise<rpc::UnaryReply>>();
    client.Call(
        kFireDue, {.bearer = token, .deadline = deadline}, request, v1::FireDueResponse(),
        [answer](rpc::UnaryReply reply, std::string_view) { answer->set_value(std::move(reply)); });
    const rpc::UnaryReply reply = answer->get_future().get();
    // A service without clocks has none that is due.
    if (reply || reply.error().reason == "SOURCE_UNKNOWN") continue;
    return Unavailable("RUNGS_NOT_FIRED", fmt::format("{}: {}", service, reply.error().message),
                       {{"service", std::string(service)}});
  }
  return Done{};
}

}  // namespace zonelink::clocks
