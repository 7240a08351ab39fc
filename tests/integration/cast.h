// SPDX-License-Identifier: Apache-2.0
// The cast: one caller of every role, for the own and for a foreign zone or organisation, and what
// each of them could want to touch. The access matrix and the bad-input test share it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/support/world.h"

namespace zonelink::test {

// Zone that decides the cast's cases; staff without a mark serve it.
inline constexpr const char* kOwnZone = "zhejiang";
// Home zone of the cast's filings; staff marked `@home` serve it.
inline constexpr const char* kHomeZone = "shanghai";
// Zone with no part in any case; staff marked `~` serve it.
inline constexpr const char* kForeignZone = "hainan";

class Cast {
 public:
  explicit Cast(World& world);

  // Names such as `filer`, `filer~` (another organisation), `verifier@home`, `nobody`, `plain` (no
  // role).
  const std::vector<std::string>& names() const { return names_; }
  Api& As(const std::string& name);
  const Person& person(const std::string& name) const { return people_.at(name); }

  World& world;
  Organization own;      // registered in kOwnZone
  Organization foreign;  // registered in kForeignZone
  std::string item;      // kHomeZone → kOwnZone by review

  // Fresh things. Filings go from kHomeZone to kOwnZone and belong to `own`.
  FilingSpec filing_spec() const;
  std::string Filing();
  std::string FilingWhere(const std::string& state);  // SUPPLEMENTING, ACCEPTED or VERIFIED
  std::string DraftedAgreement();                     // kHomeZone and kOwnZone, by the secretary
  std::string AgreementInForce();
  Person StaffOfOwnZone(const std::vector<std::string>& roles = {});
  Person MemberOfOwn(const std::vector<std::string>& roles = {});
  // Id of a fresh filing's event, once a checkpoint covers it.
  std::string EventInLedger();
  // Hash of a fresh document of `own`; to one that is referred to a fresh filing refers.
  std::string Document(bool referred);
  // Grant id of a fresh grant.
  std::string Grant(const Person& person, const std::string& role);

 private:
  void Add(const std::string& name, const Person& person);

  std::vector<std::string> names_;
  std::map<std::string, Person> people_;
};

// One call that somebody makes.
struct Target {
  std::string path;
  std::string body;  // empty: GET
  std::string id;    // the part of `path` that names the thing; empty: none
  std::string content_type = "application/json";  // of the body
};

// One row of the matrix: an RPC, who may call it on a thing of the own zone and organisation, from
// whom the thing is hidden, and who is refused for another reason. Everybody else lacks the role.
struct CallRow {
  std::string rpc;      // DirectoryService/CreateUser
  std::string variant;  // tells rows of one RPC apart
  std::string allowed;  // names, or `everybody`, or `signed-in`
  std::string hidden;   // names: the answer is that for an unknown thing
  std::string denied;   // name:REASON
  // A fresh thing to call on, as `name` would.
  std::function<Target(Cast&, const std::string& name)> make;
  int status = 200;         // of an allowed call
  std::string reason = {};  // of an allowed call that the row lets fail, with `status`
  std::string canary = {};  // names in whose answer Target::id must occur; in others' it must not
};

const std::vector<CallRow>& CallRows();

// An id of the same form that names nothing.
std::string UnknownLike(const std::string& id);

// Words of a row's list.
std::vector<std::string> Words(const std::string& list);

}  // namespace zonelink::test
