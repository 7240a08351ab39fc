// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/credit_show.h"

#include <fmt/format.h>

#include "gateway/cli/words.h"

namespace zonelink::cli {

using client::Json;

namespace {

std::string Cause(const Json& record, const Style& say) {
  const std::string cause = record["cause"].text();
  if (cause == "PROMISE_BROKEN") return std::string(say("承诺不实", "promise broken"));
  return cause;
}

}  // namespace

std::string ShowCreditRecords(const Json& page, const View& view) {
  const Style& say = view.style;
  const auto items = page["items"].items();
  if (items.empty()) return std::string(say("没有信用记录。\n", "No credit records.\n"));
  Table table({{std::string(say("记录时间", "RECORDED"))},
               {std::string(say("企业", "ENTERPRISE")), true},
               {std::string(say("统一社会信用代码", "CREDIT CODE"))},
               {std::string(say("事项", "ITEM")), true},
               {std::string(say("片区", "ZONE"))},
               {std::string(say("原因", "CAUSE"))}});
  for (const Json& record : items) {
    const std::string item = record[say("itemNameZh", "itemNameEn")].text();
    table.Row({{LocalTime(record["recordedAt"].text())},
               {record["holder"]["name"].text()},
               {record["holder"]["uscc"].text()},
               {item.empty() ? record["itemId"].text() : item},
               {view.zone_name(record["zone"].text())},
               {Cause(record, say), Colour::kBad}});
    table.Note({fmt::format(fmt::runtime(say("{} 核查发现：{}", "found {}: {}")),
                            LocalTime(record["foundAt"].text()), record["findings"].text())});
  }
  std::string text = table.Render(say);
  if (!page["nextPageToken"].text().empty()) {
    text += say("还有更早的，未列出。\n", "There are earlier ones, not listed.\n");
  }
  return text;
}

}  // namespace zonelink::cli
