// SPDX-License-Identifier: Apache-2.0
// For tests of recognition: the service on a database of its own, with the zones that it needs and
// a clock that tests set.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clocks/timer.h"
#include "platform/core/clock.h"
#include "platform/db/scratch_database.h"
#include "recognition/catalogue_service.h"
#include "recognition/decision_service.h"
#include "recognition/grant_service.h"
#include "recognition/recognition_service.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::recognition {

class TestRecognition {
 public:
  TestRecognition();

  // As the directory's event would.
  void OpenZone(const std::string& zone);
  // The officer as caller, known to the service. Again: no more roles.
  Call Employ(const Call& officer);
  void Dismiss(const Call& officer);
  // The directory names a deputy for the officer from one instant to before another; its id.
  std::string NameDeputy(const Call& officer, const Call& deputy, const std::string& role,
                         const std::string& from, const std::string& until);
  void EndDelegation(const std::string& id);
  // The agent may do these acts for the principal, both callers of organisations.
  void GiveMandate(const Call& principal, const Call& agent, bool active = true);
  // One year of a calendar, whole; on its rest days nobody works.
  void PublishCalendar(const std::string& calendar, int year, int version,
                       const std::vector<std::string>& rest_days);

  // A caller of the zone with one role; an officer of a name is always the same person.
  Call Officer(const std::string& zone, const std::string& role, const std::string& name = "");
  // A caller who files for an organisation of its own.
  Call Filer(const std::string& organization);
  Call Secretariat();
  Call Auditor();
  Call Nobody();

  // What the database shows and lets do, whatever the service says. Rows of a table that the caller
  // sees; rows that a statement writes in the caller's name, -1 where it is refused.
  int64_t Sees(const Call& by, const std::string& table, const std::string& condition);
  int64_t Writes(const Call& by, const std::string& statement);

  // A new item of class ORIGIN_CERTIFICATE with attributes hsCode and quantity; its id.
  std::string NewItem(int verifiers_needed = 1, pb::Mode default_mode = pb::MODE_REVIEW);
  // The same, with what `shape` changes of it.
  std::string NewItem(const std::function<void(pb::Item&)>& shape);
  // An agreement in force from Shanghai to the target zone; its id.
  std::string Agree(const std::string& item_id, const std::string& target_zone, pb::Mode mode);
  // What `by` submits for the item from Shanghai on a credential of its own, valid for a year.
  pb::SubmitFilingRequest Submission(const Call& by, const std::string& item_id,
                                     const std::vector<std::string>& target_zones);

  // SubmitFiling, waited for.
  Result<pb::Filing> Submit(const Call& call, const pb::SubmitFilingRequest& request);

  // Sets the deployment's clock; RFC 3339.
  void SetClock(const std::string& to);
  // The same, and fires what has fallen due; how many rungs.
  int64_t Advance(const std::string& to);

  SystemClock wall;
  db::ScratchDatabase scratch;
  db::Database database;
  rpc::Pages pages;
  clocks::Calendars calendars;
  clocks::Timer timer;  // not started: tests fire what is due
  DecisionDesk desk;
  RecognitionService service;
  DecisionService decisions;
  GrantService grants;
  CatalogueService catalogue;

 private:
  void ApplyOfficer(const std::string& type, const google::protobuf::Message& body);

  int items_ = 0;
  int delegations_ = 0;
  int credentials_ = 0;
  int statements_ = 0;
};

// One for all tests of a program; each test makes its own items and organisations.
TestRecognition& SharedRecognition();

template <class T>
T Must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s: %s\n", result.error().reason.c_str(), result.error().message.c_str());
  }
  ZL_CHECK(result.has_value(), "what a test builds upon");
  return std::move(result).value();
}

template <class T>
std::string ReasonOf(const Result<T>& result) {
  return result ? "" : result.error().reason;
}

}  // namespace zonelink::recognition
