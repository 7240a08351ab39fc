// SPDX-License-Identifier: Apache-2.0
// The same facts for programs: one JSON object on a line of its own.
#include <fmt/format.h>

#include "gateway/cli/json.h"
#include "gateway/cli/ledger_show.h"
#include "platform/core/time.h"
#include "platform/crypto/crypto.h"

namespace zonelink::cli {
namespace {

using client::JsonWriter;

std::string_view TrustName(TrustFrom from) {
  switch (from) {
    case TrustFrom::kGiven: return "GIVEN";
    case TrustFrom::kPinned: return "PINNED";
    case TrustFrom::kServer: return "SERVER";
  }
  return "";
}

void HeadMembers(JsonWriter& json, const ledger::TrustedCheckpoint& head, const Trust& trust) {
  std::vector<std::string> cosigners;
  for (const ledger::VerifierKey& key : head.cosigners) cosigners.push_back(key.name);
  json.Field("origin", head.checkpoint.origin);
  json.Key("size").Number(static_cast<int64_t>(head.checkpoint.size));
  json.Field("root", crypto::Base64Encode(head.checkpoint.root.view()))
      .Field("key", trust.policy.log.Format())
      .Field("keyFrom", TrustName(trust.from))
      .Texts("cosigners", cosigners);
  json.Key("quorum").Number(trust.policy.quorum);
}

void Decimal(JsonWriter& json, std::string_view name, double value) {
  json.Key(name).Raw(fmt::format("{:.3f}", value));
}

}  // namespace

std::string ReceiptJson(const ReceiptReport& report) {
  const ledger::Entry& entry = report.verified.entry;
  const bool shown = report.verified.link == ledger::Link::kShown;
  JsonWriter json;
  json.Begin('{').Field("receipt", report.name).Key("verified").Truth(true);
  json.Field("eventId", entry.event_id).Field("type", entry.type).Field("at", FormatTime(entry.at));
  json.Key("index").Number(static_cast<int64_t>(report.receipt.index));
  HeadMembers(json, report.verified.checkpoint, report.trust);
  json.Field("link", shown ? "SHOWN" : "NOT_SHOWN");
  if (shown) {
    json.Key("eventBytes").Number(static_cast<int64_t>(report.receipt.event->size()));
    json.Field("eventSha256", crypto::HexEncode(crypto::Sha256(*report.receipt.event)));
  }
  return json.End('}').Take();
}

std::string HeadJson(const HeadReport& report) {
  JsonWriter json;
  json.Begin('{').Field(report.log ? "log" : "checkpoint", report.name);
  json.Key("verified").Truth(true);
  HeadMembers(json, report.head, report.trust);
  if (report.before) {
    json.Key("consistentWith").Number(static_cast<int64_t>(report.before->size));
  }
  if (report.log) {
    const LogReport& log = *report.log;
    json.Key("entries").Number(static_cast<int64_t>(log.check.entries));
    json.Key("entryBytes").Number(static_cast<int64_t>(log.check.entry_bytes));
    json.Key("bytesRead").Number(static_cast<int64_t>(log.bytes_read));
    Decimal(json, "seconds", log.seconds);
    Decimal(json, "readingSeconds", log.reading_seconds);
    Decimal(json, "entriesPerSecond",
            log.seconds > 0 ? static_cast<double>(log.check.entries) / log.seconds : 0);
    Decimal(json, "sha256PerSecond", log.sha256_per_second);
  }
  return json.End('}').Take();
}

std::string AlarmJson(const Alarm& alarm) {
  JsonWriter json;
  json.Begin('{').Field("alarm", AlarmName(alarm.heads)).Field("log", alarm.place);
  json.Field("before", alarm.before)
      .Field("now", alarm.now)
      .Field("beforeFile", alarm.before_file)
      .Field("nowFile", alarm.now_file);
  return json.End('}').Take();
}

std::string LedgerProblemJson(const std::string& place, const Error& error) {
  JsonWriter json;
  json.Begin('{').Field("what", place).Key("verified").Truth(false);
  json.Field("reason", error.reason).Field("message", error.message);
  json.Key("metadata").Begin('{');
  for (const auto& [name, value] : error.metadata) json.Field(name, value);
  return json.End('}').End('}').Take();
}

}  // namespace zonelink::cli
