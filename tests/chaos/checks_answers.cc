// SPDX-License-Identifier: Apache-2.0
// I-01 to I-04: what clients were told against what is stored.
#include <fmt/format.h>

#include <map>
#include <set>

#include "gateway/cli/json.h"
#include "platform/crypto/crypto.h"
#include "tests/chaos/judge.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::chaos {
namespace {

constexpr const char* kSubmit = "SubmitFiling";

std::string HashOf(const std::string& body) {
  return crypto::HexEncode(crypto::Sha256(body)).substr(0, 16);
}

std::string Show(const Exchange& exchange) {
  return fmt::format("request {} ({} by {}, key {})", exchange.sent.id, exchange.sent.rpc,
                     exchange.sent.caller, exchange.sent.key);
}

// The stored answers of all commands: how many by user and key.
std::map<std::pair<std::string, std::string>, int> StoredReplies(test::AdminSql& sql) {
  std::map<std::pair<std::string, std::string>, int> stored;
  for (const auto& row :
       sql.Query("SELECT principal, key FROM recognition.idempotency WHERE reply IS NOT NULL")) {
    ++stored[{*row[0], *row[1]}];
  }
  return stored;
}

// How many filings there are by a column.
std::map<std::string, int> Filings(test::AdminSql& sql, const std::string& column) {
  std::map<std::string, int> filings;
  for (const auto& row : sql.Query("SELECT " + column + " FROM recognition.filings")) {
    ++filings[*row[0]];
  }
  return filings;
}

// The answers that say done differ from each other.
bool Differ(const std::vector<const ToldLine*>& done) {
  for (const ToldLine* line : done) {
    if (line->body != done[0]->body) return true;
  }
  return false;
}

std::string Hashes(const std::vector<const ToldLine*>& done) {
  std::string text;
  for (const ToldLine* line : done) text += " " + HashOf(line->body);
  return text;
}

// One decision as an answer or an event gives it.
std::string DecisionText(const std::string& zone, const std::string& mode, const std::string& state,
                         const std::string& number) {
  return fmt::format("{} {} {} {}; ", zone, mode, state, number);
}

// What the answer to a submitted filing says, in the words of the stored one.
std::string ToldFiling(const client::Json& answer) {
  std::string text = fmt::format("{} {} {} ", answer["receiptNumber"].text(),
                                 answer["state"].text(), answer["credential"]["number"].text());
  for (const client::Json& decision : answer["decisions"].items()) {
    text += DecisionText(decision["zone"].text(), decision["mode"].text(), decision["state"].text(),
                         decision["recognitionNumber"].text());
  }
  return text;
}

// Filings as they stood at submission: the first event with the columns that never change.
std::map<std::string, std::string> StoredFilings(test::AdminSql& sql) {
  std::map<std::string, std::string> filings;
  for (const auto& row :
       sql.Query("SELECT f.filing_id, f.receipt_number, f.credential_number, e.body FROM "
                 "recognition.filings f JOIN recognition.events e ON e.subject = 'filings/' || "
                 "f.filing_id AND e.version = 1")) {
    events::v1::FilingChanged event;
    if (!event.ParseFromString(Bytes(row[3]))) continue;  // reported by I-19
    std::string text = fmt::format("{} {} {} ", *row[1], event.state(), *row[2]);
    for (const auto& decision : event.decisions()) {
      text += DecisionText(decision.zone(), decision.mode(), decision.state(),
                           decision.recognition_number());
    }
    filings[*row[0]] = text;
  }
  return filings;
}

}  // namespace

Violations AcknowledgedAreStored(Evidence& evidence) {
  const auto stored = Filings(evidence.sql, "filing_id");
  Violations lost;
  for (const auto& [id, exchange] : evidence.journal.exchanges) {
    if (exchange.sent.rpc != kSubmit) continue;
    for (const ToldLine* line : exchange.Done()) {
      if (stored.count(line->filing_id) == 0) {
        lost.push_back(fmt::format("{}: filing {} is lost", Show(exchange), line->filing_id));
        break;
      }
    }
  }
  return lost;
}

Violations NothingTwice(Evidence& evidence) {
  Violations twice;
  for (const std::string& schema : Sources(evidence.sql)) {
    for (const auto& row : evidence.sql.Query(fmt::format(
             "SELECT principal, rpc, key, count(*) FROM {}.idempotency GROUP BY 1, 2, 3 HAVING "
             "count(*) > 1",
             schema))) {
      twice.push_back(
          fmt::format("{} answers of {} to {} with key {}", *row[3], *row[1], *row[0], *row[2]));
    }
  }
  for (const auto& row : evidence.sql.Query(
           "SELECT a.organization_id, i.key, count(*) FROM recognition.idempotency i JOIN "
           "directory.account a ON a.user_id = i.principal WHERE a.organization_id IS NOT NULL AND "
           "i.rpc LIKE '%SubmitFiling' GROUP BY 1, 2 HAVING count(*) > 1")) {
    twice.push_back(fmt::format("{} submissions of {} with key {}", *row[2], *row[0], *row[1]));
  }
  const auto stored = Filings(evidence.sql, "credential_number");
  std::map<std::string, int64_t> by_filing;
  for (const auto& [id, exchange] : evidence.journal.exchanges) {
    if (exchange.sent.rpc != kSubmit) continue;
    const auto found = stored.find(exchange.sent.credential);
    if (found != stored.end() && found->second > 1) {
      twice.push_back(fmt::format("{}: {} filings", Show(exchange), found->second));
    }
    if (!exchange.Acknowledged()) continue;
    const auto [other, fresh] = by_filing.insert({exchange.Done()[0]->filing_id, id});
    if (!fresh) {
      twice.push_back(fmt::format("{} and request {} share filing {}", Show(exchange),
                                  other->second, other->first));
    }
  }
  return twice;
}

Violations DoubtEndsOnce(Evidence& evidence) {
  const auto replies = StoredReplies(evidence.sql);
  const auto filings = Filings(evidence.sql, "credential_number");
  Violations open;
  for (const auto& [id, exchange] : evidence.journal.exchanges) {
    if (!exchange.InDoubt()) continue;
    const std::string who = Show(exchange);
    const auto done = exchange.Done();
    if (!exchange.Settled()) {
      open.push_back(who + " is still in doubt");
      continue;
    }
    if (exchange.sent.rpc == kSubmit && done.empty()) open.push_back(who + " was refused");
    if (Differ(done)) open.push_back(who + ": several answers:" + Hashes(done));
    const auto& user = evidence.journal.callers.at(exchange.sent.caller).user_id;
    const auto reply = replies.find({user, exchange.sent.key});
    const int rows = reply == replies.end() ? 0 : reply->second;
    const int wanted = done.empty() ? 0 : 1;
    if (rows != wanted) {
      open.push_back(fmt::format("{}: {} stored answers, not {}", who, rows, wanted));
    }
    if (exchange.sent.rpc != kSubmit || done.empty()) continue;
    const auto filing = filings.find(exchange.sent.credential);
    if (filing == filings.end()) open.push_back(who + " made no filing");
  }
  return open;
}

Violations ToldIsStored(Evidence& evidence) {
  const auto stored = StoredFilings(evidence.sql);
  Violations untrue;
  for (const auto& [id, exchange] : evidence.journal.exchanges) {
    if (!exchange.Acknowledged()) continue;
    const auto done = exchange.Done();
    if (!exchange.InDoubt() && Differ(done)) {
      untrue.push_back(Show(exchange) + ": asked again it answers otherwise:" + Hashes(done));
    }
    if (!exchange.told.back().again) {
      untrue.push_back(Show(exchange) + " was never asked again");
    } else if (!exchange.Settled() || done.back() != &exchange.told.back()) {
      untrue.push_back(fmt::format("{}: asked again it answers {}", Show(exchange),
                                   exchange.told.back().status));
    }
    if (exchange.sent.rpc != kSubmit) continue;
    const auto filing = stored.find(done[0]->filing_id);
    if (filing == stored.end()) continue;  // lost: I-01
    const auto answer = client::JsonDocument::Parse(done.back()->body);
    const std::string told = answer ? ToldFiling(answer->root()) : "no JSON";
    if (told != filing->second) {
      untrue.push_back(fmt::format("{}: told {}, stored {}", Show(exchange), told, filing->second));
    }
  }
  return untrue;
}

}  // namespace zonelink::chaos
