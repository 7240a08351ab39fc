// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/journal.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "gateway/cli/json.h"
#include "platform/core/check.h"

namespace zonelink::chaos {
namespace {

using client::Json;
using client::JsonWriter;

JsonWriter Line(const char* kind) {
  JsonWriter writer;
  writer.Begin('{').Key("kind").Text(kind);
  return writer;
}

Time TimeOf(const Json& json) {
  const auto at = ParseTime(json.text());
  if (!at) throw std::runtime_error("journal: not a time: " + json.text());
  return *at;
}

void Take(const Json& line, Journal& journal) {
  const std::string kind = line["kind"].text();
  if (kind == "caller") {
    const std::string name = line["name"].text();
    journal.callers[name] = {name, line["user"].text(), line["organization"].text(),
                             line["zone"].text(), line["canary"].text()};
  } else if (kind == "sent") {
    const int64_t id = line["id"].number();
    journal.exchanges[id].sent = {id,
                                  line["caller"].text(),
                                  line["rpc"].text(),
                                  line["path"].text(),
                                  line["key"].text(),
                                  line["body"].text(),
                                  line["credential"].text()};
  } else if (kind == "told") {
    const int64_t id = line["id"].number();
    journal.exchanges[id].told.push_back({id, static_cast<int>(line["status"].number()),
                                          line["reason"].text(), line["body"].text(),
                                          line["filing"].text(), line["again"].truth()});
  } else if (kind == "read") {
    journal.reads.push_back({line["caller"].text(), line["path"].text(),
                             static_cast<int>(line["status"].number()), line["body"].text()});
  } else if (kind == "checkpoint") {
    journal.checkpoints.push_back({line["by"].text(), line["note"].text()});
  } else if (kind == "receipt") {
    journal.receipts.push_back({line["by"].text(), line["event"].text(), line["body"].text()});
  } else if (kind == "outage") {
    journal.outages.push_back({line["victim"].text(), TimeOf(line["from"]), TimeOf(line["until"])});
  } else if (kind == "trust") {
    journal.trust = {line["log"].text(), line["witnesses"].texts()};
  } else {
    throw std::runtime_error("journal: unknown kind " + kind);
  }
}

}  // namespace

bool InDoubt(int status, const std::string& reason) {
  switch (status) {
    case 400:
    case 403:
    case 404:
    case 413:
    case 415:
    case 422: return false;
    case 409: return reason == "IDEMPOTENCY_IN_PROGRESS" || reason == "CONFLICT";
    default: return status < 200 || status >= 300;
  }
}

bool Exchange::Settled() const {
  return !told.empty() && !chaos::InDoubt(told.back().status, told.back().reason);
}

bool Exchange::Acknowledged() const { return !Done().empty(); }

bool Exchange::InDoubt() const {
  return told.empty() || chaos::InDoubt(told[0].status, told[0].reason);
}

std::vector<const ToldLine*> Exchange::Done() const {
  std::vector<const ToldLine*> done;
  for (const ToldLine& line : told) {
    if (line.status >= 200 && line.status < 300) done.push_back(&line);
  }
  return done;
}

Journal Journal::Read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("no journal " + path);
  Journal journal;
  std::string text;
  while (std::getline(file, text)) {
    const auto document = client::JsonDocument::Parse(text);
    if (!document && file.eof()) break;
    if (!document) throw std::runtime_error("journal: not JSON: " + text.substr(0, 200));
    Take(document->root(), journal);
  }
  return journal;
}

JournalWriter::JournalWriter(std::string path)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), "ae")) {
  if (!file_) throw std::runtime_error("cannot write " + path_);
}

int64_t JournalWriter::NextId() {
  const std::lock_guard lock(mutex_);
  return ++last_id_;
}

void JournalWriter::Append(const std::string& line) {
  const std::lock_guard lock(mutex_);
  const bool written = std::fputs(line.c_str(), file_.get()) >= 0 &&
                       std::fputc('\n', file_.get()) == '\n' && std::fflush(file_.get()) == 0;
  ZL_CHECK(written, "a journal that can be written");
}

void JournalWriter::Write(const CallerLine& line) {
  JsonWriter writer = Line("caller");
  writer.Key("name").Text(line.name).Field("user", line.user_id);
  writer.Field("organization", line.organization_id).Field("zone", line.zone);
  Append(writer.Field("canary", line.canary).End('}').Take());
}

void JournalWriter::Write(const SentLine& line) {
  JsonWriter writer = Line("sent");
  writer.Key("id").Number(line.id).Key("caller").Text(line.caller).Key("rpc").Text(line.rpc);
  writer.Key("path").Text(line.path).Key("key").Text(line.key).Key("body").Text(line.body);
  Append(writer.Field("credential", line.credential).End('}').Take());
}

void JournalWriter::Write(const ToldLine& line) {
  JsonWriter writer = Line("told");
  writer.Key("id").Number(line.id).Key("status").Number(line.status).Field("reason", line.reason);
  writer.Key("body").Text(line.body).Field("filing", line.filing_id);
  Append(writer.Key("again").Truth(line.again).End('}').Take());
}

void JournalWriter::Write(const ReadLine& line) {
  JsonWriter writer = Line("read");
  writer.Key("caller").Text(line.caller).Key("path").Text(line.path);
  writer.Key("status").Number(line.status).Key("body").Text(line.body);
  Append(writer.End('}').Take());
}

void JournalWriter::Write(const CheckpointLine& line) {
  JsonWriter writer = Line("checkpoint");
  Append(writer.Key("by").Text(line.seen_by).Key("note").Text(line.note).End('}').Take());
}

void JournalWriter::Write(const ReceiptLine& line) {
  JsonWriter writer = Line("receipt");
  writer.Key("by").Text(line.seen_by).Key("event").Text(line.event_id);
  Append(writer.Key("body").Text(line.body).End('}').Take());
}

void JournalWriter::Write(const OutageLine& line) {
  JsonWriter writer = Line("outage");
  writer.Key("victim").Text(line.victim).Key("from").Text(FormatTime(line.from));
  Append(writer.Key("until").Text(FormatTime(line.until)).End('}').Take());
}

void JournalWriter::Write(const TrustLine& line) {
  JsonWriter writer = Line("trust");
  Append(
      writer.Key("log").Text(line.log_key).Texts("witnesses", line.witness_keys).End('}').Take());
}

}  // namespace zonelink::chaos
