// SPDX-License-Identifier: Apache-2.0
// One HTTP/1.1 connection: reads a request, hands it to the application, writes the answer, and
// only then looks at the next. All of it on its shard's thread.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "gateway/http/http_message.h"
#include "gateway/http/http_server.h"
#include "gateway/http/socket.h"

namespace zonelink::gateway {

class Connection;

// One thread with the connections it serves.
struct Shard {
  asio::io_context io{1};
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
  std::string date;  // for the Date header, set by each tick
  bool draining = false;
  std::atomic<int64_t> open{0};
  std::function<void()> on_close;  // a connection has closed
};

class Connection final : public Responder, public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(Socket socket, Shard& shard, HttpApp& app, const HttpServerOptions& options);
  Connection(const Connection&) = delete;

  // On the shard's thread.
  void Start();
  // `crowded`: others wait to be accepted; who asks nothing gives way.
  void Tick(Clock::time_point now, bool crowded);
  // Closes now if idle, else after the answer.
  void Drain();
  void Close();

  void Respond(HttpResponse response) override;
  void BeginStream(HttpResponse head, std::string_view heartbeat) override;
  void Send(std::string text) override;
  void EndStream() override;
  void SendPart(std::string part) override;
  void Abandon() override;

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  enum class Phase {
    kHandshake,
    kIdle,      // between requests
    kHead,      // the head is arriving
    kContinue,  // 100 Continue is being written
    kBody,      // the body is arriving
    kWaiting,   // the application works on the answer
    kWriting,
    kPart,  // the application makes the next part of the answer
    kStream,
    kLinger,  // answered, the rest of the request is thrown away
    kClosed,
  };

  void Enter(Phase phase, Clock::duration limit);
  void ReadMore();
  void OnRead(ErrorCode error, size_t count);
  void Advance();
  void BeginRequest();
  // False: the parser cannot go on for now.
  bool OnHead();
  bool FillHead();
  std::optional<Error> HeadFault() const;
  // False: it announced more than it may bring, and is refused.
  bool LimitBody(size_t asked);
  void SendContinue();
  void OnBody();
  void Malformed(ErrorCode error);
  void Refuse(const Error& error);

  void Write(HttpResponse response, bool close);
  void AppendHead(const HttpResponse& response, size_t length);
  void OnWritten(ErrorCode error);
  void Finish();

  void OnStreamTick(Clock::time_point now);
  void SendStreamHead();
  void Queue(std::string_view text);
  void Flush();
  void OnFlushed(ErrorCode error);
  void Gone();

  Socket socket_;
  Shard& shard_;
  HttpApp& app_;
  const HttpServerOptions& options_;
  std::string client_;
  Phase phase_ = Phase::kHandshake;
  Clock::time_point deadline_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  RequestHead head_;
  std::shared_ptr<Exchange> exchange_;
  std::string out_;
  std::string body_;
  bool reading_ = false;  // a read is under way; there is never a second
  bool keep_alive_ = false;
  bool body_unread_ = false;
  size_t body_limit_ = 0;
  bool is_head_ = false;
  bool chunked_ = false;  // the client understands chunks
  uint64_t left_ = 0;     // of an answer that comes in parts

  // While phase_ is kStream.
  std::optional<HttpResponse> stream_head_;  // not sent yet
  Clock::time_point stream_head_due_;
  std::string_view heartbeat_;
  Clock::time_point last_sent_;
  std::string queue_;
  bool flushing_ = false;
  bool ending_ = false;
};

}  // namespace zonelink::gateway
