// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/problem.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <set>

#include "gateway/http/comments.h"
#include "gateway/http/routes.h"
#include "gateway_descriptors.h"
#include "gateway_reasons.h"

namespace zonelink::gateway {
namespace {

const Texts& AllTexts() {
  static const Texts texts(reasons::kFiles[0].contents);
  return texts;
}

bool HasChinese(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0xe4; });
}

TEST(Texts, AreInBothLanguages) {
  for (const std::string& reason : AllTexts().Reasons()) {
    SCOPED_TRACE(reason);
    const std::string zh = AllTexts().Fill(reason, Language::kChinese, {});
    const std::string en = AllTexts().Fill(reason, Language::kEnglish, {});
    EXPECT_TRUE(HasChinese(zh));
    EXPECT_FALSE(en.empty());
    EXPECT_FALSE(HasChinese(en));
  }
}

TEST(Texts, NameEachReasonOnce) {
  const std::string_view csv = reasons::kFiles[0].contents;
  const auto rows = std::count(csv.begin(), csv.end(), '\n');
  EXPECT_EQ(AllTexts().Reasons().size() + 1, static_cast<size_t>(rows));
}

// Reasons in backticks in the comments of the RPCs.
std::set<std::string> DocumentedReasons() {
  const Comments comments(descriptors::kFiles[0].contents);
  std::set<std::string> reasons;
  for (const auto* service : ApiServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string_view text = comments.Of(service->method(i)->full_name());
      for (size_t at = text.find("Errors:"); at < text.size();) {
        const size_t open = text.find('`', at);
        if (open == std::string_view::npos) break;
        const size_t close = text.find('`', open + 1);
        reasons.emplace(text.substr(open + 1, close - open - 1));
        at = close + 1;
      }
    }
  }
  return reasons;
}

TEST(Texts, CoverWhatTheProtosPromise) {
  const auto documented = DocumentedReasons();
  ASSERT_GE(documented.size(), 50U);
  for (const std::string& reason : documented) {
    EXPECT_TRUE(AllTexts().Knows(reason)) << reason;
  }
}

TEST(Texts, CoverEveryCode) {
  for (int code = 1; code <= 16; ++code) {
    const Error error{static_cast<Code>(code), "SOMETHING_NEW", "", {}, {}};
    if (HttpStatus(error) == 500) continue;
    EXPECT_TRUE(AllTexts().Knows(Name(error.code))) << Name(error.code);
  }
  EXPECT_TRUE(AllTexts().Knows("INTERNAL"));
}

TEST(Texts, FillPlaceholders) {
  const Texts texts("reason,zh,en\r\nA,\"甲 {x}，\"\"{y}\"\"\",\"a, {x} and {y}\"\r\n");
  EXPECT_EQ(texts.Fill("A", Language::kEnglish, {{"x", "1"}, {"y", "{x}"}}), "a, 1 and {x}");
  EXPECT_EQ(texts.Fill("A", Language::kChinese, {{"y", "2"}}), "甲 –，\"2\"");
  EXPECT_EQ(texts.Fill("B", Language::kEnglish, {}), "");
}

TEST(Negotiate, PicksTheHeaviest) {
  const auto language = [](const char* header) { return Tag(Negotiate(header)); };
  EXPECT_EQ(Tag(Negotiate(std::nullopt)), "zh-CN");
  EXPECT_EQ(language(""), "zh-CN");
  EXPECT_EQ(language("en"), "en");
  EXPECT_EQ(language("EN-gb"), "en");
  EXPECT_EQ(language("zh-Hans-CN"), "zh-CN");
  EXPECT_EQ(language("fr, en;q=0.5"), "en");
  EXPECT_EQ(language("en;q=0.5, zh;q=0.8"), "zh-CN");
  EXPECT_EQ(language("zh;q=0, en;q=0.1"), "en");
  EXPECT_EQ(language("en;q=0"), "zh-CN");
  EXPECT_EQ(language("fr, *;q=0.1"), "zh-CN");
  EXPECT_EQ(language("english"), "zh-CN");
  EXPECT_EQ(language(";;,,q=,en;q=x"), "zh-CN");
}

TEST(Problem, HasItsStatus) {
  const auto status = [](Code code, const char* reason) {
    return HttpStatus(Error{code, reason, "", {}, {}});
  };
  EXPECT_EQ(status(Code::kInvalidArgument, "X"), 400U);
  EXPECT_EQ(status(Code::kUnauthenticated, "X"), 401U);
  EXPECT_EQ(status(Code::kPermissionDenied, "X"), 403U);
  EXPECT_EQ(status(Code::kNotFound, "X"), 404U);
  EXPECT_EQ(status(Code::kAborted, "ETAG_MISMATCH"), 409U);
  EXPECT_EQ(status(Code::kFailedPrecondition, "X"), 409U);
  EXPECT_EQ(status(Code::kAlreadyExists, "X"), 409U);
  EXPECT_EQ(status(Code::kInvalidArgument, "IDEMPOTENCY_KEY_REUSED"), 422U);
  EXPECT_EQ(status(Code::kAborted, "IDEMPOTENCY_IN_PROGRESS"), 409U);
  EXPECT_EQ(status(Code::kResourceExhausted, "X"), 429U);
  EXPECT_EQ(status(Code::kUnavailable, "IN_DOUBT"), 503U);
  EXPECT_EQ(status(Code::kDeadlineExceeded, "X"), 504U);
  EXPECT_EQ(status(Code::kInternal, "X"), 500U);
  EXPECT_EQ(status(Code::kUnknown, "X"), 500U);
}

std::string Member(const HttpResponse& response, std::string_view pointer) {
  simdjson::dom::parser parser;
  std::string_view text;
  const auto error = parser.parse(response.body).at_pointer(pointer).get(text);
  return error == simdjson::SUCCESS ? std::string(text) : "";
}

TEST(Problem, SpeaksBothLanguages) {
  Error error = NotFound("ITEM_NOT_FOUND", "for developers");
  error.violations.push_back({"applicant.uscc", "BAD_USCC", "for developers"});
  error.violations.push_back({"x", "NEW_REASON", "for developers"});
  const auto zh = MakeProblem(AllTexts(), error, Language::kChinese, "/v1/items/x", "r-1");
  EXPECT_EQ(zh.status, 404U);
  EXPECT_EQ(zh.content_type, "application/problem+json");
  EXPECT_EQ(Member(zh, "/type"), "urn:zonelink:problem:ITEM_NOT_FOUND");
  EXPECT_EQ(Member(zh, "/reason"), "ITEM_NOT_FOUND");
  EXPECT_EQ(Member(zh, "/title"), "未找到");
  EXPECT_EQ(Member(zh, "/detail"), "没有这个事项。");
  EXPECT_EQ(Member(zh, "/instance"), "/v1/items/x");
  EXPECT_EQ(Member(zh, "/requestId"), "r-1");
  EXPECT_EQ(Member(zh, "/violations/0/field"), "applicant.uscc");
  EXPECT_TRUE(HasChinese(Member(zh, "/violations/0/message")));
  EXPECT_EQ(Member(zh, "/violations/1/message"), "for developers");
  EXPECT_NE(zh.headers.find("Content-Language: zh-CN\r\n"), std::string::npos);
  const auto en = MakeProblem(AllTexts(), error, Language::kEnglish, "/v1/items/x", "r-1");
  EXPECT_EQ(Member(en, "/detail"), "There is no such item.");
  EXPECT_NE(en.headers.find("Content-Language: en\r\n"), std::string::npos);
}

TEST(Problem, TellsNothingOfTheInside) {
  const auto problem = MakeProblem(AllTexts(), Internal("relation \"filings\" does not exist"),
                                   Language::kEnglish, "/v1/filings", "r");
  EXPECT_EQ(problem.status, 500U);
  EXPECT_EQ(problem.body.find("relation"), std::string::npos);
  EXPECT_EQ(Member(problem, "/reason"), "INTERNAL");
  const Error unknown{Code::kUnknown, "std::bad_alloc", "x", {{"a", "b"}}, {{"f", "R", "m"}}};
  const auto other = MakeProblem(AllTexts(), unknown, Language::kEnglish, "/", "r");
  EXPECT_EQ(Member(other, "/reason"), "INTERNAL");
  EXPECT_EQ(other.body.find("bad_alloc"), std::string::npos);
}

TEST(Problem, AConflictShowsHowTheThingStands) {
  const Metadata stands = {{"receiptNumber", "ZL"},
                           {"etag", "7"},
                           {"state", "GRANTED"},
                           {"decidedBy", "U-2"},
                           {"state", "X"}};
  const auto lost = MakeProblem(AllTexts(), FailedPrecondition("DECISION_NOT_VERIFIED", "", stands),
                                Language::kEnglish, "/", "r");
  EXPECT_EQ(lost.status, 409U);
  EXPECT_EQ(Member(lost, "/current/state"), "GRANTED");
  EXPECT_EQ(Member(lost, "/current/etag"), "7");
  EXPECT_EQ(Member(lost, "/current/decidedBy"), "U-2");
  EXPECT_EQ(lost.body.find("receiptNumber"), std::string::npos);
  const auto denied = MakeProblem(AllTexts(), PermissionDenied("NOT_YOUR_STEP", "", stands),
                                  Language::kEnglish, "/", "r");
  EXPECT_EQ(denied.body.find("current"), std::string::npos);
  const auto plain =
      MakeProblem(AllTexts(), FailedPrecondition("X", ""), Language::kEnglish, "/", "r");
  EXPECT_EQ(plain.body.find("current"), std::string::npos);
}

TEST(Problem, SaysWhenToTryAgain) {
  const Error limited = ResourceExhausted("RATE_LIMITED", "", {{"retry_after_seconds", "7"}});
  const auto problem = MakeProblem(AllTexts(), limited, Language::kEnglish, "/", "r");
  EXPECT_NE(problem.headers.find("Retry-After: 7\r\n"), std::string::npos);
  const Error odd = Unavailable("X", "", {{"retry_after_seconds", "7\r\nX: y"}});
  const auto other = MakeProblem(AllTexts(), odd, Language::kEnglish, "/", "r");
  EXPECT_NE(other.headers.find("Retry-After: 1\r\n"), std::string::npos);
  const Error pending = FailedPrecondition("RECEIPT_PENDING", "", {{"retry_after_seconds", "2"}});
  const auto third = MakeProblem(AllTexts(), pending, Language::kEnglish, "/", "r");
  EXPECT_EQ(third.status, 409U);
  EXPECT_NE(third.headers.find("Retry-After: 2\r\n"), std::string::npos);
  const Error silent = FailedPrecondition("X", "", {{"retry_after_seconds", "soon"}});
  const auto fourth = MakeProblem(AllTexts(), silent, Language::kEnglish, "/", "r");
  EXPECT_EQ(fourth.headers.find("Retry-After"), std::string::npos);
}

TEST(Problem, SurvivesAnyPath) {
  const auto problem =
      MakeProblem(AllTexts(), NotFound("PATH_UNKNOWN", ""), Language::kEnglish, "/\xff\xfe", "r");
  simdjson::dom::parser parser;
  EXPECT_EQ(parser.parse(problem.body).error(), simdjson::SUCCESS);
}

}  // namespace
}  // namespace zonelink::gateway
