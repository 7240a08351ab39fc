// SPDX-License-Identifier: Apache-2.0
// The enterprise's vault: handing in over interruptions, reading, who has read.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>

#include "gateway/cli/commands.h"
#include "gateway/cli/document_show.h"
#include "gateway/cli/files.h"
#include "gateway/cli/filing_input.h"
#include "platform/core/clock.h"
#include "platform/crypto/crypto.h"

namespace zonelink::cli {
namespace {

using client::Json;
using client::JsonDocument;
using client::UrlEncode;

std::string DocumentPath(const Invocation& run, std::string_view rest = "") {
  return fmt::format("/v1/documents/{}{}", UrlEncode(run.arguments.document.sha256), rest);
}

// Standard error: one line that is written over; nothing where no person looks.
class TransferLine {
 public:
  ~TransferLine() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }
  void Show(int64_t done, int64_t total) {
    if (!ErrorIsTerminal()) return;
    shown_ = true;
    const std::string line = "\r" + ShowTransfer(done, total) + "\033[K";
    std::fwrite(line.data(), 1, line.size(), stderr);
  }

 private:
  bool shown_ = false;
};

Result<std::string> ReadPart(std::ifstream& file, int64_t from, int64_t bytes) {
  std::string part(static_cast<size_t>(bytes), '\0');
  file.clear();
  file.seekg(from);
  file.read(part.data(), bytes);
  if (file.gcount() == bytes) return part;
  return InvalidArgument("INPUT_UNREADABLE", "the file changed while it was sent");
}

// Sends what has not arrived, or everything again.
Status SendChunks(Invocation& run, std::ifstream& file, const Json& upload, int64_t total,
                  bool everything) {
  const int64_t size = upload["chunkBytes"].number();
  const auto count = upload["chunkCount"].number();
  if (size <= 0 || count <= 0) return Internal("the server tells no size of chunks");
  std::vector<int64_t> wanted;
  if (everything) {
    for (int64_t i = 0; i < count; ++i) wanted.push_back(i);
  } else {
    for (const Json& index : upload["missingChunks"].items()) wanted.push_back(index.number());
  }
  TransferLine line;
  int64_t done = everything ? 0 : upload["receivedBytes"].number();
  for (const int64_t index : wanted) {
    line.Show(done, total);
    const auto part = ReadPart(file, index * size, std::min(size, total - index * size));
    if (!part) return part.error();
    // Repeating a chunk is harmless; the key lets the client do it by itself.
    const auto sent =
        run.session.Send({.method = "POST",
                          .path = fmt::format("/v1/uploads/{}/chunks/{}",
                                              UrlEncode(upload["uploadId"].text()), index),
                          .body = *part,
                          .idempotency_key = fmt::format("{}-{}", run.idempotency_key, index),
                          .content_type = "application/octet-stream"});
    if (!sent) return sent.error();
    done += static_cast<int64_t>(part->size());
  }
  line.Show(done, total);
  return Done{};
}

Result<client::HttpReply> Complete(Invocation& run, const Json& upload, const char* attempt) {
  return run.session.Send(
      {.method = "POST",
       .path = fmt::format("/v1/uploads/{}:complete", UrlEncode(upload["uploadId"].text())),
       .body = "{}",
       .idempotency_key = run.idempotency_key + attempt});
}

Result<std::string> Announcement(const Invocation& run, const FileFacts& facts) {
  const DocumentArguments& given = run.arguments.document;
  client::JsonWriter body;
  body.Begin('{')
      .Field("title", given.title.empty() ? facts.name : given.title)
      .Field("kind", given.kind)
      .Field("mediaType", given.media_type.empty() ? facts.media_type : given.media_type)
      .Field("sizeBytes", std::to_string(facts.bytes))
      .Field("sha256", facts.sha256)
      .Field("validFrom", given.valid_from)
      .Field("validUntil", given.valid_until)
      .End('}');
  return body.Take();
}

int ShowStored(const Invocation& run, const Json& document, const std::string& body) {
  if (run.arguments.json) {
    PrintJson(run, body);
  } else {
    Print(ShowDocument(document, run.view));
  }
  return kExitOk;
}

}  // namespace

int DocumentUpload(Invocation& run) {
  const std::string& path = run.arguments.document.file;
  const auto facts = LookAtFile(path);
  if (!facts) return Fail(run, facts.error(), false);
  const auto body = Announcement(run, *facts);
  // A key of its own each time: the answer must tell what has arrived by now.
  const auto begun = run.session.Ask({.method = "POST",
                                      .path = "/v1/documents",
                                      .body = *body,
                                      .idempotency_key = crypto::NewUuid(SystemClock().Now())});
  if (!begun) return Fail(run, begun.error(), false);
  const Json upload = begun->root();
  if (upload["document"].present())
    return ShowStored(run, upload["document"], upload["document"].dump());
  std::ifstream file(path, std::ios::binary);
  const Status sent = SendChunks(run, file, upload, facts->bytes, false);
  if (!sent) return Fail(run, sent.error(), false);
  auto completed = Complete(run, upload, "-complete");
  if (!completed && completed.error().reason == "HASH_MISMATCH") {
    // What had arrived before was something else: all of it again.
    const Status again = SendChunks(run, file, upload, facts->bytes, true);
    if (!again) return Fail(run, again.error(), false);
    completed = Complete(run, upload, "-again");
  }
  return Finish(run, completed, ShowDocument);
}

int DocumentList(Invocation& run) {
  const DocumentArguments& filter = run.arguments.document;
  std::string query;
  if (!filter.kind.empty()) query += "&kind=" + UrlEncode(filter.kind);
  if (filter.only_valid) query += "&onlyValid=true";
  std::string page_token;
  std::vector<JsonDocument> pages;
  std::vector<Json> documents;
  do {
    std::string path = "/v1/documents?pageSize=200" + query;
    if (!page_token.empty()) path += "&pageToken=" + UrlEncode(page_token);
    auto reply = run.session.Send({.path = path});
    if (!reply) return Fail(run, reply.error(), false);
    if (run.arguments.json) PrintJson(run, reply->body);
    auto page = JsonDocument::Parse(reply->body);
    if (!page) return Fail(run, page.error(), false);
    for (const Json& document : page->root()["items"].items()) documents.push_back(document);
    page_token = page->root()["nextPageToken"].text();
    pages.push_back(std::move(*page));
  } while (!page_token.empty());
  if (!run.arguments.json) Print(ShowDocuments(documents, run.view));
  return kExitOk;
}

int DocumentGet(Invocation& run) {
  const DocumentArguments& wanted = run.arguments.document;
  std::string path = DocumentPath(run);
  if (!wanted.case_id.empty()) path += "?caseId=" + UrlEncode(wanted.case_id);
  const auto reply = run.session.Send({.path = path});
  if (!reply) return Fail(run, reply.error(), false);
  if (crypto::HexEncode(crypto::Sha256(reply->body)) != wanted.sha256) {
    return Fail(run, Internal("what came is not the document that was asked for"), false);
  }
  if (wanted.out.empty()) {
    Print(reply->body);
    return kExitOk;
  }
  const Status written = WriteFile(wanted.out, reply->body, {.secret = true});
  return written ? kExitOk : Fail(run, written.error(), false);
}

int DocumentReadings(Invocation& run) {
  return Finish(run, run.session.Send({.path = DocumentPath(run, "/readings?pageSize=200")}),
                ShowReadings);
}

int DocumentDiscard(Invocation& run) {
  return Finish(run,
                run.session.Send({.method = "POST",
                                  .path = DocumentPath(run, ":discard"),
                                  .body = "{}",
                                  .idempotency_key = run.idempotency_key}),
                [](const Json&, const View& view) {
                  return std::string(view.style("已销毁。\n", "Discarded.\n"));
                });
}

}  // namespace zonelink::cli
