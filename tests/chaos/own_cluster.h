// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL cluster that loses nothing it has acknowledged (fsync and synchronous_commit on),
// and that can be killed as a machine's crash would.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/child.h"

namespace zonelink::chaos {

class OwnCluster {
 public:
  // Made in a fresh folder under /tmp (the socket's path must be short), started, and gone with the
  // object. Throws std::runtime_error. To be used from one thread: the server dies with the thread
  // that started it.
  OwnCluster();
  ~OwnCluster();
  OwnCluster(const OwnCluster&) = delete;

  // Superuser, database postgres.
  std::string admin_url() const;
  const std::string& dir() const { return dir_; }

  // SIGKILL to the postmaster and to every process of it.
  void Kill();
  // Returns when connections are accepted, after recovery.
  void Start();

 private:
  std::vector<std::string> AsOwner(std::vector<std::string> argv) const;
  bool Accepts() const;

  std::string dir_;
  std::string owner_;  // who runs it; empty: the caller
  std::unique_ptr<test::Child> postmaster_;
};

}  // namespace zonelink::chaos
