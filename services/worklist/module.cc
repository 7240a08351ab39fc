// SPDX-License-Identifier: Apache-2.0
#include "worklist/module.h"

#include <vector>

#include "platform/outbox/consumer.h"
#include "platform/outbox/event_log.h"
#include "worklist/board_service.h"
#include "worklist/feed_hub.h"
#include "worklist/intake.h"
#include "worklist/worklist_migrations.h"
#include "worklist/worklist_service.h"

namespace zonelink::worklist {
namespace {

class WorklistModule final : public Module {
 public:
  WorklistModule(Environment& environment, db::Options options)
      : database_(std::move(options)),
        log_(database_),
        hub_(database_, environment.tokens, environment.clock),
        service_(environment.server, database_, environment.pages, hub_),
        board_(environment.server, database_),
        recognition_("recognition", database_, environment.channels, ApplyRecognitionEvents) {
    recognition_.OnApplied([this] { hub_.Wake(); });
    environment.events.Add("worklist", log_);
    environment.denials.Add("worklist", database_);
  }

  void Start() override {
    log_.Start();
    hub_.Start();
    recognition_.Start();
  }

  void Stop() override {
    recognition_.Stop();
    hub_.Stop();
    log_.Stop();
  }

  Status Ready() override {
    if (const auto ping = database_.Ping(); !ping) return ping;
    if (recognition_.CaughtUp()) return Done{};
    return Unavailable("NOT_CAUGHT_UP", "worklist has not yet applied recognition's events");
  }

 private:
  db::Database database_;
  outbox::EventLog log_;
  FeedHub hub_;
  WorklistService service_;
  BoardService board_;
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
