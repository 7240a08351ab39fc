// SPDX-License-Identifier: Apache-2.0
// For tests of recognition: the service on a database of its own, with the zones that it needs and
// a clock that tests set.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/core/clock.h"
#include "platform/db/scratch_database.h"
#include "recognition/catalogue_service.h"
#include "recognition/recognition_service.h"

namespace zonelink::recognition {

class TestRecognition {
 public:
  TestRecognition();

  // As the directory's event would.
  void OpenZone(const std::string& zone);

  // A caller of the zone with one role; an officer of a name is always the same person.
  Call Officer(const std::string& zone, const std::string& role, const std::string& name = "");
  // A caller who files for an organisation of its own.
  Call Filer(const std::string& organization);
  Call Secretariat();
  Call Auditor();
  Call Nobody();

  // A new item of class ORIGIN_CERTIFICATE with attributes hsCode and quantity; its id.
  std::string NewItem(int verifiers_needed = 1, pb::Mode default_mode = pb::MODE_REVIEW);
  // An agreement in force from Shanghai to the target zone; its id.
  std::string Agree(const std::string& item_id, const std::string& target_zone, pb::Mode mode);
  // What `by` submits for the item from Shanghai, valid for a year.
  pb::SubmitFilingRequest Submission(const Call& by, const std::string& item_id,
                                     const std::vector<std::string>& target_zones);

  // SubmitFiling, waited for.
  Result<pb::Filing> Submit(const Call& call, const pb::SubmitFilingRequest& request);

  // Sets the deployment's clock; RFC 3339.
  void SetClock(const std::string& to);

  SystemClock wall;
  db::ScratchDatabase scratch;
  db::Database database;
  rpc::Pages pages;
  RecognitionService service;
  CatalogueService catalogue;

 private:
  int items_ = 0;
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
