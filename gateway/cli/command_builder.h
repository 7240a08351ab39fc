// SPDX-License-Identifier: Apache-2.0
// What the parts of the command line are built with. Only they know CLI11.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "gateway/cli/arguments.h"
#include "gateway/cli/terminal.h"

namespace zonelink::cli {

// Adds commands and options with texts in both languages; parsing fills the arguments. It must live
// until then.
class CommandBuilder {
 public:
  using App = CLI::App;

  CommandBuilder(CLI::App& app, Arguments& arguments, const Style& say)
      : app_(app), args_(arguments), say_(say) {}

  App* Add(App* parent, const std::string& name, std::string_view zh, std::string_view en) {
    App* command = parent->add_subcommand(name, std::string(say_(zh, en)));
    command->fallthrough();
    const std::string full = parent == &app_ ? name : parent->get_name() + " " + name;
    command->callback([this, command, full] {
      if (command->get_subcommands({}).empty()) args_.command = full;
    });
    return command;
  }
  App* Group(const std::string& name, std::string_view zh, std::string_view en) {
    App* group = Add(&app_, name, zh, en);
    group->require_subcommand(1);
    return group;
  }
  template <class T>
  CLI::Option* Option(App* command, const std::string& names, T& value, std::string_view zh,
                      std::string_view en) {
    return command->add_option(names, value, std::string(say_(zh, en)));
  }
  template <class T>
  CLI::Option* Flag(App* command, const std::string& name, T& value, std::string_view zh,
                    std::string_view en) {
    return command->add_flag(name, value, std::string(say_(zh, en)));
  }
  // What an origin or a recognition covers.
  void Scope(App* command, ScopeArguments& scope) {
    Option(command, "--activity", scope.activities, "活动范围，可重复",
           "activity covered; may be repeated")
        ->allow_extra_args(false);
    Option(command, "--address", scope.addresses, "地址，可重复",
           "address covered; may be repeated")
        ->allow_extra_args(false);
    Option(command, "--quantity", scope.quantity, "数量", "quantity covered");
    Option(command, "--scope-from", scope.from, "自 YYYY-MM-DD", "first day covered, YYYY-MM-DD");
    Option(command, "--scope-until", scope.until, "至 YYYY-MM-DD", "last day covered, YYYY-MM-DD");
  }
  void Etag(App* command) {
    Option(command, "--etag", args_.etag, "上次读到的版本；已变化则拒绝",
           "as last read; refused when it has changed since");
  }
  Arguments& arguments() { return args_; }

 protected:
  CLI::App& app_;
  Arguments& args_;
  const Style& say_;
};

// catalogue_command_line.cc
void AddCatalogueCommands(CommandBuilder& build);
// decision_command_line.cc
void AddDecisionCommands(CommandBuilder& build);

}  // namespace zonelink::cli
