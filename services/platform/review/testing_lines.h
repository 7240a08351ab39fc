// SPDX-License-Identifier: Apache-2.0
// For tests: a plan of three steps, the people of its parties, and how reasons are looked at.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "platform/review/review.h"

namespace zonelink::review {

inline const Time kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
inline Time At(int minutes) { return kStart + std::chrono::minutes{minutes}; }

inline Person Officer(const std::string& user, const std::string& party, const std::string& role) {
  return {.user_id = user, .name = "Officer " + user, .party = party, .roles = {role}};
}
inline Person For(Person person, const std::string& principal) {
  person.on_behalf_of = principal;
  return person;
}

inline const Person kV1 = Officer("v1", "own", "verifier");
inline const Person kV2 = Officer("v2", "own", "verifier");
inline const Person kV3 = Officer("v3", "own", "verifier");
inline const Person kR1 = Officer("r1", "own", "reviewer");
inline const Person kR2 = Officer("r2", "own", "reviewer");
inline const Person kB1 = Officer("b1", "B", "consultant");
inline const Person kB2 = Officer("b2", "B", "consultant");
inline const Person kC1 = Officer("c1", "C", "consultant");
inline const Person kD1 = Officer("d1", "D", "consultant");
// Holds every role in the own unit.
inline const Person kBoth{
    .user_id = "both", .name = "Both", .party = "own", .roles = {"verifier", "reviewer"}};

// verify (own unit), consult (B and C, 会签), decide (own unit, by others than verified).
inline Plan ThreeSteps() {
  return {.line = "line",
          .unit = "own",
          .steps = {
              {.name = "verify", .role = "verifier"},
              {.name = "consult", .role = "consultant", .rule = Rule::kAll, .parties = {"B", "C"}},
              {.name = "decide", .role = "reviewer", .apart_from = {"verify"}}}};
}

inline const Statement kAgrees{Verdict::kAgree, "agreed"};
inline const Statement kDisagrees{Verdict::kDisagree, "not so"};
inline const Statement kAbstains{Verdict::kAbstain, ""};

template <class T>
std::string ReasonOf(const Result<T>& result) {
  return result ? "" : result.error().reason;
}

// The record as it would be read again, to be compared.
inline bool Same(const Record& a, const Record& b) {
  return a.step == b.step && a.round == b.round && a.closed == b.closed && a.version == b.version &&
         a.step_since == b.step_since && a.opinions == b.opinions && a.acts == b.acts;
}

}  // namespace zonelink::review
