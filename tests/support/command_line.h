// SPDX-License-Identifier: Apache-2.0
// The program `zonelink`, as people run it.
#pragma once

#include <string>
#include <vector>

#include "tests/support/deployment.h"

namespace zonelink::test {

// One person's: with a folder of its own below the deployment's, for files and for the session that
// stays from one command to the next.
class CommandLine {
 public:
  CommandLine(const Deployment& deployment, const std::string& name);

  // Runs a command to its end; the exit code, a space and what it printed, in English.
  std::string Run(const std::vector<std::string>& words) const;
  // Run of `login`, with the password of all test users.
  std::string Login(const std::string& username) const;

  const std::string& folder() const { return folder_; }

 private:
  std::string program_;
  std::string url_;
  std::string folder_;
};

}  // namespace zonelink::test
