// SPDX-License-Identifier: Apache-2.0
#include "tests/support/command_line.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "tests/support/child.h"
#include "tests/support/test_database.h"

namespace zonelink::test {

CommandLine::CommandLine(const Deployment& deployment, const std::string& name)
    : program_(deployment.settings().bin_dir + "/zonelink"),
      url_(deployment.base_url()),
      folder_(fmt::format("{}/{}/{}", deployment.settings().scratch_dir,
                          deployment.database().name(), name)) {
  std::filesystem::create_directories(folder_);
}

std::string CommandLine::Run(const std::vector<std::string>& words) const {
  const std::string log = folder_ + "/log";
  std::filesystem::remove(log);
  std::vector<std::string> argv = {
      "/usr/bin/env", "XDG_CONFIG_HOME=" + folder_, program_, "--url", url_, "--lang", "en"};
  argv.insert(argv.end(), words.begin(), words.end());
  const int code = RunToEnd(std::move(argv), log);
  return fmt::format("{} {}", code, Tail(log, 100'000));
}

std::string CommandLine::Login(const std::string& username) const {
  const std::string password = folder_ + "/password";
  WritePrivateFile(password, std::string(kPassword) + "\n");
  return Run({"login", username, "--password-file", password});
}

}  // namespace zonelink::test
