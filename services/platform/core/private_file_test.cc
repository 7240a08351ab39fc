// SPDX-License-Identifier: Apache-2.0
#include "platform/core/private_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace zonelink {
namespace {

class PrivateFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "zonelink-private-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& contents, mode_t mode) {
    const std::string path = folder_ + "/secret";
    std::ofstream(path, std::ios::binary) << contents;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }

  std::string folder_;
};

TEST_F(PrivateFile, ReadsWhatOnlyItsOwnerMayRead) {
  const std::string bytes("a\0b\n", 4);
  for (const mode_t mode : {0600, 0400, 0700}) {
    const auto contents = ReadPrivateFile(Write(bytes, mode));
    ASSERT_TRUE(contents) << contents.error().message;
    EXPECT_EQ(*contents, bytes);
    ASSERT_EQ(unlink((folder_ + "/secret").c_str()), 0);
  }
}

TEST_F(PrivateFile, RefusesRightsOfGroupAndOthers) {
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0601, 0666, 0777}) {
    const auto contents = ReadPrivateFile(Write("x", mode));
    ASSERT_FALSE(contents) << mode;
    EXPECT_EQ(contents.error().code, Code::kFailedPrecondition);
    EXPECT_EQ(contents.error().reason, "SECRET_UNREADABLE");
  }
}

TEST_F(PrivateFile, RefusesWhatIsNoFile) {
  EXPECT_EQ(ReadPrivateFile(folder_ + "/absent").error().reason, "SECRET_UNREADABLE");
  EXPECT_EQ(ReadPrivateFile(folder_).error().reason, "SECRET_UNREADABLE");
  const std::string pipe = folder_ + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(ReadPrivateFile(pipe).error().reason, "SECRET_UNREADABLE");
}

TEST_F(PrivateFile, RefusesMoreThan64KiB) {
  EXPECT_TRUE(ReadPrivateFile(Write(std::string(64 * 1024, 'x'), 0600)));
  EXPECT_FALSE(ReadPrivateFile(Write(std::string(64 * 1024 + 1, 'x'), 0600)));
}

}  // namespace
}  // namespace zonelink
