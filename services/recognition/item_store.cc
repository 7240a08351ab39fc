// SPDX-License-Identifier: Apache-2.0
#include "recognition/item_store.h"

#include <fmt/format.h>

#include "recognition/events.h"

namespace zonelink::recognition::item_store {
namespace {

Item Read(const db::Row& row) {
  Item item{.item_id = row.Text("item_id"),
            .version = static_cast<int>(row.Int("version")),
            .name_zh = row.Text("name_zh"),
            .name_en = row.Text("name_en"),
            .item_class = row.Text("item_class"),
            .default_mode = ModeNamed(row.Text("default_mode")),
            .verifiers_needed = static_cast<int>(row.Int("verifiers_needed")),
            .budget_working_days = static_cast<int>(row.Int("budget_working_days")),
            .tacit_allowed = row.Bool("tacit_allowed"),
            .excluded_class = row.Bool("excluded_class"),
            .declaration_needed = row.Bool("declaration_needed"),
            .required_documents = row.Texts("required_documents"),
            .source = row.Text("source"),
            .source_status = row.Text("source_status"),
            .budget_basis = row.Text("budget_basis"),
            .attributes_schema = row.MaybeText("attributes_schema").value_or(""),
            .deferrable_documents = row.Texts("deferrable_documents"),
            .supplement_window_days = static_cast<int>(row.Int("supplement_window_days")),
            .extension_days = static_cast<int>(row.Int("extension_days")),
            .joint_budget_days = static_cast<int>(row.Int("joint_budget_days")),
            .joint_extension_days = static_cast<int>(row.Int("joint_extension_days")),
            .delivery_days = static_cast<int>(row.Int("delivery_days")),
            .query_days = static_cast<int>(row.Int("query_days")),
            .promise_check_days = static_cast<int>(row.Int("promise_check_days")),
            .promise_correction_days = static_cast<int>(row.Int("promise_correction_days")),
            .published_at = row.At("published_at")};
  if (MayBePromised(item)) {  // rows of before the promise have its default, whatever they are
    item.promise_text_zh = row.Text("promise_text_zh");
    item.promise_text_en = row.Text("promise_text_en");
    item.promise_version = static_cast<int>(row.Int("promise_version"));
  }
  const std::vector<std::string> names = row.Texts("attribute_names");
  const std::vector<std::string> types = row.Texts("attribute_types");
  for (size_t i = 0; i < names.size(); ++i) {
    item.attributes.push_back({names[i], AttributeTypeNamed(types[i])});
  }
  return item;
}

Error ItemNotFound(const std::string& item_id) {
  return NotFound("ITEM_NOT_FOUND", fmt::format("no item {}", item_id), {{"itemId", item_id}});
}

}  // namespace

constexpr db::Sql kInsert{"item.insert", R"sql(
  INSERT INTO items (item_id, version, name_zh, name_en, item_class, default_mode, verifiers_needed,
                     budget_working_days, tacit_allowed, excluded_class, attribute_names,
                     attribute_types, required_documents, source, source_status, budget_basis,
                     attributes_schema, deferrable_documents, supplement_window_days,
                     extension_days, joint_budget_days, joint_extension_days, delivery_days,
                     query_days, promise_text_zh, promise_text_en, promise_version,
                     promise_check_days, promise_correction_days, published_by, published_at,
                     declaration_needed)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, nullif($17, '')::jsonb, $18,
          $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
)sql"};

Item Insert(db::Tx& tx, Item item, const Actor& by) {
  std::vector<std::string> names;
  std::vector<std::string> types;
  for (const AttributeDefinition& attribute : item.attributes) {
    names.push_back(attribute.name);
    types.emplace_back(Name(attribute.type));
  }
  tx.Exec(kInsert, item.item_id, item.version, item.name_zh, item.name_en, item.item_class,
          Name(item.default_mode), item.verifiers_needed, item.budget_working_days,
          item.tacit_allowed, item.excluded_class, names, types, item.required_documents,
          item.source, item.source_status, item.budget_basis, item.attributes_schema,
          item.deferrable_documents, item.supplement_window_days, item.extension_days,
          item.joint_budget_days, item.joint_extension_days, item.delivery_days, item.query_days,
          item.promise_text_zh, item.promise_text_en, item.promise_version, item.promise_check_days,
          item.promise_correction_days, by.user_id, item.published_at, item.declaration_needed);
  AppendItemPublished(tx, item, by);
  return item;
}

constexpr db::Sql kGet{"item.get", R"sql(
  SELECT item_id, version, name_zh, name_en, item_class, default_mode, verifiers_needed,
         budget_working_days, tacit_allowed, excluded_class, attribute_names, attribute_types,
         required_documents, source, source_status, budget_basis,
         attributes_schema::text AS attributes_schema, deferrable_documents,
         supplement_window_days, extension_days, joint_budget_days, joint_extension_days,
         delivery_days, query_days, promise_text_zh, promise_text_en, promise_version,
         promise_check_days, promise_correction_days, declaration_needed,
         published_at
    FROM items WHERE item_id = $1 ORDER BY version DESC LIMIT 1
)sql"};

Result<Item> Get(db::Tx& tx, const std::string& item_id) {
  const db::Rows rows = tx.Exec(kGet, item_id);
  if (rows.empty()) return ItemNotFound(item_id);
  return Read(rows[0]);
}

constexpr db::Sql kGetVersion{"item.get_version", R"sql(
  SELECT item_id, version, name_zh, name_en, item_class, default_mode, verifiers_needed,
         budget_working_days, tacit_allowed, excluded_class, attribute_names, attribute_types,
         required_documents, source, source_status, budget_basis,
         attributes_schema::text AS attributes_schema, deferrable_documents,
         supplement_window_days, extension_days, joint_budget_days, joint_extension_days,
         delivery_days, query_days, promise_text_zh, promise_text_en, promise_version,
         promise_check_days, promise_correction_days, declaration_needed,
         published_at
    FROM items WHERE item_id = $1 AND version = $2
)sql"};

Result<Item> GetVersion(db::Tx& tx, const std::string& item_id, int version) {
  const db::Rows rows = tx.Exec(kGetVersion, item_id, version);
  if (rows.empty()) return ItemNotFound(item_id);
  return Read(rows[0]);
}

constexpr db::Sql kLock{"item.lock", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended('items/' || $1, 0))
)sql"};

Result<Item> Lock(db::Tx& tx, const std::string& item_id) {
  tx.Exec(kLock, item_id);
  auto item = Get(tx, item_id);  // a statement of its own: it sees what the lock waited for
  if (item) tx.NotBefore(item->published_at);
  return item;
}

constexpr db::Sql kVersions{"item.versions", R"sql(
  SELECT item_id, version, name_zh, name_en, item_class, default_mode, verifiers_needed,
         budget_working_days, tacit_allowed, excluded_class, attribute_names, attribute_types,
         required_documents, source, source_status, budget_basis,
         attributes_schema::text AS attributes_schema, deferrable_documents,
         supplement_window_days, extension_days, joint_budget_days, joint_extension_days,
         delivery_days, query_days, promise_text_zh, promise_text_en, promise_version,
         promise_check_days, promise_correction_days, declaration_needed,
         published_at
    FROM items WHERE item_id = $1 AND version < $2 ORDER BY version DESC LIMIT $3
)sql"};

std::vector<Item> Versions(db::Tx& tx, const std::string& item_id, int before, int limit) {
  const db::Rows rows = tx.Exec(kVersions, item_id, before, limit);
  std::vector<Item> items;
  for (size_t i = 0; i < rows.size(); ++i) items.push_back(Read(rows[i]));
  return items;
}

constexpr db::Sql kList{"item.list", R"sql(
  SELECT DISTINCT ON (item_id)
         item_id, version, name_zh, name_en, item_class, default_mode, verifiers_needed,
         budget_working_days, tacit_allowed, excluded_class, attribute_names, attribute_types,
         required_documents, source, source_status, budget_basis,
         attributes_schema::text AS attributes_schema, deferrable_documents,
         supplement_window_days, extension_days, joint_budget_days, joint_extension_days,
         delivery_days, query_days, promise_text_zh, promise_text_en, promise_version,
         promise_check_days, promise_correction_days, declaration_needed,
         published_at
    FROM items WHERE item_id > $1 ORDER BY item_id, version DESC LIMIT $2
)sql"};

std::vector<Item> List(db::Tx& tx, const std::string& after_id, int limit) {
  const db::Rows rows = tx.Exec(kList, after_id, limit);
  std::vector<Item> items;
  for (size_t i = 0; i < rows.size(); ++i) items.push_back(Read(rows[i]));
  return items;
}

// One row per route; a single row without one where no agreement is in force.
constexpr db::Sql kCoverage{"item.coverage", R"sql(
  SELECT i.item_id, i.version, i.name_zh, i.name_en, i.item_class, i.default_mode,
         i.verifiers_needed, i.budget_working_days, i.tacit_allowed, i.excluded_class,
         i.attribute_names, i.attribute_types, i.required_documents, i.source, i.source_status,
         i.budget_basis, i.attributes_schema::text AS attributes_schema, i.deferrable_documents,
         i.supplement_window_days, i.extension_days, i.joint_budget_days, i.joint_extension_days,
         i.delivery_days, i.query_days, i.promise_text_zh, i.promise_text_en, i.promise_version,
         i.promise_check_days, i.promise_correction_days, i.declaration_needed, i.published_at,
         ARRAY(SELECT asked FROM unnest(array_append($3::text[], $2)) AS asked
                WHERE NOT EXISTS (SELECT 1 FROM zones WHERE zone = asked)) AS unknown_zones,
         r.agreement_id, r.target_zone, r.mode
    FROM (SELECT * FROM items WHERE item_id = $1 ORDER BY version DESC LIMIT 1) AS i
    LEFT JOIN agreement_routes r
           ON r.item_id = i.item_id AND r.home_zone = $2 AND r.target_zone = ANY ($3::text[])
          AND r.in_force AND $4::date BETWEEN r.valid_from AND r.valid_until
)sql"};

Result<Coverage> GetCoverage(db::Tx& tx, const std::string& item_id, const std::string& home_zone,
                             const std::vector<std::string>& target_zones, Date today) {
  const db::Rows rows = tx.Exec(kCoverage, item_id, home_zone, target_zones, today);
  if (rows.empty()) return ItemNotFound(item_id);
  Coverage coverage{.item = Compile(Read(rows[0])),
                    .unknown_zones = rows[0].Texts("unknown_zones")};
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto agreement_id = rows[i].MaybeText("agreement_id");
    if (!agreement_id) continue;
    coverage.routes.push_back({AgreementId(*agreement_id), home_zone, rows[i].Text("target_zone"),
                               ModeNamed(rows[i].Text("mode"))});
  }
  return coverage;
}

}  // namespace zonelink::recognition::item_store
