// SPDX-License-Identifier: Apache-2.0
// Logins. They run before anybody is signed in, hence as the relay role; passwords are hashed
// outside transactions. Sessions and tokens use wall time.
#include <fmt/format.h>

#include "directory/convert.h"
#include "directory/directory_service.h"
#include "directory/domain/password.h"
#include "directory/organization_store.h"
#include "directory/session_store.h"
#include "directory/user_store.h"
#include "platform/rpc/timestamp.h"
#include "platform/rpc/token.h"

namespace zonelink::directory {
namespace {

using credential_store::Credentials;

// A session stays on the list for a while after its last token has ended: clocks of processes
// differ.
constexpr std::chrono::seconds kRevocationMargin{60};
constexpr size_t kRefreshTokenBytes = 32;

Error LoginFailed() { return Unauthenticated("LOGIN_FAILED", "wrong name or password"); }

Error LoginLocked(Time until, Time now) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(until - now).count();
  return ResourceExhausted("LOGIN_LOCKED", "too many failures under this name",
                           {{"retry_after_seconds", std::to_string(left)}});
}

Error RefreshRefused() {
  return Unauthenticated("REFRESH_REFUSED", "the refresh token is not good; log in again");
}

std::string NewRefreshToken() {
  return crypto::Base64UrlEncode(crypto::RandomBytes(kRefreshTokenBytes));
}

}  // namespace

Result<pb::Session> DirectoryService::CreateSession(const Call&,
                                                    const pb::CreateSessionRequest& request) {
  const Result<std::optional<Credentials>> found = FindCredentials(request.username());
  if (!found) return found.error();
  if (!PasswordMatches(*found, request.password()) || (*found)->disabled) {
    return NoteFailure(request.username(), LoginFailed());
  }
  return OpenSession(**found).transform([&](Tokens&& tokens) { return Issue(tokens); });
}

Result<pb::Session> DirectoryService::RefreshSession(const Call&,
                                                     const pb::RefreshSessionRequest& request) {
  return Rotate(request.refresh_token()).transform([&](Tokens&& tokens) { return Issue(tokens); });
}

Result<pb::ListSessionsResponse> DirectoryService::ListSessions(const Call& call,
                                                                const pb::ListSessionsRequest&) {
  const Time now = clock_.Now();
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::ListSessionsResponse> {
    pb::ListSessionsResponse reply;
    for (const auto& session : session_store::OpenOf(tx, call.caller.user_id, now)) {
      *reply.add_items() = ToProto(session, call.caller.session_id);
    }
    return reply;
  });
}

Result<pb::SessionInfo> DirectoryService::RevokeSession(const Call& call,
                                                        const pb::RevokeSessionRequest& request) {
  const Time now = clock_.Now();
  const std::string_view ground = request.session_id() == call.caller.session_id
                                      ? session_store::kLogout
                                      : session_store::kRevoked;
  return database_.Command<pb::SessionInfo>(
      call, request, [&](db::Tx& tx) -> Result<pb::SessionInfo> {
        const auto ended =
            session_store::End(tx, call.caller.user_id, request.session_id(), ground, now);
        if (!ended) return NotFound("SESSION_NOT_FOUND", "no such open session");
        return ToProto(*ended, call.caller.session_id);
      });
}

Result<pb::Me> DirectoryService::GetMe(const Call& call, const pb::GetMeRequest&) {
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::Me> {
    const Result<Account> account = user_store::Get(tx, call.caller.user_id);
    if (!account) return account.error();
    pb::Me me;
    me.set_user_id(account->user_id);
    me.set_username(account->username);
    me.set_name(account->name);
    for (const std::string& role : call.caller.roles) me.add_roles(role);
    if (!account->zone.empty()) me.set_zone(account->zone);
    if (account->organization_id.empty()) return me;
    const Result<Organization> organization = organization_store::Get(tx, account->organization_id);
    if (!organization) return organization.error();
    me.mutable_organization()->set_organization_id(organization->organization_id);
    me.mutable_organization()->set_uscc(organization->uscc);
    me.mutable_organization()->set_name(organization->name_zh);
    return me;
  });
}

Result<pb::Me> DirectoryService::ChangePassword(const Call& call,
                                                const pb::ChangePasswordRequest& request) {
  const Caller& caller = call.caller;
  if (const Status strong = CheckPassword(request.new_password(), caller.username); !strong) {
    return strong.error();
  }
  const Error wrong = FailedPrecondition("PASSWORD_WRONG", "not the password in force");
  const Result<std::optional<Credentials>> found = FindCredentials(caller.username);
  if (!found) return found.error();
  if (!PasswordMatches(*found, request.old_password())) return NoteFailure(caller.username, wrong);

  const std::string phc = hasher_.Hash(request.new_password());
  const Time now = clock_.Now();
  const Status changed = database_.System("directory.change_password", [&](db::Tx& tx) -> Status {
    if (!credential_store::ReplacePassword(tx, caller.user_id, (*found)->phc, phc)) return wrong;
    credential_store::ForgetFailures(tx, caller.username);
    session_store::EndAll(tx, caller.user_id, caller.session_id, session_store::kRevoked, now);
    return Done{};
  });
  if (!changed) return changed.error();
  return GetMe(call, {});
}

Result<pb::ListKeysResponse> DirectoryService::ListKeys(const Call&, const pb::ListKeysRequest&) {
  pb::ListKeysResponse reply;
  *reply.add_keys() = ToProto(keys_.current);
  if (keys_.next) *reply.add_keys() = ToProto(*keys_.next);
  return reply;
}

Result<pb::ListRevocationsResponse> DirectoryService::ListRevocations(
    const Call&, const pb::ListRevocationsRequest&) {
  const Time since = clock_.Now() - settings_.access_life - kRevocationMargin;
  pb::ListRevocationsResponse reply;
  const Status read = database_.System("directory.list_revocations", [&](db::Tx& tx) -> Status {
    reply.Clear();
    for (std::string& id : session_store::EndedSince(tx, since)) {
      reply.add_session_ids(std::move(id));
    }
    return Done{};
  });
  if (!read) return read.error();
  return reply;
}

Result<std::optional<Credentials>> DirectoryService::FindCredentials(const std::string& username) {
  const Time now = clock_.Now();
  std::optional<Credentials> found;
  const Status read = database_.System("directory.find_credentials", [&](db::Tx& tx) -> Status {
    const LoginFailures failures = credential_store::FailuresOf(tx, username);
    if (Locked(failures, now)) return LoginLocked(*failures.locked_until, now);
    found = credential_store::FindByName(tx, username);
    return Done{};
  });
  if (!read) return read.error();
  return found;
}

bool DirectoryService::PasswordMatches(const std::optional<Credentials>& found,
                                       const std::string& password) {
  if (!found) return hasher_.MatchesNothing(password);
  return hasher_.Matches(password, found->phc);
}

Error DirectoryService::NoteFailure(const std::string& username, Error refusal) {
  const Time now = clock_.Now();
  LoginFailures before;
  const Status noted = database_.System("directory.note_failure", [&](db::Tx& tx) -> Status {
    before = credential_store::FailuresForUpdate(tx, username, now);
    if (Locked(before, now)) return Done{};
    credential_store::SaveFailures(tx, username, AfterFailure(before, now));
    credential_store::PruneFailures(tx, now - kLockTime);
    return Done{};
  });
  if (!noted) return noted.error();
  return Locked(before, now) ? LoginLocked(*before.locked_until, now) : std::move(refusal);
}

Result<DirectoryService::Tokens> DirectoryService::OpenSession(const Credentials& verified) {
  const Time now = clock_.Now();
  const session_store::Session session{.session_id = crypto::NewUuid(now),
                                       .user_id = verified.claims.user_id,
                                       .opened_at = now,
                                       .refreshed_at = now,
                                       .expires_at = now + settings_.refresh_life};
  Tokens tokens{.refresh_token = NewRefreshToken()};
  const Status opened = database_.System("directory.open_session", [&](db::Tx& tx) -> Status {
    // Guesses that ran beside this login count: the right one does not slip past the lock.
    const LoginFailures failures = credential_store::FailuresOf(tx, verified.claims.username);
    if (Locked(failures, now)) return LoginLocked(*failures.locked_until, now);
    session_store::Insert(tx, session);
    session_store::InsertRefreshToken(tx, session.session_id, tokens.refresh_token,
                                      session.expires_at);
    session_store::PruneRefreshTokens(tx, now);
    if (failures.failures != 0) credential_store::ForgetFailures(tx, verified.claims.username);
    // Read again behind the session's row: roles may have changed while the password was checked.
    const auto account = credential_store::FindById(tx, verified.claims.user_id);
    if (!account || account->disabled || account->phc != verified.phc) return LoginFailed();
    tokens.claims = account->claims;
    tokens.claims.session_id = session.session_id;
    return Done{};
  });
  if (!opened) return opened.error();
  return tokens;
}

Result<DirectoryService::Tokens> DirectoryService::Rotate(const std::string& refresh_token) {
  const Time now = clock_.Now();
  const Time expires_at = now + settings_.refresh_life;
  Tokens tokens{.refresh_token = NewRefreshToken()};
  bool rotated = false;
  const Status done = database_.System("directory.refresh_session", [&](db::Tx& tx) -> Status {
    rotated = false;
    const auto found = session_store::RefreshTokenForUpdate(tx, refresh_token);
    if (!found) return Done{};
    switch (Judge(*found, now)) {
      case RefreshVerdict::kRefused: return Done{};
      case RefreshVerdict::kReused:
        session_store::End(tx, found->user_id, found->session_id, session_store::kRefreshReused,
                           now);
        return Done{};
      case RefreshVerdict::kRotate: break;
    }
    const auto account = credential_store::FindById(tx, found->user_id);
    if (!account || account->disabled) return Done{};
    session_store::UseRefreshToken(tx, refresh_token, found->session_id, now, expires_at);
    session_store::InsertRefreshToken(tx, found->session_id, tokens.refresh_token, expires_at);
    tokens.claims = account->claims;
    tokens.claims.session_id = found->session_id;
    rotated = true;
    return Done{};
  });
  if (!done) return done.error();
  if (!rotated) return RefreshRefused();
  return tokens;
}

pb::Session DirectoryService::Issue(const Tokens& tokens) const {
  // Whole seconds: the token's own times are.
  const Time now = std::chrono::floor<std::chrono::seconds>(clock_.Now());
  pb::Session reply;
  reply.set_session_id(tokens.claims.session_id);
  reply.set_access_token(rpc::SignToken(keys_.current, tokens.claims, now, settings_.access_life));
  *reply.mutable_expires_at() = ToTimestamp(now + settings_.access_life);
  reply.set_refresh_token(tokens.refresh_token);
  return reply;
}

}  // namespace zonelink::directory
