// SPDX-License-Identifier: Apache-2.0
// The commands about items, agreements and negative lists.
#include "gateway/cli/command_builder.h"

namespace zonelink::cli {
namespace {

using App = CLI::App;

App* OnCatalogue(CommandBuilder& build, App* group, const std::string& name, std::string_view zh,
                 std::string_view en) {
  App* command = build.Add(group, name, zh, en);
  build.Option(command, "id", build.arguments().catalogue.id, "编号", "its id")->required();
  return command;
}

void File(CommandBuilder& build, App* command, std::string_view zh, std::string_view en) {
  build.Option(command, "file", build.arguments().catalogue.file, zh, en)
      ->required()
      ->type_name("FILE");
}

void AddItemsAndAgreements(CommandBuilder& build) {
  auto& catalogue = build.arguments().catalogue;
  App* item = build.Group("item", "事项目录", "catalogue items");
  build.Add(item, "list", "全部事项（无需登录）", "all items; no login");
  App* show = OnCatalogue(build, item, "show", "查看事项（无需登录）", "show an item; no login");
  build.Option(show, "--version", catalogue.version, "版本，默认最新",
               "version; default: the newest");
  File(build, OnCatalogue(build, item, "revise", "发布新版本", "publish the next version"),
       "事项的 JSON 文件，- 表示标准输入", "JSON file with the item, - for standard input");
  App* agreement = build.Group("agreement", "互认协议", "mutual-recognition agreements");
  App* list = build.Add(agreement, "list", "本片区的协议", "agreements of the caller's zone");
  build.Option(list, "--item", catalogue.item, "只看某事项", "only this item");
  build.Option(list, "--state", catalogue.state, "只看某状态", "only this state")
      ->check(CLI::IsMember({"DRAFTED", "IN_FORCE", "SUSPENDED", "TERMINATED"}));
  OnCatalogue(build, agreement, "show", "查看协议", "show an agreement");
  build.Etag(OnCatalogue(build, agreement, "sign", "代表本片区签署", "sign for the caller's zone"));
  File(build,
       OnCatalogue(build, agreement, "amend", "起草修订；各方签署后取代原协议",
                   "draft what replaces it once every zone has signed"),
       "JSON 文件，- 表示标准输入", "JSON file, - for standard input");
  for (App* command : {OnCatalogue(build, agreement, "suspend", "中止", "suspend"),
                       OnCatalogue(build, agreement, "resume", "恢复本片区中止的协议",
                                   "resume what the caller's zone suspended")}) {
    build.Option(command, "--reason", catalogue.reason, "理由", "why")->required();
    build.Etag(command);
  }
}

void AddNegativeLists(CommandBuilder& build) {
  auto& catalogue = build.arguments().catalogue;
  App* lists = build.Group("negative-list", "负面清单", "negative lists");
  App* entries =
      OnCatalogue(build, lists, "show", "清单条目（无需登录）", "a list's entries; no login");
  build.Option(entries, "--item", catalogue.item, "只看某事项", "only this item");
  File(build,
       OnCatalogue(build, lists, "add", "发布条目或其新版本",
                   "publish an entry or its next version"),
       "条目的 JSON 文件，- 表示标准输入", "JSON file with the entry, - for standard input");
  App* retire = OnCatalogue(build, lists, "retire", "废止条目", "retire an entry");
  build.Option(retire, "entry", catalogue.entry, "条目", "entry")->required();
  build.Option(retire, "--reason", catalogue.reason, "理由", "why")->required();
  build.Etag(retire);
  auto& asked = build.arguments().filing;
  App* screen = build.Add(lists, "screen", "比对清单和协议条件，不写入任何数据",
                          "what lists and conditions find; writes nothing");
  build.Option(screen, "--item", asked.item, "事项", "catalogue item")->required();
  build.Option(screen, "--home", asked.home, "所在片区", "home zone")->required();
  build
      .Option(screen, "--to", asked.to, "目标片区，以逗号分隔", "target zones, separated by commas")
      ->required()
      ->delimiter(',')
      ->allow_extra_args(false);
  build
      .Option(screen, "--attribute", asked.attributes, "属性 名称=值，可重复",
              "attribute name=value; may be repeated")
      ->allow_extra_args(false);
  App* hits =
      OnCatalogue(build, lists, "hits", "命中的申报数和涉及投资", "filings hit and sums invested");
  build.Option(hits, "--from", catalogue.from, "自 YYYY-MM-DD", "first day of submission");
  build.Option(hits, "--until", catalogue.until, "至 YYYY-MM-DD", "last day of submission");
}

}  // namespace

void AddCatalogueCommands(CommandBuilder& build) {
  AddItemsAndAgreements(build);
  AddNegativeLists(build);
}

}  // namespace zonelink::cli
