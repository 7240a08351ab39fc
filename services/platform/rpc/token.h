// SPDX-License-Identifier: Apache-2.0
// Access tokens: JWT (RFC 7519) with EdDSA (RFC 8037). Every service verifies tokens itself; the
// gateway's word is not enough. Tokens and leases use wall time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "platform/core/call.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"
#include "platform/crypto/crypto.h"

namespace zonelink::rpc {

inline constexpr std::string_view kIssuer = "zonelink";
inline constexpr std::string_view kServiceIssuer = "zonelink-service";

struct PublicKey {
  std::string kid;
  std::string raw;  // 32 bytes
};

// Makes a compact JWT for the caller, valid in [now, now + life).
std::string SignToken(const crypto::Ed25519Key& key, const Caller& caller, Time now,
                      std::chrono::seconds life);

// Tokens by which Zonelink's services know each other, from the deployment's shared secret.
class ServiceTokens {
 public:
  explicit ServiceTokens(std::string_view deployment_secret);
  std::string For(std::string_view service, Time now) const;
  PublicKey key() const;

 private:
  crypto::Ed25519Key key_;
};

struct VerifiedToken {
  Caller caller;
  Time expires;  // wall time
};

// Verifies bearer tokens and caches what was verified by hash until expiry or revocation.
class TokenVerifier {
 public:
  // `fetch_keys` asks the directory for its public keys; called for an unknown key id, at most once
  // a second.
  TokenVerifier(PublicKey service_key, std::function<Result<std::vector<PublicKey>>()> fetch_keys,
                const WallClock& clock);

  // Unauthenticated `TOKEN_INVALID`, `TOKEN_EXPIRED`, `SESSION_REVOKED`.
  Result<std::shared_ptr<const VerifiedToken>> Verify(std::string_view token);
  // What was verified before and still holds. Does no more than look it up: for threads that must
  // not wait.
  std::shared_ptr<const VerifiedToken> Known(std::string_view token) const;
  // Sessions ended at the directory; replaces the previous list.
  void SetRevoked(std::vector<std::string> session_ids);
  bool Revoked(std::string_view session_id) const;

 private:
  std::shared_ptr<const VerifiedToken> Find(const std::string& hash) const;
  Result<VerifiedToken> VerifyUncached(std::string_view token);
  // Unknown key ids ask the directory.
  Result<bool> SignedBy(const std::string& kid, std::string_view text, std::string_view signature);
  // nullopt: no such key here.
  std::optional<bool> CheckKnown(const std::string& kid, std::string_view text,
                                 std::string_view signature);
  Status FetchKeys();

  PublicKey service_key_;
  std::function<Result<std::vector<PublicKey>>()> fetch_keys_;
  const WallClock& clock_;
  std::mutex fetch_mutex_;  // taken before mutex_
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const VerifiedToken>>
      cache_;  // by SHA-256 of the token
  // Shared: whoever verifies with one does not hold the lock meanwhile.
  std::map<std::string, std::shared_ptr<const crypto::Ed25519Key>> keys_;
  std::unordered_set<std::string> revoked_;
  Time last_fetch_{};
  Status fetched_ = Done{};  // what became of it
};

}  // namespace zonelink::rpc
