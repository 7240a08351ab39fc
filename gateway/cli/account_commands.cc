// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "gateway/cli/commands.h"
#include "gateway/cli/filing_input.h"
#include "gateway/cli/terminal.h"

namespace zonelink::cli {
namespace {

Result<std::string> Password(const Invocation& run) {
  const Style& say = run.view.style;
  if (run.arguments.password_file.empty()) return ReadSecret(say("密码：", "Password: "));
  return ReadInput(run.arguments.password_file).transform([](std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
  });
}

}  // namespace

int Login(Invocation& run) {
  const Style& say = run.view.style;
  auto password = Password(run);
  if (!password) return Fail(run, password.error(), false);
  const auto done = run.session.Login(run.arguments.username, *password);
  if (!done) return Fail(run, done.error(), false);
  const auto me = run.session.Send({.path = "/v1/me"});
  if (me && !run.arguments.json) {
    Print(fmt::format(fmt::runtime(say("已登录 {}\n", "Logged in at {}\n")),
                      run.session.open_api().base_url()));
  }
  return Finish(run, me, ShowMe);
}

int Logout(Invocation& run) {
  const Style& say = run.view.style;
  const auto done = run.session.Logout(run.idempotency_key);
  if (!done) return Fail(run, done.error(), false);
  if (!run.arguments.json) Print(std::string(say("已退出登录\n", "Logged out\n")));
  return kExitOk;
}

int Me(Invocation& run) { return Finish(run, run.session.Send({.path = "/v1/me"}), ShowMe); }

}  // namespace zonelink::cli
