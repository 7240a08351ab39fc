// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "platform/crypto/crypto.h"

namespace zonelink::crypto {
namespace {

TEST(PasswordHasher, MatchesItsOwnHashOnly) {
  PasswordHasher hasher(1);
  const std::string phc = hasher.Hash("zonelink-sample");
  EXPECT_EQ(phc.rfind("$argon2id$v=19$m=19456,t=2,p=1$", 0), 0u) << phc;
  EXPECT_TRUE(hasher.Matches("zonelink-sample", phc));
  EXPECT_FALSE(hasher.Matches("zonelink-sampl", phc));
  EXPECT_FALSE(hasher.Matches("zonelink-samplf", phc));
  EXPECT_FALSE(hasher.Matches("", phc));
  EXPECT_NE(hasher.Hash("zonelink-sample"), phc) << "each hash has its own salt";
}

TEST(PasswordHasher, TakesAnyBytes) {
  PasswordHasher hasher(1);
  const std::string odd("\0密码\xff", 8);
  EXPECT_TRUE(hasher.Matches(odd, hasher.Hash(odd)));
  EXPECT_FALSE(hasher.Matches(odd.substr(0, 7), hasher.Hash(odd)));
  EXPECT_TRUE(hasher.Matches("", hasher.Hash("")));
}

// A known answer of the reference implementation, with other parameters than ours.
TEST(PasswordHasher, ReadsTheParametersOfTheHash) {
  PasswordHasher hasher(1);
  const std::string phc =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  EXPECT_TRUE(hasher.Matches("password", phc));
  EXPECT_FALSE(hasher.Matches("Password", phc));
}

TEST(PasswordHasher, MatchesNothingBroken) {
  PasswordHasher hasher(1);
  for (const char* phc : {"", "plain", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$",
                          "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAA"}) {
    EXPECT_FALSE(hasher.Matches("plain", phc)) << phc;
  }
  EXPECT_FALSE(hasher.MatchesNothing("zonelink-sample"));
  EXPECT_FALSE(hasher.MatchesNothing(""));
}

TEST(PasswordHasher, CallersWaitTheirTurn) {
  PasswordHasher hasher(1);
  const std::string phc = hasher.Hash("shared");
  std::atomic<int> matched{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] { matched += hasher.Matches("shared", phc) ? 1 : 0; });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(matched, 4);
}

}  // namespace
}  // namespace zonelink::crypto
