// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/connection.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/none.hpp>

namespace zonelink::gateway {
namespace {

namespace http = boost::beast::http;

constexpr size_t kReadBytes = 16 * 1024;
constexpr size_t kJoinedBytes = 32 * 1024;  // smaller bodies are written together with the head
constexpr std::chrono::seconds kLingerTime{2};

std::string_view View(boost::beast::string_view text) { return {text.data(), text.size()}; }

// The address, or for IPv6 the network of 64 bits that one customer usually has.
std::string ClientOf(const Socket::Plain& socket) {
  ErrorCode error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return "?";
  auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  if (address.is_v4()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return asio::ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace

Connection::Connection(Socket socket, Shard& shard, HttpApp& app, const HttpServerOptions& options)
    : socket_(std::move(socket)),
      shard_(shard),
      app_(app),
      options_(options),
      client_(ClientOf(socket_.lowest())),
      buffer_(options.header_bytes + 4 * kReadBytes) {}

void Connection::Enter(Phase phase, Clock::duration limit) {
  phase_ = phase;
  deadline_ = limit == Clock::duration::max() ? Clock::time_point::max() : Clock::now() + limit;
}

void Connection::Start() {
  shard_.connections.emplace(this, shared_from_this());
  ++shard_.open;
  ErrorCode ignored;  // only speed is lost
  socket_.lowest().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (!socket_.secure()) {
    Enter(Phase::kIdle, options_.idle_timeout);
    return Advance();
  }
  Enter(Phase::kHandshake, options_.header_timeout);
  socket_.Handshake([self = shared_from_this()](ErrorCode error) {
    // It may have been closed after the handshake and before this call.
    if (self->phase_ != Phase::kHandshake) return;
    if (error) return self->Close();
    self->Enter(Phase::kIdle, self->options_.idle_timeout);
    self->Advance();
  });
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  Gone();
  Enter(Phase::kClosed, Clock::duration::max());
  ErrorCode ignored;  // it is closed either way
  socket_.lowest().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.lowest().close(ignored);
  const auto self = shared_from_this();
  shard_.connections.erase(this);
  --shard_.open;
  shard_.on_close();
}

void Connection::Drain() {
  keep_alive_ = false;
  if (phase_ == Phase::kIdle || phase_ == Phase::kHandshake) return Close();
  if (phase_ == Phase::kStream) EndStream();
}

void Connection::Tick(Clock::time_point now, bool crowded) {
  if (phase_ == Phase::kStream) return OnStreamTick(now);
  if (phase_ == Phase::kIdle && crowded) {
    now += options_.idle_timeout - options_.crowded_idle_timeout;
  }
  if (now < deadline_) return;
  switch (phase_) {
    case Phase::kHead:
    case Phase::kBody:
      body_unread_ = true;
      return Refuse(DeadlineExceeded("REQUEST_TIMEOUT", "the request did not arrive in time"));
    case Phase::kWaiting:
      Enter(Phase::kWaiting, Clock::duration::max());
      return exchange_->OnLate();
    case Phase::kHandshake:
    case Phase::kIdle:
    case Phase::kContinue:
    case Phase::kWriting:
    case Phase::kPart:
    case Phase::kStream:
    case Phase::kLinger:
    case Phase::kClosed: return Close();
  }
}

void Connection::ReadMore() {
  if (phase_ == Phase::kClosed || reading_) return;
  // A chunk's header without end.
  if (buffer_.size() + kReadBytes > buffer_.max_size()) return Malformed(http::error::bad_chunk);
  reading_ = true;
  socket_.ReadSome(
      buffer_.prepare(kReadBytes),
      [self = shared_from_this()](ErrorCode error, size_t count) { self->OnRead(error, count); });
}

void Connection::OnRead(ErrorCode error, size_t count) {
  reading_ = false;
  if (phase_ == Phase::kClosed) return;
  if (error) return Close();
  if (phase_ == Phase::kStream || phase_ == Phase::kLinger) return ReadMore();
  // An answer was given meanwhile (time ran out) and is being written.
  if (phase_ == Phase::kWriting) return;
  buffer_.commit(count);
  Advance();
}

// Parses what has arrived until the request is complete, refused or needs more bytes.
void Connection::Advance() {
  if (phase_ == Phase::kIdle) {
    if (buffer_.size() == 0) return ReadMore();
    BeginRequest();
  }
  while (phase_ == Phase::kHead || phase_ == Phase::kBody) {
    ErrorCode error;
    const size_t used = parser_->put(buffer_.cdata(), error);
    buffer_.consume(used);
    const bool need_more = error == http::error::need_more;
    if (error && !need_more) return Malformed(error);
    if (phase_ == Phase::kHead && parser_->is_header_done() && !OnHead()) return;
    if (phase_ == Phase::kBody && parser_->is_done()) return OnBody();
    if (need_more || used == 0 || buffer_.size() == 0) return ReadMore();
  }
}

void Connection::BeginRequest() {
  Enter(Phase::kHead, options_.header_timeout);
  parser_.emplace();
  parser_->header_limit(static_cast<uint32_t>(options_.header_bytes));
  parser_->body_limit(boost::none);  // until the head says what takes the body: LimitBody
  head_ = RequestHead();
  head_.client = client_;
  head_.secure = socket_.secure();
  body_unread_ = false;
  is_head_ = false;
}

// What was understood of the head, also when the rest was refused.
bool Connection::FillHead() {
  const auto& message = parser_->get();
  head_.method = View(message.method_string());
  const std::string_view target = View(message.target());
  const size_t question = std::min(target.find('?'), target.size());
  head_.path = target.substr(0, question);
  head_.query = question < target.size() ? target.substr(question + 1) : std::string_view();
  head_.headers.clear();
  for (const auto& field : message) {
    head_.headers.push_back({View(field.name_string()), View(field.value())});
  }
  is_head_ = head_.method == "HEAD";
  return !head_.path.empty() && head_.path[0] == '/' && target.find('#') == std::string_view::npos;
}

std::optional<Error> Connection::HeadFault() const {
  const bool has_host = head_.Find("Host").has_value();
  if ((!has_host && parser_->get().version() == 11) || head_.Repeated("Host")) {
    return InvalidArgument("HEADER_INVALID", "exactly one Host is needed", {{"header", "Host"}});
  }
  // Chunks and nothing else: whoever stands in front must not see another end of the body.
  const auto coding = head_.Find("Transfer-Encoding");
  if (coding && (!EqualsIgnoringCase(*coding, "chunked") || head_.Repeated("Transfer-Encoding") ||
                 parser_->get().version() == 10)) {
    return InvalidArgument("HEADER_INVALID", "unknown transfer coding",
                           {{"header", "Transfer-Encoding"}});
  }
  const auto expect = head_.Find("Expect");
  if (expect && !EqualsIgnoringCase(*expect, "100-continue")) {
    return InvalidArgument("HEADER_INVALID", "unknown expectation", {{"header", "Expect"}});
  }
  return std::nullopt;
}

bool Connection::OnHead() {
  const bool well_formed = FillHead();
  head_.has_body = !parser_->is_done();
  body_unread_ = head_.has_body;
  keep_alive_ = parser_->get().keep_alive() && !shard_.draining;
  chunked_ = parser_->get().version() == 11;
  if (!well_formed) {
    Refuse(InvalidArgument("REQUEST_MALFORMED", "the request target is not a path"));
    return false;
  }
  if (auto fault = HeadFault()) {
    Refuse(*fault);
    return false;
  }
  Opened opened = app_.Open(head_);
  if (opened.answer) {
    Write(*std::move(opened.answer), false);
    return false;
  }
  exchange_ = std::move(opened.exchange);
  if (!LimitBody(exchange_->body_bytes())) return false;
  Enter(Phase::kBody, options_.body_timeout);
  parser_->eager(true);
  const bool invited = chunked_ && head_.Find("Expect");  // HTTP/1.0 knows no invitations
  if (!head_.has_body || buffer_.size() > 0 || !invited) return true;
  SendContinue();
  return false;
}

bool Connection::LimitBody(size_t asked) {
  body_limit_ = std::max(options_.body_bytes, asked);
  parser_->body_limit(body_limit_);
  const auto announced = parser_->content_length();
  if (!announced || *announced <= body_limit_) return true;
  Malformed(http::error::body_limit);
  return false;
}

void Connection::SendContinue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  Enter(Phase::kContinue, options_.write_timeout);
  socket_.Write(asio::buffer(kContinue.data(), kContinue.size()),
                [self = shared_from_this()](ErrorCode error, size_t) {
                  if (self->phase_ != Phase::kContinue) return;
                  if (error) return self->Close();
                  self->Enter(Phase::kBody, self->options_.body_timeout);
                  self->ReadMore();
                });
}

void Connection::OnBody() {
  body_unread_ = false;
  Enter(Phase::kWaiting, options_.answer_timeout);
  exchange_->OnBody(std::move(parser_->get().body()), shared_from_this());
}

void Connection::Malformed(ErrorCode error) {
  body_unread_ = true;
  FillHead();
  if (error == http::error::body_limit) {
    return Refuse(InvalidArgument("BODY_TOO_LARGE", "the body is too large",
                                  {{"limit", std::to_string(body_limit_)}}));
  }
  if (error == http::error::header_limit) {
    return Refuse(InvalidArgument("HEADER_TOO_LARGE", "the head is too large",
                                  {{"limit", std::to_string(options_.header_bytes)}}));
  }
  Refuse(InvalidArgument("REQUEST_MALFORMED", error.message()));
}

void Connection::Refuse(const Error& error) { Write(app_.Refuse(head_, error), true); }

void Connection::Respond(HttpResponse response) {
  asio::dispatch(shard_.io, [self = shared_from_this(), answer = std::move(response)]() mutable {
    if (self->phase_ == Phase::kWaiting) return self->Write(std::move(answer), false);
    if (self->phase_ != Phase::kStream) return;
    if (!self->stream_head_) return self->EndStream();
    self->stream_head_.reset();
    // A read is under way that watches for the client's departure.
    self->Write(std::move(answer), true);
  });
}

void Connection::AppendHead(const HttpResponse& response, size_t length) {
  auto at = std::back_inserter(out_);
  fmt::format_to(at, "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status,
                 StatusPhrase(response.status), shard_.date);
  if (!response.content_type.empty()) {
    fmt::format_to(at, "Content-Type: {}\r\n", response.content_type);
  }
  fmt::format_to(at, "Cache-Control: {}\r\n", response.cache_control);
  if (socket_.secure()) out_ += "Strict-Transport-Security: max-age=31536000\r\n";
  out_ += response.headers;
  if (phase_ == Phase::kStream) {
    out_ += chunked_ ? "Transfer-Encoding: chunked\r\n" : "";
  } else if (response.status != 304) {
    fmt::format_to(at, "Content-Length: {}\r\n", length);
  }
  if (!keep_alive_) {
    out_ += "Connection: close\r\n";
  } else if (!chunked_) {
    out_ += "Connection: keep-alive\r\n";
  }
  out_ += "\r\n";
}

void Connection::Write(HttpResponse response, bool close) {
  if (phase_ == Phase::kClosed) return;
  if (close || body_unread_) keep_alive_ = false;
  Enter(Phase::kWriting, options_.write_timeout);
  body_ = std::move(response.body);
  std::string_view body = body_.empty() ? response.constant_body : body_;
  out_.clear();
  AppendHead(response, std::max<uint64_t>(body.size(), response.total_bytes));
  left_ = is_head_ || response.total_bytes < body.size() ? 0 : response.total_bytes - body.size();
  if (is_head_) body = {};
  if (body.size() <= kJoinedBytes) {
    out_ += body;
    body = {};
  }
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(out_),
                                                     asio::buffer(body.data(), body.size())};
  socket_.Write(buffers,
                [self = shared_from_this()](ErrorCode error, size_t) { self->OnWritten(error); });
}

void Connection::OnWritten(ErrorCode error) {
  if (phase_ != Phase::kWriting) return;
  if (error) return Close();
  if (left_ > 0) {
    Enter(Phase::kPart, options_.answer_timeout);
    if (!exchange_ || !exchange_->OnPartSent()) Close();
    return;
  }
  exchange_.reset();
  if (!keep_alive_) return Finish();
  parser_.reset();
  Enter(Phase::kIdle, options_.idle_timeout);
  Advance();
}

void Connection::SendPart(std::string part) {
  asio::dispatch(shard_.io, [self = shared_from_this(), part = std::move(part)]() mutable {
    if (self->phase_ != Phase::kPart) return;
    if (part.empty() || part.size() > self->left_) return self->Close();
    self->left_ -= part.size();
    self->body_ = std::move(part);
    self->Enter(Phase::kWriting, self->options_.write_timeout);
    self->socket_.Write(asio::buffer(self->body_),
                        [self](ErrorCode error, size_t) { self->OnWritten(error); });
  });
}

void Connection::Abandon() {
  asio::dispatch(shard_.io, [self = shared_from_this()] {
    if (self->phase_ == Phase::kPart) self->Close();
  });
}

// Closing while bytes are unread would reset the connection and may destroy the answer on its way:
// what still comes is read and thrown away for a moment.
void Connection::Finish() {
  Enter(Phase::kLinger, kLingerTime);
  buffer_.clear();
  if (socket_.secure() && !body_unread_) {
    socket_.Shutdown([self = shared_from_this()](ErrorCode) { self->Close(); });
    return;
  }
  ErrorCode ignored;  // the client may be gone already
  if (!socket_.secure()) socket_.lowest().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  ReadMore();
}

void Connection::BeginStream(HttpResponse head, std::string_view heartbeat) {
  asio::dispatch(shard_.io,
                 [self = shared_from_this(), head = std::move(head), heartbeat]() mutable {
                   if (self->phase_ != Phase::kWaiting) return;
                   self->Enter(Phase::kStream, Clock::duration::max());
                   self->stream_head_ = std::move(head);
                   self->stream_head_due_ = Clock::now() + self->options_.stream_head_delay;
                   self->heartbeat_ = heartbeat;
                   self->keep_alive_ = false;
                   self->ReadMore();
                   if (self->shard_.draining) self->EndStream();
                 });
}

void Connection::Send(std::string text) {
  asio::dispatch(shard_.io, [self = shared_from_this(), text = std::move(text)] {
    if (self->phase_ != Phase::kStream || self->ending_) return;
    if (self->queue_.size() + text.size() > self->options_.stream_queue_bytes) {
      return self->Close();
    }
    self->SendStreamHead();
    self->Queue(text);
    self->Flush();
  });
}

void Connection::EndStream() {
  asio::dispatch(shard_.io, [self = shared_from_this()] {
    if (self->phase_ != Phase::kStream || self->ending_) return;
    self->SendStreamHead();
    self->ending_ = true;
    if (self->chunked_) self->queue_ += "0\r\n\r\n";
    self->Flush();
    if (!self->flushing_) self->Close();
  });
}

void Connection::OnStreamTick(Clock::time_point now) {
  if (flushing_ && now >= deadline_) return Close();
  if (stream_head_ && now >= stream_head_due_) {
    SendStreamHead();
    return Flush();
  }
  if (stream_head_ || flushing_ || ending_ || now < last_sent_ + options_.heartbeat) return;
  Queue(heartbeat_);
  Flush();
}

void Connection::SendStreamHead() {
  if (!stream_head_) return;
  out_.clear();
  AppendHead(*stream_head_, 0);
  queue_.insert(0, out_);
  stream_head_.reset();
}

void Connection::Queue(std::string_view text) {
  if (chunked_) {
    fmt::format_to(std::back_inserter(queue_), "{:x}\r\n{}\r\n", text.size(), text);
  } else {
    queue_ += text;
  }
}

void Connection::Flush() {
  if (flushing_ || queue_.empty()) return;
  flushing_ = true;
  deadline_ = Clock::now() + options_.write_timeout;
  out_.swap(queue_);
  queue_.clear();
  socket_.Write(asio::buffer(out_),
                [self = shared_from_this()](ErrorCode error, size_t) { self->OnFlushed(error); });
}

void Connection::OnFlushed(ErrorCode error) {
  if (phase_ != Phase::kStream) return;
  if (error) return Close();
  flushing_ = false;
  last_sent_ = Clock::now();
  if (!queue_.empty()) return Flush();
  if (ending_) Close();
}

// The exchange may hold this connection, and the connection it.
void Connection::Gone() {
  auto exchange = std::move(exchange_);
  exchange_.reset();
  if (exchange && phase_ == Phase::kStream) exchange->OnGone();
}

}  // namespace zonelink::gateway
