// SPDX-License-Identifier: Apache-2.0
// zonelinkd: the server binary.
#include <absl/synchronization/mutex.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "platform/config/config.h"
#include "platform/log/log.h"
#include "zonelink/modules.h"
#include "zonelink/operate.h"
#include "zonelink/serve.h"
#include "zonelink/witness_command.h"

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

int RunWitness(const std::string& config_path, const std::string& ready_file) {
  const auto config = zonelink::config::LoadWitness(config_path);
  if (!config) return ExitWith(config.error());
  zonelink::log::Setup(config->log().level());
  return ExitWith(zonelink::RunWitness(*config, ready_file));
}

struct KeyOptions {
  std::string name;
  std::string key_file;
  bool cosigner = false;
};

CLI::App* AddVerifierKey(CLI::App& app, KeyOptions& options) {
  auto* command =
      app.add_subcommand("verifier-key", "print what others verify a key's signatures with");
  command->add_option("--name", options.name, "the key's name: a log's origin, a witness's name")
      ->required();
  command->add_option("--key-file", options.key_file, "PEM file with the Ed25519 private key")
      ->required();
  command->add_flag("--cosigner", options.cosigner, "the key of a witness, not of a log");
  return command;
}

int PrintVerifierKey(const KeyOptions& options) {
  const auto key = zonelink::VerifierKeyOf(options.name, options.key_file, options.cosigner);
  if (!key) return ExitWith(key.error());
  fmt::print("{}\n", *key);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  // Debian's absl comes with its debugging aid switched on: one lock of the whole process each time
  // gRPC takes a mutex.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  CLI::App app{"Zonelink server"};
  std::string config_path;
  zonelink::ServeOptions serve;
  std::string clock_start;
  std::string password_file;
  KeyOptions key;
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
  auto* witness = app.add_subcommand("witness", "cosign the checkpoints of logs that only grow");
  auto* verifier_key = AddVerifierKey(app, key);
  CLI11_PARSE(app, argc, argv);

  if (list_targets) return ListTargets();
  if (*verifier_key) return PrintVerifierKey(key);
  if (config_path.empty()) {
    fmt::print(stderr, "zonelinkd: --config is missing; see --help\n");
    return 2;
  }
  if (*witness) return RunWitness(config_path, serve.ready_file);
  const auto config = zonelink::config::Load(config_path);
  if (!config) return ExitWith(config.error());
  zonelink::log::Setup(config->log().level());
  if (*migrate) return ExitWith(zonelink::MigrateAll(*config, clock_start));
  if (*bootstrap) return ExitWith(zonelink::BootstrapAll(*config, password_file));
  if (*doctor) return zonelink::Doctor(*config, serve.target) ? 0 : 1;
  if (const Status checked = zonelink::CheckConfig(*config, serve.target); !checked)
    return ExitWith(checked);
  if (*check) {
    fmt::print("{} is good\n", config_path);
    return 0;
  }
  return ExitWith(zonelink::Serve(*config, serve));
}
