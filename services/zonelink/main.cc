// SPDX-License-Identifier: Apache-2.0
// zonelinkd: the server binary.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "platform/config/config.h"
#include "platform/log/log.h"
#include "zonelink/modules.h"
#include "zonelink/operate.h"
#include "zonelink/serve.h"

namespace {

using zonelink::Status;

int ListTargets() {
  for (const auto& entry : zonelink::Modules())
    fmt::print("{:<12} {}\n", entry.target, entry.purpose);
  return 0;
}

// 0, or 1 with what went wrong on standard error.
int ExitWith(const Status& status) {
  if (status) return 0;
  fmt::print(stderr, "zonelinkd: {} ({})\n", status.error().message, status.error().reason);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Zonelink server"};
  std::string config_path;
  zonelink::ServeOptions serve;
  std::string clock_start;
  std::string password_file;
  bool list_targets = false;
  app.add_option("--config", config_path, "configuration file (YAML)");
  app.add_option("--target", serve.target, "modules to run: all, or names joined by commas");
  app.add_option("--ready-file", serve.ready_file,
                 "file to write the ports to once everything listens");
  app.add_flag("--list-targets", list_targets, "print the module table and exit");
  app.fallthrough();
  auto* migrate = app.add_subcommand("migrate", "create and update roles and schemas");
  migrate->add_option("--clock-start", clock_start, "where a controllable clock starts (RFC 3339)");
  auto* bootstrap = app.add_subcommand("bootstrap", "create sysadmin, secadmin and auditadmin");
  bootstrap->add_option("--password-file", password_file, "file with their first password")
      ->required();
  auto* check = app.add_subcommand("check-config", "check the configuration and exit");
  auto* doctor =
      app.add_subcommand("doctor", "check everything a deployment needs and say how to mend it");
  CLI11_PARSE(app, argc, argv);

  if (list_targets) return ListTargets();
  if (config_path.empty()) {
    fmt::print(stderr, "zonelinkd: --config is missing; see --help\n");
    return 2;
  }
  const auto config = zonelink::config::Load(config_path);
  if (!config) return ExitWith(config.error());
  zonelink::log::Setup(config->log().level());
  if (*migrate) return ExitWith(zonelink::MigrateAll(*config, clock_start));
  if (*bootstrap) return ExitWith(zonelink::BootstrapAll(*config, password_file));
  if (*doctor) return zonelink::Doctor(*config) ? 0 : 1;
  if (const Status checked = zonelink::CheckConfig(*config); !checked) return ExitWith(checked);
  if (*check) {
    fmt::print("{} is good\n", config_path);
    return 0;
  }
  return ExitWith(zonelink::Serve(*config, serve));
}
