// SPDX-License-Identifier: Apache-2.0
// What the rules speak of → replies. `now`: the time at which clocks are read.
#pragma once

#include <vector>

#include "platform/clocks/calendar_set.h"
#include "platform/core/time.h"
#include "recognition/credit_store.h"
#include "recognition/domain/agreement.h"
#include "recognition/domain/decision.h"
#include "recognition/domain/decision_refusal.h"
#include "recognition/domain/filing.h"
#include "recognition/domain/item.h"
#include "recognition/domain/negative_list.h"
#include "recognition/recognition_store.h"
#include "zonelink/recognition/v1/grant_service.pb.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::recognition {

v1::Item ToProto(const Item& item);
v1::Agreement ToProto(const Agreement& agreement);
v1::NegativeListEntry ToProto(const ListEntry& entry);
v1::ScreeningFinding ToProto(const Finding& finding);
v1::Filing ToProto(const Filing& filing, const clocks::CalendarSet& calendars, Time now);
// A row of a batch that was filed, or why it was not.
v1::FilingRow ToRow(const Filing& filing);
v1::FilingRow ToRow(const Error& error);
v1::Decision ToProto(const Decision& decision, const Calendar& calendar, Time now);
v1::PrecheckZone ToProto(const Prospect& prospect, const Item& item, const Calendar& calendar,
                         Time now);
v1::Document ToProto(const Document& document);
v1::Scope ToProto(const Scope& scope);
v1::RefusalReason ToProto(const RefusalReason& reason);
v1::Mode ToProto(Mode mode);
v1::DecisionState ToProto(DecisionState state);
v1::Recognition ToProto(const Recognition& recognition, Time now);
v1::CreditRecord ToProto(const CreditRecord& record);

}  // namespace zonelink::recognition
