// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>

#include "gateway/cli/api.h"
#include "gateway/cli/json.h"
#include "gateway/cli/testing_http_server.h"
#include "platform/client/http_client.h"

namespace zonelink::client {
namespace {

using Server = TestingHttpServer;

TEST(HttpClient, SendsAndReadsOverOneConnection) {
  Server server([](const std::string&) {
    return Server::Reply(201, "{\"ok\":true}", "X-Request-Id: r-1\r\nETAG:  \"3\" \r\n");
  });
  HttpClient http(server.url() + "/");
  for (int i = 0; i < 3; ++i) {
    const auto reply = http.Send({.method = "POST",
                                  .path = "/v1/filings",
                                  .headers = {{"Idempotency-Key", "k"}},
                                  .body = "{}"});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 201);
    EXPECT_EQ(reply->body, "{\"ok\":true}");
    EXPECT_EQ(reply->Header("x-request-id"), "r-1");
    EXPECT_EQ(reply->Header("etag"), "\"3\"");
    EXPECT_EQ(reply->Header("absent"), "");
  }
  EXPECT_EQ(server.connections(), 1);
  const std::string request = server.requests()[0];
  EXPECT_EQ(request.substr(0, request.find('\r')), "POST /v1/filings HTTP/1.1");
  EXPECT_NE(request.find("Idempotency-Key: k\r\n"), std::string::npos);
  EXPECT_EQ(request.find("Expect:"), std::string::npos);
  EXPECT_EQ(request.substr(request.size() - 2), "{}");
}

TEST(HttpClient, AMethodOfOneRequestDoesNotStay) {
  Server server([](const std::string&) { return Server::Reply(200, "{}"); });
  HttpClient http(server.url());
  ASSERT_TRUE(http.Send({.method = "POST", .path = "/a", .body = "x"}));
  ASSERT_TRUE(http.Send({.path = "/b"}));
  const std::string second = server.requests()[1];
  EXPECT_EQ(second.substr(0, second.find('\r')), "GET /b HTTP/1.1");
  EXPECT_EQ(second.find("Content-Length"), std::string::npos);
}

TEST(HttpClient, SaysWhetherTheRequestMayHaveBeenCarriedOut) {
  HttpClient nobody("http://127.0.0.1:1");
  const auto unreachable = nobody.Send({.path = "/"});
  ASSERT_FALSE(unreachable);
  EXPECT_EQ(unreachable.error().code, Code::kUnavailable);
  EXPECT_EQ(unreachable.error().reason, "UNREACHABLE");
  Server mute([](const std::string&) { return ""; });
  const auto lost = HttpClient(mute.url()).Send({.method = "POST", .path = "/", .body = "{}"});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, Code::kUnavailable);
  EXPECT_EQ(lost.error().reason, "ANSWER_LOST");
}

TEST(HttpClient, UnpacksCompressedAnswersWithinTheLimit) {
  // 2000 times x.
  constexpr char kPacked[] =
      "\x1f\x8b\x08\0\0\0\0\0\x02\x03\xab\xa8\x18\x05\xa3\x60\x14\x8c\x82\x51\x30\x0a\x46\xc1"
      "\x50\x07\0\x7a\x65\x08\x29\xd0\x07\0";
  Server server([&](const std::string&) {
    return Server::Reply(200, std::string(kPacked, sizeof kPacked - 1),
                         "Content-Encoding: gzip\r\n");
  });
  // One connection after the other: the server has one thread.
  const auto get = [&](const HttpOptions& options) {
    return HttpClient(server.url(), options).Send({.path = "/"});
  };
  const auto reply = get({.compressed = true, .most_bytes = 2000});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, std::string(2000, 'x'));
  EXPECT_EQ(get({.compressed = true, .most_bytes = 1999}).error().reason, "ANSWER_TOO_LARGE");
  EXPECT_EQ(get({})->body.size(), sizeof kPacked - 1);
}

TEST(HttpClient, StreamsLinesUntilToldToStop) {
  Server server([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n") +
           "id: 1\r\ndata: {}\n\nid: 2\ndata: {}\n\nid: 3\n\n";
  });
  HttpClient http(server.url());
  std::vector<std::string> lines;
  const auto all = http.Stream({.path = "/v1/events:stream"}, [&](std::string_view line) {
    lines.emplace_back(line);
    return true;
  });
  ASSERT_TRUE(all);
  EXPECT_EQ(lines, (std::vector<std::string>{"id: 1", "data: {}", "", "id: 2", "data: {}", "",
                                             "id: 3", ""}));
  lines.clear();
  const auto some = http.Stream({.path = "/"}, [&](std::string_view line) {
    lines.emplace_back(line);
    return lines.size() < 2;
  });
  ASSERT_TRUE(some);
  EXPECT_EQ(some->status, 200);
  EXPECT_EQ(lines.size(), 2u);
}

TEST(HttpClient, ARefusedStreamKeepsItsBody) {
  Server server([](const std::string&) { return Server::Reply(401, "{\"reason\":\"X\"}"); });
  const auto refused = HttpClient(server.url()).Stream({.path = "/"}, [](std::string_view) {
    ADD_FAILURE() << "a line of a refusal";
    return true;
  });
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 401);
  EXPECT_EQ(refused->body, "{\"reason\":\"X\"}");
}

TEST(Api, RefusalsAreErrorsWithTheirReason) {
  Server server([](const std::string&) {
    return Server::Reply(403,
                         R"({"title":"Not allowed","status":403,"detail":"only zhejiang decides",
        "reason":"NOT_DECIDING_ZONE","instance":"/r/1",
        "violations":[{"field":"a.b","reason":"DATE_INVALID","message":"no day"}]})");
  });
  Api api(HttpClient(server.url()), {.language = "zh-CN"});
  api.UseToken("t0k");
  const auto reply = api.Send({.path = "/"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::kPermissionDenied);
  EXPECT_EQ(reply.error().reason, "NOT_DECIDING_ZONE");
  EXPECT_EQ(reply.error().message, "only zhejiang decides");
  EXPECT_EQ(MetadataOf(reply.error(), "title"), "Not allowed");
  EXPECT_EQ(MetadataOf(reply.error(), "status"), "403");
  ASSERT_EQ(reply.error().violations.size(), 1u);
  EXPECT_EQ(reply.error().violations[0].field, "a.b");
  EXPECT_NE(server.requests()[0].find("Authorization: Bearer t0k"), std::string::npos);
  EXPECT_NE(server.requests()[0].find("Accept-Language: zh-CN"), std::string::npos);
}

TEST(Api, AnAnswerThatIsNoProblemDocumentIsStillAnError) {
  Server server([](const std::string&) { return Server::Reply(500, "<html>"); });
  Api api(HttpClient(server.url()), {});
  const auto reply = api.Send({.path = "/"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, "HTTP_500");
  EXPECT_EQ(reply.error().code, Code::kInternal);
}

TEST(Api, RepeatsInDoubtWithTheSameKey) {
  std::atomic<int> calls{0};
  Server server([&](const std::string&) -> std::string {
    switch (++calls) {
      case 1: return Server::Reply(503, R"({"reason":"IN_DOUBT"})");
      case 2: return Server::Reply(429, R"({"reason":"RATE_LIMITED"})", "Retry-After: 0\r\n");
      case 3: return "";
      default: return Server::Reply(201, "{}");
    }
  });
  Api api(HttpClient(server.url()), {});
  ASSERT_TRUE(
      api.Send({.method = "POST", .path = "/v1/filings", .body = "{}", .idempotency_key = "k-1"}));
  EXPECT_GE(calls, 4);
  for (const std::string& request : server.requests()) {
    EXPECT_NE(request.find("Idempotency-Key: k-1"), std::string::npos);
  }
}

TEST(Api, StaysInDoubtWhenTheServerGoesAway) {
  Server* running = nullptr;
  Server server([&](const std::string&) {
    running->StopListening();
    return "";
  });
  running = &server;
  Api api(HttpClient(server.url()), {.attempts = 3});
  const auto lost =
      api.Send({.method = "POST", .path = "/x", .body = "{}", .idempotency_key = "k"});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().reason, "ANSWER_LOST");
}

TEST(Api, ACommandWhoseServiceWasLostIsInDoubt) {
  Server* running = nullptr;
  Server server([&](const std::string&) {
    running->StopListening();
    return Server::Reply(503, R"({"reason":"UNAVAILABLE"})", "Retry-After: 0\r\n");
  });
  running = &server;
  Api api(HttpClient(server.url()), {.attempts = 3});
  const auto lost =
      api.Send({.method = "POST", .path = "/x", .body = "{}", .idempotency_key = "k"});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().reason, "UNAVAILABLE");
}

TEST(Api, DoesNotRepeatWhatMayNotBeRepeated) {
  std::atomic<int> calls{0};
  Server server([&](const std::string& request) {
    ++calls;
    if (request.find("sessions") != std::string::npos) {
      return Server::Reply(429, R"({"reason":"LOGIN_LOCKED"})", "Retry-After: 1\r\n");
    }
    return Server::Reply(503, R"({"reason":"IN_DOUBT"})");
  });
  Api api(HttpClient(server.url()), {});
  EXPECT_EQ(api.Send({.method = "POST", .path = "/x", .body = "{}"}).error().reason, "IN_DOUBT");
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(Login(api, "a", "b").error().reason, "LOGIN_LOCKED");
  EXPECT_EQ(calls, 2);
}

TEST(Api, GivesUpWhereTheServerAsksForALongWait) {
  std::atomic<int> calls{0};
  Server server([&](const std::string&) {
    ++calls;
    return Server::Reply(429, R"({"reason":"RATE_LIMITED"})", "Retry-After: 900\r\n");
  });
  Api api(HttpClient(server.url()), {});
  EXPECT_EQ(api.Send({.path = "/x"}).error().code, Code::kResourceExhausted);
  EXPECT_EQ(calls, 1);
}

TEST(Api, LoginReadsTheSession) {
  Server server([](const std::string&) {
    return Server::Reply(200, R"({"sessionId":"s","accessToken":"a","refreshToken":"r",
        "expiresAt":"2026-03-02T08:00:00Z"})");
  });
  Api api(HttpClient(server.url()), {});
  const auto tokens = Login(api, "ent-shanghai", "pass\"word");
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->access_token, "a");
  EXPECT_EQ(FormatTime(tokens->expires_at), "2026-03-02T08:00:00Z");
  const std::string request = server.requests()[0];
  EXPECT_NE(request.find(R"({"username":"ent-shanghai","password":"pass\"word"})"),
            std::string::npos);
}

TEST(Json, WritesWithEscapesAndCommas) {
  JsonWriter json;
  json.Begin('{').Field("a", "q\"\\\n\x01中").Field("empty", "").Texts("list", {"x", "y"});
  json.Key("n").Number(-3).Key("t").Truth(true).Key("o").Begin('{').End('}').End('}');
  EXPECT_EQ(
      json.Take(),
      "{\"a\":\"q\\\"\\\\\\n\\u0001中\",\"list\":[\"x\",\"y\"],\"n\":-3,\"t\":true,\"o\":{}}");
}

TEST(Json, ReadsTolerantly) {
  const auto document = JsonDocument::Parse(R"({"a":{"b":["x","y"]},"n":7,"big":"9007199254740993",
      "t":true,"none":null})");
  ASSERT_TRUE(document);
  const Json root = document->root();
  EXPECT_EQ(root["a"]["b"].texts(), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(root["n"].number(), 7);
  EXPECT_EQ(root["n"].text(), "7");
  EXPECT_EQ(root["big"].number(), 9007199254740993);
  EXPECT_TRUE(root["t"].truth());
  EXPECT_FALSE(root["none"].present());
  EXPECT_EQ(root["missing"]["deeper"].text(), "");
  EXPECT_TRUE(root["n"].items().empty());
  EXPECT_EQ(JsonDocument::Parse("{\"a\":").error().reason, "JSON_INVALID");
  EXPECT_EQ(PrettyJson(root["a"]), "{\n  \"b\": [\n    \"x\",\n    \"y\"\n  ]\n}");
}

TEST(Url, EncodesSegments) { EXPECT_EQ(UrlEncode("a/b 中?"), "a%2Fb%20%E4%B8%AD%3F"); }

}  // namespace
}  // namespace zonelink::client
