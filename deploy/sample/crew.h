// SPDX-License-Identifier: Apache-2.0
// A handful of threads, each with its own kept-alive connection.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/cli/api.h"

namespace zonelink::sample {

class Crew {
 public:
  using Task = std::function<Status(client::Api&)>;
  Crew(const std::string& url, size_t hands);

  // Runs the tasks in any order and waits for all; after the first refusal no more are begun.
  Status Run(const std::vector<Task>& tasks);
  // The connection for work outside Run.
  client::Api& own() { return connections_[0]; }

 private:
  std::vector<client::Api> connections_;
};

}  // namespace zonelink::sample
