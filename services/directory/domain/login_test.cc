// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/login.h"

#include <gtest/gtest.h>

namespace zonelink::directory {
namespace {

using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const Time kNow{microseconds{1'772'000'000'000'000}};

LoginFailures After(int failures, Time now) {
  LoginFailures state;
  for (int i = 0; i < failures; ++i) state = AfterFailure(state, now);
  return state;
}

TEST(Login, FiveFailuresLockForFifteenMinutes) {
  for (int failures = 0; failures < 5; ++failures)
    EXPECT_FALSE(Locked(After(failures, kNow), kNow)) << failures;
  const LoginFailures locked = After(5, kNow);
  EXPECT_TRUE(Locked(locked, kNow));
  EXPECT_TRUE(Locked(locked, kNow + minutes{15} - microseconds{1}));
  EXPECT_FALSE(Locked(locked, kNow + minutes{15}));
}

TEST(Login, CountingStartsAfreshAfterALockAndAfterAPause) {
  const LoginFailures after_lock = AfterFailure(After(5, kNow), kNow + minutes{15});
  EXPECT_EQ(after_lock.failures, 1);
  EXPECT_FALSE(Locked(after_lock, kNow + minutes{15}));
  EXPECT_EQ(AfterFailure(After(4, kNow), kNow + minutes{15}).failures, 1);
  EXPECT_TRUE(Locked(AfterFailure(After(4, kNow), kNow + minutes{14}), kNow + minutes{14}));
}

TEST(Login, RefreshVerdicts) {
  struct Case {
    bool used, ended, expired;
    RefreshVerdict verdict;
  };
  const Case cases[] = {
      {false, false, false, RefreshVerdict::kRotate},
      {false, false, true, RefreshVerdict::kRefused},
      {false, true, false, RefreshVerdict::kRefused},
      {false, true, true, RefreshVerdict::kRefused},
      {true, false, false, RefreshVerdict::kReused},
      {true, false, true, RefreshVerdict::kReused},
      {true, true, false, RefreshVerdict::kRefused},
      {true, true, true, RefreshVerdict::kRefused},
  };
  for (const Case& c : cases) {
    const RefreshToken token{.expires_at = c.expired ? kNow : kNow + seconds{1},
                             .used = c.used,
                             .session_ended = c.ended};
    EXPECT_EQ(Judge(token, kNow), c.verdict) << c.used << c.ended << c.expired;
  }
}

}  // namespace
}  // namespace zonelink::directory
