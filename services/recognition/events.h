// SPDX-License-Identifier: Apache-2.0
// The events of recognition, appended in the transaction of the change they tell of, and a filing's
// history read back from them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/clocks/calendar_set.h"
#include "platform/db/database.h"
#include "platform/outbox/append.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/agreement.h"
#include "recognition/domain/decision.h"
#include "recognition/domain/filing.h"
#include "recognition/domain/item.h"
#include "recognition/domain/negative_list.h"
#include "zonelink/events/v1/events.pb.h"
#include "zonelink/recognition/v1/filing.pb.h"

namespace zonelink::recognition {

// What a decision's event tells of its filing, after the change.
struct FilingHead {
  FilingState state = FilingState::kInReview;
  int64_t version = 1;
  std::string home_zone;
  std::vector<std::string> target_zones;
  std::vector<std::string> extra_parties;
};

// Who may see a filing: its applicant, the zones concerned, the leading group, and who came in.
std::vector<std::string> PartiesOf(const std::string& organization_id, const std::string& home_zone,
                                   const std::vector<std::string>& target_zones,
                                   const std::vector<std::string>& extra_parties);
// Who may see an agreement: its zones, the leading group.
std::vector<std::string> PartiesOf(const Agreement& agreement);

void AppendItemPublished(db::Tx& tx, const Item& item, const Actor& by);
// `verb`: drafted, signed, in_force, suspended, resumed, terminated or replaced.
void AppendAgreementChanged(db::Tx& tx, std::string_view verb, const Agreement& agreement,
                            const Actor& by, std::string_view reason);
// Published, or retired.
void AppendNegativeListChanged(db::Tx& tx, const ListEntry& entry, const Actor& by);
// The event of a filing just submitted, for whoever writes many at once.
outbox::Entry FilingSubmitted(const Filing& filing, const Actor& by,
                              const clocks::CalendarSet& calendars);
// `verb`: withdrawn or supplemented.
void AppendFilingChanged(db::Tx& tx, std::string_view verb, const Filing& filing, const Actor& by,
                         std::string_view reason, const clocks::CalendarSet& calendars);
// What an officer did, the applicant, another zone, or the clock: then `rung` says which.
// Here and above an agent without a mandate in force is not told.
// Returns the event's id.
std::string AppendDecisionChanged(db::Tx& tx, const Decision& decision, const FilingHead& filing,
                                  const Actor& by, const Calendar& calendar, std::string_view rung);

v1::TimelineEntry ToTimelineEntry(const events::v1::Event& event);

}  // namespace zonelink::recognition
