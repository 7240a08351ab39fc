// SPDX-License-Identifier: Apache-2.0
// Chance that falls the same way on every machine: splitmix64, without the standard distributions,
// whose results differ between libraries.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace zonelink::sample {

class Dice {
 public:
  // Independent streams for each `purpose` and `index` of one seed.
  Dice(uint64_t seed, std::string_view purpose, uint64_t index = 0) : state_(seed) {
    for (const char c : purpose) state_ = Next() ^ static_cast<unsigned char>(c);
    state_ = Next() ^ index;
  }

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15u;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
  }
  // Least to greatest, both included.
  int Between(int least, int greatest) {
    return least + static_cast<int>(Next() % static_cast<uint64_t>(greatest - least + 1));
  }
  bool Chance(int percent) { return Between(1, 100) <= percent; }
  template <class T>
  const T& Pick(const std::vector<T>& choices) {
    return choices[Next() % choices.size()];
  }

 private:
  uint64_t state_;
};

}  // namespace zonelink::sample
