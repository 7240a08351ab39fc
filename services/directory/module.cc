// SPDX-License-Identifier: Apache-2.0
#include "directory/module.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "directory/calendar_year_service.h"
#include "directory/delegation_service.h"
#include "directory/directory_migrations.h"
#include "directory/directory_service.h"
#include "directory/mandate_service.h"
#include "platform/clocks/clocks_client.h"
#include "platform/log/log.h"
#include "platform/outbox/event_log.h"

namespace zonelink::directory {
namespace {

using std::chrono::seconds;

// Whose rungs fall due when the deployment's clock is moved.
constexpr std::array<std::string_view, 1> kTimed = {"recognition"};

Settings SettingsOf(const config::v1::Config& config) {
  const config::v1::Auth& auth = config.auth();
  Settings settings{.controllable_clock = config.clock().controllable()};
  if (auth.access_token_seconds() != 0) settings.access_life = seconds{auth.access_token_seconds()};
  if (auth.refresh_token_seconds() != 0) {
    settings.refresh_life = seconds{auth.refresh_token_seconds()};
  }
  settings.refresh_life = std::max(settings.refresh_life, settings.access_life);
  if (auth.password_hash_slots() != 0) settings.password_hash_slots = auth.password_hash_slots();
  return settings;
}

Result<SigningKeys> KeysOf(const config::v1::Auth& auth) {
  Result<crypto::Ed25519Key> current = crypto::Ed25519Key::FromPemFile(auth.signing_key_file());
  if (!current) return current.error();
  SigningKeys keys{.current = *std::move(current), .next = std::nullopt};
  if (auth.next_signing_key_file().empty()) return keys;
  Result<crypto::Ed25519Key> next = crypto::Ed25519Key::FromPemFile(auth.next_signing_key_file());
  if (!next) return next.error();
  keys.next = *std::move(next);
  return keys;
}

class DirectoryModule final : public Module {
 public:
  DirectoryModule(Environment& environment, db::Options options, SigningKeys keys)
      : database_(std::move(options)),
        log_(database_),
        service_(database_, environment.clock, std::move(keys), SettingsOf(environment.config),
                 environment.secret),
        calendars_(database_, environment.secret),
        delegations_(database_, environment.clock, environment.secret),
        mandates_(database_, environment.clock, environment.secret) {
    service_.Bind(environment.server);
    service_.OnClockMoved([&channels = environment.channels](const Call& call) {
      return clocks::FireDue(channels, "directory", kTimed, call.deadline);
    });
    calendars_.Bind(environment.server);
    delegations_.Bind(environment.server);
    mandates_.Bind(environment.server);
    environment.events.Add("directory", log_);
    environment.denials.Add("directory", database_);
  }

  void Start() override {
    log_.Start();
    const Status announced = AnnounceZones();
    if (announced) return;
    log::Warn("zones not announced yet", {{"reason", announced.error().reason}});
  }

  void Stop() override { log_.Stop(); }

  Status Ready() override { return zones_announced_ ? database_.Ping() : AnnounceZones(); }

 private:
  Status AnnounceZones() {
    Status announced = service_.AnnounceZones();
    if (announced) zones_announced_ = true;
    return announced;
  }

  db::Database database_;
  outbox::EventLog log_;
  DirectoryService service_;
  CalendarService calendars_;
  DelegationService delegations_;
  MandateService mandates_;
  std::atomic<bool> zones_announced_{false};
};

}  // namespace

const db::Schema& Schema() {
  static const std::vector<db::Migration> files = db::FromEmbedded(migrations::kFiles);
  static const db::Schema schema{.name = "directory", .migrations = files};
  return schema;
}

db::Options WithConstraints(db::Options options) {
  const Error taken = AlreadyExists("USERNAME_TAKEN", "the login name, or one like it, is taken");
  const Error no_zone = NotFound("ZONE_NOT_FOUND", "no such zone");
  options.constraints = {
      {"account_username", taken},
      {"account_skeleton", taken},
      {"account_zone", no_zone},
      {"account_organization", NotFound("ORGANIZATION_NOT_FOUND", "no such organisation")},
      {"organization_uscc", AlreadyExists("ORGANIZATION_EXISTS", "the code is registered already")},
      {"organization_zone", no_zone},
      {"role_grant_held", AlreadyExists("ROLE_HELD", "the role is held or proposed already")},
      {"role_grant_duty",
       FailedPrecondition("ROLES_INCOMPATIBLE", "the account holds roles of another duty")},
      {"mandate_identical", AlreadyExists("MANDATE_EXISTS", "the same mandate is active")},
      {"delegation_officer", FailedPrecondition("USER_DISABLED", "the account is closed")},
      {"delegation_deputy", NotFound("DEPUTY_NOT_FOUND", "no such colleague")},
      {"delegation_duty",
       FailedPrecondition("ROLES_INCOMPATIBLE", "an administrator stands in for no officer")},
  };
  return options;
}

Result<std::unique_ptr<Module>> MakeModule(Environment& environment) {
  Result<db::Options> options = DatabaseOptions(environment.config, "directory");
  if (!options) return options.error();
  Result<SigningKeys> keys = KeysOf(environment.config.auth());
  if (!keys) return keys.error();
  return std::unique_ptr<Module>(std::make_unique<DirectoryModule>(
      environment, WithConstraints(*std::move(options)), *std::move(keys)));
}

}  // namespace zonelink::directory
