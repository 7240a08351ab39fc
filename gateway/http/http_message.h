// SPDX-License-Identifier: Apache-2.0
// Requests and answers as the applications behind a server see them; free of sockets.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/error.h"

namespace zonelink::gateway {

struct HeaderField {
  std::string_view name;
  std::string_view value;
};

// Views live until the request is answered.
struct RequestHead {
  std::string_view method;
  std::string_view path;   // as it arrived, without the query
  std::string_view query;  // as it arrived, without `?`
  std::vector<HeaderField> headers;
  std::string_view client;  // IPv4 address or IPv6 /64, for limits
  bool has_body = false;
  bool secure = false;  // came over TLS

  // First value of a header; names are compared without case.
  std::optional<std::string_view> Find(std::string_view name) const;
  bool Repeated(std::string_view name) const;
};

struct HttpResponse {
  unsigned status = 200;
  std::string_view content_type;                // a constant; empty: no such header
  std::string_view cache_control = "no-store";  // a constant
  std::string headers;                          // further lines, each ending in CRLF
  std::string body;
  std::string_view constant_body;  // sent where `body` is empty; outlives the server
  uint64_t total_bytes = 0;        // of a body that comes in parts, of which `body` is the first
};

void AppendHeader(HttpResponse& response, std::string_view name, std::string_view value);

// ASCII letters without case.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

// For example "Not Found".
std::string_view StatusPhrase(unsigned status);

// Takes the answer to one request. Every method may be called from any thread; after the client has
// gone they do nothing. An interface so that nothing above the connection sees sockets.
class Responder {
 public:
  virtual ~Responder() = default;
  virtual void Respond(HttpResponse response) = 0;
  // A further part of a body that comes in parts, after Exchange::OnPartSent; no byte more than its
  // total. Abandon: none follows, and the client sees that bytes are missing.
  virtual void SendPart(std::string part) = 0;
  virtual void Abandon() = 0;

  // An answer without known end. `head` goes out with the first Send or a second later; until then
  // Respond may still answer instead. `heartbeat` is sent when nothing else was for 15 s.
  virtual void BeginStream(HttpResponse head, std::string_view heartbeat) = 0;
  // A client that does not read fast enough loses the stream.
  virtual void Send(std::string text) = 0;
  virtual void EndStream() = 0;
};

// One request whose head was accepted. All methods are called on the connection's thread.
class Exchange {
 public:
  virtual ~Exchange() = default;
  // The largest body that it takes, where that is more than the server's limit; 0: that limit.
  virtual size_t body_bytes() const { return 0; }
  virtual void OnBody(std::string body, std::shared_ptr<Responder> responder) = 0;
  // What was handed over of a body that comes in parts is on its way: the next may be made, within
  // the server's `answer_timeout`. False: there is none.
  virtual bool OnPartSent() { return false; }
  // There is still no answer after the server's `answer_timeout`.
  virtual void OnLate() {}
  // The client went away while a stream was open.
  virtual void OnGone() {}
};

// Either an answer at once, the body unread, or what takes the body.
struct Opened {
  std::optional<HttpResponse> answer;
  std::shared_ptr<Exchange> exchange;
};

// What stands behind a server: the public API or the admin pages.
class HttpApp {
 public:
  virtual ~HttpApp() = default;
  virtual Opened Open(const RequestHead& head) = 0;
  // Answer to what the server itself refuses; `head` holds what of the request was understood.
  virtual HttpResponse Refuse(const RequestHead& head, const Error& error) = 0;
};

}  // namespace zonelink::gateway
