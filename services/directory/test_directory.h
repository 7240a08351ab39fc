// SPDX-License-Identifier: Apache-2.0
// For tests: a directory on a database of its own, bootstrapped, with people made through its RPCs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "directory/calendar_year_service.h"
#include "directory/delegation_service.h"
#include "directory/directory_service.h"
#include "directory/mandate_service.h"
#include "platform/db/scratch_database.h"
#include "platform/rpc/token.h"

namespace zonelink::directory {

inline constexpr const char* kTestPassword = "zonelink-sample";

// Wall time plus what a test has moved it by.
class MovedClock final : public WallClock {
 public:
  Time Now() const override { return SystemClock().Now() + moved; }
  std::chrono::microseconds moved{0};
};

class TestDirectory {
 public:
  TestDirectory();

  // The call of somebody who logs in with the test password; of nobody.
  Call As(const std::string& username);
  Call Nobody() const;
  // The call that an access token stands for.
  Result<Call> WithToken(const std::string& access_token);
  Result<pb::Session> Login(const std::string& username,
                            const std::string& password = kTestPassword);

  // A login name that looks like no other.
  std::string NewName();
  // Creates an account as sysadmin; grants `roles`, administrators' by two persons. Its user id.
  std::string NewUser(const std::string& username, const std::string& zone,
                      const std::string& organization_id, const std::vector<std::string>& roles);
  // The same with a login name of its own, logged in; `department` may be empty.
  Call Somebody(const std::string& zone, const std::string& organization_id,
                const std::vector<std::string>& roles, const std::string& department = "");
  std::string NewOrganization(const std::string& zone);
  Result<pb::RoleGrant> GrantTo(const Call& call, const std::string& user_id,
                                const std::string& role);
  std::vector<std::string> Revocations();

  db::ScratchDatabase scratch;
  db::Database database;
  MovedClock clock;
  DirectoryService service;
  CalendarService calendars;
  DelegationService delegations;
  MandateService mandates;

 private:
  std::string NewAccount(const pb::CreateUserRequest& request,
                         const std::vector<std::string>& roles);
  Call LoggedIn(const std::string& username);

  rpc::TokenVerifier tokens_;
  std::map<std::string, Caller> kept_;
  int names_ = 0;
};

// One for the whole program.
TestDirectory& Directory();

template <class T>
std::string ReasonOf(const Result<T>& result) {
  return result ? "" : result.error().reason;
}

}  // namespace zonelink::directory
