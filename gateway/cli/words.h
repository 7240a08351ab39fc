// SPDX-License-Identifier: Apache-2.0
// States, modes, events and next steps in plain words, Chinese and English.
#pragma once

#include <string>
#include <string_view>

#include "gateway/cli/json.h"
#include "gateway/cli/terminal.h"
#include "platform/core/error.h"

namespace zonelink::cli {

// A state, mode, outcome or role as the API names it; unknown ones as they are.
std::string StateWord(std::string_view state, const Style& say);
Colour StateColour(std::string_view state);
std::string ModeWord(std::string_view mode, const Style& say);
std::string OutcomeWord(std::string_view outcome, const Style& say);
std::string RoleWord(std::string_view role, const Style& say);
// An event type such as zonelink.recognition.decision.granted.
std::string EventWord(std::string_view type, const Style& say);

// What an inbox entry asks for: accept, verify, decide, supplement, answer_query, …
std::string ActionWord(std::string_view action, const Style& say);
// The command that does it, on a line of its own.
std::string ActionCommand(const client::Json& entry, const Style& say);

// What a decision collects: grounds, rules and results of opinions, promises, recusals, remedies,
// parts of a scope.
std::string TermWord(std::string_view term, const Style& say);

// "2027-01-12 (provisional)", with the pause where the clock stands; empty without a clock.
std::string DueWord(const client::Json& clock, const Style& say);
// "12 left", "3 late", in working days.
std::string RemainingWord(int64_t days, const Style& say);

// What the person can do about a refusal; empty when the server's text says it all.
std::string Advice(const Error& error, const Style& say);

// 2026-03-02 16:00 in Shanghai, for an RFC 3339 time.
std::string LocalTime(std::string_view rfc3339);

}  // namespace zonelink::cli
