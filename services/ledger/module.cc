// SPDX-License-Identifier: Apache-2.0
#include "ledger/module.h"

#include <utility>
#include <vector>

#include "ledger/ledger_migrations.h"
#include "ledger/ledger_service.h"
#include "ledger/publisher.h"
#include "ledger/sequencer.h"
#include "ledger/settings.h"
#include "ledger/tree_reader.h"
#include "platform/outbox/consumer.h"
#include "platform/outbox/event_log.h"

namespace zonelink::ledger {
namespace {

// Every service whose events become leaves, the ledger's own included.
constexpr const char* kSources[] = {"directory", "recognition", "worklist", "ledger", "documents"};

class LedgerModule final : public Module {
 public:
  // The state file is read before anything is bound to the environment: a refusal leaves no trace.
  static Result<std::unique_ptr<Module>> Make(Environment& environment, db::Options options,
                                              Settings settings) {
    std::unique_ptr<LedgerModule> made(new LedgerModule(std::move(options)));
    auto publisher = Publisher::Open(std::move(settings), made->database_, made->tree_);
    if (!publisher) return std::move(publisher).error();
    made->publisher_ = *std::move(publisher);
    made->Bind(environment);
    return std::unique_ptr<Module>(std::move(made));
  }

  void Start() override {
    log_.Start();
    // First: what the database says is compared with what was signed before anything is added.
    publisher_->Start();
    for (const auto& consumer : consumers_) consumer->Start();
  }

  void Stop() override {
    for (const auto& consumer : consumers_) consumer->Stop();
    publisher_->Stop();
    log_.Stop();
  }

  Status Ready() override {
    for (const auto& consumer : consumers_) {
      if (!consumer->CaughtUp()) {
        return Unavailable("NOT_CAUGHT_UP", "the ledger has not yet applied all services' events");
      }
    }
    if (!publisher_->Loaded()) {
      return Unavailable("NOT_CAUGHT_UP", "the ledger has not yet read its checkpoints");
    }
    return database_.Ping();
  }

 private:
  explicit LedgerModule(db::Options options)
      : database_(std::move(options)), log_(database_), tree_(database_) {}

  void Bind(Environment& environment) {
    for (const char* source : kSources) {
      consumers_.push_back(std::make_unique<outbox::Consumer>(
          source, database_, environment.channels,
          [source](db::Tx& tx, std::span<const events::v1::Event> events) {
            return Integrate(tx, source, events);
          }));
      consumers_.back()->OnApplied([this] { publisher_->Wake(); });
    }
    service_ = std::make_unique<LedgerService>(database_, environment.channels, tree_, *publisher_);
    service_->Bind(environment.server);
    environment.events.Add("ledger", log_);
    environment.denials.Add("ledger", database_);
  }

  db::Database database_;
  outbox::EventLog log_;
  TreeReader tree_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<LedgerService> service_;
  std::vector<std::unique_ptr<outbox::Consumer>> consumers_;
};

}  // namespace

const db::Schema& Schema() {
  static const std::vector<db::Migration> files = db::FromEmbedded(migrations::kFiles);
  static const db::Schema schema{.name = "ledger", .migrations = files};
  return schema;
}

// Two calls at the same time, or one after the other: the salt is destroyed once.
db::Options WithConstraints(db::Options options) {
  options.constraints = {
      {"events_subject_version", AlreadyExists("SALT_DESTROYED", "the salt is destroyed already")}};
  return options;
}

Result<std::unique_ptr<Module>> MakeModule(Environment& environment) {
  auto options = DatabaseOptions(environment.config, "ledger");
  if (!options) return std::move(options).error();
  auto settings = ReadSettings(environment.config.ledger());
  if (!settings) return std::move(settings).error();
  return LedgerModule::Make(environment, WithConstraints(*std::move(options)),
                            *std::move(settings));
}

}  // namespace zonelink::ledger
