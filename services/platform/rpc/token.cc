// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/token.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "platform/core/check.h"

namespace zonelink::rpc {
namespace {

using std::chrono::seconds;

constexpr size_t kLongestToken = 4096;
constexpr size_t kMostCached = 20000;
constexpr seconds kServiceTokenLife{120};
constexpr seconds kFetchPause{1};
constexpr seconds kSkew{5};

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string Claims(const Caller& caller, std::string_view issuer, Time now, seconds life) {
  const int64_t issued = std::chrono::floor<seconds>(now).time_since_epoch().count();
  std::string roles;
  for (const std::string& role : caller.roles) {
    if (!roles.empty()) roles += ',';
    roles += Quoted(role);
  }
  return fmt::format(
      R"({{"iss":{},"iat":{},"exp":{},"sub":{},"sid":{},"usr":{},"name":{},"zone":{},"org":{},"uscc":{},"orgn":{},"orgz":{},"svc":{},"roles":[{}]}})",
      Quoted(issuer), issued, issued + life.count(), Quoted(caller.user_id),
      Quoted(caller.session_id), Quoted(caller.username), Quoted(caller.name), Quoted(caller.zone),
      Quoted(caller.organization_id), Quoted(caller.organization_uscc),
      Quoted(caller.organization_name), Quoted(caller.organization_zone), Quoted(caller.service),
      roles);
}

std::string Sign(const crypto::Ed25519Key& key, std::string_view claims) {
  const std::string header =
      fmt::format(R"({{"alg":"EdDSA","typ":"JWT","kid":"{}"}})", key.KeyId());
  std::string token = crypto::Base64UrlEncode(header) + "." + crypto::Base64UrlEncode(claims);
  token += "." + crypto::Base64UrlEncode(key.Sign(token));
  return token;
}

Error Invalid(const char* why) { return Unauthenticated("TOKEN_INVALID", why); }

// The three parts of a compact JWS.
struct Parts {
  std::string_view signed_text;  // header.claims
  std::string header;
  std::string claims;
  std::string signature;
};

std::optional<Parts> Split(std::string_view token) {
  const size_t first = token.find('.');
  const size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  auto header = crypto::Base64UrlDecode(token.substr(0, first));
  auto claims = crypto::Base64UrlDecode(token.substr(first + 1, second - first - 1));
  auto signature = crypto::Base64UrlDecode(token.substr(second + 1));
  if (!header || !claims || !signature) return std::nullopt;
  return Parts{token.substr(0, second), *std::move(header), *std::move(claims),
               *std::move(signature)};
}

std::string TextOf(const simdjson::dom::element& object, const char* key) {
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

Caller CallerOf(const simdjson::dom::element& claims) {
  Caller caller{.user_id = TextOf(claims, "sub"),
                .session_id = TextOf(claims, "sid"),
                .username = TextOf(claims, "usr"),
                .name = TextOf(claims, "name"),
                .zone = TextOf(claims, "zone"),
                .organization_id = TextOf(claims, "org"),
                .organization_uscc = TextOf(claims, "uscc"),
                .organization_name = TextOf(claims, "orgn"),
                .organization_zone = TextOf(claims, "orgz"),
                .roles = {},
                .service = TextOf(claims, "svc")};
  simdjson::dom::array roles;
  if (claims["roles"].get(roles) != simdjson::SUCCESS) return caller;
  for (const auto role : roles) {
    std::string_view text;
    if (role.get(text) == simdjson::SUCCESS) caller.roles.emplace_back(text);
  }
  return caller;
}

}  // namespace

std::string SignToken(const crypto::Ed25519Key& key, const Caller& caller, Time now, seconds life) {
  return Sign(key, Claims(caller, kIssuer, now, life));
}

ServiceTokens::ServiceTokens(std::string_view deployment_secret)
    : key_(crypto::Ed25519Key::FromSeed(crypto::DeriveKey(deployment_secret, "service-tokens"))) {}

std::string ServiceTokens::For(std::string_view service, Time now) const {
  Caller caller;
  caller.service = std::string(service);
  return Sign(key_, Claims(caller, kServiceIssuer, now, kServiceTokenLife));
}

PublicKey ServiceTokens::key() const { return {key_.KeyId(), key_.PublicRaw()}; }

TokenVerifier::TokenVerifier(PublicKey service_key,
                             std::function<Result<std::vector<PublicKey>>()> fetch_keys,
                             const WallClock& clock)
    : service_key_(std::move(service_key)), fetch_keys_(std::move(fetch_keys)), clock_(clock) {
  auto parsed = crypto::Ed25519Key::FromPublic(service_key_.raw);
  ZL_CHECK(parsed.has_value(), "the deployment's own service key");
  keys_.emplace(service_key_.kid, std::make_shared<crypto::Ed25519Key>(std::move(parsed).value()));
}

Result<std::shared_ptr<const VerifiedToken>> TokenVerifier::Verify(std::string_view token) {
  if (token.empty() || token.size() > kLongestToken) return Invalid("no token of sensible length");
  const std::string hash = crypto::Sha256(token);
  const Time now = clock_.Now();
  std::shared_ptr<const VerifiedToken> entry = Find(hash);
  if (!entry) {
    Result<VerifiedToken> fresh = VerifyUncached(token);
    if (!fresh) return std::move(fresh).error();
    entry = std::make_shared<const VerifiedToken>(std::move(fresh).value());
    std::lock_guard lock(mutex_);
    if (cache_.size() >= kMostCached) cache_.clear();
    cache_[hash] = entry;
  }
  if (now >= entry->expires) {
    std::lock_guard lock(mutex_);
    cache_.erase(hash);
    return Unauthenticated("TOKEN_EXPIRED", "the token has expired");
  }
  if (Revoked(entry->caller.session_id)) {
    return Unauthenticated("SESSION_REVOKED", "the session was ended");
  }
  return entry;
}

std::shared_ptr<const VerifiedToken> TokenVerifier::Find(const std::string& hash) const {
  std::lock_guard lock(mutex_);
  const auto found = cache_.find(hash);
  return found == cache_.end() ? nullptr : found->second;
}

std::shared_ptr<const VerifiedToken> TokenVerifier::Known(std::string_view token) const {
  if (token.size() > kLongestToken) return nullptr;
  auto entry = Find(crypto::Sha256(token));
  if (!entry || clock_.Now() >= entry->expires || Revoked(entry->caller.session_id)) return nullptr;
  return entry;
}

Result<VerifiedToken> TokenVerifier::VerifyUncached(std::string_view token) {
  const std::optional<Parts> parts = Split(token);
  if (!parts) return Invalid("not a compact JWT");
  simdjson::dom::parser parser;
  simdjson::dom::element header;
  if (parser.parse(parts->header).get(header) != simdjson::SUCCESS) return Invalid("bad header");
  // The algorithm is pinned: what a token says about itself never chooses it.
  if (TextOf(header, "alg") != "EdDSA") return Invalid("another algorithm");
  const std::string kid = TextOf(header, "kid");
  const bool from_service = kid == service_key_.kid;
  const Result<bool> good = SignedBy(kid, parts->signed_text, parts->signature);
  if (!good) return good.error();
  if (!*good) return Invalid("bad signature");
  simdjson::dom::element claims;
  if (parser.parse(parts->claims).get(claims) != simdjson::SUCCESS) return Invalid("bad claims");
  int64_t issued = 0;
  int64_t expires = 0;
  if (claims["iat"].get(issued) != simdjson::SUCCESS ||
      claims["exp"].get(expires) != simdjson::SUCCESS) {
    return Invalid("no times");
  }
  if (TextOf(claims, "iss") != (from_service ? kServiceIssuer : kIssuer))
    return Invalid("another issuer");
  if (Time{seconds{issued}} > clock_.Now() + kSkew) return Invalid("not yet valid");
  Caller caller = CallerOf(claims);
  if (caller.service.empty() == from_service) return Invalid("a user's token is no service's");
  if (caller.user_id.empty() && !from_service) return Invalid("no subject");
  return VerifiedToken{std::move(caller), Time{seconds{expires}}};
}

std::optional<bool> TokenVerifier::CheckKnown(const std::string& kid, std::string_view text,
                                              std::string_view signature) {
  std::shared_ptr<const crypto::Ed25519Key> key;
  {
    std::lock_guard lock(mutex_);
    const auto found = keys_.find(kid);
    if (found == keys_.end()) return std::nullopt;
    key = found->second;
  }
  return key->Verify(text, signature);
}

Result<bool> TokenVerifier::SignedBy(const std::string& kid, std::string_view text,
                                     std::string_view signature) {
  if (const auto known = CheckKnown(kid, text, signature)) return *known;
  // One asks the directory, the others wait for its answer.
  std::lock_guard fetching(fetch_mutex_);
  if (const auto known = CheckKnown(kid, text, signature)) return *known;
  const Time now = clock_.Now();
  if (now >= last_fetch_ + kFetchPause) {
    last_fetch_ = now;
    fetched_ = FetchKeys();
  }
  // Until it has answered, nobody can tell a new key from an invented one.
  if (!fetched_) return fetched_.error();
  if (const auto known = CheckKnown(kid, text, signature)) return *known;
  return Invalid("unknown key");
}

Status TokenVerifier::FetchKeys() {
  const Result<std::vector<PublicKey>> fetched = fetch_keys_();
  if (!fetched) return Unavailable("DIRECTORY_UNAVAILABLE", "the directory's keys cannot be read");
  std::lock_guard lock(mutex_);
  for (const PublicKey& key : *fetched) {
    auto parsed = crypto::Ed25519Key::FromPublic(key.raw);
    if (!parsed) return parsed.error();
    keys_.emplace(key.kid, std::make_shared<crypto::Ed25519Key>(std::move(parsed).value()));
  }
  return Done{};
}

void TokenVerifier::SetRevoked(std::vector<std::string> session_ids) {
  std::unordered_set<std::string> revoked(std::make_move_iterator(session_ids.begin()),
                                          std::make_move_iterator(session_ids.end()));
  std::lock_guard lock(mutex_);
  revoked_.swap(revoked);
}

bool TokenVerifier::Revoked(std::string_view session_id) const {
  if (session_id.empty()) return false;
  std::lock_guard lock(mutex_);
  return revoked_.count(std::string(session_id)) != 0;
}

}  // namespace zonelink::rpc
