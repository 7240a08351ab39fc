// SPDX-License-Identifier: Apache-2.0
// Many filings from one file.
#include <fmt/format.h>

#include <cstdio>
#include <map>

#include "gateway/cli/commands.h"
#include "gateway/cli/filing_batch.h"

namespace zonelink::cli {
namespace {

using client::JsonDocument;
using client::UrlEncode;

// Standard error: one line that is written over; nothing where no person looks.
class BatchLine {
 public:
  ~BatchLine() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }
  void Show(size_t done, size_t total) {
    if (!ErrorIsTerminal()) return;
    shown_ = true;
    const std::string line = fmt::format("\r{} / {}\033[K", done, total);
    std::fwrite(line.data(), 1, line.size(), stderr);
  }

 private:
  bool shown_ = false;
};

Result<std::vector<BatchRow>> ReadRows(Invocation& run) {
  const std::string& path = run.arguments.filing.batch_file;
  const auto text = ReadInput(path);
  if (!text) return text.error();
  const auto me = run.session.Ask({.path = "/v1/me"});
  if (!me) return me.error();
  const client::Json organization = me->root()["organization"];
  std::map<std::string, AttributeTypes> known;
  const auto types = [&](const std::string& item) -> Result<AttributeTypes> {
    const auto found = known.find(item);
    if (found != known.end()) return found->second;
    const auto answer = run.session.open_api().Ask({.path = "/v1/items/" + UrlEncode(item)});
    // An item that nobody knows is the server's to refuse, row by row.
    if (!answer && answer.error().code != Code::kNotFound) return answer.error();
    return known[item] = answer ? AttributeTypesOf(answer->root()) : AttributeTypes();
  };
  return ReadBatch(*text, BatchFormOf(path),
                   {organization["uscc"].text(), organization["name"].text()}, types);
}

// Every request has a key of its own, made of the command's: repeated with that, all are.
std::string KeyOf(const Invocation& run, size_t part) {
  return part == 0 ? run.idempotency_key : fmt::format("{}-{}", run.idempotency_key, part);
}

void Tell(const Invocation& run, size_t filed, size_t total) {
  Print(fmt::format(
      fmt::runtime(run.view.style("共 {} 件，已提交 {} 件。\n", "{} rows, {} filed.\n")), total,
      filed));
}

}  // namespace

int FilingBatch(Invocation& run) {
  const auto rows = ReadRows(run);
  if (!rows) return Fail(run, rows.error(), false);
  const auto parts = PartsOf(*rows, run.arguments.filing.all_or_nothing);
  if (!parts) return Fail(run, parts.error(), false);
  size_t filed = 0;
  BatchLine line;
  for (size_t i = 0; i < parts->size(); ++i) {
    const BatchPart& part = (*parts)[i];
    line.Show(part.first, rows->size());
    const auto reply = run.session.Send({.method = "POST",
                                         .path = "/v1/filings:batch",
                                         .body = part.body,
                                         .idempotency_key = KeyOf(run, i)});
    if (!reply) return Fail(run, reply.error(), true);
    const auto answer = JsonDocument::Parse(reply->body);
    if (!answer) return Fail(run, answer.error(), false);
    filed += static_cast<size_t>(answer->root()["filedCount"].number());
    if (run.arguments.json) {
      PrintJson(run, reply->body);
    } else {
      Print(ShowBatch(answer->root(), *rows, part.first, run.view));
    }
  }
  if (!run.arguments.json) Tell(run, filed, rows->size());
  return filed == rows->size() ? kExitOk : kExitRefused;
}

}  // namespace zonelink::cli
