// SPDX-License-Identifier: Apache-2.0
#include "platform/core/error.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "platform/core/id.h"
#include "platform/core/result.h"

namespace zonelink {
namespace {

TEST(Error, FactoriesCarryWhatTheyAreGiven) {
  const Error error = NotFound("FILING_NOT_FOUND", "no such filing", {{"id", "F-7"}});
  EXPECT_EQ(error.code, Code::kNotFound);
  EXPECT_EQ(error.reason, "FILING_NOT_FOUND");
  EXPECT_EQ(error.message, "no such filing");
  ASSERT_EQ(error.metadata.size(), 1u);
  EXPECT_EQ(error.metadata[0].second, "F-7");
  EXPECT_TRUE(error.violations.empty());
}

TEST(Error, EveryFactoryHasItsCode) {
  EXPECT_EQ(InvalidArgument("R", "").code, Code::kInvalidArgument);
  EXPECT_EQ(AlreadyExists("R", "").code, Code::kAlreadyExists);
  EXPECT_EQ(PermissionDenied("R", "").code, Code::kPermissionDenied);
  EXPECT_EQ(FailedPrecondition("R", "").code, Code::kFailedPrecondition);
  EXPECT_EQ(Aborted("R", "").code, Code::kAborted);
  EXPECT_EQ(Unauthenticated("R", "").code, Code::kUnauthenticated);
  EXPECT_EQ(ResourceExhausted("R", "").code, Code::kResourceExhausted);
  EXPECT_EQ(Unavailable("R", "").code, Code::kUnavailable);
  EXPECT_EQ(DeadlineExceeded("R", "").code, Code::kDeadlineExceeded);
  EXPECT_EQ(Internal("broke").code, Code::kInternal);
  EXPECT_EQ(Internal("broke").reason, "INTERNAL");
}

TEST(Error, NamesOfCodesDiffer) {
  std::set<std::string_view> names;
  for (int code = 1; code <= 16; ++code) names.insert(Name(static_cast<Code>(code)));
  EXPECT_EQ(names.size(), 16u);
  EXPECT_EQ(Name(Code::kPermissionDenied), "PERMISSION_DENIED");
}

Result<int> Half(int number) {
  if (number % 2 != 0) return InvalidArgument("ODD", "odd");
  return number / 2;
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> good = Half(4);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 2);
  EXPECT_EQ(good.value(), 2);
  const Result<int> bad = Half(3);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().reason, "ODD");
}

TEST(Result, AndThenStopsAtTheFirstRefusal) {
  EXPECT_EQ(Half(8).and_then(Half).and_then(Half).value(), 1);
  int calls = 0;
  const auto refused = Half(6).and_then(Half).and_then([&](int number) -> Result<int> {
    ++calls;
    return number;
  });
  EXPECT_EQ(refused.error().reason, "ODD");
  EXPECT_EQ(calls, 0);
}

TEST(Result, TransformChangesTheValueOnly) {
  EXPECT_EQ(Half(4).transform([](int number) { return std::to_string(number); }).value(), "2");
  EXPECT_EQ(Half(5).transform([](int number) { return number + 1; }).error().reason, "ODD");
}

TEST(Result, TransformErrorChangesTheErrorOnly) {
  const auto rename = [](Error error) {
    error.reason = "RENAMED";
    return error;
  };
  EXPECT_EQ(Half(5).transform_error(rename).error().reason, "RENAMED");
  EXPECT_EQ(Half(4).transform_error(rename).value(), 2);
}

TEST(Result, HoldsWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> held = std::make_unique<int>(7);
  EXPECT_EQ(**held, 7);
  const std::unique_ptr<int> taken = *std::move(held);
  EXPECT_EQ(*taken, 7);
  const Status done = Done{};
  EXPECT_TRUE(done);
}

TEST(ResultDeathTest, TakingWhatIsNotThereStopsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(static_cast<void>(Half(3).value()), "refused Result");
  EXPECT_DEATH(static_cast<void>(Half(4).error()), "successful Result");
}

TEST(Id, ComparesByItsText) {
  using FilingId = Id<struct FilingTag>;
  EXPECT_EQ(FilingId("a"), FilingId("a"));
  EXPECT_LT(FilingId("a"), FilingId("b"));
  EXPECT_TRUE(FilingId().empty());
}

}  // namespace
}  // namespace zonelink
