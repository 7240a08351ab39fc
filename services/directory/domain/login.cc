// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/login.h"

namespace zonelink::directory {

bool Locked(const LoginFailures& failures, Time now) {
  return failures.locked_until && now < *failures.locked_until;
}

LoginFailures AfterFailure(LoginFailures failures, Time now) {
  const bool stale = failures.locked_until.has_value() || now >= failures.last_at + kLockTime;
  LoginFailures next;
  next.failures = stale ? 1 : failures.failures + 1;
  next.last_at = now;
  if (next.failures >= kFailuresToLock) next.locked_until = now + kLockTime;
  return next;
}

RefreshVerdict Judge(const RefreshToken& token, Time now) {
  if (token.session_ended) return RefreshVerdict::kRefused;
  if (token.used) return RefreshVerdict::kReused;
  if (now >= token.expires_at) return RefreshVerdict::kRefused;
  return RefreshVerdict::kRotate;
}

}  // namespace zonelink::directory
