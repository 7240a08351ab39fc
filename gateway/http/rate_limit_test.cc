// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/rate_limit.h"

#include <gtest/gtest.h>

#include <string>

#include "gateway/http/request_checks.h"

namespace zonelink::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Nanoseconds kStart = std::chrono::hours(100);

int Admitted(CallerLimits& limits, uint64_t token, std::string_view address, Nanoseconds at,
             int tries) {
  int admitted = 0;
  for (int i = 0; i < tries; ++i) admitted += limits.Admit(token, address, true, at) ? 1 : 0;
  return admitted;
}

TEST(CallerLimits, LetAnAddressAskSoOften) {
  CallerLimits limits(200, 20, 4);
  EXPECT_EQ(Admitted(limits, 0, "10.0.0.1", kStart, 30), 20);
  EXPECT_EQ(Admitted(limits, 0, "10.0.0.2", kStart, 30), 20);
  EXPECT_EQ(Admitted(limits, 0, "10.0.0.1", kStart + milliseconds(100), 30), 2);
  EXPECT_EQ(Admitted(limits, 0, "10.0.0.1", kStart + seconds(60), 30), 20);
}

TEST(CallerLimits, SayHowLongToWait) {
  CallerLimits limits(200, 1, 4);
  ASSERT_TRUE(limits.Admit(0, "a", true, kStart));
  const Status refused = limits.Admit(0, "a", true, kStart + milliseconds(100));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "RATE_LIMITED");
  EXPECT_EQ(refused.error().code, Code::kResourceExhausted);
  ASSERT_EQ(refused.error().metadata.size(), 1U);
  EXPECT_EQ(refused.error().metadata[0].second, "1");
}

TEST(CallerLimits, LetAKnownCallerAskMoreOften) {
  CallerLimits limits(200, 20, 4);
  ASSERT_TRUE(limits.Admit(7, "a", true, kStart));
  limits.Judge(7, true);
  EXPECT_EQ(Admitted(limits, 7, "a", kStart, 300), 199);
  // The address has paid for one token only.
  EXPECT_EQ(Admitted(limits, 0, "a", kStart, 30), 19);
}

TEST(CallerLimits, LetAPageLoadRightAfterLogin) {
  CallerLimits limits(200, 20, 4);
  EXPECT_EQ(Admitted(limits, 7, "a", kStart, 30), 30);
}

TEST(CallerLimits, GiveInventedTokensLittle) {
  CallerLimits limits(200, 20, 4);
  int admitted = 0;
  for (uint64_t token = 1; token <= 1000; ++token)
    admitted += limits.Admit(token, "a", true, kStart) ? 1 : 0;
  EXPECT_EQ(admitted, 20);
  // One that nobody has taken yet soon pays like an address.
  EXPECT_EQ(Admitted(limits, 5000, "b", kStart, 1000), 1 + 32 + 19);
}

TEST(CallerLimits, MakeRefusedTokensPay) {
  CallerLimits limits(200, 20, 4);
  ASSERT_TRUE(limits.Admit(7, "a", true, kStart));
  limits.Judge(7, false);
  EXPECT_EQ(Admitted(limits, 7, "a", kStart, 100), 19);
  limits.Judge(7, true);
  EXPECT_GT(Admitted(limits, 7, "a", kStart, 100), 90);
}

TEST(CallerLimits, CountUnknownTokensForNothingOnPublicReads) {
  CallerLimits limits(200, 20, 4);
  const auto reads = [&](uint64_t token) {
    int admitted = 0;
    for (int i = 0; i < 300; ++i) admitted += limits.Admit(token, "a", false, kStart) ? 1 : 0;
    return admitted;
  };
  EXPECT_EQ(reads(7), 20);
  EXPECT_EQ(reads(8), 0);
  limits.Judge(7, true);
  EXPECT_EQ(reads(7), 200);
  limits.Judge(7, false);
  EXPECT_EQ(reads(7), 0);
}

TEST(CallerLimits, StayBoundedUnderManyKeys) {
  CallerLimits limits(200, 20, 4);
  for (int i = 0; i < 200'000; ++i) {
    ASSERT_TRUE(limits.Admit(0, std::to_string(i), true, kStart));
  }
}

TEST(CallerLimits, CountStreams) {
  CallerLimits limits(200, 20, 2);
  EXPECT_TRUE(limits.OpenStream(7));
  EXPECT_TRUE(limits.OpenStream(7));
  EXPECT_TRUE(limits.OpenStream(8));
  const Status refused = limits.OpenStream(7);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "STREAMS_EXHAUSTED");
  limits.CloseStream(7);
  EXPECT_TRUE(limits.OpenStream(7));
}

RequestHead With(std::vector<HeaderField> headers, bool body = true) {
  RequestHead head;
  head.headers = std::move(headers);
  head.has_body = body;
  return head;
}

TEST(RequestChecks, ReadBearerTokens) {
  EXPECT_EQ(*BearerToken(With({})), "");
  EXPECT_EQ(*BearerToken(With({{"Authorization", "Bearer abc"}})), "abc");
  EXPECT_EQ(*BearerToken(With({{"authorization", "bearer  abc "}})), "abc");
  const std::string huge = "Bearer " + std::string(5000, 'a');
  for (const std::string& bad : {std::string("Basic abc"), std::string("Bearer"), huge,
                                 std::string("Bearer a b"), std::string("Bearer \xe4")}) {
    const auto token = BearerToken(With({{"Authorization", bad}}));
    ASSERT_FALSE(token) << bad;
    EXPECT_EQ(token.error().reason, "TOKEN_INVALID");
  }
}

TEST(RequestChecks, ReadIdempotencyKeys) {
  EXPECT_EQ(*IdempotencyKey(With({})), "");
  EXPECT_EQ(*IdempotencyKey(With({{"Idempotency-Key", "a~!"}})), "a~!");
  const std::string longest(128, 'k');
  EXPECT_EQ(*IdempotencyKey(With({{"Idempotency-Key", longest}})), longest);
  const std::string longer(129, 'k');
  for (const std::string& bad :
       {std::string(), longer, std::string("a b"), std::string("\xe4\xb8\xad")}) {
    const auto key = IdempotencyKey(With({{"Idempotency-Key", bad}}));
    ASSERT_FALSE(key) << bad;
    EXPECT_EQ(key.error().reason, "IDEMPOTENCY_KEY_INVALID");
  }
}

TEST(RequestChecks, TakeJsonOnly) {
  Route route;
  route.has_body = true;
  const auto reason = [&](const RequestHead& head) -> std::string {
    const Status checked = CheckHead(route, head);
    return checked ? "" : checked.error().reason;
  };
  EXPECT_EQ(reason(With({}, false)), "");
  EXPECT_EQ(reason(With({})), "MEDIA_TYPE_UNSUPPORTED");
  for (const char* good :
       {"application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=UTF-8", "application/json; charset=\"utf-8\""}) {
    EXPECT_EQ(reason(With({{"Content-Type", good}})), "") << good;
  }
  for (const char* bad : {"text/json", "application/jsonx", "application/json; charset=gbk",
                          "application/x-www-form-urlencoded", "multipart/form-data", ""}) {
    EXPECT_EQ(reason(With({{"Content-Type", bad}})), "MEDIA_TYPE_UNSUPPORTED") << bad;
  }
  EXPECT_EQ(reason(With({{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}})),
            "MEDIA_TYPE_UNSUPPORTED");
  EXPECT_EQ(reason(With({{"If-Match", "\"1\""}, {"if-match", "\"1\""}})), "HEADER_INVALID");
  route.has_body = false;
  EXPECT_EQ(reason(With({{"Content-Type", "application/json"}})), "BODY_UNEXPECTED");
}

TEST(RequestChecks, KeepCleanIdsOnly) {
  const std::string longer(65, 'a');
  EXPECT_EQ(RequestId(With({{"X-Request-Id", "a.b_C-9"}}), "made"), "a.b_C-9");
  EXPECT_EQ(RequestId(With({{"X-Request-Id", "a b"}}), "made"), "made");
  EXPECT_EQ(RequestId(With({{"X-Request-Id", longer}}), "made"), "made");
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  EXPECT_EQ(TraceParent(With({{"traceparent", trace}}), "t", "s"), trace);
  for (const char* bad : {"00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                          "00-00000000000000000000000000000000-b7ad6b7169203331-01", "x", ""}) {
    EXPECT_EQ(TraceParent(With({{"traceparent", bad}}), "t", "s"), "00-t-s-00");
  }
}

}  // namespace
}  // namespace zonelink::gateway
