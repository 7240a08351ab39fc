// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <stdexcept>

namespace zonelink::test {

Child::Child(std::vector<std::string> argv, const std::string& log_path) {
  std::vector<char*> pointers;
  for (auto& argument : argv) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const int log = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) throw std::runtime_error(fmt::format("cannot write {}", log_path));
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);  // the test ended before prctl
    const int null = open("/dev/null", O_RDONLY);
    dup2(null, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execv(pointers[0], pointers.data());
    _exit(127);
  }
  close(log);
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
}

Child::~Child() {
  if (Running()) {
    Signal(SIGKILL);
    Wait(std::chrono::seconds(10));
  }
  if (pidfd_ >= 0) close(pidfd_);
}

void Child::Signal(int signal) {
  if (Running()) kill(pid_, signal);
}

std::optional<int> Child::Wait(std::chrono::milliseconds limit) {
  if (status_) return status_;
  pollfd waited{.fd = pidfd_, .events = POLLIN, .revents = 0};
  if (poll(&waited, 1, static_cast<int>(limit.count())) != 1) return std::nullopt;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return status_;
}

int RunToEnd(std::vector<std::string> argv, const std::string& log_path) {
  Child child(std::move(argv), log_path);
  const auto status = child.Wait(std::chrono::minutes(2));
  if (!status) return -1;
  return WIFEXITED(*status) ? WEXITSTATUS(*status) : 128 + WTERMSIG(*status);
}

std::string Tail(const std::string& path, size_t bytes) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return "(no such file)";
  const auto size = static_cast<size_t>(file.tellg());
  const size_t from = size - std::min(size, bytes);
  file.seekg(static_cast<std::streamoff>(from));
  std::string text(size - from, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

}  // namespace zonelink::test
