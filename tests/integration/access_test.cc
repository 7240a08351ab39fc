// SPDX-License-Identifier: Apache-2.0
// Nobody gets in: every RPC × every role × own and foreign zone × own and foreign organisation,
// from the table in call_rows.cc. Refused calls change nothing, and what is forbidden looks like
// what is unknown.
#include <fmt/format.h>
#include <google/api/annotations.pb.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "platform/rpc/channels.h"
#include "platform/rpc/credentials.h"
#include "tests/integration/cast_test.h"
#include "tests/integration/rpcs.h"
#include "zonelink/directory/v1/directory_service.grpc.pb.h"
#include "zonelink/events/v1/events.grpc.pb.h"

namespace zonelink::test {
namespace {

// An id that names nothing.

bool Contains(const std::string& list, const std::string& word) {
  const auto words = Words(list);
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// A problem document without what differs between any two answers.
std::string Comparable(const Answer& answer, const std::string& id) {
  std::string body;
  for (const auto& [name, value] : answer.json().members()) {
    if (name == "requestId" || name == "instance") continue;
    body += fmt::format("{}: {}\n", name, value.dump());
  }
  return Replaced(body, id, "<id>");
}

class Access : public CastTest {
 protected:
  static Answer Call(const std::string& name, const Target& target) {
    Api& api = cast_->As(name);
    if (target.body.empty()) return api.Get(target.path);
    return api.Send(
        {.method = "POST",
         .path = target.path,
         .headers = {{"Content-Type", target.content_type}, {"Idempotency-Key", FreshKey()}},
         .body = target.body});
  }
};

// What the table says about one caller.
struct Verdict {
  enum Kind { kAllowed, kHidden, kDenied, kLoginNeeded, kRoleNeeded } kind = kRoleNeeded;
  std::string reason;
};

Verdict VerdictOf(const CallRow& row, const std::string& name) {
  if (row.allowed == "everybody" || (row.allowed == "signed-in" && name != "nobody") ||
      Contains(row.allowed, name)) {
    return {Verdict::kAllowed, ""};
  }
  if (name == "nobody") return {Verdict::kLoginNeeded, "LOGIN_NEEDED"};
  if (Contains(row.hidden, name)) return {Verdict::kHidden, ""};
  for (const auto& word : Words(row.denied)) {
    const auto colon = word.find(':');
    if (word.substr(0, colon) == name) return {Verdict::kDenied, word.substr(colon + 1)};
  }
  return {Verdict::kRoleNeeded, "ROLE_NEEDED"};
}

TEST_F(Access, TheTableNamesEveryRpc) {
  std::set<std::string> rows;
  for (const auto& row : CallRows()) rows.insert(row.rpc);
  std::set<std::string> rpcs;
  for (const auto* method : AllMethods()) {
    const bool over_http = method->options().HasExtension(google::api::http);
    if (over_http) rpcs.insert(ShortName(*method));
  }
  EXPECT_EQ(rows, rpcs);
}

TEST_F(Access, TheTableNamesOnlyTheCast) {
  const auto& cast = cast_->names();
  for (const auto& row : CallRows()) {
    for (const auto& list : {row.allowed, row.hidden, row.canary}) {
      for (const auto& word : Words(list)) {
        const bool known = word == "everybody" || word == "signed-in" ||
                           std::find(cast.begin(), cast.end(), word) != cast.end();
        EXPECT_TRUE(known) << row.rpc << ": " << word;
      }
    }
  }
}

TEST_F(Access, EveryRefusalIsRightAndChangesNothing) {
  for (const auto& row : CallRows()) {
    SCOPED_TRACE(row.rpc + " " + row.variant);
    const Target target = row.make(*cast_, "nobody");
    const std::string unknown_id = UnknownLike(target.id);
    const Target unknown = {.path = Replaced(target.path, target.id, unknown_id),
                            .body = target.body,
                            .id = unknown_id,
                            .content_type = target.content_type};
    const Contents before = AtRest();
    for (const auto& name : cast_->names()) {
      SCOPED_TRACE(name);
      const Verdict verdict = VerdictOf(row, name);
      if (verdict.kind == Verdict::kAllowed) continue;
      const Answer answer = Call(name, target);
      const int status = verdict.kind == Verdict::kLoginNeeded ? 401
                         : verdict.kind == Verdict::kHidden    ? 404
                                                               : 403;
      EXPECT_TRUE(HasStatus(answer, status));
      if (!verdict.reason.empty()) {
        EXPECT_EQ(answer.reason(), verdict.reason) << answer;
      }
      if (!target.id.empty() && verdict.kind != Verdict::kDenied) {
        EXPECT_EQ(Comparable(answer, target.id), Comparable(Call(name, unknown), unknown_id))
            << "what is forbidden must look like what is unknown";
      }
    }
    const auto changed = Changed(before, Held());
    EXPECT_TRUE(changed.empty()) << testing::PrintToString(changed);
  }
}

// Once: with processes apart the same rules let the same callers in, as the main job shows.
TEST_F(Access, WhoeverMayGetsIn) {
  if (deployment().targets().size() > 1) return;
  for (const auto& row : CallRows()) {
    if (row.rpc == "WorklistService/StreamEvents") continue;  // endless; the next test
    SCOPED_TRACE(row.rpc + " " + row.variant);
    for (const auto& name : cast_->names()) {
      if (VerdictOf(row, name).kind != Verdict::kAllowed) continue;
      SCOPED_TRACE(name);
      const Target target = row.make(*cast_, name);
      const Answer answer = Call(name, target);
      EXPECT_TRUE(HasStatus(answer, row.status));
      if (!row.reason.empty()) {
        EXPECT_EQ(answer.reason(), row.reason) << answer;
      }
      if (row.canary.empty()) continue;
      EXPECT_EQ(answer.body.find(target.id) != std::string::npos, Contains(row.canary, name))
          << "who sees the row in the list";
    }
  }
}

TEST_F(Access, WhoeverSignedInMayListen) {
  std::map<std::string, std::unique_ptr<EventStream>> streams;
  for (const auto& name : cast_->names()) {
    if (name == "nobody") continue;
    streams[name] = std::make_unique<EventStream>(deployment().base_url(), cast_->As(name).token());
  }
  for (const auto& [name, stream] : streams) {
    EXPECT_EQ(stream->AwaitStatus(), 200) << name << ": " << stream->Raw();
  }
}

TEST_F(Access, ABadTokenIsNoToken) {
  const std::string good = cast_->As("filer").token();
  std::string forged = good;
  forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
  // Header {"alg":"none"} with a plausible body and no signature.
  const std::string unsigned_token =
      "eyJhbGciOiJub25lIn0." +
      good.substr(good.find('.') + 1, good.rfind('.') - good.find('.') - 1) + ".";
  for (const std::string& token : {forged, unsigned_token, std::string("x"), std::string("a.b.c"),
                                   good + "x", good.substr(0, good.size() - 2)}) {
    const Answer answer = world().Nobody().Send(
        {.path = "/v1/me", .headers = {{"Authorization", "Bearer " + token}}});
    EXPECT_TRUE(Refused(answer, 401, "TOKEN_INVALID"));
  }
  for (const std::string& header :
       {std::string("Basic dXNlcjpwYXNz"), std::string("Bearer"), good}) {
    const Answer answer =
        world().Nobody().Send({.path = "/v1/me", .headers = {{"Authorization", header}}});
    EXPECT_TRUE(HasStatus(answer, 401)) << header;
  }
}

TEST_F(Access, ServicesRpcsAreNotOverHttp) {
  for (const auto* method : AllMethods()) {
    if (method->options().HasExtension(google::api::http)) continue;
    for (const std::string& path :
         {"/" + method->full_name(), "/" + method->service()->full_name() + "/" + method->name()}) {
      EXPECT_TRUE(HasStatus(cast_->As("system_admin").Post(path, "{}"), 404)) << path;
    }
  }
}

// Behind the gateway's back: a service believes tokens, not whoever stands in front of it.
TEST_F(Access, ServicesVerifyTokensThemselves) {
  const auto directory = deployment().grpc_address("directory");
  const auto recognition = deployment().grpc_address("recognition");
  if (!directory || !recognition) GTEST_SKIP() << "all services run in one process";
  const auto code_of = [](const std::string& token, const auto& call) {
    grpc::ClientContext context;
    if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
    return call(context).error_code();
  };
  // With the certificates of those who may make these calls.
  const auto channel_of = [&](const std::string& peer, const std::string& service,
                              const std::string& address) {
    const PeerCertificates& files = *deployment().certificates();
    const rpc::Credentials credentials(
        {files.CertificateFile(peer), files.KeyFile(peer), files.AuthoritiesFile()});
    return rpc::Channels({{service, address}}, nullptr, &credentials).To(service);
  };
  const auto users =
      directory::v1::DirectoryService::NewStub(channel_of("gateway", "directory", *directory));
  const auto get_me = [&](grpc::ClientContext& context) {
    directory::v1::Me reply;
    return users->GetMe(&context, {}, &reply);
  };
  const auto revocations = [&](grpc::ClientContext& context) {
    directory::v1::ListRevocationsResponse reply;
    return users->ListRevocations(&context, {}, &reply);
  };
  const auto log =
      events::v1::EventsService::NewStub(channel_of("ledger", "recognition", *recognition));
  const auto pull = [&](grpc::ClientContext& context) {
    events::v1::PullEventsRequest request;
    request.set_source("recognition");
    events::v1::PullEventsResponse reply;
    return log->PullEvents(&context, request, &reply);
  };
  for (const char* name : {"filer", "zone_admin", "auditor", "system_admin"}) {
    const std::string token = cast_->As(name).token();
    EXPECT_EQ(code_of(token, get_me), grpc::StatusCode::OK);
    EXPECT_EQ(code_of(token, revocations), grpc::StatusCode::PERMISSION_DENIED) << name;
    EXPECT_EQ(code_of(token, pull), grpc::StatusCode::PERMISSION_DENIED) << name;
    EXPECT_EQ(code_of(token + "x", get_me), grpc::StatusCode::UNAUTHENTICATED) << name;
  }
  EXPECT_EQ(code_of("", get_me), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(code_of("", revocations), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(code_of("", pull), grpc::StatusCode::UNAUTHENTICATED);
}

}  // namespace
}  // namespace zonelink::test
