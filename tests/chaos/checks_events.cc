// SPDX-License-Identifier: Apache-2.0
// I-05 to I-07: every event once in the ledger, once in the worklist, and in time.
#include <fmt/format.h>

#include "tests/chaos/judge.h"

namespace zonelink::chaos {
namespace {

// All event logs as one, under the name all_events.
std::string WithAllEvents(test::AdminSql& sql, const std::string& query) {
  std::string all;
  for (const std::string& source : Sources(sql)) {
    if (!all.empty()) all += " UNION ALL ";
    all += fmt::format(
        "SELECT '{0}' AS source, event_id, subject, version, type, number, recorded_at FROM "
        "{0}.events",
        source);
  }
  return fmt::format("WITH all_events AS ({}) {}", all, query);
}

// The first columns of the rows, after `says`.
void Add(Violations& found, const std::vector<test::AdminSql::Row>& rows, const std::string& says) {
  for (const auto& row : rows) {
    std::string line = says;
    for (const auto& column : row) line += " " + column.value_or("NULL");
    found.push_back(line);
  }
}

// A row of the worklist is due for these types.
constexpr const char* kFed = "type ~ '^zonelink\\.recognition\\.(filing|decision)\\.'";

}  // namespace

Violations OneLeafPerEvent(Evidence& evidence) {
  auto& sql = evidence.sql;
  Violations found;
  Add(found,
      sql.Query(WithAllEvents(
          sql,
          "SELECT e.source, e.event_id, e.type, count(l.event_id) FROM all_events e LEFT JOIN "
          "ledger.leaves l ON l.event_id = e.event_id AND l.source = e.source GROUP BY 1, 2, "
          "3 HAVING count(l.event_id) <> 1")),
      "event without exactly one leaf:");
  Add(found,
      sql.Query(WithAllEvents(
          sql,
          "SELECT l.index, l.source, l.event_id FROM ledger.leaves l LEFT JOIN all_events e ON "
          "e.event_id = l.event_id AND e.source = l.source GROUP BY 1, 2, 3 HAVING "
          "count(e.event_id) <> 1")),
      "leaf without exactly one event:");
  Add(found,
      sql.Query(WithAllEvents(
          sql,
          "SELECT source, subject, version, index FROM (SELECT e.source, e.subject, e.version, "
          "l.index, lag(e.version) OVER (PARTITION BY e.source, e.subject ORDER BY l.index) AS "
          "before FROM all_events e JOIN ledger.leaves l USING (event_id)) AS o WHERE version <= "
          "before")),
      "leaves against the order of versions:");
  Add(found,
      sql.Query("SELECT min(index), max(index), count(*), (SELECT size FROM ledger.tree) FROM "
                "ledger.leaves HAVING min(index) <> 0 OR max(index) <> count(*) - 1 OR count(*) <> "
                "(SELECT size FROM ledger.tree)"),
      "leaves with gaps (first, last, count, size):");
  for (const std::string& source : Sources(sql)) {
    Add(found,
        sql.Query(fmt::format("SELECT '{0}', count(*), count(number), max(number) FROM {0}.events "
                              "HAVING count(*) <> count(number) OR count(*) <> max(number)",
                              source)),
        "events without a number, or numbers with gaps (events, numbered, last):");
  }
  return found;
}

Violations OneEffectPerEvent(Evidence& evidence) {
  auto& sql = evidence.sql;
  Violations found;
  Add(found,
      sql.Query(fmt::format(
          "SELECT e.event_id, e.type, count(f.event_id) FROM recognition.events e LEFT JOIN "
          "worklist.feed f ON f.event_id = e.event_id AND f.subject = e.subject WHERE e.{} GROUP "
          "BY 1, 2 HAVING count(f.event_id) <> 1",
          kFed)),
      "event not exactly once in the feed:");
  Add(found,
      sql.Query("SELECT f.seq, f.event_id FROM worklist.feed f LEFT JOIN recognition.events e "
                "USING (event_id) WHERE e.event_id IS NULL"),
      "entry of the feed without an event:");
  Add(found,
      sql.Query("SELECT c.number, e.last FROM (SELECT max(number) AS last FROM recognition.events) "
                "e LEFT JOIN worklist.cursors c ON c.source = 'recognition' WHERE c.number IS "
                "DISTINCT FROM e.last"),
      "the worklist's cursor is not at the end (cursor, last number):");
  Add(found,
      sql.Query(
          "SELECT coalesce(d.filing_id, i.filing_id), coalesce(d.zone, i.zone), d.state, i.action "
          "FROM (SELECT * FROM recognition.decisions WHERE open OR (mode = 'REVIEW' AND "
          "state = 'GRANTED')) d FULL JOIN worklist.inbox i ON "
          "i.filing_id = d.filing_id AND i.zone = d.zone WHERE (CASE d.state WHEN 'PENDING' THEN "
          "'accept' WHEN 'SUPPLEMENTING' THEN 'supplement' WHEN 'ACCEPTED' THEN 'verify' WHEN "
          "'VERIFIED' THEN 'decide' WHEN 'GRANTED' THEN 'deliver' END) IS DISTINCT FROM i.action"),
      "what waits is not what the decision's state asks for:");
  return found;
}

Violations LeavesAreInTime(Evidence& evidence) {
  auto& sql = evidence.sql;
  // An outage that the wait touches excuses it until its own end.
  std::string outages = "SELECT NULL::timestamptz AS began, NULL::timestamptz AS ended";
  for (const OutageLine& outage : evidence.journal.outages) {
    outages += fmt::format(" UNION ALL SELECT '{}'::timestamptz, '{}'::timestamptz",
                           FormatTime(outage.from), FormatTime(outage.until));
  }
  Violations found;
  Add(found,
      sql.Query(fmt::format(
          "WITH outages AS ({}) SELECT l.index, l.source, l.event_id, l.integrated_at - "
          "l.recorded_at FROM ledger.leaves l WHERE l.integrated_at > interval '{} ms' + "
          "greatest(l.recorded_at, (SELECT max(o.ended) FROM outages o WHERE o.began <= "
          "l.integrated_at AND o.ended >= l.recorded_at))",
          outages, evidence.merge_delay.count())),
      "leaf later than the merge delay allows:");
  Add(found,
      sql.Query(WithAllEvents(
          sql,
          "SELECT l.index, l.event_id FROM ledger.leaves l JOIN all_events e USING (event_id) "
          "WHERE l.recorded_at <> e.recorded_at")),
      "leaf with another time of recording than its event:");
  return found;
}

}  // namespace zonelink::chaos
