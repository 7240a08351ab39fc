// SPDX-License-Identifier: Apache-2.0
#include "ledger/module.h"

#include <utility>
#include <vector>

#include "ledger/ledger_migrations.h"
#include "platform/outbox/event_log.h"

namespace zonelink::ledger {
namespace {

class LedgerModule final : public Module {
 public:
  LedgerModule(Environment& environment, db::Options options)
      : database_(std::move(options)), log_(database_) {
    environment.events.Add("ledger", log_);
  }

  void Start() override { log_.Start(); }
  void Stop() override { log_.Stop(); }
  Status Ready() override { return database_.Ping(); }

 private:
  db::Database database_;
  outbox::EventLog log_;
};

}  // namespace

const db::Schema& Schema() {
  static const std::vector<db::Migration> files = db::FromEmbedded(migrations::kFiles);
  static const db::Schema schema{.name = "ledger", .migrations = files};
  return schema;
}

Result<std::unique_ptr<Module>> MakeModule(Environment& environment) {
  Result<db::Options> options = DatabaseOptions(environment.config, "ledger");
  if (!options) return options.error();
  return std::unique_ptr<Module>(std::make_unique<LedgerModule>(environment, *std::move(options)));
}

}  // namespace zonelink::ledger
