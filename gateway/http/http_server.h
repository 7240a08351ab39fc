// SPDX-License-Identifier: Apache-2.0
// Accepts connections and spreads them over a few threads. HTTP/1.1, plain on loopback only,
// TLS 1.2 and 1.3 elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "gateway/http/http_message.h"
#include "platform/core/result.h"

namespace zonelink::gateway {

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;  // 0: a free one
  std::string tls_certificate_file;
  std::string tls_key_file;
  unsigned threads = 1;
  size_t body_bytes = 1 << 20;
  size_t header_bytes = 16 << 10;
  size_t connections = 8192;  // more wait until others have gone; the idle ones go sooner then
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds answer_timeout{10'000};
  std::chrono::milliseconds idle_timeout{75'000};
  std::chrono::milliseconds crowded_idle_timeout{1'000};  // while others wait to be accepted
  std::chrono::milliseconds write_timeout{30'000};
  std::chrono::milliseconds heartbeat{15'000};
  std::chrono::milliseconds stream_head_delay{1'000};
  std::chrono::milliseconds tick{500};  // how exact the times above are kept
  size_t stream_queue_bytes = 1 << 20;
};

class HttpServer {
 public:
  // Binds; connections wait until Start. InvalidArgument `TLS_NEEDED` (plain elsewhere than on
  // loopback), `ADDRESS_INVALID`, `TLS_CERTIFICATE_INVALID`; Unavailable `ADDRESS_IN_USE`.
  static Result<std::unique_ptr<HttpServer>> Listen(HttpServerOptions options, HttpApp& app);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;

  int port() const;
  void Start();
  // Takes no more connections, lets requests in hand finish within `grace`, ends streams, joins.
  void Stop(std::chrono::milliseconds grace);
  int64_t open_connections() const;

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace zonelink::gateway
