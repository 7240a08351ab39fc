// SPDX-License-Identifier: Apache-2.0
// How fast documents come and go, one at a time, through the gateway: MB (10^6 bytes) a second of
// the greatest document, and what small ones take. Progress on standard error, a table and one JSON
// line on standard output.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

#include "tests/bench/report.h"
#include "tests/support/documents.h"
#include "tests/support/fixture.h"

namespace zonelink::test {
namespace {

using std::chrono::steady_clock;

constexpr size_t kLarge = size_t{50} << 20;
constexpr size_t kSmall = 200'000;
constexpr int kRounds = 5;
constexpr int kSmallOnes = 50;

double SecondsSince(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

std::string Read(Api& api, const std::string& sha256) {
  const Answer answer = api.Get("/v1/documents/" + sha256);
  if (!answer.ok()) throw std::runtime_error("read: " + answer.body);
  return answer.body;
}

TEST(Documents, Bench) {
  Deployment deployment;
  World world(deployment);
  const Organization organization = world.NewOrganization("shanghai");
  Api& filer = world.As(world.Member(organization, {"filer"}));
  bench::Report report("documents");
  std::vector<double> up, down, small_up, small_down;
  for (int round = 0; round <= kRounds; ++round) {  // the first warms up
    std::fprintf(stderr, "round %d of %d\n", round, kRounds);
    const std::string large = RandomDocument(kLarge);
    auto start = steady_clock::now();
    const std::string sha256 = UploadDocument(filer, large);
    const double sent = SecondsSince(start);
    start = steady_clock::now();
    ASSERT_TRUE(Read(filer, sha256) == large);
    const double read = SecondsSince(start);
    std::vector<std::string> hashes;
    start = steady_clock::now();
    for (int i = 0; i < kSmallOnes; ++i)
      hashes.push_back(UploadDocument(filer, RandomDocument(kSmall)));
    const double small_sent = SecondsSince(start);
    start = steady_clock::now();
    for (const std::string& hash : hashes) Read(filer, hash);
    const double small_read = SecondsSince(start);
    if (round == 0) continue;
    up.push_back(static_cast<double>(kLarge) / 1e6 / sent);
    down.push_back(static_cast<double>(kLarge) / 1e6 / read);
    small_up.push_back(small_sent * 1000 / kSmallOnes);
    small_down.push_back(small_read * 1000 / kSmallOnes);
  }
  report.AddRounds("upload", "MB/s of 50 MiB, hash and fsync included", up);
  report.AddRounds("download", "MB/s of 50 MiB", down);
  report.AddRounds("small_upload", "ms for 200 kB, three requests", small_up);
  report.AddRounds("small_download", "ms for 200 kB", small_down);
  report.Print();
}

}  // namespace
}  // namespace zonelink::test
