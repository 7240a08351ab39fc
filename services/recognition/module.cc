// SPDX-License-Identifier: Apache-2.0
#include "recognition/module.h"

#include "platform/clocks/calendar_store.h"
#include "platform/clocks/calendars.h"
#include "platform/clocks/clocks_service.h"
#include "platform/clocks/timer.h"
#include "platform/outbox/consumer.h"
#include "platform/outbox/event_log.h"
#include "recognition/catalogue_service.h"
#include "recognition/deadlines.h"
#include "recognition/decision_service.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/grant_service.h"
#include "recognition/mandate_store.h"
#include "recognition/officer_store.h"
#include "recognition/recognition_migrations.h"
#include "recognition/recognition_service.h"
#include "recognition/vault_store.h"
#include "recognition/zone_store.h"
#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::recognition {
namespace {

// Zones, officers and calendars, as the directory tells of them.
Status ApplyDirectory(db::Tx& tx, const events::v1::Event& event) {
  if (event.type() == "zonelink.directory.calendar.published") {
    events::v1::CalendarPublished published;
    if (!published.ParseFromString(event.body())) return Internal("a calendar that cannot be read");
    return clocks::calendar_store::Apply(tx, published);
  }
  if (const Status applied = officer_store::Apply(tx, event); !applied) return applied;
  if (const Status applied = mandate_store::Apply(tx, event); !applied) return applied;
  return zone_store::Apply(tx, event);
}

class RecognitionModule final : public Module {
 public:
  RecognitionModule(Environment& environment, db::Options options)
      : database_(std::move(options)),
        log_(database_),
        directory_("directory", database_, environment.channels, ApplyDirectory, "directory/2"),
        documents_("documents", database_, environment.channels, vault_store::Apply),
        calendars_(database_),
        timer_(database_, calendars_, Deadlines(), DeadlineHooks(calendars_)),
        desk_(database_, calendars_),
        service_(database_, environment.clock, environment.pages, calendars_, desk_),
        decisions_(desk_),
        grants_(database_, environment.pages, desk_),
        catalogue_(database_, environment.clock, environment.pages) {
    service_.Bind(environment.server);
    decisions_.Bind(environment.server);
    grants_.Bind(environment.server);
    catalogue_.Bind(environment.server);
    environment.clocks.Add("recognition", timer_);
    directory_.OnApplied([this] { timer_.Wake(); });
    environment.events.Add("recognition", log_);
    environment.denials.Add("recognition", database_);
    service_.OnDenied([&denials = environment.denials](const Call& call, const Error& error) {
      denials.Record(call, error);
    });
  }

  void Start() override {
    log_.Start();
    directory_.Start();
    documents_.Start();
    timer_.Start();
  }

  void Stop() override {
    timer_.Stop();
    documents_.Stop();
    directory_.Stop();
    log_.Stop();
  }

  Status Ready() override {
    if (!directory_.CaughtUp() || !documents_.CaughtUp()) {
      return Unavailable("NOT_CAUGHT_UP",
                         "recognition has not yet applied the directory's and documents' events");
    }
    return database_.Ping();
  }

 private:
  db::Database database_;
  outbox::EventLog log_;
  outbox::Consumer directory_;
  outbox::Consumer documents_;
  clocks::Calendars calendars_;
  clocks::Timer timer_;
  DecisionDesk desk_;
  RecognitionService service_;
  DecisionService decisions_;
  GrantService grants_;
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
      {"decisions_duplicate",
       AlreadyExists("FILING_DUPLICATE", "a case on this item and credential is open there")},
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
