// SPDX-License-Identifier: Apache-2.0
#include "zonelink/modules.h"

#include <fmt/format.h>

#include "directory/module.h"
#include "documents/module.h"
#include "gateway/http/gateway_module.h"
#include "ledger/module.h"
#include "recognition/module.h"
#include "worklist/module.h"

namespace zonelink {
namespace {

Result<std::unique_ptr<Module>> MakeGateway(Environment& environment) {
  auto made = gateway::GatewayModule::Create(environment, environment.ready);
  if (!made) return std::move(made).error();
  return std::unique_ptr<Module>(*std::move(made));
}

constexpr std::string_view kEvents = "zonelink.events.v1.EventsService";  // also destroys salts
constexpr std::string_view kPullEvents = "zonelink.events.v1.EventsService/PullEvents";
// When the deployment's clock is moved.
constexpr std::string_view kFireDue = "zonelink.clocks.v1.ClocksService/FireDue";
constexpr std::string_view kDirectory = "zonelink.directory.v1.DirectoryService";
constexpr std::string_view kCalendars = "zonelink.directory.v1.CalendarService";
constexpr std::string_view kDelegations = "zonelink.directory.v1.DelegationService";
constexpr std::string_view kMandates = "zonelink.directory.v1.MandateService";
constexpr std::string_view kRecognition = "zonelink.recognition.v1.RecognitionService";
constexpr std::string_view kCatalogue = "zonelink.recognition.v1.CatalogueService";
constexpr std::string_view kDecisions = "zonelink.recognition.v1.DecisionService";
constexpr std::string_view kGrants = "zonelink.recognition.v1.GrantService";
// By these every process knows tokens and hears which sessions have ended.
constexpr std::string_view kListKeys = "zonelink.directory.v1.DirectoryService/ListKeys";
constexpr std::string_view kListRevocations =
    "zonelink.directory.v1.DirectoryService/ListRevocations";

}  // namespace

std::span<const ModuleEntry> Modules() {
  static const std::vector<ModuleEntry> table = {
      {.target = "directory",
       .purpose = "zones, organisations, users, roles, sessions, working days",
       .calls = {{"recognition", {kFireDue}}},
       .schema = [] { return &directory::Schema(); },
       .make = directory::MakeModule},
      {.target = "recognition",
       .purpose = "catalogue, agreements, filings, decisions, recognitions",
       .calls = {{"directory", {kListKeys, kListRevocations, kPullEvents}},
                 {"documents", {kPullEvents}}},
       .schema = [] { return &recognition::Schema(); },
       .make = recognition::MakeModule},
      {.target = "worklist",
       .purpose = "the inbox of what waits for a person, the live stream of events",
       .calls = {{"directory", {kListKeys, kListRevocations, kPullEvents}},
                 {"recognition", {kPullEvents}}},
       .schema = [] { return &worklist::Schema(); },
       .make = worklist::MakeModule},
      {.target = "ledger",
       .purpose = "the tamper-evident ledger: Merkle tree, checkpoints, receipts",
       .calls = {{"directory", {kListKeys, kListRevocations, kEvents}},
                 {"recognition", {kEvents}},
                 {"worklist", {kEvents}},
                 {"documents", {kEvents}}},
       .schema = [] { return &ledger::Schema(); },
       .make = ledger::MakeModule},
      {.target = "documents",
       .purpose = "the enterprises' documents: kept encrypted, every reading recorded",
       .calls = {{"directory", {kListKeys, kListRevocations, kPullEvents}},
                 {"recognition", {kPullEvents}}},
       .schema = [] { return &documents::Schema(); },
       .make = documents::MakeModule},
      {.target = "gateway",
       .purpose = "HTTP and JSON in front of all services, OpenAPI, admin port",
       .calls = {{"directory", {kDirectory, kCalendars, kDelegations, kMandates}},
                 {"recognition", {kRecognition, kCatalogue, kDecisions, kGrants}},
                 {"worklist",
                  {"zonelink.worklist.v1.WorklistService", "zonelink.worklist.v1.BoardService"}},
                 {"ledger", {"zonelink.ledger.v1.LedgerService"}},
                 {"documents", {"zonelink.documents.v1.DocumentsService"}}},
       .schema = nullptr,
       .make = MakeGateway},
  };
  return table;
}

Result<std::vector<const ModuleEntry*>> ChosenModules(std::string_view target) {
  std::vector<const ModuleEntry*> chosen;
  if (target == "all") {
    for (const ModuleEntry& entry : Modules()) chosen.push_back(&entry);
    return chosen;
  }
  std::set<std::string_view> names;
  for (size_t from = 0; from <= target.size();) {
    const size_t comma = std::min(target.find(',', from), target.size());
    names.insert(target.substr(from, comma - from));
    from = comma + 1;
  }
  for (const ModuleEntry& entry : Modules()) {
    if (names.erase(entry.target) == 1) chosen.push_back(&entry);
  }
  if (!names.empty()) {
    return InvalidArgument("TARGET_UNKNOWN",
                           fmt::format("no target '{}'; see --list-targets", *names.begin()));
  }
  return chosen;
}

int PlaceOf(std::string_view target) {
  int place = 0;
  for (const ModuleEntry& entry : Modules()) {
    if (entry.target == target) return place;
    ++place;
  }
  return place;
}

}  // namespace zonelink
