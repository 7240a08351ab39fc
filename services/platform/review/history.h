// SPDX-License-Identifier: Apache-2.0
// What the verbs share: how an entry of the history changes the record, and who may be heard.
// For the files of this folder only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/review/line.h"

namespace zonelink::review {

// The only two ways to change a record. They number the entry, and give it its effect.
void Append(Line& line, Opinion opinion);
void Append(Line& line, Act act);

// A step's place in the plan; InvalidArgument `STEP_UNKNOWN`.
Result<size_t> PlaceOf(const Plan& plan, std::string_view step);
size_t CurrentPlace(const Line& line);
Error ClosedError(const Line& line);
Error SettledError(const Line& line, const std::string& step);
// That the line is open and the step of its plan; that it has also not settled.
Status CheckOpen(const Line& line, const std::string& step);
Status CheckUnsettled(const Line& line, const std::string& step);

bool Contains(const std::vector<std::string>& all, std::string_view one);
std::string Joined(const std::vector<std::string>& all);

enum class Seat { kNone, kPerson, kParty, kUnit };

// In whose place somebody speaks: their own, or that of who delegated to them.
struct Voice {
  std::string user_id;    // who speaks
  std::string principal;  // in whose name; mostly the same
  std::string party;
  std::vector<std::string> roles;
  Seat seat = Seat::kNone;
};
Seat SeatOf(const Seats& seats, const std::string& principal, const std::string& party);
// The one who spoke takes the seat of whom they spoke for.
const std::string& Principal(const Opinion& opinion);

struct Tally {
  int seats = 0;
  int spoken = 0;  // seats that have; an officer of the unit who abstains takes none
  int agreed = 0;
  int disagreed = 0;
  int unit_spoken = 0;
};
Tally Count(const Line& line, const std::string& step);

// The voice somebody has on a step. `DELEGATION_MISSING`, `PARTY_NOT_ASKED`, `NOT_YOUR_STEP`.
Result<Voice> VoiceOf(const Line& line, const std::string& step, const Person& person, Time now);
// `RECUSED`, `CONFLICT_DECLARED`, `SAME_PERSON_TWICE`.
Status CheckFree(const Line& line, const std::string& step, const Voice& voice);
// `ALREADY_GIVEN`, `PARTY_HAS_SPOKEN`, `SEATS_TAKEN`; `late`: late opinions count as spoken.
Status CheckSilent(const Line& line, const std::string& step, const Voice& voice, bool late);

// Pending assignees of a step who belong to the party.
std::vector<std::string> AssigneesIn(const Line& line, const std::string& step,
                                     std::string_view party);
// Seats of the party that nobody has taken yet.
int FreeSeats(const Line& line, const std::string& step, const Voice& voice);

bool IsRecused(const Line& line, std::string_view user_id);
bool HasInterest(const Line& line, std::string_view user_id);
bool HasDeclared(const Line& line, std::string_view user_id);
// The delegation by which `deputy` may act on behalf of `principal` now; nullptr: none.
const Act* DelegationOf(const Line& line, std::string_view principal, std::string_view deputy,
                        Time now);

}  // namespace zonelink::review
