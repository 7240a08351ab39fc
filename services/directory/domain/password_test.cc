// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/password.h"

#include <gtest/gtest.h>

namespace zonelink::directory {
namespace {

bool Good(std::string_view password, std::string_view username = "li.hua") {
  const Status status = CheckPassword(password, username);
  if (!status) {
    EXPECT_EQ(status.error().reason, "PASSWORD_WEAK");
  }
  return status.has_value();
}

TEST(Password, Accepted) {
  for (const char* password : {"zonelink-sample", "correct horse battery staple", "kuaile mali 7",
                               "港口通关联动测试", "T7$fq9!x"}) {
    EXPECT_TRUE(Good(password)) << password;
  }
}

TEST(Password, Refused) {
  const char* refused[] = {
      "short7!",           // seven characters
      "港口通关联动",      // six characters, eighteen bytes
      "password",          // common
      "PassWord123",       // common, whatever the case
      "1qaz2wsx",          // common
      "zxcvbnm123",        // last of the list
      "aaaaaaaaaa",        // repetition
      "abababababab",      // repetition
      "12345678",          // run
      "1234567890",        // run over zero
      "hgfedcba",          // run downwards
      "9876543210",        // run downwards
      "my-li.hua-secret",  // login name
      "LI.HUA-2026-x",     // login name
  };
  for (const char* password : refused) EXPECT_FALSE(Good(password)) << password;
}

}  // namespace
}  // namespace zonelink::directory
