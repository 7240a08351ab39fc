// SPDX-License-Identifier: Apache-2.0
// Rules of logging in: lock-out after failures, one use per refresh token. All times are wall time.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "platform/core/time.h"

namespace zonelink::directory {

inline constexpr int kFailuresToLock = 5;
inline constexpr std::chrono::minutes kLockTime{15};

// Failed logins in a row under one name.
struct LoginFailures {
  int failures = 0;
  Time last_at;
  std::optional<Time> locked_until;
};

bool Locked(const LoginFailures& failures, Time now);

// One more failure. Failures that are older than the lock time, or that led to a lock which has
// ended, no longer count.
LoginFailures AfterFailure(LoginFailures failures, Time now);

// A refresh token as presented, with its session.
struct RefreshToken {
  std::string session_id;
  std::string user_id;
  Time expires_at;
  bool used = false;
  bool session_ended = false;
};

enum class RefreshVerdict {
  kRotate,
  kReused,   // somebody holds a copy: the session must end
  kRefused,  // expired, or the session is over
};
RefreshVerdict Judge(const RefreshToken& token, Time now);

}  // namespace zonelink::directory
