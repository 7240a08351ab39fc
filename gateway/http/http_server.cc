// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/http_server.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/ssl.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/http/connection.h"

namespace zonelink::gateway {
namespace {

using asio::ip::tcp;

std::string HttpDate() {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr)));
}

Result<std::unique_ptr<asio::ssl::context>> MakeTls(const HttpServerOptions& options) {
  auto tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* native = tls->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(
      native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Forward secrecy and authenticated ciphers only; TLS 1.3 has no others.
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
  ErrorCode error;
  tls->use_certificate_chain_file(options.tls_certificate_file, error);
  if (error) {
    return InvalidArgument("TLS_CERTIFICATE_INVALID",
                           fmt::format("{}: {}", options.tls_certificate_file, error.message()));
  }
  tls->use_private_key_file(options.tls_key_file, asio::ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(native) != 1) {
    return InvalidArgument("TLS_CERTIFICATE_INVALID",
                           fmt::format("{}: not the certificate's key", options.tls_key_file));
  }
  return tls;
}

}  // namespace

struct HttpServer::Impl {
  Impl(HttpServerOptions given, HttpApp& served) : options(std::move(given)), app(served) {
    for (unsigned i = 0; i < std::max(1U, options.threads); ++i) {
      Shard& shard = shards.emplace_back();
      shard.date = HttpDate();
      shard.on_close = [this] {
        // Under the lock, or Stop could miss the last one.
        const std::lock_guard lock(mutex);
        closed.notify_all();
      };
      work.emplace_back(shard.io.get_executor());
      timers.emplace_back(shard.io);
    }
    acceptor.emplace(shards.front().io);
  }

  Status Bind() {
    ErrorCode error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) {
      return InvalidArgument("ADDRESS_INVALID",
                             fmt::format("{} is not an IP address", options.address));
    }
    if (!options.tls_certificate_file.empty()) {
      auto made = MakeTls(options);
      if (!made) return std::move(made).error();
      tls = *std::move(made);
    } else if (!address.is_loopback()) {
      return InvalidArgument("TLS_NEEDED",
                             fmt::format("{} is not loopback: a TLS certificate is needed to "
                                         "listen there",
                                         options.address));
    }
    const tcp::endpoint endpoint(address, options.port);
    acceptor->open(endpoint.protocol(), error);
    if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor->bind(endpoint, error);
    if (!error) acceptor->listen(1024, error);
    if (error) {
      return Unavailable("ADDRESS_IN_USE",
                         fmt::format("cannot listen on {}:{}: {}", options.address, options.port,
                                     error.message()));
    }
    port = acceptor->local_endpoint().port();
    return Done{};
  }

  int64_t Open() const {
    int64_t sum = 0;
    for (const Shard& shard : shards) sum += shard.open;
    return sum;
  }

  bool Full() const { return Open() >= static_cast<int64_t>(options.connections); }

  void Accept() {
    if (!acceptor->is_open()) return;
    if (Full()) {
      paused = true;
      return;
    }
    Shard& shard = shards[next++ % shards.size()];
    acceptor->async_accept(shard.io, [this, &shard](ErrorCode error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) {
        // Out of file descriptors or the like: the next tick tries again.
        paused = true;
        return;
      }
      asio::post(shard.io, [this, &shard, socket = std::move(socket)]() mutable {
        if (shard.draining) return;
        std::make_shared<Connection>(Socket(std::move(socket), tls.get()), shard, app, options)
            ->Start();
      });
      Accept();
    });
  }

  void Tick(size_t index) {
    timers[index].expires_after(options.tick);
    timers[index].async_wait([this, index](ErrorCode error) {
      // A tick that was due already when Stop cancelled comes without an error.
      if (error || stopped) return;
      Shard& ticking = shards[index];
      ticking.date = HttpDate();
      const auto now = Connection::Clock::now();
      const bool crowded = Full();
      for (const auto& connection : Connections(ticking)) connection->Tick(now, crowded);
      if (index == 0 && paused) {
        paused = false;
        Accept();
      }
      Tick(index);
    });
  }

  // A copy: connections leave the shard's list when they close.
  static std::vector<std::shared_ptr<Connection>> Connections(const Shard& shard) {
    std::vector<std::shared_ptr<Connection>> connections;
    connections.reserve(shard.connections.size());
    for (const auto& entry : shard.connections) connections.push_back(entry.second);
    return connections;
  }

  void Start() {
    asio::post(shards.front().io, [this] { Accept(); });
    for (size_t i = 0; i < shards.size(); ++i) {
      Tick(i);
      threads.emplace_back([this, i] { shards[i].io.run(); });
    }
  }

  void Stop(std::chrono::milliseconds grace) {
    if (threads.empty()) return;
    asio::post(shards.front().io, [this] {
      ErrorCode ignored;  // it is closed either way
      acceptor->close(ignored);
    });
    for (Shard& shard : shards) {
      asio::post(shard.io, [&shard] {
        shard.draining = true;
        for (const auto& connection : Connections(shard)) connection->Drain();
      });
    }
    {
      std::unique_lock lock(mutex);
      closed.wait_for(lock, grace, [this] { return Open() == 0; });
    }
    stopped = true;
    for (size_t i = 0; i < shards.size(); ++i) {
      asio::post(shards[i].io, [this, i] {
        for (const auto& connection : Connections(shards[i])) connection->Close();
        timers[i].cancel();
        work[i].reset();
      });
    }
    for (std::thread& thread : threads) thread.join();
    threads.clear();
  }

  HttpServerOptions options;
  HttpApp& app;
  std::deque<Shard> shards;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> work;
  std::vector<asio::steady_timer> timers;
  std::optional<tcp::acceptor> acceptor;
  std::unique_ptr<asio::ssl::context> tls;
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable closed;
  size_t next = 0;
  std::atomic<bool> stopped{false};
  bool paused = false;  // no accept is under way
  int port = 0;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { Stop(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<HttpServer>> HttpServer::Listen(HttpServerOptions options, HttpApp& app) {
  auto impl = std::make_unique<Impl>(std::move(options), app);
  const Status bound = impl->Bind();
  if (!bound) return bound.error();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

int HttpServer::port() const { return impl_->port; }

void HttpServer::Start() { impl_->Start(); }

void HttpServer::Stop(std::chrono::milliseconds grace) { impl_->Stop(grace); }

int64_t HttpServer::open_connections() const { return impl_->Open(); }

}  // namespace zonelink::gateway
