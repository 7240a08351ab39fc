// SPDX-License-Identifier: Apache-2.0
// A TCP socket, with or without TLS.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <utility>
#include <variant>

namespace zonelink::gateway {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

class Socket {
 public:
  using Plain = asio::ip::tcp::socket;
  using Tls = asio::ssl::stream<Plain>;

  // `tls` null: plain.
  Socket(Plain socket, asio::ssl::context* tls)
      : stream_(tls == nullptr
                    ? std::variant<Plain, Tls>(std::move(socket))
                    : std::variant<Plain, Tls>(std::in_place_type<Tls>, std::move(socket), *tls)) {}

  bool secure() const { return std::holds_alternative<Tls>(stream_); }
  Plain& lowest() {
    if (secure()) return std::get<Tls>(stream_).next_layer();
    return std::get<Plain>(stream_);
  }

  // Only where secure().
  template <class Handler>
  void Handshake(Handler&& handler) {
    std::get<Tls>(stream_).async_handshake(Tls::server, std::forward<Handler>(handler));
  }
  template <class Handler>
  void Shutdown(Handler&& handler) {
    std::get<Tls>(stream_).async_shutdown(std::forward<Handler>(handler));
  }
  template <class Buffer, class Handler>
  void ReadSome(const Buffer& buffer, Handler&& handler) {
    std::visit(
        [&](auto& stream) { stream.async_read_some(buffer, std::forward<Handler>(handler)); },
        stream_);
  }
  template <class Buffers, class Handler>
  void Write(const Buffers& buffers, Handler&& handler) {
    std::visit(
        [&](auto& stream) { asio::async_write(stream, buffers, std::forward<Handler>(handler)); },
        stream_);
  }

 private:
  std::variant<Plain, Tls> stream_;
};

}  // namespace zonelink::gateway
