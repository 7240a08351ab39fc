// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api.h"

#include <charconv>
#include <ostream>

#include "platform/crypto/crypto.h"

namespace zonelink::test {
namespace {

bool Has(const Headers& headers, std::string_view name) {
  for (const auto& header : headers) {
    if (header.first == name) return true;
  }
  return false;
}

Json Step(const Json& json, std::string_view step) {
  if (!json.is_array()) return json[step];
  size_t index = 0;
  std::from_chars(step.data(), step.data() + step.size(), index);
  const auto items = json.items();
  return index < items.size() ? items[index] : Json();
}

}  // namespace

Json Answer::json() const { return document ? document->root() : Json(); }

Json Answer::at(std::string_view path) const {
  Json json = this->json();
  while (!path.empty()) {
    const auto dot = path.find('.');
    json = Step(json, path.substr(0, dot));
    path = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  }
  return json;
}

std::ostream& operator<<(std::ostream& out, const Answer& answer) {
  return out << "answer " << answer.status << " " << answer.body.substr(0, 2000);
}

std::string FreshKey() { return crypto::HexEncode(crypto::RandomBytes(16)); }

Answer Api::Get(const std::string& path, const Headers& headers) {
  return Send({.method = "GET", .path = path, .headers = headers});
}

Answer Api::Post(const std::string& path, const std::string& json, Headers headers) {
  headers.emplace_back("Content-Type", "application/json");
  if (!Has(headers, "Idempotency-Key")) headers.emplace_back("Idempotency-Key", FreshKey());
  return Send({.method = "POST", .path = path, .headers = std::move(headers), .body = json});
}

Answer Api::Send(client::HttpRequest request) {
  if (!token_.empty() && !Has(request.headers, "Authorization")) {
    request.headers.emplace_back("Authorization", "Bearer " + token_);
  }
  auto reply = http_.Send(request);
  if (!reply) return Answer{.body = reply.error().reason + ": " + reply.error().message};
  Answer answer{.status = reply->status, .body = reply->body, .http = *std::move(reply)};
  if (auto document = client::JsonDocument::Parse(answer.body)) {
    answer.document = std::make_shared<client::JsonDocument>(*std::move(document));
  }
  return answer;
}

}  // namespace zonelink::test
