// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/own_cluster.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace zonelink::chaos {
namespace {

using namespace std::chrono_literals;

constexpr const char* kBin = "/usr/lib/postgresql/15/bin/";
constexpr auto kStartLimit = 60s;

// PostgreSQL refuses to run as root; Debian's package brings this user.
constexpr const char* kUnprivileged = "postgres";

// Durable as in production; small, because tests share the machine.
constexpr const char* kSettings = R"(
listen_addresses = ''
unix_socket_permissions = 0700
fsync = on
synchronous_commit = on
full_page_writes = on
max_connections = 100
shared_buffers = 64MB
autovacuum = off
log_line_prefix = '%m [%p] %q%u@%d '
)";

void Give(const std::string& path, const std::string& owner) {
  if (owner.empty()) return;
  const passwd* user = getpwnam(owner.c_str());
  if (user == nullptr || chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::runtime_error(fmt::format("cannot give {} to {}", path, owner));
  }
}

void MakeDir(const std::string& path, const std::string& owner) {
  if (mkdir(path.c_str(), 0700) != 0) throw std::runtime_error("cannot make " + path);
  Give(path, owner);
}

}  // namespace

OwnCluster::OwnCluster() : owner_(geteuid() == 0 ? kUnprivileged : "") {
  std::string name = "/tmp/zl-chaos-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder in /tmp");
  dir_ = name;
  chmod(dir_.c_str(), 0755);
  MakeDir(dir_ + "/pg", owner_);
  MakeDir(dir_ + "/s", owner_);
  const std::string log = dir_ + "/initdb.log";
  // Who reaches the socket's folder, 0700, is its owner or root: no passwords are needed.
  if (test::RunToEnd(AsOwner({fmt::format("{}initdb", kBin), "-D", dir_ + "/pg", "-U", "zladmin",
                              "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8",
                              "--locale=C.UTF-8", "--data-checksums"}),
                     log) != 0) {
    throw std::runtime_error("initdb failed:\n" + test::Tail(log));
  }
  std::ofstream(dir_ + "/pg/postgresql.conf", std::ios::app)
      << kSettings << fmt::format("unix_socket_directories = '{}/s'\n", dir_);
  Start();
}

OwnCluster::~OwnCluster() {
  if (postmaster_) {
    postmaster_->Signal(SIGQUIT);  // at once, without a last checkpoint
    postmaster_->Wait(20s);
    postmaster_.reset();
  }
  std::error_code ignored;  // a leftover folder harms nobody
  std::filesystem::remove_all(dir_, ignored);
}

std::string OwnCluster::admin_url() const {
  return fmt::format("host={}/s user=zladmin dbname=postgres", dir_);
}

std::vector<std::string> OwnCluster::AsOwner(std::vector<std::string> argv) const {
  if (owner_.empty()) return argv;
  std::vector<std::string> wrapped = {"/usr/bin/setpriv", "--reuid",     owner_, "--regid", owner_,
                                      "--init-groups",    "--pdeathsig", "KILL"};
  wrapped.insert(wrapped.end(), argv.begin(), argv.end());
  return wrapped;
}

bool OwnCluster::Accepts() const {
  PGconn* link = PQconnectdb(admin_url().c_str());
  const bool accepted = PQstatus(link) == CONNECTION_OK;
  PQfinish(link);
  return accepted;
}

void OwnCluster::Kill() {
  std::ifstream file(dir_ + "/pg/postmaster.pid");
  pid_t postmaster = 0;
  file >> postmaster;
  std::vector<pid_t> children;
  std::ifstream listed(fmt::format("/proc/{0}/task/{0}/children", postmaster));
  for (pid_t child = 0; listed >> child;) children.push_back(child);
  postmaster_->Signal(SIGKILL);
  for (const pid_t child : children) kill(child, SIGKILL);
  if (!postmaster_->Wait(20s)) throw std::runtime_error("the postmaster outlived SIGKILL");
}

void OwnCluster::Start() {
  const std::string log = dir_ + "/log";
  // A child forked just before the kill may still hold the shared memory: then the start is
  // refused.
  const bool started = test::WaitUntil(kStartLimit, [&] {
    if (!postmaster_ || !postmaster_->Running()) {
      postmaster_ = std::make_unique<test::Child>(
          AsOwner({fmt::format("{}postgres", kBin), "-D", dir_ + "/pg"}), log);
    }
    return Accepts();
  });
  if (!started) throw std::runtime_error("PostgreSQL did not start:\n" + test::Tail(log));
}

}  // namespace zonelink::chaos
