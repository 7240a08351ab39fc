// SPDX-License-Identifier: Apache-2.0
#include "platform/core/small_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace zonelink {
namespace {

class SmallFileTest : public testing::Test {
 protected:
  SmallFileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "small-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~SmallFileTest() override { std::filesystem::remove_all(folder_); }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
};

TEST_F(SmallFileTest, HoldsWhatWasWrittenLast) {
  const auto none = ReadSmallFile(Path("head"), 100);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
  ASSERT_TRUE(ReplaceFile(Path("head"), "one, and longer", 0600));
  ASSERT_TRUE(ReplaceFile(Path("head"), "two", 0600));
  EXPECT_EQ(ReadSmallFile(Path("head"), 3).value(), "two");
  struct stat facts {};
  ASSERT_EQ(stat(Path("head").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  EXPECT_FALSE(std::filesystem::exists(Path("head.new")));
}

// As left by a machine that stopped between writing and renaming.
TEST_F(SmallFileTest, AHalfWrittenSuccessorIsNoContents) {
  ASSERT_TRUE(ReplaceFile(Path("head"), "whole", 0644));
  std::ofstream(Path("head.new")) << "ha";
  EXPECT_EQ(ReadSmallFile(Path("head"), 100).value(), "whole");
  ASSERT_TRUE(ReplaceFile(Path("head"), "next", 0644));
  EXPECT_EQ(ReadSmallFile(Path("head"), 100).value(), "next");
}

TEST_F(SmallFileTest, RefusesWhatItCannotReadOrWrite) {
  ASSERT_TRUE(ReplaceFile(Path("large"), std::string(5000, 'x'), 0644));
  const auto large = ReadSmallFile(Path("large"), 4096);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().reason, "FILE_UNREADABLE");
  EXPECT_EQ(large.error().message, Path("large") + ": larger than 4 KiB");
  EXPECT_EQ(ReadSmallFile(folder_, 100).error().reason, "FILE_UNREADABLE");
  std::filesystem::create_directory(Path("large.new"));
  const Status blocked = ReplaceFile(Path("large"), "y", 0644);
  ASSERT_FALSE(blocked);
  EXPECT_EQ(blocked.error().reason, "FILE_UNWRITABLE");
  EXPECT_EQ(ReadSmallFile(Path("large"), 5000).value(), std::string(5000, 'x'));
  std::filesystem::create_symlink(Path("large"), Path("link.new"));
  EXPECT_FALSE(ReplaceFile(Path("link"), "y", 0644)) << "never writes through a link";
}

}  // namespace
}  // namespace zonelink
