// SPDX-License-Identifier: Apache-2.0
// People, organisations, items and agreements, made through the public API alone. Everything is
// fresh, so that tests share a deployment without meeting each other.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/api.h"
#include "tests/support/deployment.h"

namespace zonelink::test {

struct Person {
  std::string user_id;
  std::string username;
};

struct Organization {
  std::string id;
  std::string uscc;
  std::string name;
  std::string zone;
};

// What a new item is like; the attributes are fixed: hsCode (text), quantity (decimal).
struct ItemSpec {
  int verifiers_needed = 1;
  int budget_days = 20;
  std::string mode = "REVIEW";
  bool excluded_class = false;
  bool tacit_allowed = false;
};

// A number that no other filing has.
std::string NewCredentialNumber();

// A filing's body, ready to be changed by a test.
struct FilingSpec {
  std::string item_id;
  std::string home_zone;
  std::vector<std::string> target_zones;
  Organization applicant;
  std::string credential_number = NewCredentialNumber();  // one open case on each
  std::string issued_on = "2026-03-02";
  std::string valid_until = "2028-03-01";
  bool promise = false;
  std::string document_sha256 = std::string(64, 'a');

  std::string ToJson() const;
};

class World {
 public:
  explicit World(Deployment& deployment) : deployment_(deployment) {}

  // Caller of the API; logs in at the first use and again when the session has ended. The reference
  // stays valid. One thread.
  Api& As(const Person& person);
  Api& As(const std::string& username);
  Api& Nobody();
  // A caller of its own, for another thread.
  Api Fresh(const Person& person);
  Answer Login(const std::string& username, const std::string& password = kPassword);
  // Forgets the cached session.
  void Forget(const std::string& username) { apis_.erase(username); }

  // A fresh user with the roles; `zone` or `organization_id` may be empty.
  Person User(const std::string& zone, const std::string& organization_id,
              const std::vector<std::string>& roles);
  Person Staff(const std::string& zone, const std::vector<std::string>& roles) {
    return User(zone, "", roles);
  }
  Person Member(const Organization& organization, const std::vector<std::string>& roles) {
    return User("", organization.id, roles);
  }
  // Administrator roles need a second person: proposed by secadmin, confirmed by auditadmin.
  Organization NewOrganization(const std::string& zone);
  // One zone administrator per zone, made at the first use.
  const Person& Administrator(const std::string& zone);
  // The leading group's secretary, made at the first use.
  const Person& Secretary();

  std::string NewItem(const ItemSpec& spec = {});
  // Drafted and signed by all zones: in force. Its id.
  std::string Agree(const std::string& item_id, const std::vector<std::string>& home_zones,
                    const std::vector<std::string>& target_zones, const std::string& mode);

  // Advances the deployment's clock; RFC 3339.
  void Advance(const std::string& to);
  std::string Now();

  Deployment& deployment() { return deployment_; }

 private:
  Deployment& deployment_;
  std::map<std::string, std::unique_ptr<Api>> apis_;
  std::map<std::string, Person> administrators_;
  Person secretary_;
};

// A valid unified social credit code that no other call has returned (GB 32100-2015).
std::string NewUscc();
// A valid login name that looks like no other.
std::string NewUsername(const std::string& prefix);
// ["a","b"]
std::string JsonTexts(const std::vector<std::string>& texts);

}  // namespace zonelink::test
