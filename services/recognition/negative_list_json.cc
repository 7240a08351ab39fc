// SPDX-License-Identifier: Apache-2.0
#include "recognition/negative_list_json.h"

#include <simdjson.h>

#include "platform/core/check.h"
#include "recognition/domain/attributes.h"

namespace zonelink::recognition {
namespace {

Finding Read(const simdjson::dom::element& object, const std::string& zone) {
  const auto text = [&](const char* name) { return std::string(std::string_view(object[name])); };
  return {.zone = zone,
          .kind = FindingKindNamed(text("kind")),
          .outcome = FindingOutcomeNamed(text("outcome")),
          .list = text("list"),
          .entry_id = text("entryId"),
          .entry_version = static_cast<int>(int64_t(object["entryVersion"])),
          .name_zh = text("nameZh"),
          .name_en = text("nameEn"),
          .article = text("article"),
          .source_status = text("sourceStatus")};
}

}  // namespace

std::string FindingsJson(const std::vector<Finding>& findings) {
  std::string json;
  for (const Finding& finding : findings) {
    json += json.empty() ? '[' : ',';
    json += ToJson(Attributes{{"kind", std::string(Name(finding.kind))},
                              {"outcome", std::string(Name(finding.outcome))},
                              {"list", finding.list},
                              {"entryId", finding.entry_id},
                              {"entryVersion", static_cast<double>(finding.entry_version)},
                              {"nameZh", finding.name_zh},
                              {"nameEn", finding.name_en},
                              {"article", finding.article},
                              {"sourceStatus", finding.source_status}});
  }
  return json.empty() ? json : json + "]";
}

std::vector<Finding> FindingsFrom(std::string_view kept, const std::string& zone) {
  std::vector<Finding> findings;
  if (kept.empty()) return findings;
  thread_local simdjson::dom::parser parser;
  simdjson::dom::array array;
  ZL_CHECK(parser.parse(kept.data(), kept.size()).get(array) == simdjson::SUCCESS,
           "findings are kept as a JSON array");
  for (const simdjson::dom::element& object : array) findings.push_back(Read(object, zone));
  return findings;
}

}  // namespace zonelink::recognition
