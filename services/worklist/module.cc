// SPDX-License-Identifier: Apache-2.0
#include "worklist/module.h"

#include <span>
#include <vector>

#include "platform/clocks/calendar_store.h"
#include "platform/clocks/calendars.h"
#include "platform/log/log.h"
#include "platform/outbox/consumer.h"
#include "platform/outbox/event_log.h"
#include "worklist/board_service.h"
#include "worklist/deputy_store.h"
#include "worklist/feed_hub.h"
#include "worklist/intake.h"
#include "worklist/worklist_migrations.h"
#include "worklist/worklist_service.h"
#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::worklist {
namespace {

// Calendars and deputies; users and organisations concern those who decide.
Status ApplyDirectory(db::Tx& tx, const events::v1::Event& event) {
  if (event.type().starts_with("zonelink.directory.delegation.")) {
    events::v1::DelegationChanged delegation;
    if (!delegation.ParseFromString(event.body())) {
      return Internal("a delegation that cannot be read");
    }
    PutDeputy(tx, delegation);
    return Done{};
  }
  if (event.type() != "zonelink.directory.calendar.published") return Done{};
  events::v1::CalendarPublished published;
  if (!published.ParseFromString(event.body())) return Internal("a calendar that cannot be read");
  return clocks::calendar_store::Apply(tx, published);
}

class WorklistModule final : public Module {
 public:
  WorklistModule(Environment& environment, db::Options options)
      : database_(std::move(options)),
        log_(database_),
        hub_(database_, environment.tokens, environment.clock),
        calendars_(database_),
        service_(environment.server, database_, environment.pages, calendars_, hub_),
        board_(environment.server, database_, calendars_),
        directory_("directory", database_, environment.channels, ApplyDirectory),
        recognition_("recognition", database_, environment.channels,
                     [this](db::Tx& tx, std::span<const events::v1::Event> events) {
                       return ApplyRecognitionEvents(tx, events, *calendars_.Now());
                     }) {
    directory_.OnApplied([this] { ReadCalendars(); });
    recognition_.OnApplied([this] { hub_.Wake(); });
    environment.events.Add("worklist", log_);
    environment.denials.Add("worklist", database_);
  }

  void Start() override {
    log_.Start();
    hub_.Start();
    ReadCalendars();
    directory_.Start();
    recognition_.Start();
  }

  void Stop() override {
    recognition_.Stop();
    directory_.Stop();
    hub_.Stop();
    log_.Stop();
  }

  Status Ready() override {
    if (const auto ping = database_.Ping(); !ping) return ping;
    if (recognition_.CaughtUp() && directory_.CaughtUp()) return Done{};
    return Unavailable("NOT_CAUGHT_UP", "worklist has not yet applied the others' events");
  }

 private:
  void ReadCalendars() {
    if (const Status read = calendars_.Refresh(); !read) {
      log::Warn("calendars not read", {{"reason", read.error().reason}});
    }
  }

  db::Database database_;
  outbox::EventLog log_;
  FeedHub hub_;
  clocks::Calendars calendars_;
  WorklistService service_;
  BoardService board_;
  outbox::Consumer directory_;
  outbox::Consumer recognition_;
};

}  // namespace

const db::Schema& Schema() {
  static const std::vector<db::Migration> files = db::FromEmbedded(migrations::kFiles);
  static const db::Schema schema{.name = "worklist", .migrations = files};
  return schema;
}

Result<std::unique_ptr<Module>> MakeModule(Environment& environment) {
  auto options = DatabaseOptions(environment.config, "worklist");
  if (!options) return options.error();
  return std::unique_ptr<Module>(
      std::make_unique<WorklistModule>(environment, *std::move(options)));
}

}  // namespace zonelink::worklist
