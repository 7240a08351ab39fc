// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/crew.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

namespace zonelink::sample {

Crew::Crew(const std::string& url, size_t hands) {
  for (size_t i = 0; i < hands; ++i) {
    connections_.emplace_back(client::HttpClient(url), client::ApiOptions{.attempts = 10});
  }
}

Status Crew::Run(const std::vector<Task>& tasks) {
  std::atomic<size_t> next{0};
  std::mutex mutex;
  std::optional<Error> refusal;
  const auto work = [&](client::Api& api) {
    for (size_t i = 0; (i = next.fetch_add(1)) < tasks.size();) {
      const Status done = tasks[i](api);
      if (done) continue;
      const std::lock_guard lock(mutex);
      if (!refusal) refusal = done.error();
      next = tasks.size();
    }
  };
  std::vector<std::thread> threads;
  for (size_t i = 1; i < std::min(connections_.size(), tasks.size()); ++i) {
    threads.emplace_back(work, std::ref(connections_[i]));
  }
  work(connections_[0]);
  for (std::thread& thread : threads) thread.join();
  if (refusal) return *refusal;
  return Done{};
}

}  // namespace zonelink::sample
