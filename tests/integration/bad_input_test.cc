// SPDX-License-Identifier: Apache-2.0
// Bad input meets the right status, a stable reason and a text in both languages, and writes
// nothing.
#include "tests/integration/bad_input.h"

#include <fmt/format.h>
#include <google/api/annotations.pb.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/integration/cast_test.h"
#include "tests/integration/rpcs.h"
#include "zonelink/options.pb.h"

namespace zonelink::test {
namespace {

constexpr size_t kClassesPerCommand = 40;

bool HasChinese(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0xe3; });
}

class BadInputTest : public CastTest {
 protected:
  // One good call per command, by somebody who may make it.
  static std::vector<GoodCall> Commands() {
    std::vector<GoodCall> commands;
    for (const auto& row : CallRows()) {
      const auto& method = MethodOf(row.rpc);
      if (!method.options().GetExtension(google::api::http).has_post()) continue;
      if (row.rpc == "DocumentsService/PutChunk") continue;  // bytes: documents_test
      if (row.allowed.empty() || (!commands.empty() && commands.back().method == &method)) continue;
      std::string caller = Words(row.allowed)[0];
      if (caller == "everybody" || caller == "signed-in") caller = "filer";
      commands.push_back({.method = &method, .target = row.make(*cast_, caller), .caller = caller});
    }
    return commands;
  }

  static Answer Send(const std::string& caller, client::HttpRequest request, const char* language) {
    request.headers.emplace_back("Accept-Language", language);
    return cast_->As(caller).Send(std::move(request));
  }

  // The refusal is the right one and names the field; each reason has a text in both languages.
  static void ExpectRefused(const std::string& caller, const BadInput& bad) {
    SCOPED_TRACE(bad.name);
    const Answer zh = Send(caller, bad.request, "zh-CN");
    ASSERT_TRUE(Refused(zh, bad.status, bad.reason));
    EXPECT_EQ(zh.http.Header("content-type"), "application/problem+json");
    const std::string wanted = bad.violation_reason.empty() ? bad.reason : bad.violation_reason;
    if (!bad.field.empty()) {
      EXPECT_TRUE(NamesField(zh, bad.field, wanted)) << bad.field << " " << wanted << " in " << zh;
    }
    if (!told_.insert(bad.reason + " " + wanted).second) return;
    const Answer en = Send(caller, bad.request, "en");
    ASSERT_TRUE(Refused(en, bad.status, bad.reason));
    ExpectLanguages(zh, en);
  }
  static bool NamesField(const Answer& answer, const std::string& field,
                         const std::string& reason) {
    for (const auto& violation : answer.json()["violations"].items()) {
      if (violation["field"].text() == field && violation["reason"].text() == reason) return true;
    }
    return false;
  }
  static void ExpectLanguages(const Answer& zh, const Answer& en) {
    for (const char* text : {"title", "detail"}) {
      EXPECT_TRUE(HasChinese(zh.text(text))) << zh;
      EXPECT_FALSE(en.text(text).empty()) << en;
      EXPECT_FALSE(HasChinese(en.text(text))) << en;
    }
    const auto in_zh = zh.json()["violations"].items();
    const auto in_en = en.json()["violations"].items();
    ASSERT_EQ(in_zh.size(), in_en.size());
    for (size_t i = 0; i < in_zh.size(); ++i) {
      EXPECT_TRUE(HasChinese(in_zh[i]["message"].text())) << zh;
      EXPECT_FALSE(in_en[i]["message"].text().empty()) << en;
      EXPECT_FALSE(HasChinese(in_en[i]["message"].text())) << en;
    }
  }

  static inline std::set<std::string> told_;  // reasons whose texts were looked at
};

TEST_F(BadInputTest, EveryCommandHasItsRow) {
  std::set<std::string> rows;
  for (const auto& command : Commands()) rows.insert(ShortName(*command.method));
  for (const auto* method : AllMethods()) {
    const auto& http = method->options().GetExtension(google::api::http);
    if (!http.has_post()) continue;
    const auto* body = method->input_type()->FindFieldByName(http.body());
    const bool bytes = body != nullptr && body->message_type() != nullptr &&
                       body->message_type()->full_name() == "zonelink.api.Raw";
    if (bytes) continue;  // no JSON that could be bad
    EXPECT_TRUE(rows.count(ShortName(*method))) << ShortName(*method);
  }
}

TEST_F(BadInputTest, IsRefusedAndWritesNothing) {
  size_t refused = 0;
  for (const auto& command : Commands()) {
    SCOPED_TRACE(ShortName(*command.method));
    auto classes = BadRequests(command);
    const auto fields = BadFields(command);
    classes.insert(classes.end(), fields.begin(), fields.end());
    EXPECT_GE(classes.size(), kClassesPerCommand);
    const Contents before = AtRest();
    for (const auto& bad : classes) ExpectRefused(command.caller, bad);
    const auto changed = Changed(before, Held());
    EXPECT_TRUE(changed.empty()) << testing::PrintToString(changed);
    refused += classes.size();
  }
  RecordProperty("classes", static_cast<int>(refused));
}

TEST_F(BadInputTest, TheGoodCallsAreGood) {
  for (const auto& command : Commands()) {
    SCOPED_TRACE(ShortName(*command.method));
    const Answer answer = cast_->As(command.caller).Send(RequestOf(command, command.target.body));
    const bool wrong_password = command.method->name() == "ChangePassword";
    EXPECT_EQ(answer.ok(), !wrong_password) << answer;
  }
}

TEST_F(BadInputTest, AReusedKeyWithAnotherBody) {
  for (const auto& command : Commands()) {
    const auto& options = command.method->options();
    if (options.GetExtension(zonelink::idempotency) != IDEMPOTENCY_COMMAND) continue;
    SCOPED_TRACE(ShortName(*command.method));
    auto request = RequestOf(command, command.target.body);
    ASSERT_TRUE(cast_->As(command.caller).Send(request).ok());
    const Contents before = AtRest();
    // The same command on another thing, or with other words, under the same key.
    auto other = request;
    if (!command.target.id.empty()) {
      auto& path = other.path;
      path.replace(path.find(command.target.id), command.target.id.size(),
                   UnknownLike(command.target.id));
    } else {
      const auto tree = JsonTree::Parse(command.target.body);
      const bool clock = tree.Has("to");
      const char* field = clock                    ? "to"
                          : tree.Has("nameEn")     ? "nameEn"
                          : tree.Has("nameZh")     ? "nameZh"
                          : tree.Has("name")       ? "name"
                          : tree.Has("validUntil") ? "validUntil"
                          : tree.Has("title")      ? "title"
                          : tree.Has("reason")     ? "reason"
                          : tree.Has("note")       ? "note"
                          : tree.Has("year")       ? "year"
                          : tree.Has("filings")    ? "filings.0.credential.issuer"
                                                   : "credential.issuer";
      other.body = tree.With(field, clock ? "\"2030-01-01T00:00:00Z\""
                                    : std::string(field) == "validUntil" ? "\"2036-01-01\""
                                    : std::string(field) == "year"       ? "2031"
                                                                         : "\"别的\"")
                       .Text();
    }
    ExpectRefused(command.caller, {.name = "reused key",
                                   .request = other,
                                   .status = 422,
                                   .reason = "IDEMPOTENCY_KEY_REUSED"});
    const auto changed = Changed(before, Held());
    EXPECT_TRUE(changed.empty()) << testing::PrintToString(changed);
  }
}

// What only the domain can refuse.
struct DomainCase {
  const char* rpc;
  const char* name;
  std::vector<std::pair<const char*, std::string>> changes;  // path, JSON
  int status;
  const char* reason;
};

TEST_F(BadInputTest, TheDomainsRefusals) {
  const std::string foreign = client::JsonQuote(cast_->foreign.uscc);
  const std::string taken = client::JsonQuote(cast_->person("verifier").username);
  std::string alike = cast_->person("verifier").username;
  alike.replace(alike.find('e'), 1, "E");
  const std::vector<DomainCase> cases = {
      {"SubmitFiling",
       "foreign applicant",
       {{"applicant.uscc", foreign}},
       403,
       "FOREIGN_APPLICANT"},
      {"SubmitFiling", "unknown item", {{"itemId", "\"no-such-item\""}}, 404, "ITEM_NOT_FOUND"},
      {"SubmitFiling",
       "zone twice",
       {{"targetZones", R"(["zhejiang","zhejiang"])"}},
       400,
       "TARGET_ZONES"},
      {"SubmitFiling", "home as target", {{"targetZones", R"(["shanghai"])"}}, 400, "TARGET_ZONES"},
      {"SubmitFiling", "unknown zone", {{"targetZones", R"(["atlantis"])"}}, 404, "ZONE_NOT_FOUND"},
      {"SubmitFiling", "not covered", {{"targetZones", R"(["hainan"])"}}, 409, "NOT_COVERED"},
      {"SubmitFiling",
       "unknown attribute",
       {{"attributes", R"({"colour":"red"})"}},
       400,
       "ATTRIBUTES_INVALID"},
      {"SubmitFiling",
       "attribute of another type",
       {{"attributes.quantity", "true"}},
       400,
       "ATTRIBUTES_INVALID"},
      {"SubmitFiling",
       "decimal that is none",
       {{"attributes.quantity", R"("12,5")"}},
       400,
       "ATTRIBUTES_INVALID"},
      {"SubmitFiling",
       "attribute as object",
       {{"attributes.hsCode", "{}"}},
       400,
       "ATTRIBUTES_INVALID"},
      {"SubmitFiling",
       "dates reversed",
       {{"credential.issuedOn", "\"2029-01-01\""}},
       400,
       "CREDENTIAL_DATES"},
      {"SubmitFiling",
       "expired",
       {{"credential.issuedOn", "\"2019-01-01\""}, {"credential.validUntil", "\"2020-01-01\""}},
       409,
       "CREDENTIAL_EXPIRED"},
      {"PrecheckFiling", "unknown item", {{"itemId", "\"no-such-item\""}}, 404, "ITEM_NOT_FOUND"},
      {"PrecheckFiling",
       "home as target",
       {{"targetZones", R"(["shanghai"])"}},
       400,
       "TARGET_ZONES"},
      {"CreateItem",
       "excluded class automatic",
       {{"excludedClass", "true"}, {"defaultMode", "\"AUTOMATIC\""}},
       400,
       "ITEM_EXCLUDED_CLASS"},
      {"CreateItem",
       "excluded class tacit",
       {{"excludedClass", "true"}, {"tacitAllowed", "true"}},
       400,
       "ITEM_EXCLUDED_CLASS"},
      {"CreateItem", "no days", {{"budgetWorkingDays", "0"}}, 400, "ITEM_BUDGET"},
      {"CreateItem",
       "attribute twice",
       {{"attributes", R"([{"name":"a","type":"STRING"},{"name":"a","type":"STRING"}])"}},
       400,
       "ATTRIBUTE_REPEATED"},
      {"CreateItem", "taken id", {{"itemId", client::JsonQuote(cast_->item)}}, 409, "ITEM_EXISTS"},
      {"CreateAgreement", "unknown item", {{"itemId", "\"no-such-item\""}}, 404, "ITEM_NOT_FOUND"},
      {"CreateAgreement",
       "dates reversed",
       {{"validUntil", "\"2019-01-01\""}},
       400,
       "AGREEMENT_DATES"},
      {"CreateAgreement", "nationwide", {{"mode", "\"NATIONWIDE\""}}, 400, "AGREEMENT_MODE"},
      {"CreateOrganization", "unknown zone", {{"zone", "\"atlantis\""}}, 404, "ZONE_NOT_FOUND"},
      {"CreateOrganization", "taken code", {{"uscc", foreign}}, 409, "ORGANIZATION_EXISTS"},
      {"CreateUser", "taken name", {{"username", taken}}, 409, "USERNAME_TAKEN"},
      {"CreateUser",
       "look-alike name",
       {{"username", client::JsonQuote(alike)}},
       409,
       "USERNAME_TAKEN"},
      {"CreateUser", "weak password", {{"password", "\"12345678\""}}, 400, "PASSWORD_WEAK"},
      {"CreateUser",
       "zone and organisation",
       {{"organizationId", client::JsonQuote(cast_->own.id)}},
       400,
       "AFFILIATION_AMBIGUOUS"},
      {"GrantRole", "unknown role", {{"role", "\"emperor\""}}, 400, "ROLE_UNKNOWN"},
      {"GrantRole",
       "role of an organisation",
       {{"role", "\"filer\""}},
       409,
       "ROLE_NEEDS_ORGANIZATION"},
      {"AdvanceClock", "backwards", {{"to", "\"2001-01-01T00:00:00Z\""}}, 409, "CLOCK_BACKWARDS"},
      {"SignAgreement", "stale etag", {{"etag", "\"99\""}}, 409, "ETAG_MISMATCH"},
      {"SuspendAgreement", "stale etag", {{"etag", "\"99\""}}, 409, "ETAG_MISMATCH"},
      {"TerminateAgreement", "stale etag", {{"etag", "\"99\""}}, 409, "ETAG_MISMATCH"},
      {"WithdrawFiling", "stale etag", {{"etag", "\"99\""}}, 409, "ETAG_MISMATCH"},
      {"SupplementFiling", "stale etag", {{"etag", "\"99\""}}, 409, "ETAG_MISMATCH"},
      {"AcceptDecision", "stale etag", {{"etag", "\"99\""}}, 409, "ETAG_MISMATCH"},
      {"RequestSupplement", "stale etag", {{"etag", "\"99\""}}, 409, "ETAG_MISMATCH"},
      {"VerifyDecision", "stale etag", {{"etag", "\"99\""}}, 409, "ETAG_MISMATCH"},
      {"GrantDecision", "stale etag", {{"etag", "\"99\""}}, 409, "ETAG_MISMATCH"},
      {"RefuseDecision", "stale etag", {{"etag", "\"99\""}}, 409, "ETAG_MISMATCH"},
  };
  const auto commands = Commands();
  const Contents before = AtRest();
  for (const auto& wanted : cases) {
    SCOPED_TRACE(wanted.rpc);
    const auto command = std::find_if(commands.begin(), commands.end(), [&](const auto& good) {
      return good.method->name() == wanted.rpc;
    });
    ASSERT_NE(command, commands.end());
    auto tree = JsonTree::Parse(command->target.body);
    for (const auto& [path, raw] : wanted.changes) tree = tree.With(path, raw);
    ExpectRefused(command->caller, {.name = wanted.name,
                                    .request = RequestOf(*command, tree.Text()),
                                    .status = wanted.status,
                                    .reason = wanted.reason});
  }
  const auto changed = Changed(before, Held());
  EXPECT_TRUE(changed.empty()) << testing::PrintToString(changed);
}

}  // namespace
}  // namespace zonelink::test
