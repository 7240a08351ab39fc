// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "gateway/cli/json.h"

namespace zonelink::bench {
namespace {

// A large figure keeps its whole part.
std::string Figure(double value) {
  return value >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

}  // namespace

Report::Report(const std::string& bench) { Member("bench", client::JsonQuote(bench)); }

void Report::Member(const std::string& name, const std::string& json) {
  json_ += fmt::format("{}{}:{}", json_.empty() ? "" : ",", client::JsonQuote(name), json);
}

void Report::Add(const std::string& name, const std::string& unit, double value) {
  Member(name, Figure(value));
  fmt::print("{:<34} {:>12} {}\n", name, Figure(value), unit);
  std::fflush(stdout);
}

void Report::AddRounds(const std::string& name, const std::string& unit,
                       const std::vector<double>& values) {
  std::string row;
  std::string json;
  for (const double value : values) {
    row += fmt::format(" {:>8}", Figure(value));
    json += fmt::format("{}{}", json.empty() ? "" : ",", Figure(value));
  }
  Member(name, "[" + json + "]");
  fmt::print("{:<34}    {} {}\n", name, row, unit);
  std::fflush(stdout);
}

void Report::AddText(const std::string& name, const std::string& text) {
  Member(name, client::JsonQuote(text));
  fmt::print("{:<34} {}\n", name, text);
  std::fflush(stdout);
}

void Report::Print() const {
  fmt::print("{{{}}}\n", json_);
  std::fflush(stdout);
}

double Percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace zonelink::bench
