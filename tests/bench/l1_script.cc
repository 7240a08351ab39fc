// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/l1_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace zonelink::bench {
namespace {

using test::AdminSql;

// Set by the relay in a transaction of its own, after the command's.
const std::set<std::string>& SetLater() {
  static const std::set<std::string> columns = {"events.number"};
  return columns;
}

// Tables that refer to none come before those that refer to them.
constexpr const char* kTables = R"sql(
  WITH RECURSIVE depths AS (
    SELECT oid, 0 AS depth FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r'
    UNION
    SELECT c.conrelid, depth + 1 FROM depths JOIN pg_constraint c
        ON c.confrelid = depths.oid AND c.contype = 'f' AND c.conrelid <> c.confrelid)
  SELECT relname FROM pg_class JOIN depths USING (oid)
   WHERE relnamespace = $1::regnamespace GROUP BY oid, relname ORDER BY max(depth), oid
)sql";

constexpr size_t kUuidLength = 36;
constexpr size_t kUuidCounter = 12;  // its last hexadecimal digits
constexpr size_t kRowDigits = 10;    // of the variable `row`, at most

bool IsUuid(const std::string& text) {
  return text.size() == kUuidLength && text[8] == '-' && text[13] == '-' && text[18] == '-' &&
         text[23] == '-';
}

// pgbench takes `:name` for a variable inside of literals too.
std::string Literal(std::string_view text) {
  std::string out = "E'";
  for (const char c : text) {
    if (c == ':') {
      out += "\\x3a";
    } else {
      if (c == '\'' || c == '\\') out += c;
      out += c;
    }
  }
  return out + "'";
}

// Another text of the same length for each value of `row`.
std::string FreshIdentity(const std::string& identity) {
  if (IsUuid(identity)) {
    return fmt::format("{} || lpad(to_hex(:row::bigint), {}, '0')",
                       Literal(identity.substr(0, kUuidLength - kUuidCounter)), kUuidCounter);
  }
  if (identity.size() < kRowDigits) {
    throw std::runtime_error(fmt::format("the identity {} is too short", identity));
  }
  // Numbers do not begin with 0, so no two of them look the same turned round and filled up.
  return fmt::format("rpad(reverse(:row::text), {}, '0')", identity.size());
}

bool HoldsIdentity(const std::string& value, const std::vector<std::string>& identities) {
  return std::any_of(identities.begin(), identities.end(), [&](const std::string& identity) {
    return value.find(identity) != std::string::npos;
  });
}

// The value as SQL, with its identities replaced.
std::string Expression(const std::string& value, const std::vector<std::string>& identities) {
  std::string out;
  size_t done = 0;
  const auto add = [&](const std::string& part) { out += (out.empty() ? "" : " || ") + part; };
  while (done < value.size()) {
    size_t next = value.size();
    const std::string* found = nullptr;
    for (const std::string& identity : identities) {
      const size_t at = value.find(identity, done);
      if (at < next) {
        next = at;
        found = &identity;
      }
    }
    if (next > done) add(Literal(value.substr(done, next - done)));
    if (found == nullptr) break;
    add(FreshIdentity(*found));
    done = next + found->size();
  }
  return out.empty() ? "''" : out;
}

}  // namespace

struct WrittenRows::Column {
  std::string name;
  std::string type;
};

struct WrittenRows::Table {
  std::string name;
  std::vector<Column> columns;  // that an INSERT may name
  std::vector<AdminSql::Row> rows;
};

WrittenRows::WrittenRows(AdminSql& sql, std::string schema)
    : sql_(sql), schema_(std::move(schema)) {
  for (const std::string& table : Tables()) counts_[table] = CountOf(table);
  first_xid_ = sql_.One("SELECT pg_current_xact_id()");
}

std::vector<std::string> WrittenRows::Tables() {
  std::vector<std::string> tables;
  // A foreign key's target comes first.
  for (const auto& row : sql_.Query(kTables, {schema_})) {
    tables.push_back(*row[0]);
  }
  return tables;
}

int64_t WrittenRows::CountOf(const std::string& table) {
  return std::stoll(sql_.One(fmt::format("SELECT count(*) FROM {}.{}", schema_, table)));
}

WrittenRows::Table WrittenRows::Read(const std::string& name) {
  Table table{.name = name};
  std::string list;
  for (const auto& row :
       sql_.Query("SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
                  "WHERE attrelid = ($1 || '.' || $2)::regclass AND attnum > 0 "
                  "AND NOT attisdropped AND attidentity = '' AND attgenerated = '' ORDER BY attnum",
                  {schema_, name})) {
    if (SetLater().count(name + "." + *row[0]) > 0) continue;
    table.columns.push_back({.name = *row[0], .type = *row[1]});
    list += fmt::format("{}{}::text", list.empty() ? "" : ", ", *row[0]);
  }
  // Transaction ids of a young cluster have not gone round.
  table.rows = sql_.Query(fmt::format("SELECT {} FROM {}.{} WHERE xmin::text::bigint >= $1::bigint",
                                      list, schema_, name),
                          {first_xid_});
  return table;
}

void WrittenRows::CheckUnique(const Table& table, const std::vector<std::string>& identities) {
  const auto indexes = sql_.Query(
      "SELECT i.indexrelid::regclass::text, string_agg(a.attname, ' ') FROM pg_index i "
      "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) "
      "WHERE i.indrelid = ($1 || '.' || $2)::regclass AND i.indisunique GROUP BY 1",
      {schema_, table.name});
  for (const auto& index : indexes) {
    std::string names = " " + *index[1] + " ";
    for (const AdminSql::Row& row : table.rows) {
      bool fresh = false;
      size_t named = 0;
      for (size_t c = 0; c < table.columns.size(); ++c) {
        if (names.find(" " + table.columns[c].name + " ") == std::string::npos) continue;
        ++named;
        fresh = fresh || !row[c] || HoldsIdentity(*row[c], identities);
      }
      const size_t all = static_cast<size_t>(std::count(names.begin(), names.end(), ' ')) - 1;
      // A column that the INSERT does not name is made by the database or stays NULL.
      if (!fresh && named == all) {
        throw std::runtime_error(fmt::format("{} would be violated the second time", *index[0]));
      }
    }
  }
}

WrittenRows::Script WrittenRows::Make(std::vector<std::string> identities) {
  std::vector<Table> tables;
  for (const std::string& name : Tables()) {
    const auto grown = static_cast<size_t>(CountOf(name) - counts_[name]);
    if (grown == 0) continue;  // cursors move meanwhile, but get no rows
    tables.push_back(Read(name));
    if (tables.back().rows.size() != grown) {
      throw std::runtime_error(fmt::format("somebody else writes into {}.{}", schema_, name));
    }
    const Table& table = tables.back();
    for (size_t c = 0; c < table.columns.size(); ++c) {
      if (table.columns[c].type != "uuid") continue;
      for (const AdminSql::Row& row : table.rows) identities.push_back(row[c].value_or(""));
    }
  }
  Script script;
  script.text = "\\set n :n + 1\n\\set row :n * 100 + :client_id\nBEGIN;\n";
  for (const Table& table : tables) {
    CheckUnique(table, identities);
    script.rows[table.name] = static_cast<int>(table.rows.size());
    for (const AdminSql::Row& row : table.rows) {
      std::string names;
      std::string values;
      for (size_t c = 0; c < table.columns.size(); ++c) {
        const char* comma = c == 0 ? "" : ", ";
        names += comma + table.columns[c].name;
        values += comma;
        values +=
            row[c] ? fmt::format("({})::{}", Expression(*row[c], identities), table.columns[c].type)
                   : "NULL";
      }
      script.text +=
          fmt::format("INSERT INTO {}.{} ({}) VALUES ({});\n", schema_, table.name, names, values);
    }
  }
  script.text += "COMMIT;\n";
  return script;
}

int WrittenRows::Script::row_count() const {
  int count = 0;
  for (const auto& [table, number] : rows) count += number;
  return count;
}

}  // namespace zonelink::bench
