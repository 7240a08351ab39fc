// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "gateway/cli/commands.h"
#include "gateway/cli/json.h"

namespace zonelink::cli {

void Print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void PrintJson(const Invocation& run, const std::string& body) {
  const auto document = client::JsonDocument::Parse(body);
  // Indented for a person at a terminal, byte for byte for programs.
  if (run.view.style.width > 0 && document) {
    Print(client::PrettyJson(document->root()) + "\n");
  } else {
    Print(body + "\n");
  }
}

int Fail(const Invocation& run, const Error& error, bool command) {
  Style style = run.view.style;
  style.colours = style.colours && ErrorIsTerminal();
  const std::string text = ShowProblem(error, command ? run.idempotency_key : "", style);
  std::fwrite(text.data(), 1, text.size(), stderr);
  return ExitCodeOf(error);
}

int Finish(const Invocation& run, const Result<client::HttpReply>& reply, Show show) {
  if (!reply) return Fail(run, reply.error(), true);
  if (run.arguments.json) {
    PrintJson(run, reply->body);
    return kExitOk;
  }
  const auto document = client::JsonDocument::Parse(reply->body);
  if (!document) return Fail(run, document.error(), false);
  Print(show(document->root(), run.view));
  return kExitOk;
}

}  // namespace zonelink::cli
