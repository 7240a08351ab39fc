// SPDX-License-Identifier: Apache-2.0
#include "zonelink/serve.h"

#include <fmt/format.h>

#include "gateway/http/gateway_module.h"
#include "platform/clocks/clocks_service.h"
#include "platform/config/config.h"
#include "platform/core/clock.h"
#include "platform/log/log.h"
#include "platform/outbox/denial_log.h"
#include "platform/outbox/events_service.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/grpc_log.h"
#include "platform/rpc/server.h"
#include "zonelink/certificate_watch.h"
#include "zonelink/directory_watch.h"
#include "zonelink/modules.h"
#include "zonelink/peers.h"
#include "zonelink/until_signal.h"

namespace zonelink {
namespace {

constexpr std::chrono::milliseconds kGrace{5000};
constexpr uint32_t kBasePort = 9101;

rpc::ServerOptions ServerOptionsOf(const config::v1::Limits& limits) {
  rpc::ServerOptions options;
  if (limits.workers() != 0) options.workers = limits.workers();
  if (limits.in_flight() != 0) options.in_flight = limits.in_flight();
  if (limits.deadline_ms() != 0) options.deadline = std::chrono::milliseconds(limits.deadline_ms());
  return options;
}

// Where this process listens for other processes; empty when all services run here.
std::string GrpcAddress(const config::v1::Config& config,
                        const std::vector<const ModuleEntry*>& chosen) {
  if (!IsSplit(chosen)) return {};
  const std::string host = config.grpc().address().empty() ? "127.0.0.1" : config.grpc().address();
  const uint32_t base = config.grpc().has_base_port() ? config.grpc().base_port() : kBasePort;
  const uint32_t port =
      base == 0 ? 0 : base + static_cast<uint32_t>(PlaceOf(chosen.front()->target));
  return fmt::format("{}:{}", host, port);
}

// Every service that a chosen module calls runs here or is a peer.
Status CheckReachable(const std::vector<const ModuleEntry*>& chosen,
                      const rpc::Channels& channels) {
  for (const ModuleEntry* entry : chosen) {
    for (const Calls& calls : entry->calls) {
      if (channels.Knows(calls.target)) continue;
      return InvalidArgument(
          "PEER_MISSING",
          fmt::format("{} calls {}, which does not run here: name its address under peers",
                      entry->target, calls.target));
    }
  }
  return Done{};
}

Status CheckSchemas(const config::v1::Config& config,
                    const std::vector<const ModuleEntry*>& chosen) {
  for (const ModuleEntry* entry : chosen) {
    if (entry->schema == nullptr) continue;
    const Result<db::Options> options = DatabaseOptions(config, std::string(entry->target));
    if (!options) return options.error();
    if (const Status status =
            db::CheckSchema(*entry->schema(), options->url, options->role, options->password);
        !status)
      return status;
  }
  return Done{};
}

// What runs, and the order in which it is taken down.
class Process {
 public:
  Process(const config::v1::Config& config, std::string secret,
          std::vector<const ModuleEntry*> chosen)
      : config_(config),
        secret_(std::move(secret)),
        chosen_(std::move(chosen)),
        tokens_(std::make_shared<rpc::ServiceTokens>(secret_)),
        security_(PeerSecurityOf(config, chosen_)),
        channels_({config.peers().begin(), config.peers().end()}, tokens_,
                  security_ ? security_->credentials.get() : nullptr),
        watch_(channels_, chosen_.front()->target),
        certificates_(config, chosen_),
        verifier_(
            tokens_->key(), [this] { return watch_.FetchKeys(); }, clock_),
        denials_(clock_),
        server_(ServerOptionsOf(config.limits()), verifier_),
        pages_(secret_),
        events_(server_),
        clocks_(server_),
        environment_{config_,
                     clock_,
                     secret_,
                     server_,
                     channels_,
                     verifier_,
                     pages_,
                     events_,
                     clocks_,
                     denials_,
                     [this] { return Ready(); }} {
    if (security_) server_.SecurePeers(*security_);
    server_.OnDenied(
        [this](const Call& call, const Error& error) { denials_.Record(call, error); });
    server_.GateCommands(
        [this](std::string_view service) { return denials_.CommandsAllowed(service); });
  }

  Status Start(const std::string& ready_file) {
    for (const ModuleEntry* entry : chosen_) {
      Result<std::unique_ptr<Module>> module = entry->make(environment_);
      if (!module) return std::move(module).error();
      modules_.push_back(*std::move(module));
    }
    denials_.Start();
    if (const Status started = server_.Start(GrpcAddress(config_, chosen_)); !started)
      return started;
    for (const ModuleEntry* entry : chosen_) {
      channels_.SetLocal(entry->target, server_);
      server_.SetServing(std::string(entry->target), true);
    }
    if (const Status reachable = CheckReachable(chosen_, channels_); !reachable) return reachable;
    watch_.Start(verifier_);
    if (security_) certificates_.Start();
    std::string ports = fmt::format("grpc={}\n", server_.port());
    for (auto& module : modules_) {
      module->Start();
      if (auto* front = dynamic_cast<gateway::GatewayModule*>(module.get())) {
        ports += fmt::format("http={}\nadmin={}\n", front->http_port(), front->admin_port());
      }
    }
    return WriteReadyFile(ready_file, ports);
  }

  void Stop() {
    for (auto module = modules_.rbegin(); module != modules_.rend(); ++module) (*module)->Stop();
    watch_.Stop();
    certificates_.Stop();
    server_.Stop(kGrace);
    denials_.Stop();  // after the last answer, while the modules' databases are still there
  }

 private:
  Status Ready() {
    if (const Status heard = watch_.Ready(); !heard) return heard;
    for (auto& module : modules_) {
      if (const Status ready = module->Ready(); !ready) return ready;
    }
    return Done{};
  }

  const config::v1::Config& config_;
  const std::string secret_;
  const std::vector<const ModuleEntry*> chosen_;
  const SystemClock clock_;
  std::shared_ptr<rpc::ServiceTokens> tokens_;
  const std::optional<rpc::PeerSecurity> security_;
  rpc::Channels channels_;
  DirectoryWatch watch_;
  CertificateWatch certificates_;
  rpc::TokenVerifier verifier_;
  outbox::DenialLog denials_;
  rpc::Server server_;
  rpc::Pages pages_;
  outbox::EventsService events_;
  clocks::ClocksService clocks_;
  Environment environment_;
  std::vector<std::unique_ptr<Module>> modules_;
};

}  // namespace

Status Serve(const config::v1::Config& config, const ServeOptions& options) {
  BlockEndSignals();
  rpc::LogWhatGrpcSays();
  Result<std::vector<const ModuleEntry*>> chosen = ChosenModules(options.target);
  if (!chosen) return chosen.error();
  Result<std::string> secret = config::ReadSecret(config.auth().secret_file());
  if (!secret) return secret.error();
  if (const Status schemas = CheckSchemas(config, *chosen); !schemas) return schemas;
  Process process(config, *std::move(secret), *std::move(chosen));
  if (const Status started = process.Start(options.ready_file); !started) {
    process.Stop();
    return started;
  }
  log::Info("serving", {{"target", options.target}});
  log::Info("stopping", {{"signal", int64_t{WaitForEndSignal()}}});
  process.Stop();
  return Done{};
}

}  // namespace zonelink
