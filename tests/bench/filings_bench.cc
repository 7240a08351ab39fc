// SPDX-License-Identifier: Apache-2.0
// Filings with all targets in one process.
#include <gtest/gtest.h>

#include "tests/bench/filings_run.h"

namespace zonelink::bench {
namespace {

TEST(Filings, Speed) { MeasureFilings({.name = "filings", .goal = "goal 1.5, aim 2.5"}); }

}  // namespace
}  // namespace zonelink::bench
