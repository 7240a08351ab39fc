// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/sample_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "sample_tables.h"

namespace zonelink::sample {
namespace {

constexpr size_t kItemColumns = 15;
constexpr size_t kEnterpriseColumns = 4;
constexpr size_t kEntryColumns = 9;

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// origin_certificate -> ORIGIN_CERTIFICATE, practice-unverified -> PRACTICE_UNVERIFIED
std::string EnumName(std::string text) {
  for (char& c : text) {
    if (c == '-') c = '_';
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

Item ReadItem(const std::vector<std::string>& row) {
  Item item{row[0], row[1], row[2], EnumName(row[3]), EnumName(row[4])};
  item.verifiers_needed = std::atoi(row[5].c_str());
  item.budget_working_days = std::atoi(row[6].c_str());
  item.tacit_allowed = row[7] == "yes";
  item.excluded_class = row[8] == "yes";
  for (const std::string& attribute : Split(row[9], ';')) {
    const size_t colon = attribute.find(':');
    item.attributes.emplace_back(attribute.substr(0, colon), EnumName(attribute.substr(colon + 1)));
  }
  item.required_documents = Split(row[10], ';');
  item.source = row[11];
  item.source_status = EnumName(row[12]);
  item.budget_basis = EnumName(row[13]);
  return item;
}

std::string UsernameOf(size_t index, const std::string& zone) {
  return index < 2 ? "ent-" + zone : fmt::format("ent-{:03}", index + 1);
}

}  // namespace

Result<std::vector<std::vector<std::string>>> ParseCsv(std::string_view text) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false;
  bool begun = false;  // the row has text
  const auto end_row = [&] {
    if (!begun) return;
    row.push_back(std::move(cell));
    rows.push_back(std::move(row));
    cell.clear();
    row.clear();
    begun = false;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      cell += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
      begun = true;
    } else if (quoted) {
      cell += c;
    } else if (c == '\n') {
      end_row();
    } else if (c == ',') {
      row.push_back(std::move(cell));
      cell.clear();
      begun = true;
    } else if (c != '\r') {
      cell += c;
      begun = true;
    }
  }
  if (quoted) return InvalidArgument("CSV_BROKEN", "a quoted cell does not end");
  end_row();
  return rows;
}

Result<SampleData> ReadSampleData(std::string_view items_csv, std::string_view enterprises_csv,
                                  std::string_view negative_list_csv) {
  auto items = ParseCsv(items_csv);
  if (!items) return std::move(items).error();
  auto enterprises = ParseCsv(enterprises_csv);
  if (!enterprises) return std::move(enterprises).error();
  auto entries = ParseCsv(negative_list_csv);
  if (!entries) return std::move(entries).error();
  SampleData data;
  for (size_t i = 1; i < items->size(); ++i) {
    if ((*items)[i].size() != kItemColumns) {
      return InvalidArgument("CSV_BROKEN", fmt::format("row {} of the items", i));
    }
    data.items.push_back(ReadItem((*items)[i]));
  }
  for (size_t i = 1; i < entries->size(); ++i) {
    const auto& row = (*entries)[i];
    if (row.size() != kEntryColumns) {
      return InvalidArgument("CSV_BROKEN", fmt::format("row {} of the negative lists", i));
    }
    data.entries.push_back(
        {row[0], row[1], row[2], row[3], row[4], row[5], row[6], EnumName(row[7]), row[8]});
  }
  for (size_t i = 1; i < enterprises->size(); ++i) {
    const auto& row = (*enterprises)[i];
    if (row.size() != kEnterpriseColumns) {
      return InvalidArgument("CSV_BROKEN", fmt::format("row {} of the enterprises", i));
    }
    data.enterprises.push_back({row[0], row[1], row[2], row[3], UsernameOf(i - 1, row[3])});
    const bool known = std::any_of(data.zones.begin(), data.zones.end(),
                                   [&](const Zone& zone) { return zone.zone == row[3]; });
    // Names begin with the province's: 上海示例…
    if (!known) data.zones.push_back({row[3], row[1].substr(0, row[1].find("示例"))});
  }
  return data;
}

Result<SampleData> EmbeddedSampleData() {
  return ReadSampleData(tables::kFiles[0].contents, tables::kFiles[1].contents,
                        tables::kFiles[2].contents);
}

}  // namespace zonelink::sample
