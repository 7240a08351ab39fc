// SPDX-License-Identifier: Apache-2.0
// What the database itself promises, read from its catalogue: every table with somebody's rows has
// forced row-level security, no service role can step around it, and random queries under any
// caller's context answer what a superuser's query with the rule spelled out answers.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "platform/core/time.h"
#include "tests/integration/cast.h"
#include "tests/support/fixture.h"

namespace zonelink::test {
namespace {

using testing::IsEmpty;

// Tables that everybody may read, or that hold nobody's rows.
const std::set<std::string> kShared = {
    "clock.setting",
    "directory.zone",
    "recognition.zones",
    "directory.cursors",
    "directory.calendar_years",
    "directory.calendar_days",
    "directory.schema_migrations",
    "recognition.cursors",
    "recognition.calendar_years",
    "recognition.calendar_days",
    "recognition.catalogue_version",
    "recognition.officers",
    "recognition.schema_migrations",
    "worklist.cursors",
    "worklist.calendar_years",
    "worklist.calendar_days",
    "worklist.schema_migrations",
    "ledger.cursors",
    "ledger.calendar_years",
    "ledger.calendar_days",
    "ledger.schema_migrations",
    "documents.cursors",
    "documents.calendar_years",
    "documents.calendar_days",
    "documents.schema_migrations",
};

// For the rules: `ours` are the schemas of the product, `roles` the database roles of the services.
constexpr const char* kPrepare = R"sql(
CREATE TEMP VIEW ours AS
  SELECT oid, nspname FROM pg_namespace
   WHERE nspname NOT LIKE 'pg\_%' AND nspname NOT IN ('information_schema', 'public');
CREATE TEMP VIEW tables AS
  SELECT c.*, n.nspname || '.' || c.relname AS name FROM pg_class c JOIN ours n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p');
CREATE TEMP VIEW roles AS
  SELECT r.*, split_part(r.rolname, '_', 2) AS service FROM pg_roles r
   WHERE r.rolname ~ '^zl_(directory|recognition|worklist|ledger|documents)(_auditor|_public|_relay|_writer|_timer)?$')sql";

// A query that must find nothing, and a fault that it must find.
struct Rule {
  const char* name;
  const char* finds;
  const char* fault;
};

const std::vector<Rule> kRules = {
    {"a table that nobody can use",
     "SELECT name FROM tables t WHERE relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy p WHERE "
     "p.polrelid = t.oid)",
     "CREATE TABLE worklist.planted (a int); ALTER TABLE worklist.planted ENABLE ROW LEVEL "
     "SECURITY"},
    {"a policy for everybody",
     "SELECT polname || ' on ' || polrelid::regclass FROM pg_policy WHERE polroles = '{0}'",
     "CREATE POLICY planted ON worklist.feed USING (true)"},
    {"a role with power over policies",
     "SELECT rolname FROM pg_roles WHERE (rolname IN (SELECT rolname FROM roles) OR rolname LIKE "
     "'zl\\_%') AND "
     "(rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)",
     "CREATE ROLE zl_planted BYPASSRLS"},
    {"a service that owns a table",
     "SELECT t.name FROM tables t JOIN roles r ON r.oid = t.relowner",
     "ALTER TABLE worklist.feed OWNER TO zl_worklist"},
    {"a service that owns a function",
     "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN roles r ON r.oid = p.proowner",
     "ALTER FUNCTION worklist.current_zone() OWNER TO zl_worklist"},
    {"a service in another role's place",
     "SELECT m.rolname || ' in ' || g.rolname FROM pg_auth_members a JOIN roles m ON m.oid = "
     "a.member JOIN pg_roles g "
     "ON g.oid = a.roleid WHERE g.rolname NOT IN (m.rolname || '_auditor', m.rolname || '_public', "
     "m.rolname || "
     "'_relay', m.rolname || '_writer', m.rolname || '_timer')",
     "GRANT zl_worklist_owner TO zl_worklist"},
    {"a narrow role that can log in",
     "SELECT rolname FROM pg_roles WHERE rolname ~ "
     "'^zl_.*_(auditor|public|relay|writer|timer|owner)$' "
     "AND "
     "rolcanlogin",
     "CREATE ROLE zl_planted_relay LOGIN"},
    {"a login that has its narrow roles' rights without asking",
     "SELECT rolname FROM pg_roles WHERE rolname ~ '^zl_[a-z]+$' AND rolcanlogin AND rolinherit",
     "CREATE ROLE zl_planted LOGIN INHERIT"},
    {"TRUNCATE, REFERENCES or TRIGGER",
     "SELECT r.rolname || ' ' || t.name FROM roles r CROSS JOIN tables t WHERE "
     "has_table_privilege(r.oid, t.oid, "
     "'TRUNCATE') OR has_table_privilege(r.oid, t.oid, 'REFERENCES') OR has_table_privilege(r.oid, "
     "t.oid, 'TRIGGER')",
     "GRANT TRUNCATE ON worklist.feed TO zl_worklist"},
    {"a service that can create tables",
     "SELECT r.rolname FROM roles r CROSS JOIN ours n WHERE has_schema_privilege(r.oid, n.oid, "
     "'CREATE') OR "
     "has_database_privilege(r.oid, current_database(), 'CREATE')",
     "GRANT CREATE ON SCHEMA worklist TO zl_worklist"},
    {"a service that reaches another's schema",
     "SELECT r.rolname || ' ' || n.nspname FROM roles r CROSS JOIN ours n WHERE n.nspname NOT IN "
     "(r.service, 'clock') "
     "AND has_schema_privilege(r.oid, n.oid, 'USAGE')",
     "GRANT USAGE ON SCHEMA recognition TO zl_worklist"},
    {"a table that PUBLIC may use",
     "SELECT t.name FROM tables t, aclexplode(t.relacl) a WHERE a.grantee = 0",
     "GRANT SELECT ON worklist.feed TO PUBLIC"},
    {"a materialised view", "SELECT schemaname || '.' || matviewname FROM pg_matviews",
     "CREATE MATERIALIZED VIEW worklist.planted AS SELECT * FROM worklist.feed"},
    {"a view with its owner's rights, or a foreign table",
     "SELECT c.oid::regclass::text FROM pg_class c JOIN ours n ON n.oid = c.relnamespace WHERE "
     "c.relkind = 'f' OR c.relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY "
     "(c.reloptions), false)",
     "CREATE VIEW worklist.planted AS SELECT * FROM worklist.feed"},
    {"a function with its owner's rights",
     "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace WHERE "
     "p.prosecdef",
     "ALTER FUNCTION worklist.current_zone() SECURITY DEFINER"},
    {"an event log that can be rewritten",
     "SELECT r.rolname || ' ' || t.name FROM roles r CROSS JOIN tables t WHERE t.relname = "
     "'events' AND "
     "(has_table_privilege(r.oid, t.oid, 'DELETE') OR has_column_privilege(r.oid, t.oid, 'body', "
     "'UPDATE'))",
     "GRANT DELETE ON recognition.events TO zl_recognition"},
    {"a denial log that can be rewritten",
     "SELECT r.rolname || ' ' || t.name FROM roles r CROSS JOIN tables t WHERE t.relname = "
     "'denials' AND "
     "(has_table_privilege(r.oid, t.oid, 'DELETE') OR has_any_column_privilege(r.oid, t.oid, "
     "'UPDATE'))",
     "GRANT UPDATE (reason) ON recognition.denials TO zl_recognition_relay"},
    {"a denial log that others than auditors and its writer read",
     "SELECT r.rolname || ' ' || t.name FROM roles r CROSS JOIN tables t WHERE t.relname = "
     "'denials' AND has_any_column_privilege(r.oid, t.oid, 'SELECT') AND r.rolname !~ "
     "'_(auditor|relay)$'",
     "GRANT SELECT (reason) ON recognition.denials TO zl_recognition"},
    {"a tree that can be rewritten",
     "SELECT r.rolname || ' ' || t.name FROM roles r CROSS JOIN tables t WHERE t.name IN "
     "('ledger.leaves', 'ledger.nodes', 'ledger.checkpoints', 'ledger.cosignatures') AND "
     "(has_table_privilege(r.oid, t.oid, 'DELETE') OR has_any_column_privilege(r.oid, t.oid, "
     "'UPDATE'))",
     "GRANT UPDATE (hash) ON ledger.leaves TO zl_ledger_relay"},
    {"salts in reach of strangers",
     "SELECT r.rolname FROM roles r WHERE has_any_column_privilege(r.oid, 'ledger.contents', "
     "'SELECT') AND r.rolname NOT IN ('zl_ledger', 'zl_ledger_auditor', 'zl_ledger_relay') OR "
     "has_column_privilege(r.oid, 'ledger.contents', 'salt', 'SELECT') AND r.rolname = "
     "'zl_ledger_relay'",
     "GRANT SELECT ON ledger.contents TO zl_ledger_public"},
};

class Catalogue : public IntegrationTest {
 protected:
  static void SetUpTestSuite() {
    IntegrationTest::SetUpTestSuite();
    cast_ = std::make_unique<Cast>(world());
    sql_ = std::make_unique<AdminSql>(deployment().database().admin_url());
    sql_->Run(kPrepare);
  }
  static void TearDownTestSuite() {
    sql_.reset();
    cast_.reset();
    IntegrationTest::TearDownTestSuite();
  }
  // The first column of all rows.
  static std::vector<std::string> Names(const std::string& sql) {
    std::vector<std::string> names;
    for (const auto& row : sql_->Query(sql)) names.push_back(row[0].value_or("NULL"));
    return names;
  }
  static std::set<std::string> OpenTables() {
    const auto names =
        Names("SELECT name FROM tables WHERE NOT (relrowsecurity AND relforcerowsecurity)");
    return {names.begin(), names.end()};
  }

  static inline std::unique_ptr<Cast> cast_;
  static inline std::unique_ptr<AdminSql> sql_;
};

TEST_F(Catalogue, EveryTableForcesRowLevelSecurity) {
  EXPECT_EQ(OpenTables(), kShared)
      << "a table without forced row-level security, or one on the list that is no more";
}

TEST_F(Catalogue, KeepsTheRules) {
  EXPECT_EQ(Names("SELECT rolname FROM roles").size(), 30u) << "five services, six roles each";
  for (const Rule& rule : kRules) EXPECT_THAT(Names(rule.finds), IsEmpty()) << rule.name;
}

TEST_F(Catalogue, TheRulesFindPlantedFaults) {
  for (const Rule& rule : kRules) {
    sql_->Run("BEGIN");
    sql_->Run(rule.fault);
    EXPECT_FALSE(Names(rule.finds).empty()) << rule.name;
    sql_->Run("ROLLBACK");
  }
  for (const char* fault : {"ALTER TABLE worklist.inbox NO FORCE ROW LEVEL SECURITY",
                            "ALTER TABLE worklist.inbox DISABLE ROW LEVEL SECURITY",
                            "CREATE TABLE worklist.planted (a int)"}) {
    sql_->Run("BEGIN");
    sql_->Run(fault);
    EXPECT_NE(OpenTables(), kShared) << fault;
    sql_->Run("ROLLBACK");
  }
}

// A table's rule, spelled out for a superuser; $1 user, $2 organisation, $3 zone, $4 roles, $5
// parties.
struct Oracle {
  std::string table;
  std::string key;   // what rows are told apart by
  std::string sees;  // SQL condition over the table's columns
};

const std::string kFilingParty =
    "EXISTS (SELECT FROM recognition.filing_parties fp WHERE fp.filing_id = t.filing_id AND "
    "fp.party = ANY "
    "($5::text[]))";
const std::string kAgreementParty =
    "EXISTS (SELECT FROM recognition.agreement_parties ap WHERE ap.agreement_id = t.agreement_id "
    "AND ap.party = ANY "
    "($5::text[]))";
const std::string kDocument =
    "EXISTS (SELECT FROM documents.documents d WHERE d.document_id = t.document_id AND "
    "(d.organization_id = nullif($2, '') OR d.stored_at IS NOT NULL AND EXISTS (SELECT FROM "
    "documents.document_grants g WHERE g.sha256 = d.sha256 AND g.organization_id = "
    "d.organization_id AND g.parties && $5::text[])))";
const std::string kAccount =
    "(a.user_id = $1 OR $4::text[] && '{system_admin,security_admin,audit_admin}' OR ('zone_admin' "
    "= ANY ($4::text[]) "
    "AND a.zone = $3) OR ('enterprise_admin' = ANY ($4::text[]) AND a.organization_id = $2))";
const std::string kOfAccount =
    "EXISTS (SELECT FROM directory.account a WHERE a.user_id = t.user_id AND " + kAccount + ")";

std::vector<Oracle> Oracles() {
  return {
      {"recognition.filings", "filing_id", kFilingParty},
      {"recognition.filing_parties", "filing_id || party", "party = ANY ($5::text[])"},
      {"recognition.decisions", "filing_id || zone", kFilingParty},
      {"recognition.verifications", "filing_id || zone || user_id", kFilingParty},
      {"recognition.suspensions", "filing_id || zone || from_at", kFilingParty},
      {"recognition.documents", "filing_id || position", kFilingParty},
      {"recognition.agreements", "agreement_id", kAgreementParty},
      {"recognition.agreement_parties", "agreement_id || party", "party = ANY ($5::text[])"},
      {"recognition.agreement_signatures", "agreement_id || zone", kAgreementParty},
      {"recognition.agreement_routes", "agreement_id || home_zone || target_zone",
       "(in_force OR " + kAgreementParty + ")"},
      {"recognition.credit_records", "credit_record_id",
       "(organization_id = nullif($2, '') OR nullif($3, '') IS NOT NULL AND $4::text[] && "
       "'{verifier,reviewer,inspector,zone_admin}' OR 'leading-group' = ANY ($5::text[]))"},
      {"recognition.events", "event_id::text", "parties && $5::text[]"},
      {"recognition.idempotency", "principal || key", "principal = $1"},
      {"directory.account", "user_id",
       "EXISTS (SELECT FROM directory.account a WHERE a.user_id = t.user_id AND " + kAccount + ")"},
      {"directory.organization", "organization_id",
       "(organization_id = $2 OR zone = $3 OR $4::text[] && "
       "'{secretariat,chair,system_admin,security_admin,audit_admin}')"},
      {"directory.session", "session_id", kOfAccount},
      {"directory.role_grant", "grant_id", kOfAccount},
      {"directory.mandate", "mandate_id",
       "nullif($2, '') IN (principal_organization_id, agent_organization_id)"},
      {"directory.delegation", "delegation_id",
       "(zone = $3 OR $4::text[] && '{system_admin,security_admin,audit_admin}')"},
      {"directory.events", "event_id::text", "parties && $5::text[]"},
      {"worklist.inbox", "subject",
       "party = ANY ($5::text[]) AND roles && $4::text[] AND NOT $1 = ANY (excluded_users) AND "
       "(only_users = '{}' OR $1 = ANY (only_users))"},
      {"worklist.feed", "event_id::text", "parties && $5::text[]"},
      {"ledger.contents", "event_id::text", "parties && $5::text[]"},
      {"documents.documents", "document_id", kDocument},
      {"documents.chunks", "document_id || position", kDocument},
      {"documents.document_grants", "case_id || sha256", "parties && $5::text[]"},
      {"documents.document_readings", "reading_id", "organization_id = nullif($2, '')"},
      {"documents.events", "event_id::text", "parties && $5::text[]"},
  };
}

// Whom the database believes to be calling.
struct Context {
  std::string user;
  std::string organization;
  std::string zone;
  std::vector<std::string> roles;

  std::vector<std::string> Parties() const {
    std::vector<std::string> parties;
    if (!organization.empty()) parties.push_back("org:" + organization);
    if (!zone.empty()) parties.push_back("zone:" + zone);
    for (const auto& role : roles) {
      if (role == "secretariat" || role == "chair") parties = {"leading-group"};
    }
    return parties;
  }
};

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const auto& text : texts) joined += (joined.empty() ? "" : ",") + text;
  return joined;
}

class RandomQueries : public Catalogue {
 protected:
  // Somebody acts for somebody.
  static void PlayDirectory() {
    const Time now = *ParseTime(world().Now());
    const std::string today = FormatDate(ShanghaiDate(now));
    const auto give = [&](const char* by, const Organization& agent) {
      return cast_->As(by).Post(
          "/v1/mandates",
          fmt::format(R"({{"agentUscc":"{}","acts":["file"],"validFrom":"{}","validUntil":"{}"}})",
                      agent.uscc, today, today));
    };
    ASSERT_TRUE(HasStatus(give("enterprise_admin", cast_->foreign), 201));
    ASSERT_TRUE(HasStatus(give("enterprise_admin~", cast_->own), 201));
    // Enough people who see one, for random callers to be among them.
    for (int i = 0; i < 6; ++i) cast_->MemberOfOwn({"filer"});
    ASSERT_TRUE(HasStatus(
        cast_->As("verifier")
            .Post("/v1/delegations",
                  fmt::format(
                      R"({{"deputyUserId":"{}","roles":["verifier"],"until":"{}","reason":"-"}})",
                      cast_->StaffOfOwnZone().user_id, FormatTime(now + std::chrono::days{2}))),
        201));
  }
  // Cases of several organisations and zones in several states.
  static void Play() {
    for (const char* state : {"SUPPLEMENTING", "ACCEPTED", "VERIFIED"}) cast_->FilingWhere(state);
    for (const char* home : {"guangdong", "tianjin"}) {
      world().Agree(cast_->item, {home}, {"fujian", "henan"}, "REVIEW");
      const Organization organization = world().NewOrganization(home);
      const Person filer = world().Member(organization, {"filer"});
      for (int i = 0; i < 3; ++i) {
        const FilingSpec spec{.item_id = cast_->item,
                              .home_zone = home,
                              .target_zones = {"fujian", "henan"},
                              .applicant = organization};
        ASSERT_TRUE(HasStatus(world().As(filer).Post("/v1/filings", spec.ToJson()), 201));
      }
    }
    // As the clock would write them.
    sql_->Run(
        "INSERT INTO recognition.credit_records SELECT gen_random_uuid()::text, organization_id, "
        "applicant_uscc, applicant_name, filing_id, target_zones[1], item_id, item_version, "
        "'PROMISE_BROKEN', '-', submitted_at, submitted_at, '-' FROM recognition.filings");
    cast_->DraftedAgreement();
    PlayDirectory();
    for (const bool referred : {false, true}) {
      const std::string document = cast_->Document(referred);
      ASSERT_TRUE(HasStatus(cast_->As("filer").Get("/v1/documents/" + document), 200));
    }
    ASSERT_TRUE(WaitUntil(std::chrono::seconds(20), [] {
      return sql_->One("SELECT count(*) FROM worklist.inbox") ==
                 sql_->One("SELECT count(*) FROM recognition.decisions WHERE open") &&
             sql_->One("SELECT count(*) FROM ledger.contents WHERE source <> 'ledger'") ==
                 sql_->One(
                     "SELECT count(*) FROM (SELECT event_id FROM directory.events UNION ALL "
                     "SELECT event_id FROM recognition.events UNION ALL SELECT event_id FROM "
                     "worklist.events UNION ALL SELECT event_id FROM documents.events) AS "
                     "events");
    }));
  }

  // Everybody who exists, as their tokens would say.
  static std::vector<Context> Everybody() {
    std::vector<Context> all = {{}};
    for (const auto& row :
         sql_->Query("SELECT a.user_id, coalesce(a.organization_id, ''), coalesce(a.zone, ''), "
                     "coalesce(string_agg(g.role, ','), '') FROM directory.account a LEFT JOIN "
                     "directory.role_grant g "
                     "ON g.user_id = a.user_id AND g.state = 'ACTIVE' GROUP BY a.user_id")) {
      Context context{.user = *row[0], .organization = *row[1], .zone = *row[2]};
      std::string roles = *row[3];
      std::replace(roles.begin(), roles.end(), ',', ' ');
      context.roles = Words(roles);
      // The auditor has a database role of its own.
      if (std::find(context.roles.begin(), context.roles.end(), "auditor") == context.roles.end()) {
        all.push_back(context);
      }
    }
    return all;
  }

  static std::vector<std::string> Column(const std::string& sql,
                                         const std::vector<std::string>& params = {}) {
    std::vector<std::string> values;
    for (const auto& row : sql_->Query(sql, params)) values.push_back(row[0].value_or("NULL"));
    return values;
  }

  // As the service's role in the caller's context, exactly as the pool sets it.
  static std::vector<std::string> AsCaller(const std::string& role, const Context& context,
                                           const std::string& sql) {
    sql_->Run("BEGIN");
    sql_->Query(
        "SELECT set_config('role', $1, true), set_config('zl.user', $2, true), "
        "set_config('zl.organization', $3, "
        "true), set_config('zl.zone', $4, true), set_config('zl.roles', $5, true), "
        "set_config('zl.parties', $6, true), "
        "set_config('search_path', $7, true)",
        {role, context.user, context.organization, context.zone, Joined(context.roles),
         Joined(context.Parties()), role.substr(3)});
    auto values = Column(sql);
    sql_->Run("ROLLBACK");
    return values;
  }

  static std::mt19937_64& Random() {
    static std::mt19937_64 random(20260302);
    return random;
  }
  template <class T>
  static const T& Pick(const std::vector<T>& from) {
    return from[Random()() % from.size()];
  }

  // A condition on a random text column with a value that occurs in it, or none.
  static std::string RandomCondition(const std::string& table) {
    const auto columns =
        Column(fmt::format("SELECT attname FROM pg_attribute WHERE attrelid = '{}'::regclass AND "
                           "attnum > 0 AND NOT attisdropped AND "
                           "atttypid = 'text'::regtype ORDER BY attnum",
                           table));
    if (columns.empty() || Random()() % 3 == 0) return "true";
    const std::string& column = Pick(columns);
    const auto values =
        Column(fmt::format("SELECT quote_literal({0}) FROM {1} WHERE {0} IS NOT NULL ORDER BY "
                           "md5({0} || '{2}') LIMIT 1",
                           column, table, Random()()));
    if (values.empty()) return "true";
    const std::vector<std::string> operators = {"=", "<>", "<", ">="};
    return fmt::format("{} {} {}", column, Pick(operators), values[0]);
  }
};

TEST_F(RandomQueries, AnswerWhatTheRuleSays) {
  Play();
  const auto everybody = Everybody();
  const auto oracles = Oracles();
  std::map<std::string, size_t> rows_seen;
  for (int i = 0; i < 1500; ++i) {
    const Oracle& oracle = oracles[static_cast<size_t>(i) % oracles.size()];
    const Context& context = Pick(everybody);
    const std::string condition = RandomCondition(oracle.table);
    const std::string service = oracle.table.substr(0, oracle.table.find('.'));
    const auto seen = AsCaller("zl_" + service, context,
                               fmt::format("SELECT {} FROM {} t WHERE {} ORDER BY 1", oracle.key,
                                           oracle.table, condition));
    const auto expected =
        Column(fmt::format("SELECT {} FROM {} t WHERE {} AND ({}) AND $1 || $2 || $3 || $4::text "
                           "|| $5::text IS NOT NULL "
                           "ORDER BY 1",
                           oracle.key, oracle.table, condition, oracle.sees),
               {context.user, context.organization, context.zone, "{" + Joined(context.roles) + "}",
                "{" + Joined(context.Parties()) + "}"});
    ASSERT_EQ(seen, expected) << oracle.table << " where " << condition << " as " << context.user
                              << " " << Joined(context.roles) << " of "
                              << Joined(context.Parties());
    rows_seen[oracle.table] += seen.size();
  }
  // Two empty answers agree about nothing.
  for (const auto& oracle : oracles) {
    if (oracle.table == "recognition.verifications" || oracle.table == "recognition.suspensions")
      continue;
    EXPECT_GT(rows_seen[oracle.table], 0u) << oracle.table;
  }
}

TEST_F(RandomQueries, FindAPlantedPolicy) {
  const Context stranger{
      .user = cast_->person("verifier~").user_id, .zone = kForeignZone, .roles = {"verifier"}};
  const std::string all = "SELECT filing_id FROM recognition.documents t";
  cast_->Filing();
  EXPECT_THAT(AsCaller("zl_recognition", stranger, all), IsEmpty());
  sql_->Run(
      "CREATE POLICY planted_a ON recognition.filing_parties FOR SELECT TO zl_recognition USING "
      "(true)");
  EXPECT_FALSE(AsCaller("zl_recognition", stranger, all).empty());
  sql_->Run("DROP POLICY planted_a ON recognition.filing_parties");
}

TEST_F(RandomQueries, WithoutAContextThereIsNothing) {
  for (const auto& oracle : Oracles()) {
    if (oracle.table == "recognition.agreement_routes") continue;  // what is in force is no secret
    const std::string service = oracle.table.substr(0, oracle.table.find('.'));
    EXPECT_THAT(
        AsCaller("zl_" + service, {}, fmt::format("SELECT {} FROM {} t", oracle.key, oracle.table)),
        IsEmpty())
        << oracle.table;
  }
}

TEST_F(RandomQueries, NobodyWritesForOthers) {
  const Context filer{.user = cast_->person("filer~").user_id,
                      .organization = cast_->foreign.id,
                      .roles = {"filer"}};
  const Context officer{
      .user = cast_->person("verifier~").user_id, .zone = kForeignZone, .roles = {"verifier"}};
  for (const Context& context : {filer, officer}) {
    for (const char* statement :
         {"UPDATE recognition.filings SET state = 'WITHDRAWN' RETURNING filing_id",
          "UPDATE recognition.decisions SET state = 'ACCEPTED' RETURNING filing_id",
          "UPDATE recognition.suspensions SET until_at = from_at RETURNING filing_id",
          "UPDATE recognition.agreements SET state = 'TERMINATED' RETURNING agreement_id",
          "UPDATE recognition.agreement_routes SET in_force = false RETURNING agreement_id"}) {
      EXPECT_THAT(AsCaller("zl_recognition", context, statement), IsEmpty()) << statement;
    }
    for (const char* statement :
         {"UPDATE directory.account SET disabled_at = created_at RETURNING user_id",
          "UPDATE directory.session SET revoked_at = opened_at, ground = 'REVOKED' WHERE "
          "user_id <> current_setting('zl.user') RETURNING session_id",
          "UPDATE directory.role_grant SET version = 9 RETURNING grant_id",
          "UPDATE directory.mandate SET version = 9 RETURNING mandate_id",
          "UPDATE directory.delegation SET version = 9 RETURNING delegation_id"}) {
      EXPECT_THAT(AsCaller("zl_directory", context, statement), IsEmpty()) << statement;
    }
  }
}

TEST_F(RandomQueries, NoConnectionKeptAContext) {
  for (const auto& target : deployment().targets()) {
    EXPECT_EQ(deployment().LogOf(target).find("somebody's context"), std::string::npos) << target;
  }
}

}  // namespace
}  // namespace zonelink::test
