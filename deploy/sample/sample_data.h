// SPDX-License-Identifier: Apache-2.0
// The embedded tables: catalogue, enterprises, negative lists.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::sample {

struct Item {
  std::string item_id;
  std::string name_zh;
  std::string name_en;
  std::string item_class;  // this and the following as the API writes them, for example REVIEW
  std::string default_mode;
  int verifiers_needed = 1;
  int budget_working_days = 0;
  bool tacit_allowed = false;
  bool excluded_class = false;
  std::vector<std::pair<std::string, std::string>> attributes;  // name, type
  std::vector<std::string> required_documents;
  std::string source;
  std::string source_status;
  std::string budget_basis;
};

// An entry of a negative list.
struct ListEntry {
  std::string entry_id;
  std::string list;  // a zone, or common
  std::string item_id;
  std::string name_zh;
  std::string name_en;
  std::string predicate;
  std::string article;
  std::string source_status;
  std::string effective_from;
};

struct Enterprise {
  std::string uscc;
  std::string name_zh;
  std::string name_en;
  std::string zone;
  std::string username;  // of its filer
};

struct Zone {
  std::string zone;
  std::string name_zh;  // short, for example 上海
};

struct SampleData {
  std::vector<Item> items;
  std::vector<ListEntry> entries;
  std::vector<Enterprise> enterprises;
  std::vector<Zone> zones;  // in the order in which enterprises name them
};

// Rows of RFC 4180 text, header included. INVALID_ARGUMENT `CSV_BROKEN`.
Result<std::vector<std::vector<std::string>>> ParseCsv(std::string_view text);

// INVALID_ARGUMENT `CSV_BROKEN` also for a row with missing columns.
Result<SampleData> ReadSampleData(std::string_view items_csv, std::string_view enterprises_csv,
                                  std::string_view negative_list_csv);

// The tables embedded in this program.
Result<SampleData> EmbeddedSampleData();

}  // namespace zonelink::sample
