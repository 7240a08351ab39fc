// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/growth_copies.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>

#include "tests/bench/load_generator.h"
#include "tests/support/api.h"
#include "tests/support/child.h"

namespace zonelink::bench {
namespace {

constexpr int64_t kChunk = 10'000;
constexpr std::chrono::seconds kConsumersLimit{120};
constexpr const char* kIdentities[] = {"filing_id", "receipt_number", "recognition_number",
                                       "credential_number", "idempotency_key"};

// One filing every eight seconds, from 300 days ago: three million fit before the originals. Ids
// follow time as those of the product do, the other numbers are scattered.
constexpr const char* kFunctions = R"sql(
  CREATE SCHEMA growth;
  CREATE FUNCTION growth.time_of(n bigint, original timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE
    RETURN original - interval '300 days' + n * interval '8 seconds';
  CREATE FUNCTION growth.uuid_at(at timestamptz, seed text) RETURNS uuid LANGUAGE sql IMMUTABLE
    RETURN (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' ||
            substr(md5(seed), 1, 19))::uuid;
  CREATE FUNCTION growth.scattered(original text, seed text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN left(original, strpos(original, '-')) ||
           upper(substr(md5(seed), 1, length(original) - strpos(original, '-')));
  CREATE TABLE growth.originals (
    place bigint PRIMARY KEY, at timestamptz NOT NULL, filing_id text NOT NULL,
    receipt_number text NOT NULL, recognition_number text NOT NULL, credential_number text NOT NULL,
    idempotency_key text NOT NULL);
  CREATE TABLE growth.copies (
    n bigint NOT NULL, place bigint NOT NULL, shift interval NOT NULL, filing_id text NOT NULL,
    receipt_number text NOT NULL, recognition_number text NOT NULL, credential_number text NOT NULL,
    idempotency_key text NOT NULL);
)sql";

constexpr const char* kNextCopies = R"sql(
  INSERT INTO growth.copies
  SELECT n, o.place, growth.time_of(n, o.at) - o.at,
         growth.uuid_at(growth.time_of(n, o.at), 'filing' || n)::text,
         growth.scattered(o.receipt_number, 'receipt' || n),
         growth.scattered(o.recognition_number, 'recognition' || n),
         left(o.credential_number, -16) || substr(md5('credential' || n), 1, 16),
         md5('key' || n)
    FROM generate_series($1::bigint, $2::bigint) AS n
    JOIN growth.originals o ON o.place = n % (SELECT count(*) FROM growth.originals)
)sql";

// Who reads recognition's log has applied all of it.
constexpr const char* kMoveCursors = R"sql(
  DO $$
  DECLARE
    consumer name;
  BEGIN
    FOR consumer IN SELECT relnamespace::regnamespace FROM pg_class WHERE relname = 'cursors' LOOP
      EXECUTE format('UPDATE %I.cursors SET number = (SELECT max(number) FROM recognition.events) '
                     'WHERE source = ''recognition''', consumer);
    END LOOP;
  END
  $$
)sql";

}  // namespace

Original FileOriginal(const std::string& base_url, const std::string& token,
                      const std::string& body) {
  Original original{.idempotency_key = test::FreshKey()};
  test::Api api(base_url, token);
  const test::Answer filing = api.Post("/v1/filings", WithFreshDigits(body),
                                       {{"Idempotency-Key", original.idempotency_key}});
  if (!filing.ok()) throw std::runtime_error("file: " + filing.body);
  original.filing_id = filing.text("filingId");
  original.receipt_number = filing.text("receiptNumber");
  original.credential_number = filing.at("credential")["number"].text();
  for (const client::Json decision : filing.at("decisions").items()) {
    original.recognition_number += decision["recognitionNumber"].text();
  }
  return original;
}

void AwaitConsumers(test::AdminSql& sql) {
  const bool done = test::WaitUntil(kConsumersLimit, [&] {
    return sql.One(
               "SELECT count(*) FILTER (WHERE number IS NULL) = 0 AND max(number) = ALL "
               "(SELECT number FROM worklist.cursors WHERE source = 'recognition' UNION ALL "
               "SELECT number FROM documents.cursors WHERE source = 'recognition' UNION ALL "
               "SELECT number FROM ledger.cursors WHERE source = 'recognition') "
               "FROM recognition.events") == "t";
  });
  if (!done) throw std::runtime_error("the consumers do not catch up");
}

Copies::Copies(test::AdminSql& sql, const std::vector<Original>& originals) : sql_(sql) {
  sql_.Run(kFunctions);
  for (size_t i = 0; i < originals.size(); ++i) {
    const Original& original = originals[i];
    sql_.Query(
        "INSERT INTO growth.originals SELECT $1::bigint, submitted_at, $2, $3, $4, $5, $6 "
        "FROM recognition.filings WHERE filing_id = $2",
        {std::to_string(i), original.filing_id, original.receipt_number,
         original.recognition_number, original.credential_number, original.idempotency_key});
  }
  for (const char* schema : {"recognition", "worklist", "documents"}) FindRows(schema);
}

// Sets aside the originals' rows of each table, and makes the statement that copies them.
void Copies::FindRows(const std::string& schema) {
  for (const auto& row :
       sql_.Query("SELECT relname FROM pg_class WHERE relnamespace = $1::regnamespace "
                  "AND relkind = 'r' ORDER BY oid",
                  {schema})) {
    const std::string table = schema + "." + *row[0];
    const std::string rows = fmt::format("growth.{}_{}", schema, *row[0]);
    sql_.Run(
        fmt::format("CREATE TABLE {} AS SELECT o.place AS growth_place, r.* FROM {} r "
                    "JOIN growth.originals o ON strpos(r::text, o.filing_id) > 0 "
                    "OR strpos(r::text, o.idempotency_key) > 0",
                    rows, table));
    if (sql_.One("SELECT count(*) FROM " + rows) == "0") continue;
    std::string names;
    std::string values;
    for (const Column& column : ColumnsOf(table)) {
      names += (names.empty() ? "" : ", ") + column.name;
      values += (values.empty() ? "" : ", ") + Expression(table, rows, column);
    }
    tables_.push_back(table);
    inserts_.push_back(fmt::format(
        "INSERT INTO {} ({}) SELECT {} FROM growth.copies c JOIN growth.originals o USING (place) "
        "JOIN {} r ON r.growth_place = c.place ORDER BY c.n",
        table, names, values, rows));
  }
}

std::vector<Copies::Column> Copies::ColumnsOf(const std::string& table) {
  std::vector<Column> columns;
  for (const auto& row :
       sql_.Query("SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
                  "WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped "
                  "AND attidentity = '' AND attgenerated = '' ORDER BY attnum",
                  {table})) {
    columns.push_back({.name = *row[0], .type = *row[1]});
  }
  return columns;
}

// The column's value in a copy `c` of the row `r` of the original `o`.
std::string Copies::Expression(const std::string& table, const std::string& rows,
                               const Column& column) {
  const std::string own = "r." + column.name;
  if (table + "." + column.name == "recognition.events.number") {
    return "(SELECT max(number) FROM recognition.events) + row_number() OVER (ORDER BY c.n)";
  }
  if (column.type == "timestamp with time zone") {
    // Keys older than a day would be cleared away.
    if (column.name == "created_at") return own;
    // Nothing falls due meanwhile: the copies' rungs come after those of the originals.
    const bool ahead = column.name == "next_at" || column.name == "due_at";
    return own + (ahead ? " + c.shift + interval '300 days'" : " + c.shift");
  }
  if (column.type == "uuid") {
    return fmt::format("growth.uuid_at(o.at + c.shift, {}::text || c.n)", own);
  }
  const bool bytes = column.type == "bytea";
  const auto text = [&](const std::string& value, bool is_bytes) {
    return is_bytes ? fmt::format("encode({}, 'hex')", value) : value + "::text";
  };
  std::string value = text(own, bytes);
  bool replaced = false;
  for (const char* identity : kIdentities) {
    const std::string before =
        bytes ? fmt::format("encode(convert_to(o.{}, 'UTF8'), 'hex')", identity)
              : fmt::format("o.{}", identity);
    const std::string after = bytes
                                  ? fmt::format("encode(convert_to(c.{}, 'UTF8'), 'hex')", identity)
                                  : fmt::format("c.{}", identity);
    const bool holds = sql_.One(fmt::format(
                           "SELECT coalesce(bool_or(o.{0} <> '' AND strpos({1}, {2}) > 0), false) "
                           "FROM {3} r JOIN growth.originals o ON o.place = r.growth_place",
                           identity, text(own, bytes), before, rows)) == "t";
    if (!holds) continue;
    value = fmt::format("replace({}, {}, {})", value, before, after);
    replaced = true;
  }
  if (!replaced) return own;
  return bytes ? fmt::format("decode({}, 'hex')", value)
               : fmt::format("({})::{}", value, column.type);
}

void Copies::AddChunk(int64_t count) {
  // Foreign keys hold, since the originals' do; checking each row would take half of the time.
  sql_.Run("BEGIN; SET LOCAL session_replication_role = replica; TRUNCATE growth.copies");
  sql_.Query(kNextCopies, {std::to_string(made_), std::to_string(made_ + count - 1)});
  for (const std::string& insert : inserts_) sql_.Run(insert);
  sql_.Run(kMoveCursors);
  sql_.Run("COMMIT");
  made_ += count;
}

void Copies::Add(int64_t count) {
  for (int64_t left = count; left > 0; left -= kChunk) {
    AddChunk(std::min(left, kChunk));
    if (made_ % (10 * kChunk) == 0) {
      std::fprintf(stderr, "  %lld filings copied\n", static_cast<long long>(made_));
    }
  }
  // As autovacuum would have done by then.
  for (const std::string& table : tables_) sql_.Run("VACUUM (ANALYZE) " + table);
  sql_.Run("CHECKPOINT");
}

}  // namespace zonelink::bench
