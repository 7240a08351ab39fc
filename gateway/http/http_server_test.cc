// SPDX-License-Identifier: Apache-2.0
// The server over real sockets, with an application that tells what it got.
#include "gateway/http/http_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/http/problem.h"
#include "gateway/http/raw_client.h"

namespace zonelink::gateway {
namespace {

using std::chrono::milliseconds;

// Answers with "METHOD path?query body".
class Echo final : public HttpApp, public Exchange, public std::enable_shared_from_this<Echo> {
 public:
  Opened Open(const RequestHead& head) override {
    said_ = std::string(head.method) + " " + std::string(head.path) + "?" + std::string(head.query);
    if (head.path == "/refused") return {Text(404, "no"), nullptr};
    return {std::nullopt, shared_from_this()};
  }
  HttpResponse Refuse(const RequestHead&, const Error& error) override {
    return Text(HttpStatus(error), error.reason);
  }
  void OnBody(std::string body, std::shared_ptr<Responder> responder) override {
    if (said_ == "GET /stream?") {
      HttpResponse head;
      head.content_type = "text/event-stream";
      responder->BeginStream(std::move(head), ":\n\n");
      const std::lock_guard lock(mutex_);
      stream_ = std::move(responder);
      streaming_.set_value();
      return;
    }
    if (said_ == "GET /held?") {
      const std::lock_guard lock(mutex_);
      stream_ = std::move(responder);
      streaming_.set_value();
      return;
    }
    parted_.reset();
    if (said_.find(" /parts?") != std::string::npos) {
      HttpResponse first = Text(200, "abc");
      first.total_bytes = 10;
      parts_ = {"defg", said_.find("over") != std::string::npos ? "hijk" : "hij"};
      parted_ = responder;
      return responder->Respond(std::move(first));
    }
    responder->Respond(Text(200, said_ + " " + body));
  }
  // From another thread, as services answer.
  bool OnPartSent() override {
    const std::shared_ptr<Responder> responder = std::move(parted_);
    if (said_.find("ends") != std::string::npos || parts_.empty()) return false;
    std::string part = parts_.front();
    parts_.erase(parts_.begin());
    const bool broken = said_.find("broken") != std::string::npos;
    std::thread([responder, part, broken] {
      broken ? responder->Abandon() : responder->SendPart(part);
    }).detach();
    if (!broken && !parts_.empty()) parted_ = responder;
    return true;
  }
  size_t body_bytes() const override {
    return said_.find(" /large?") != std::string::npos ? 3000 : 0;
  }
  void OnGone() override { gone_.set_value(); }

  static HttpResponse Text(unsigned status, std::string body) {
    HttpResponse response;
    response.status = status;
    response.content_type = "text/plain";
    response.body = std::move(body);
    return response;
  }
  std::shared_ptr<Responder> stream() {
    streaming_.get_future().wait();
    const std::lock_guard lock(mutex_);
    return std::move(stream_);
  }
  std::promise<void>& gone() { return gone_; }

 private:
  std::string said_;
  std::mutex mutex_;
  std::shared_ptr<Responder> stream_;
  std::promise<void> streaming_;
  std::promise<void> gone_;
  std::vector<std::string> parts_;
  std::shared_ptr<Responder> parted_;
};

class HttpServerTest : public testing::Test {
 protected:
  void Serve(HttpServerOptions options = {}) {
    options.tick = milliseconds(20);
    auto listening = HttpServer::Listen(options, *echo_);
    ASSERT_TRUE(listening);
    server_ = *std::move(listening);
    server_->Start();
  }
  // One exchange on its own connection.
  std::string Ask(std::string_view request) {
    RawClient client(server_->port());
    client.Send(request);
    return client.Read();
  }
  void TearDown() override {
    if (server_) server_->Stop(milliseconds(1000));
  }

  std::shared_ptr<Echo> echo_ = std::make_shared<Echo>();
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersAndKeepsTheConnection) {
  Serve();
  RawClient client(server_->port());
  client.Send("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string first = client.Read("GET /a?b=c ");
  EXPECT_EQ(first.substr(0, 17), "HTTP/1.1 200 OK\r\n");
  EXPECT_TRUE(Has(first, "Content-Length: 11\r\n"));
  EXPECT_TRUE(Has(first, "Date: "));
  client.Send("POST /d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nxyz");
  EXPECT_TRUE(Has(client.Read("xyz"), "POST /d? xyz"));
}

// A tick that is due at the moment of Stop must not set the next one: Stop would never return.
TEST_F(HttpServerTest, StopsWhileTicksAreDue) {
  for (int round = 0; round < 300; ++round) {
    auto listening = HttpServer::Listen({.tick = milliseconds(1)}, *echo_);
    ASSERT_TRUE(listening);
    (*listening)->Start();
    (*listening)->Stop(milliseconds(10));
  }
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  Serve();
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    requests +=
        "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi";
  }
  requests += "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const std::string answers = Ask(requests);
  size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    at = answers.find("POST /" + std::to_string(i) + "? hi", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_TRUE(Has(answers, "Connection: close"));
}

TEST_F(HttpServerTest, TakesRequestsByteByByte) {
  Serve();
  RawClient client(server_->port());
  for (const char c :
       std::string("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")) {
    client.Send(std::string_view(&c, 1));
  }
  EXPECT_TRUE(Has(client.Read("abcde"), "POST /a? abcde"));
}

TEST_F(HttpServerTest, AnswersHeadWithoutBody) {
  Serve();
  const std::string answer = Ask("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(Has(answer, "Content-Length: 9\r\n"));
  EXPECT_EQ(answer.substr(answer.size() - 4), "\r\n\r\n");
}

TEST_F(HttpServerTest, KeepsHttp10OnlyOnRequest) {
  Serve();
  EXPECT_TRUE(Has(Ask("GET /a HTTP/1.0\r\n\r\n"), "Connection: close\r\n"));
  RawClient client(server_->port());
  client.Send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(Has(client.Read("GET /a? "), "Connection: keep-alive\r\n"));
}

TEST_F(HttpServerTest, RefusesWhatIsMalformed) {
  HttpServerOptions options;
  options.header_timeout = milliseconds(200);
  Serve(options);
  const char* const requests[] = {
      "hello\r\n\r\n",
      "GET /a HTTP/2.0\r\nHost: x\r\n\r\n",
      "GET /a HTTP/1.1\r\n\r\n",
      "GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
      "GET http://x/a HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET  /a HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /a HTTP/1.1\r\nHost : x\r\n\r\n",
      "GET /a HTTP/1.1\r\nHost: x\r\nA: b\x01"
      "c\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: "
      "1\r\n\r\n0\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\n\r\n",
      "POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: tea\r\n\r\na",
  };
  for (const char* request : requests) {
    EXPECT_EQ(StatusOf(Ask(request)), "400") << request;
  }
}

TEST_F(HttpServerTest, KeepsTheHeadSmall) {
  Serve();
  EXPECT_EQ(StatusOf(Ask("GET /a HTTP/1.1\r\nHost: x\r\nA: " + std::string(20000, 'a'))), "431");
  EXPECT_EQ(StatusOf(Ask("GET /" + std::string(20000, 'a'))), "431");
  EXPECT_EQ(StatusOf(Ask("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nA: " +
                         std::string(15000, 'a') + "\r\n\r\n")),
            "200");
}

TEST_F(HttpServerTest, RefusesLargeBodiesUnread) {
  HttpServerOptions options;
  options.body_bytes = 1000;
  Serve(options);
  RawClient client(server_->port());
  client.Send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_EQ(StatusOf(client.Read("BODY_TOO_LARGE")), "413");
  EXPECT_EQ(StatusOf(Ask("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "fff\r\n" +
                         std::string(4095, 'a'))),
            "413");
  EXPECT_EQ(StatusOf(Ask("POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                         "Content-Length: 1000\r\n\r\n" +
                         std::string(1000, 'a'))),
            "200");
}

TEST_F(HttpServerTest, TakesALargerBodyWhereTheExchangeDoes) {
  HttpServerOptions options;
  options.body_bytes = 1000;
  Serve(options);
  const auto post = [&](const std::string& path, size_t bytes) {
    return StatusOf(Ask("POST " + path +
                        " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                        std::to_string(bytes) + "\r\n\r\n" + std::string(bytes, 'a')));
  };
  EXPECT_EQ(post("/large", 3000), "200");
  EXPECT_EQ(post("/large", 3001), "413");
  EXPECT_EQ(post("/a", 1001), "413");
  EXPECT_EQ(StatusOf(Ask("POST /large HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "fff\r\n" +
                         std::string(4095, 'a'))),
            "413");
}

TEST_F(HttpServerTest, BoundsChunkHeaders) {
  HttpServerOptions options;
  options.body_bytes = 1000;
  Serve(options);
  EXPECT_EQ(StatusOf(Ask("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                         std::string(300'000, 'a'))),
            "400");
}

TEST_F(HttpServerTest, AnswersEarlyAndThrowsTheBodyAway) {
  Serve();
  RawClient client(server_->port());
  client.Send("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n");
  client.Send(std::string(500'000, 'a'));
  const std::string answer = client.Read();
  EXPECT_EQ(StatusOf(answer), "404");
  EXPECT_TRUE(Has(answer, "Connection: close"));
}

TEST_F(HttpServerTest, SendsABodyInParts) {
  Serve();
  RawClient client(server_->port());
  for (int i = 0; i < 2; ++i) {  // and goes on with the connection
    client.Send("GET /parts HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string answer = client.Read("hij");
    EXPECT_TRUE(Has(answer, "Content-Length: 10\r\n")) << answer;
    EXPECT_TRUE(Has(answer, "\r\n\r\nabcdefghij")) << answer;
  }
  client.Send("HEAD /parts HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(Has(client.Read("\r\n\r\n"), "Content-Length: 10\r\n"));
  client.Send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(StatusOf(client.Read("GET /a? ")), "200");
}

// A part that is missing or too long is seen as bytes that are missing, never as the end.
TEST_F(HttpServerTest, BreaksOffWhatIsNotWhole) {
  Serve();
  for (const std::string how : {"broken", "ends", "over"}) {
    RawClient client(server_->port());
    client.Send("GET /parts?" + how + " HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string answer = client.Read();  // until it is closed
    EXPECT_TRUE(Has(answer, "Content-Length: 10\r\n")) << answer;
    const std::string body = answer.substr(answer.find("\r\n\r\n") + 4);
    EXPECT_EQ(body, how == "over" ? "abcdefg" : "abc");
  }
}

TEST_F(HttpServerTest, InvitesBodies) {
  Serve();
  RawClient client(server_->port());
  client.Send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Read("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("ok");
  EXPECT_TRUE(Has(client.Read("ok"), "POST /a? ok"));
  client.Send(
      "POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(StatusOf(client.Read("no")), "404");
}

// HTTP/1.0 knows no invitations.
TEST_F(HttpServerTest, InvitesNobodyOfHttp10) {
  Serve();
  RawClient client(server_->port());
  client.Send("POST /a HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  client.Send("ok");
  EXPECT_EQ(StatusOf(client.Read("ok")), "200");
}

// Whoever takes all connections and asks nothing must not shut the others out.
TEST_F(HttpServerTest, LetsIdleConnectionsGoWhenFull) {
  HttpServerOptions options;
  options.connections = 4;
  options.crowded_idle_timeout = milliseconds(50);
  Serve(options);
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 6; ++i) idle.push_back(std::make_unique<RawClient>(server_->port()));
  EXPECT_EQ(StatusOf(Ask("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")), "200");
}

TEST_F(HttpServerTest, EndsSlowRequests) {
  HttpServerOptions options;
  options.header_timeout = milliseconds(100);
  options.body_timeout = milliseconds(100);
  options.idle_timeout = milliseconds(100);
  Serve(options);
  EXPECT_EQ(Ask(""), "");
  EXPECT_EQ(StatusOf(Ask("GET /a HT")), "408");
  EXPECT_EQ(StatusOf(Ask("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx")), "408");
}

TEST_F(HttpServerTest, StreamsWithHeartbeat) {
  HttpServerOptions options;
  options.stream_head_delay = milliseconds(50);
  options.heartbeat = milliseconds(50);
  Serve(options);
  RawClient client(server_->port());
  client.Send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto stream = echo_->stream();
  EXPECT_TRUE(Has(client.Read("\r\n\r\n"), "text/event-stream"));
  EXPECT_TRUE(Has(client.Read(":\n\n"), "3\r\n:\n\n\r\n"));
  stream->Send("data: 1\n\n");
  EXPECT_TRUE(Has(client.Read("data: 1"), "9\r\ndata: 1\n\n\r\n"));
  stream->EndStream();
  EXPECT_TRUE(Has(client.Read(), "0\r\n\r\n"));
}

TEST_F(HttpServerTest, AnswersInsteadOfStreaming) {
  Serve();
  RawClient client(server_->port());
  client.Send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  echo_->stream()->Respond(Echo::Text(401, "no"));
  EXPECT_EQ(StatusOf(client.Read()), "401");
}

TEST_F(HttpServerTest, TellsWhenTheReaderIsGone) {
  Serve();
  std::shared_ptr<Responder> stream;
  {
    RawClient client(server_->port());
    client.Send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    stream = echo_->stream();
  }
  echo_->gone().get_future().wait();
  stream->Send("nobody listens");
}

TEST_F(HttpServerTest, DropsReadersThatDoNotRead) {
  HttpServerOptions options;
  options.stream_queue_bytes = 100'000;
  Serve(options);
  RawClient client(server_->port());
  client.Send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto stream = echo_->stream();
  auto gone = echo_->gone().get_future();
  const std::string event(50'000, 'e');
  while (gone.wait_for(milliseconds(0)) != std::future_status::ready) stream->Send(event);
}

TEST_F(HttpServerTest, LetsRequestsInHandFinish) {
  Serve();
  RawClient idle(server_->port());
  RawClient client(server_->port());
  client.Send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto held = echo_->stream();
  auto stopped = std::async(std::launch::async, [&] { server_->Stop(milliseconds(5000)); });
  EXPECT_EQ(idle.Read(), "");
  held->Respond(Echo::Text(200, "done"));
  EXPECT_TRUE(Has(client.Read(), "done"));
  stopped.wait();
  EXPECT_EQ(server_->open_connections(), 0);
}

TEST(HttpServerListen, RefusesPlainElsewhereThanOnLoopback) {
  const auto echo = std::make_shared<Echo>();
  const auto reason = [&](const char* address, const char* certificate) -> std::string {
    HttpServerOptions options;
    options.address = address;
    options.tls_certificate_file = certificate;
    const auto listening = HttpServer::Listen(options, *echo);
    return listening ? "" : listening.error().reason;
  };
  EXPECT_EQ(reason("0.0.0.0", ""), "TLS_NEEDED");
  EXPECT_EQ(reason("::", ""), "TLS_NEEDED");
  EXPECT_EQ(reason("localhost", ""), "ADDRESS_INVALID");
  EXPECT_EQ(reason("127.0.0.1", "/nowhere.pem"), "TLS_CERTIFICATE_INVALID");
  EXPECT_EQ(reason("127.0.0.1", ""), "");
  EXPECT_EQ(reason("127.0.0.9", ""), "");
}

TEST(HttpServerListen, RefusesATakenPort) {
  const auto echo = std::make_shared<Echo>();
  const auto first = HttpServer::Listen({}, *echo);
  ASSERT_TRUE(first);
  HttpServerOptions options;
  options.port = static_cast<uint16_t>((*first)->port());
  const auto second = HttpServer::Listen(options, *echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, "ADDRESS_IN_USE");
}

}  // namespace
}  // namespace zonelink::gateway
