// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/gateway_module.h"

#include <atomic>
#include <thread>

#include "gateway/http/admin.h"
#include "gateway/http/api.h"
#include "gateway/http/http_server.h"

namespace zonelink::gateway {
namespace {

constexpr std::chrono::milliseconds kGrace{5000};
constexpr std::string_view kLoopback = "127.0.0.1";

HttpServerOptions PublicOptions(const config::v1::Config& config) {
  const auto& http = config.http();
  HttpServerOptions options;
  options.address = http.address().empty() ? kLoopback : std::string_view(http.address());
  options.port = static_cast<uint16_t>(http.has_port() ? http.port() : 8080);
  options.tls_certificate_file = http.tls_certificate_file();
  options.tls_key_file = http.tls_key_file();
  // On two cores the services need the second.
  options.threads = std::thread::hardware_concurrency() > 2 ? 2 : 1;
  if (config.limits().deadline_ms() != 0)
    options.answer_timeout = std::chrono::milliseconds(config.limits().deadline_ms());
  if (config.limits().body_bytes() != 0) options.body_bytes = config.limits().body_bytes();
  return options;
}

HttpServerOptions AdminOptions(const config::v1::Config& config) {
  const auto& http = config.http();
  HttpServerOptions options;
  options.address =
      http.admin_address().empty() ? kLoopback : std::string_view(http.admin_address());
  options.port = static_cast<uint16_t>(http.has_admin_port() ? http.admin_port() : 9090);
  options.tls_certificate_file = http.tls_certificate_file();
  options.tls_key_file = http.tls_key_file();
  const bool loopback = options.address.rfind("127.", 0) == 0 || options.address == "::1";
  if (loopback) {
    options.tls_certificate_file.clear();
    options.tls_key_file.clear();
  }
  options.connections = 64;
  options.body_bytes = 1024;
  return options;
}

}  // namespace

// Servers are destroyed before the applications they call.
struct GatewayModule::Impl {
  Impl(const Environment& env, std::function<Status()> ready)
      : channels(env.channels), api(env.config.limits()), admin(std::move(ready), api.metrics()) {}

  const rpc::Channels& channels;
  Api api;
  Admin admin;
  std::unique_ptr<HttpServer> public_server;
  std::unique_ptr<HttpServer> admin_server;
  std::atomic<bool> serving{false};
};

GatewayModule::GatewayModule(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

GatewayModule::~GatewayModule() { Stop(); }

Result<std::unique_ptr<GatewayModule>> GatewayModule::Create(const Environment& env,
                                                             std::function<Status()> ready) {
  auto impl = std::make_unique<Impl>(env, std::move(ready));
  auto public_server = HttpServer::Listen(PublicOptions(env.config), impl->api);
  if (!public_server) return std::move(public_server).error();
  auto admin_server = HttpServer::Listen(AdminOptions(env.config), impl->admin);
  if (!admin_server) return std::move(admin_server).error();
  impl->public_server = *std::move(public_server);
  impl->admin_server = *std::move(admin_server);
  impl->api.metrics().SetOpenConnections(
      [server = impl->public_server.get()] { return server->open_connections(); });
  return std::unique_ptr<GatewayModule>(new GatewayModule(std::move(impl)));
}

void GatewayModule::Start() {
  impl_->api.Connect(impl_->channels);
  impl_->admin_server->Start();
  impl_->public_server->Start();
  impl_->serving = true;
}

void GatewayModule::Stop() {
  impl_->serving = false;
  impl_->public_server->Stop(kGrace);
  // Calls whose connection has gone may still be under way; each ends when its service answers.
  impl_->api.AwaitCalls();
  impl_->admin_server->Stop(kGrace);
}

Status GatewayModule::Ready() {
  if (impl_->serving) return Done{};
  return Unavailable("GATEWAY_STARTING", "the gateway does not answer yet");
}

int GatewayModule::http_port() const { return impl_->public_server->port(); }

int GatewayModule::admin_port() const { return impl_->admin_server->port(); }

}  // namespace zonelink::gateway
