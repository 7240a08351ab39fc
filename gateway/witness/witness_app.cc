// SPDX-License-Identifier: Apache-2.0
#include "gateway/witness/witness_app.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace zonelink::witness {
namespace {

constexpr std::array<std::string_view, 3> kPages = {"/", "/healthz", "/latest"};

gateway::HttpResponse Response(Answer answer) {
  gateway::HttpResponse response;
  response.status = answer.status;
  response.content_type = answer.content_type;
  response.headers = "X-Content-Type-Options: nosniff\r\n";
  response.body = std::move(answer.body);
  return response;
}

gateway::HttpResponse Text(unsigned status, std::string body) {
  return Response({.status = status, .body = std::move(body)});
}

gateway::HttpResponse OnlyMethod(std::string_view allowed) {
  gateway::HttpResponse response = Text(405, "this method is not for this path\n");
  gateway::AppendHeader(response, "Allow", allowed);
  return response;
}

// Without state of its own: one serves all requests. Waits for the disk on the connection's thread;
// other connections of that thread wait with it, which a witness can afford.
class AddCheckpoint final : public gateway::Exchange {
 public:
  explicit AddCheckpoint(Witness& witness) : witness_(witness) {}
  void OnBody(std::string body, std::shared_ptr<gateway::Responder> responder) override {
    responder->Respond(Response(witness_.AddCheckpoint(body)));
  }

 private:
  Witness& witness_;
};

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    if (text.front() != '%') {
      decoded += text.front();
      text.remove_prefix(1);
      continue;
    }
    unsigned value = 0;
    const std::string_view digits = text.substr(1, 2);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2) {
      return std::nullopt;
    }
    decoded += static_cast<char>(value);
    text.remove_prefix(3);
  }
  return decoded;
}

// The one parameter there is.
std::optional<std::string> OriginOf(std::string_view query) {
  constexpr std::string_view kOrigin = "origin=";
  if (!query.starts_with(kOrigin) || query.find('&') != std::string_view::npos) {
    return std::nullopt;
  }
  return PercentDecode(query.substr(kOrigin.size()));
}

}  // namespace

WitnessApp::WitnessApp(Witness& witness)
    : witness_(witness), add_checkpoint_(std::make_shared<AddCheckpoint>(witness)) {}

gateway::Opened WitnessApp::Open(const gateway::RequestHead& head) {
  if (head.path == "/add-checkpoint") {
    if (head.method != "POST") return {OnlyMethod("POST"), nullptr};
    return {std::nullopt, add_checkpoint_};
  }
  if (std::find(kPages.begin(), kPages.end(), head.path) == kPages.end()) {
    return {Text(404, "there is nothing here\n"), nullptr};
  }
  if (head.method != "GET" && head.method != "HEAD") return {OnlyMethod("GET, HEAD"), nullptr};
  return {AnswerGet(head), nullptr};
}

gateway::HttpResponse WitnessApp::AnswerGet(const gateway::RequestHead& head) {
  if (head.path == "/healthz") return Text(200, "ok\n");
  if (head.path == "/") return Response(witness_.Describe());
  const std::optional<std::string> origin = OriginOf(head.query);
  if (!origin) return Text(400, "say ?origin= and the log's origin, percent-encoded\n");
  return Response(witness_.Latest(*origin));
}

gateway::HttpResponse WitnessApp::Refuse(const gateway::RequestHead&, const Error& error) {
  unsigned status = 400;
  if (error.reason == "BODY_TOO_LARGE") status = 413;
  if (error.reason == "HEADER_TOO_LARGE") status = 431;
  if (error.reason == "REQUEST_TIMEOUT") status = 408;
  return Text(status, error.message + "\n");
}

}  // namespace zonelink::witness
