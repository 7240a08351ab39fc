// SPDX-License-Identifier: Apache-2.0
// What the database must say after races, whatever their outcome.
#include <fmt/format.h>

#include <chrono>

#include "tests/bench/races.h"
#include "tests/support/child.h"

namespace zonelink::bench {
namespace {

using namespace std::chrono_literals;

struct Check {
  const char* what;
  const char* count;  // SQL; 0 is good, else an example may follow
};

constexpr Check kChecks[] = {
    {"decisions recognised twice",
     "SELECT count(*) FROM (SELECT FROM recognition.recognitions GROUP BY filing_id, zone "
     "HAVING count(*) > 1) AS doubled"},
    {"decisions granted without a recognition, or recognised without being granted",
     "SELECT count(*) FROM recognition.decisions d FULL JOIN recognition.recognitions r "
     "USING (filing_id, zone) WHERE (d.state LIKE '%GRANTED%' OR d.state = 'DELIVERED') "
     "IS DISTINCT FROM (r.number IS NOT NULL)"},
    // The version of `denials` counts the denials, many to an event.
    {"subjects with two events of one version, or a version without one",
     "SELECT concat_ws(' ', count(*), min(told)) FROM (SELECT subject || ' (' || "
     "string_agg(version || ' ' || type, ', ' ORDER BY version) || ')' AS told "
     "FROM recognition.events WHERE subject <> 'denials' GROUP BY subject "
     "HAVING count(*) <> max(version) OR count(DISTINCT version) <> count(*)) AS broken"},
    {"filings whose version is not that of their last event",
     "SELECT count(*) FROM recognition.filings f WHERE version IS DISTINCT FROM "
     "(SELECT max(version) FROM recognition.events e WHERE e.subject = 'filings/' || f.filing_id)"},
    {"filings with two ends to one decision",
     "SELECT count(*) FROM (SELECT FROM recognition.events e JOIN recognition.filings f "
     "ON e.subject = 'filings/' || f.filing_id WHERE cardinality(f.target_zones) = 1 AND e.type ~ "
     "'(decision.granted(_conditional)?|decision.refused|filing.withdrawn)$' GROUP BY f.filing_id "
     "HAVING count(*) > 1) AS doubled"},
    {"filings in review without an open decision, or closed with one",
     "SELECT count(*) FROM recognition.filings f WHERE (state = 'IN_REVIEW') <> EXISTS "
     "(SELECT 1 FROM recognition.decisions d WHERE d.filing_id = f.filing_id AND d.open)"},
    {"clocks that run on after their decision, or have stopped before it",
     "SELECT count(*) FROM recognition.decisions d LEFT JOIN recognition.clocks c "
     "ON c.case_id = d.filing_id AND c.name = d.zone || '/decision' WHERE d.mode = 'REVIEW' "
     "AND (c.case_id IS NULL OR d.open <> (c.stopped_at IS NULL))"},
    {"keys without an answer", "SELECT count(*) FROM recognition.idempotency WHERE reply IS NULL"},
    {"routes that two agreements cover",
     "SELECT count(*) FROM (SELECT FROM recognition.agreement_routes WHERE in_force "
     "GROUP BY item_id, home_zone, target_zone HAVING count(*) > 1) AS doubled"},
    {"agreements in force without routes, or over with some",
     "SELECT count(*) FROM recognition.agreements a WHERE (state = 'IN_FORCE') <> EXISTS "
     "(SELECT 1 FROM recognition.agreement_routes r WHERE r.agreement_id = a.agreement_id "
     "AND r.in_force)"},
    {"agreements that came into force without every signature",
     "SELECT count(*) FROM recognition.agreements a WHERE state <> 'DRAFTED' AND "
     "(SELECT count(*) FROM recognition.agreement_signatures s "
     "WHERE s.agreement_id = a.agreement_id) <> (SELECT count(DISTINCT zone) "
     "FROM unnest(home_zones || target_zones) AS zone)"},
    {"gaps in the events' numbers", "SELECT count(*) - max(number) FROM recognition.events"},
    {"open decisions and grants to deliver that wait for nobody, or other ones that wait",
     "SELECT count(*) FROM recognition.decisions d FULL JOIN worklist.inbox i "
     "ON i.filing_id = d.filing_id AND i.zone = d.zone "
     "WHERE (d.open OR (d.mode = 'REVIEW' AND d.state LIKE '%GRANTED%')) "
     "IS DISTINCT FROM (i.work_id IS NOT NULL)"},
};

}  // namespace

// All events are numbered, and the worklist has applied them; else what is missing.
std::string Races::AwaitConsumers(test::AdminSql& sql) {
  const bool applied = test::WaitUntil(120s, [&] {
    return sql.One(
               "SELECT count(*) FILTER (WHERE number IS NULL) = 0 AND max(number) = "
               "(SELECT number FROM worklist.cursors WHERE source = 'recognition') "
               "FROM recognition.events") == "t";
  });
  return applied ? "" : "the worklist does not catch up";
}

// Every filing that was acknowledged is there, no other is, and decisions ended as was answered.
void Races::CheckAnswers(test::AdminSql& sql, std::vector<std::string>& found) {
  std::vector<std::string> organizations;
  for (const Lane& lane : lanes_) organizations.push_back(lane.applicant.id);
  std::set<std::string> stored;
  for (const auto& row : sql.Query(
           "SELECT filing_id FROM recognition.filings WHERE organization_id = ANY ($1::text[])",
           {fmt::format("{{{}}}", fmt::join(organizations, ","))})) {
    stored.insert(*row[0]);
  }
  if (stored != acknowledged_) {
    found.push_back(fmt::format("{} filings were acknowledged, {} are stored", acknowledged_.size(),
                                stored.size()));
  }
  std::map<std::string, std::string> states;
  for (const auto& row :
       sql.Query("SELECT filing_id || '/' || zone, state FROM recognition.decisions")) {
    states[*row[0]] = *row[1];
  }
  size_t other = 0;
  for (const Ended& ended : ended_) {
    other += states[ended.filing_id + "/" + ended.zone] == ended.state ? 0 : 1;
  }
  if (other > 0) found.push_back(fmt::format("{} decisions ended otherwise than answered", other));
}

std::vector<std::string> Races::Contradictions() {
  test::AdminSql sql = world_.deployment().database().Admin();
  std::vector<std::string> found;
  if (std::string late = AwaitConsumers(sql); !late.empty()) found.push_back(std::move(late));
  for (const Check& check : kChecks) {
    const std::string count = sql.One(check.count);
    if (count != "0") found.push_back(fmt::format("{} {}", count, check.what));
  }
  CheckAnswers(sql, found);
  return found;
}

}  // namespace zonelink::bench
