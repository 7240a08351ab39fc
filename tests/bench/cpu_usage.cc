// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/cpu_usage.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

namespace zonelink::bench {
namespace {

using std::chrono::microseconds;

// The fields of /proc/<pid>/stat that follow the name, by their numbers in proc(5).
struct Stat {
  pid_t parent = 0;      // 4
  microseconds own{};    // 14 + 15
  microseconds ended{};  // 16 + 17: children that were waited for
};

// Empty for a process that has gone, or goes while it is read.
std::string ReadFile(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::optional<Stat> StatOf(pid_t pid) {
  const std::string text = ReadFile(fmt::format("/proc/{}/stat", pid));
  // The name may hold spaces and parentheses.
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::array<std::string, 15> values;  // fields 3 to 17
  for (std::string& value : values) fields >> value;
  const auto time = [&](size_t user, size_t system) {
    const int64_t ticks = std::stoll(values[user - 3]) + std::stoll(values[system - 3]);
    return microseconds(ticks * 1'000'000 / sysconf(_SC_CLK_TCK));
  };
  return Stat{.parent = std::stoi(values[1]), .own = time(14, 15), .ended = time(16, 17)};
}

microseconds UsageOf(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto time = [](const timeval& value) {
    return std::chrono::seconds(value.tv_sec) + microseconds(value.tv_usec);
  };
  return time(usage.ru_utime) + time(usage.ru_stime);
}

}  // namespace

std::vector<pid_t> ChildrenOf(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (!std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); }))
      continue;
    const pid_t pid = std::stoi(name);
    const auto stat = StatOf(pid);
    if (stat && stat->parent == parent) children.push_back(pid);
  }
  return children;
}

std::string CommandLine(pid_t pid) {
  std::string text = ReadFile(fmt::format("/proc/{}/cmdline", pid));
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

microseconds CpuOf(pid_t pid) {
  const auto stat = StatOf(pid);
  return stat ? stat->own : microseconds(0);
}

microseconds CpuOfFamily(pid_t pid) {
  const auto stat = StatOf(pid);
  if (!stat) return microseconds(0);
  microseconds sum = stat->own + stat->ended;
  for (const pid_t child : ChildrenOf(pid)) sum += CpuOf(child);
  return sum;
}

microseconds CpuOfSelf() { return UsageOf(RUSAGE_SELF); }
microseconds CpuOfEndedChildren() { return UsageOf(RUSAGE_CHILDREN); }

}  // namespace zonelink::bench
