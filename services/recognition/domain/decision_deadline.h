// SPDX-License-Identifier: Apache-2.0
// What clocks do to a decision.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "platform/clocks/rungs.h"
#include "recognition/domain/decision.h"

namespace zonelink::recognition {

// Working days after which a filing without a notice counts as accepted (行政许可法 §32 (4)).
inline constexpr int kAcceptanceDays = 5;

// Kinds of clocks and their rungs.
//
// DECISION, the authority's: DEEMED_ACCEPTED after 5 working days without a notice (§32), REMINDER
// at 50 %, ESCALATION at 80 %, DUE at 100 % (grants where the item lets silence do so), OVERDUE at
// 120 %. SUPPLEMENT, the applicant's window. QUERY, the home zone's. DELIVERY (§44). PROMISE and
// CORRECTION (告知承诺). CONDITION. PAPER and PAPER_WINDOW (容缺受理).
std::span<const clocks::Kind> Deadlines();
// Told in a rung's place where a calendar's publication has moved the due date.
inline constexpr clocks::Rung kCalendarPublished = clocks::Rung{"CALENDAR_PUBLISHED"};

// The decision after a rung, at the instant for which the rung stands, or when its own clock went
// on if that was later; nothing where it changes nothing any more. A rung that only tells has the
// verb kPassRung. `draw` for the number of a recognition.
std::optional<Decision> PassRung(Decision decision, std::string_view clock_name,
                                 std::string_view rung, std::string_view draw, Time at);

}  // namespace zonelink::recognition
