// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/outcome.h"

#include <fmt/format.h>

#include <functional>

#include "gateway/cli/json.h"

namespace zonelink::sample {
namespace {

using client::Json;

Status EachOf(client::Api& api, Actors& actors, const std::string& path,
              const std::function<void(const Json&)>& see) {
  for (std::string token;;) {
    const std::string page =
        fmt::format("{}?pageSize=200{}{}", path, token.empty() ? "" : "&pageToken=", token);
    const auto answer = actors.Ask(api, "auditor", {.path = page});
    if (!answer) return answer.error();
    for (const Json& one : answer->root()["items"].items()) see(one);
    token = answer->root()["nextPageToken"].text();
    if (token.empty()) return Done{};
  }
}

bool InForce(const std::string& state) {
  return state.starts_with("GRANTED") || state == "TACIT_GRANTED" || state == "DELIVERED";
}

}  // namespace

Result<Outcome> ReadOutcome(client::Api& api, Actors& actors) {
  Outcome outcome;
  const Status agreements = EachOf(api, actors, "/v1/agreements", [&](const Json& agreement) {
    ++outcome.agreements[agreement["state"].text()];
  });
  if (!agreements) return agreements.error();
  const Status filings = EachOf(api, actors, "/v1/filings", [&](const Json& filing) {
    ++outcome.filings[filing["state"].text()];
    for (const Json& decision : filing["decisions"].items()) {
      const std::string state = decision["state"].text();
      ++outcome.decisions[state];
      // The newest come first: they are the likeliest to be valid.
      if (outcome.recognition_number.empty() && InForce(state)) {
        outcome.recognition_number = decision["recognitionNumber"].text();
      }
    }
  });
  if (!filings) return filings.error();
  return outcome;
}

}  // namespace zonelink::sample
