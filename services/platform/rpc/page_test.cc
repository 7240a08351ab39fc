// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/page.h"

#include <gtest/gtest.h>

namespace zonelink::rpc {
namespace {

const Pages kPages("a deployment's secret of more than 32 bytes");

TEST(PagesTest, GivesTheKeysBack) {
  const std::vector<std::string> keys{"2026-03-02T08:00:00Z", "", "逗号"};
  const auto back = kPages.Keys("list by u-1", kPages.Token("list by u-1", keys), 3);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, keys);
}

TEST(PagesTest, NoTokenIsTheFirstPage) {
  const auto keys = kPages.Keys("list", "", 2);
  ASSERT_TRUE(keys);
  EXPECT_TRUE(keys->empty());
}

TEST(PagesTest, ForgedAndForeignTokensAreRefused) {
  const std::string token = kPages.Token("list by u-1", {"a", "b"});
  EXPECT_EQ(kPages.Keys("list by u-2", token, 2).error().reason, "PAGE_TOKEN_INVALID");
  EXPECT_EQ(kPages.Keys("list by u-1", token, 3).error().reason, "PAGE_TOKEN_INVALID");
  EXPECT_EQ(Pages("another secret").Keys("list by u-1", token, 2).error().reason,
            "PAGE_TOKEN_INVALID");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string bad = token;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    if (bad == token) continue;
    EXPECT_FALSE(kPages.Keys("list by u-1", bad, 2)) << i;
  }
}

}  // namespace
}  // namespace zonelink::rpc
