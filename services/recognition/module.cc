// SPDX-License-Identifier: Apache-2.0
#include "recognition/module.h"

#include "platform/outbox/consumer.h"
#include "platform/outbox/event_log.h"
#include "recognition/catalogue_service.h"
#include "recognition/recognition_migrations.h"
#include "recognition/recognition_service.h"
#include "recognition/zone_store.h"

namespace zonelink::recognition {
namespace {

class RecognitionModule final : public Module {
 public:
  RecognitionModule(Environment& environment, db::Options options)
      : database_(std::move(options)),
        log_(database_),
        zones_("directory", database_, environment.channels, zone_store::Apply),
        service_(database_, environment.clock, environment.pages),
        catalogue_(database_, environment.clock, environment.pages) {
    service_.Bind(environment.server);
    catalogue_.Bind(environment.server);
    environment.events.Add("recognition", log_);
    environment.denials.Add("recognition", database_);
  }

  void Start() override {
    log_.Start();
    zones_.Start();
  }

  void Stop() override {
    zones_.Stop();
    log_.Stop();
  }

  Status Ready() override {
    if (!zones_.CaughtUp()) {
      return Unavailable("NOT_CAUGHT_UP", "recognition has not yet applied the directory's events");
    }
    return database_.Ping();
  }

 private:
  db::Database database_;
  outbox::EventLog log_;
  outbox::Consumer zones_;
  RecognitionService service_;
  CatalogueService catalogue_;
};

}  // namespace

const db::Schema& Schema() {
  static const std::vector<db::Migration> files = db::FromEmbedded(migrations::kFiles);
  static const db::Schema schema{.name = "recognition", .migrations = files};
  return schema;
}

// What the rules refuse first; two commands at the same time meet the constraint.
db::Options WithConstraints(db::Options options) {
  options.constraints = {
      {"items_pk", AlreadyExists("ITEM_EXISTS", "the catalogue has an item of this name")},
      {"agreement_routes_in_force",
       AlreadyExists("ROUTE_COVERED", "another agreement in force covers a pair of zones")},
      {"agreement_signatures_pk", FailedPrecondition("AGREEMENT_SIGNED", "the zone has signed")},
      {"verifications_pk",
       FailedPrecondition("ALREADY_VERIFIED_BY_YOU", "another officer must verify")},
      {"suspensions_supplement_once",
       FailedPrecondition("SUPPLEMENT_ALREADY_ASKED", "what is missing is asked for once")},
  };
  return options;
}

Result<std::unique_ptr<Module>> MakeModule(Environment& environment) {
  Result<db::Options> options = DatabaseOptions(environment.config, "recognition");
  if (!options) return options.error();
  return std::unique_ptr<Module>(
      std::make_unique<RecognitionModule>(environment, WithConstraints(*std::move(options))));
}

}  // namespace zonelink::recognition
