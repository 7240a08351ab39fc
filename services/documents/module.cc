// SPDX-License-Identifier: Apache-2.0
#include "documents/module.h"

#include <vector>

#include "documents/caretaker.h"
#include "documents/documents_migrations.h"
#include "documents/documents_service.h"
#include "documents/intake.h"
#include "documents/mandate_store.h"
#include "platform/outbox/consumer.h"
#include "platform/outbox/event_log.h"

namespace zonelink::documents {
namespace {

class DocumentsModule final : public Module {
 public:
  DocumentsModule(Environment& environment, db::Options options, KeyRing keys)
      : database_(std::move(options)),
        keys_(std::move(keys)),
        log_(database_),
        service_(database_, keys_, environment.clock, environment.pages),
        caretaker_(database_, keys_),
        directory_("directory", database_, environment.channels, mandate_store::Apply),
        recognition_("recognition", database_, environment.channels, ApplyRecognitionEvents) {
    service_.Bind(environment.server);
    environment.events.Add("documents", log_);
    environment.denials.Add("documents", database_);
  }

  void Start() override {
    log_.Start();
    caretaker_.Start();
    directory_.Start();
    recognition_.Start();
  }

  void Stop() override {
    recognition_.Stop();
    directory_.Stop();
    caretaker_.Stop();
    log_.Stop();
  }

  Status Ready() override {
    if (const auto ping = database_.Ping(); !ping) return ping;
    if (directory_.CaughtUp() && recognition_.CaughtUp()) return Done{};
    return Unavailable("NOT_CAUGHT_UP",
                       "documents has not yet applied the directory's and recognition's events");
  }

 private:
  db::Database database_;
  const KeyRing keys_;
  outbox::EventLog log_;
  DocumentsService service_;
  Caretaker caretaker_;
  outbox::Consumer directory_;
  outbox::Consumer recognition_;
};

}  // namespace

const db::Schema& Schema() {
  static const std::vector<db::Migration> files = db::FromEmbedded(migrations::kFiles);
  static const db::Schema schema{.name = "documents", .migrations = files};
  return schema;
}

Result<std::unique_ptr<Module>> MakeModule(Environment& environment) {
  auto options = DatabaseOptions(environment.config, "documents");
  if (!options) return options.error();
  auto keys = KeyRing::Read(environment.config.documents());
  if (!keys) return std::move(keys).error();
  return std::unique_ptr<Module>(
      std::make_unique<DocumentsModule>(environment, *std::move(options), *std::move(keys)));
}

}  // namespace zonelink::documents
