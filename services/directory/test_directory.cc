// SPDX-License-Identifier: Apache-2.0
#include "directory/test_directory.h"

#include <fmt/format.h>

#include "directory/bootstrap.h"
#include "directory/module.h"
#include "platform/core/check.h"
#include "platform/core/text.h"

namespace zonelink::directory {
namespace {

constexpr const char* kSecret = "a secret of the tests, thirty-two bytes or more";

db::Options OptionsOf(const db::ScratchDatabase& scratch) {
  db::Options options = WithConstraints(scratch.OptionsFor(Schema()));
  options.controllable_clock = true;
  return options;
}

std::vector<rpc::PublicKey> KeysOf(DirectoryService& service) {
  std::vector<rpc::PublicKey> keys;
  const auto listed = service.ListKeys({}, {});
  for (const pb::Key& key : listed->keys()) {
    keys.push_back({key.kid(), *crypto::Base64UrlDecode(key.x())});
  }
  return keys;
}

template <class T>
T Must(Result<T> result) {
  if (!result) fmt::print(stderr, "{}: {}\n", result.error().reason, result.error().message);
  ZL_CHECK(result.has_value(), "what a test builds upon");
  return std::move(result).value();
}

// A valid code; `number` makes it unlike the others.
std::string UsccOf(int number) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  for (int organ = 0; organ < 11; ++organ) {
    for (const char last : kDigits) {
      std::string code =
          fmt::format("91310000{:08}{}{}", number, organ < 10 ? std::to_string(organ) : "X", last);
      if (ValidUscc(code)) return code;
    }
  }
  ZL_CHECK(false, "a number that has a code");
}

}  // namespace

TestDirectory::TestDirectory()
    : scratch(Schema()),
      database(OptionsOf(scratch)),
      service(database, clock,
              {.current = crypto::Ed25519Key::FromSeed(std::string(32, 'a')),
               .next = crypto::Ed25519Key::FromSeed(std::string(32, 'b'))},
              {.controllable_clock = true}, kSecret),
      calendars(database, kSecret),
      delegations(database, clock, kSecret),
      mandates(database, clock, kSecret),
      tokens_(
          rpc::ServiceTokens(kSecret).key(), [this] { return KeysOf(service); }, clock) {
  Must(Bootstrap(database, kTestPassword));
}

Call TestDirectory::Nobody() const {
  return {.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30}};
}

Result<Call> TestDirectory::WithToken(const std::string& access_token) {
  return tokens_.Verify(access_token).transform([&](const auto& token) {
    Call call = Nobody();
    call.caller = token->caller;
    return call;
  });
}

Result<pb::Session> TestDirectory::Login(const std::string& username, const std::string& password) {
  pb::CreateSessionRequest request;
  request.set_username(username);
  request.set_password(password);
  return service.CreateSession(Nobody(), request);
}

Call TestDirectory::As(const std::string& username) {
  const bool first_three =
      username == "sysadmin" || username == "secadmin" || username == "auditadmin";
  if (!first_three) return LoggedIn(username);
  // Nothing ends their sessions, and a login costs a password hash.
  const auto kept = kept_.try_emplace(username);
  if (kept.second) kept.first->second = LoggedIn(username).caller;
  Call call = Nobody();
  call.caller = kept.first->second;
  return call;
}

Call TestDirectory::LoggedIn(const std::string& username) {
  return Must(WithToken(Must(Login(username)).access_token()));
}

std::string TestDirectory::NewName() {
  // Words of letters that look like nothing else: digits fold with letters.
  constexpr std::string_view kLetters = "acdefhjkmp";
  std::string name = "user-";
  for (const char digit : fmt::format("{:05}", ++names_)) name += kLetters[digit - '0'];
  return name;
}

std::string TestDirectory::NewUser(const std::string& username, const std::string& zone,
                                   const std::string& organization_id,
                                   const std::vector<std::string>& roles) {
  pb::CreateUserRequest request;
  request.set_username(username);
  request.set_name("测试用户");
  request.set_password(kTestPassword);
  request.set_zone(zone);
  request.set_organization_id(organization_id);
  return NewAccount(request, roles);
}

Call TestDirectory::Somebody(const std::string& zone, const std::string& organization_id,
                             const std::vector<std::string>& roles, const std::string& department) {
  pb::CreateUserRequest request;
  request.set_username(NewName());
  request.set_name("测试" + request.username());
  request.set_password(kTestPassword);
  request.set_zone(zone);
  request.set_organization_id(organization_id);
  request.set_department(department);
  NewAccount(request, roles);
  return As(request.username());
}

std::string TestDirectory::NewAccount(const pb::CreateUserRequest& request,
                                      const std::vector<std::string>& roles) {
  const std::string user_id = Must(service.CreateUser(As("sysadmin"), request)).user_id();
  for (const std::string& role : roles) {
    const pb::RoleGrant grant = Must(GrantTo(As("secadmin"), user_id, role));
    if (grant.state() == pb::ROLE_GRANT_STATE_ACTIVE) continue;
    pb::ConfirmRoleRequest confirm;
    confirm.set_user_id(user_id);
    confirm.set_grant_id(grant.grant_id());
    Must(service.ConfirmRole(As("auditadmin"), confirm));
  }
  return user_id;
}

std::string TestDirectory::NewOrganization(const std::string& zone) {
  pb::CreateOrganizationRequest request;
  request.set_uscc(UsccOf(++names_));
  request.set_name_zh(fmt::format("测试企业{}", names_));
  request.set_zone(zone);
  return Must(service.CreateOrganization(As("sysadmin"), request)).organization_id();
}

Result<pb::RoleGrant> TestDirectory::GrantTo(const Call& call, const std::string& user_id,
                                             const std::string& role) {
  pb::GrantRoleRequest request;
  request.set_user_id(user_id);
  request.set_role(role);
  return service.GrantRole(call, request);
}

std::vector<std::string> TestDirectory::Revocations() {
  const auto listed = Must(service.ListRevocations(Nobody(), {}));
  return {listed.session_ids().begin(), listed.session_ids().end()};
}

TestDirectory& Directory() {
  static TestDirectory directory;
  return directory;
}

}  // namespace zonelink::directory
