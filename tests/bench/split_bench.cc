// SPDX-License-Identifier: Apache-2.0
// Filings with one process per target and mutual TLS between them.
#include <gtest/gtest.h>

#include "tests/bench/filings_run.h"

namespace zonelink::bench {
namespace {

TEST(Split, Speed) { MeasureFilings({.name = "split", .goal = "goal 0.8", .many = true}); }

}  // namespace
}  // namespace zonelink::bench
