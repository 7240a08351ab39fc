// SPDX-License-Identifier: Apache-2.0
#include "gateway/witness/witness_server.h"

#include <fmt/format.h>

#include "platform/log/log.h"

namespace zonelink::witness {
namespace {

constexpr std::chrono::milliseconds kGrace{2'000};
constexpr uint16_t kPort = 9300;
constexpr uint32_t kFollowMs = 5'000;

Error Invalid(std::string what) { return InvalidArgument("CONFIG_INVALID", std::move(what)); }

Status CheckConfig(const config::v1::Witness& config) {
  if (!ledger::ValidKeyName(config.name())) {
    return Invalid("'name' must be a URL without scheme, free of spaces and '+'");
  }
  if (config.state_dir().empty()) return Invalid("'state_dir' is missing");
  if (config.logs().empty()) return Invalid("'logs' names no log to watch");
  if (config.tls_certificate_file().empty() != config.tls_key_file().empty()) {
    return Invalid("'tls_certificate_file' and 'tls_key_file' go together");
  }
  for (const auto& [origin, url] : config.follow()) {
    if (!config.logs().contains(origin)) {
      return Invalid(fmt::format("'follow' names {}, which is not in 'logs'", origin));
    }
    if (!url.starts_with("https://") && !url.starts_with("http://")) {
      return Invalid(fmt::format("'follow' reads {} at '{}', which is no URL", origin, url));
    }
  }
  return Done{};
}

Result<Witness::Settings> SettingsOf(const config::v1::Witness& config) {
  auto secret = crypto::Ed25519Key::FromPemFile(config.signing_key_file());
  if (!secret) return std::move(secret).error();
  Witness::Settings settings{config.name(), *std::move(secret), config.state_dir(), {}};
  for (const auto& [origin, text] : config.logs()) {
    Result<ledger::VerifierKey> key = ledger::VerifierKey::Parse(text);
    if (!key) {
      Error error = std::move(key).error();
      error.message = fmt::format("'logs' names {}: {}", origin, error.message);
      return error;
    }
    if (key->type != ledger::SignatureType::kEd25519) {
      return Invalid(fmt::format("'logs' names {} with a witness's key", origin));
    }
    settings.logs.emplace(origin, *std::move(key));
  }
  return settings;
}

gateway::HttpServerOptions ServerOptionsOf(const config::v1::Witness& config) {
  gateway::HttpServerOptions options;
  if (!config.address().empty()) options.address = config.address();
  options.port = config.has_port() ? static_cast<uint16_t>(config.port()) : kPort;
  options.tls_certificate_file = config.tls_certificate_file();
  options.tls_key_file = config.tls_key_file();
  options.threads = 2;
  options.body_bytes = kProposalBytes;
  options.connections = 1024;
  return options;
}

}  // namespace

Result<std::unique_ptr<WitnessServer>> WitnessServer::Open(const config::v1::Witness& config,
                                                           const WallClock& clock) {
  if (Status good = CheckConfig(config); !good) return std::move(good).error();
  auto settings = SettingsOf(config);
  if (!settings) return std::move(settings).error();
  auto witness = Witness::Open(*std::move(settings), clock);
  if (!witness) return std::move(witness).error();
  std::unique_ptr<WitnessServer> made(new WitnessServer(*std::move(witness)));
  auto server = gateway::HttpServer::Listen(ServerOptionsOf(config), made->app_);
  if (!server) return std::move(server).error();
  made->server_ = *std::move(server);
  const std::chrono::milliseconds interval(config.follow_ms() == 0 ? kFollowMs
                                                                   : config.follow_ms());
  for (const auto& [origin, url] : config.follow()) {
    made->followers_.push_back(
        std::make_unique<Follower>(*made->witness_->Find(origin), url, interval, clock));
  }
  return made;
}

void WitnessServer::Start() {
  for (const auto& follower : followers_) follower->Start();
  server_->Start();
  log::Info("witnessing", {{"key", witness_->key().Format()}, {"port", int64_t{port()}}});
}

void WitnessServer::Stop() {
  if (server_) server_->Stop(kGrace);
  for (const auto& follower : followers_) follower->AskToStop();
  for (const auto& follower : followers_) follower->Stop();
}

}  // namespace zonelink::witness
