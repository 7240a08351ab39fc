// SPDX-License-Identifier: Apache-2.0
// Fixture of tests that send the whole cast and compare what the database holds before and after.
#pragma once

#include <memory>

#include "tests/integration/cast.h"
#include "tests/support/fixture.h"

namespace zonelink::test {

class CastTest : public IntegrationTest {
 protected:
  static void SetUpTestSuite() {
    IntegrationTest::SetUpTestSuite();
    cast_ = std::make_unique<Cast>(world());
    for (const auto& name : cast_->names()) cast_->As(name);
    sql_ = std::make_unique<AdminSql>(deployment().database().admin_url());
  }
  static void TearDownTestSuite() {
    sql_.reset();
    cast_.reset();
    IntegrationTest::TearDownTestSuite();
  }

  // What all tables hold once every event is numbered and every consumer has applied it: from then
  // on only calls change them.
  static Contents AtRest() {
    EXPECT_TRUE(WaitUntil(std::chrono::seconds(20), Resting));
    return ContentsOf(*sql_);
  }

  static inline std::unique_ptr<Cast> cast_;
  static inline std::unique_ptr<AdminSql> sql_;

 private:
  static bool Resting() {
    return sql_->One(
               "SELECT NOT EXISTS (SELECT 1 FROM recognition.events WHERE number IS NULL)"
               "   AND NOT EXISTS (SELECT 1 FROM directory.events WHERE number IS NULL)"
               "   AND (SELECT coalesce(max(number), 0) FROM recognition.events)"
               "     = (SELECT coalesce(max(number), 0) FROM worklist.cursors WHERE source = "
               "'recognition')"
               "   AND (SELECT coalesce(max(number), 0) FROM directory.events)"
               "     = (SELECT coalesce(max(number), 0) FROM recognition.cursors WHERE source = "
               "'directory')") == "t";
  }
};

}  // namespace zonelink::test
