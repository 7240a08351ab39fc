// SPDX-License-Identifier: Apache-2.0
// I-08: the database's catalogue, queries in every party's name, and canaries in what was told.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/chaos/judge.h"

namespace zonelink::chaos {
namespace {

using test::AdminSql;

// Shared reference tables and housekeeping, which hold nobody's rows.
constexpr const char* kShared =
    "('clock.setting', 'directory.zone', 'recognition.catalogue_version', "
    "'recognition.negative_list_periods', 'recognition.officers', "
    "'recognition.zones', 'directory.calendar_days', 'directory.calendar_years', "
    "'documents.calendar_days', 'documents.calendar_years', 'ledger.calendar_days', "
    "'ledger.calendar_years', 'recognition.calendar_days', 'recognition.calendar_years', "
    "'worklist.calendar_days', 'worklist.calendar_years')";

struct Rule {
  const char* says;
  const char* finds;
};

// Schemas of the product: those with an event log, and the clock.
constexpr const char* kPrepare = R"sql(
CREATE OR REPLACE TEMP VIEW judged_tables AS
  SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relrowsecurity, c.relforcerowsecurity, c.relacl
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND n.nspname NOT LIKE 'pg\_%'
     AND n.nspname NOT IN ('information_schema', 'public'))sql";

const std::vector<Rule> kRules = {
    {"table without forced row-level security:",
     "SELECT name FROM judged_tables WHERE NOT (relrowsecurity AND relforcerowsecurity) AND name "
     "NOT IN {shared} AND name NOT LIKE '%.cursors' AND name NOT LIKE '%.schema_migrations'"},
    {"table without policies:",
     "SELECT name FROM judged_tables t WHERE relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy "
     "p WHERE p.polrelid = t.oid)"},
    {"policy for everybody:",
     "SELECT polname || ' on ' || polrelid::regclass FROM pg_policy WHERE polroles = '{0}'"},
    {"role above the policies:",
     "SELECT rolname FROM pg_roles WHERE rolname LIKE 'zl\\_%' AND (rolsuper OR rolbypassrls)"},
    {"table that belongs to a service's login:",
     "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE "
     "c.relkind IN ('r', 'p') AND r.rolname LIKE 'zl\\_%' AND r.rolname NOT LIKE '%\\_owner'"},
    {"table that PUBLIC may use:",
     "SELECT t.name FROM judged_tables t, aclexplode(t.relacl) a WHERE a.grantee = 0"},
};

// A table of which a party sees only its own rows. `parties`: SQL for the parties of row t.
struct Tenanted {
  const char* table;
  const char* key;
  const char* parties;
};

constexpr const char* kOfFiling =
    "ARRAY(SELECT p.party FROM recognition.filing_parties p WHERE p.filing_id = t.filing_id)";
const std::vector<Tenanted> kTenanted = {
    {"recognition.filings", "filing_id", kOfFiling},
    {"recognition.decisions", "filing_id || t.zone", kOfFiling},
    {"recognition.documents", "filing_id || t.position", kOfFiling},
    {"recognition.review_opinions", "case_id || t.seq",
     "ARRAY(SELECT p.party FROM recognition.filing_parties p WHERE p.filing_id = t.case_id)"},
    {"recognition.events", "event_id::text", "t.parties"},
    {"worklist.feed", "event_id::text", "t.parties"},
    {"worklist.inbox", "subject", "ARRAY[t.party]"},
    {"directory.events", "event_id::text", "t.parties"},
    {"ledger.contents", "event_id::text", "t.parties"},
    {"ledger.events", "event_id::text", "t.parties"},
};

std::set<std::string> Column(AdminSql& sql, const std::string& query,
                             const std::vector<std::string>& params = {}) {
  std::set<std::string> values;
  for (const auto& row : sql.Query(query, params)) values.insert(row[0].value_or("NULL"));
  return values;
}

void CheckCatalogue(AdminSql& sql, Violations& found) {
  sql.Run(kPrepare);
  for (const Rule& rule : kRules) {
    std::string query = rule.finds;
    const auto at = query.find("{shared}");
    if (at != std::string::npos) query.replace(at, 8, kShared);
    for (const auto& name : Column(sql, query))
      found.push_back(fmt::format("{} {}", rule.says, name));
  }
}

// As the service's login in the caller's context, the way its pool sets it; inside the judge's
// transaction.
std::set<std::string> AsParty(AdminSql& sql, const Tenanted& tenanted, const CallerLine& caller) {
  const std::string table = tenanted.table;
  const std::string service = table.substr(0, table.find('.'));
  const bool member = !caller.organization_id.empty();
  sql.Run("SAVEPOINT party");
  sql.Query(
      "SELECT set_config('role', $1, true), set_config('zl.user', $2, true), "
      "set_config('zl.organization', $3, true), set_config('zl.zone', $4, true), "
      "set_config('zl.roles', $5, true), set_config('zl.parties', $6, true), "
      "set_config('search_path', $7, true)",
      {"zl_" + service, caller.user_id, caller.organization_id, caller.zone,
       member ? "filer" : "verifier,reviewer",
       member ? "org:" + caller.organization_id : "zone:" + caller.zone, service});
  auto seen = Column(sql, fmt::format("SELECT t.{} FROM {} t", tenanted.key, table));
  sql.Run("ROLLBACK TO SAVEPOINT party");
  return seen;
}

void CheckParty(AdminSql& sql, const CallerLine& caller, Violations& found) {
  const std::string party =
      caller.zone.empty() ? "org:" + caller.organization_id : "zone:" + caller.zone;
  for (const Tenanted& tenanted : kTenanted) {
    const auto seen = AsParty(sql, tenanted, caller);
    const auto own = Column(sql,
                            fmt::format("SELECT t.{} FROM {} t WHERE $1 = ANY ({})", tenanted.key,
                                        tenanted.table, tenanted.parties),
                            {party});
    for (const auto& key : seen) {
      if (own.count(key) == 0) {
        found.push_back(
            fmt::format("{} reads {} of {}, which is not its", party, key, tenanted.table));
      }
    }
  }
}

// Zones by canary of the organisations whose filings they are party to.
std::map<std::string, std::set<std::string>> MayKnow(AdminSql& sql) {
  std::map<std::string, std::set<std::string>> zones;
  for (const auto& row :
       sql.Query("SELECT DISTINCT f.applicant_name, p.party FROM recognition.filings f JOIN "
                 "recognition.filing_parties p USING (filing_id) WHERE p.party LIKE 'zone:%'")) {
    zones[*row[0]].insert(row[1]->substr(5));
  }
  return zones;
}

// What was told to somebody, whatever the answer was.
void CheckTold(const Journal& journal, AdminSql& sql, Violations& found) {
  const auto may_know = MayKnow(sql);
  std::map<std::string, std::string> owners;  // canary → organisation
  for (const auto& [name, caller] : journal.callers) {
    if (!caller.canary.empty()) owners[caller.canary] = caller.organization_id;
  }
  const auto look = [&](const std::string& caller_name, const std::string& body,
                        const std::string& what) {
    const CallerLine& caller = journal.callers.at(caller_name);
    for (const auto& [canary, organization] : owners) {
      if (organization == caller.organization_id || body.find(canary) == std::string::npos) {
        continue;
      }
      const auto known = may_know.find(canary);
      if (!caller.zone.empty() && known != may_know.end() && known->second.count(caller.zone)) {
        continue;
      }
      found.push_back(fmt::format("{} was told of {} by {}", caller_name, canary, what));
    }
  };
  for (const ReadLine& read : journal.reads) look(read.caller, read.body, read.path);
  for (const auto& [id, exchange] : journal.exchanges) {
    for (const ToldLine& told : exchange.told) {
      look(exchange.sent.caller, told.body, fmt::format("request {}", id));
    }
  }
}

}  // namespace

Violations TenantsAreApart(Evidence& evidence) {
  Violations found;
  CheckCatalogue(evidence.sql, found);
  std::set<std::string> done;
  for (const auto& [name, caller] : evidence.journal.callers) {
    // One member speaks for its organisation, one officer for its zone.
    if (!done.insert(caller.organization_id + "/" + caller.zone).second) continue;
    CheckParty(evidence.sql, caller, found);
  }
  CheckTold(evidence.journal, evidence.sql, found);
  return found;
}

}  // namespace zonelink::chaos
