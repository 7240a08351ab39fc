// SPDX-License-Identifier: Apache-2.0
// What a benchmark prints on standard output: a line per figure as it is known, and all of them as
// one JSON line at the end.
#pragma once

#include <string>
#include <vector>

namespace zonelink::bench {

class Report {
 public:
  explicit Report(const std::string& bench);

  void Add(const std::string& name, const std::string& unit, double value);
  // One figure per round, in the order of the rounds.
  void AddRounds(const std::string& name, const std::string& unit,
                 const std::vector<double>& values);
  void AddText(const std::string& name, const std::string& text);
  // The JSON line.
  void Print() const;

 private:
  void Member(const std::string& name, const std::string& json);

  std::string json_;
};

// The value below which `share` of them lie; 0 of none.
double Percentile(std::vector<double> values, double share);
inline double Median(std::vector<double> values) { return Percentile(std::move(values), 0.5); }

}  // namespace zonelink::bench
