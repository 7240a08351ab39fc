// SPDX-License-Identifier: Apache-2.0
// What the service does by itself, on wall time: removes uploads that were not completed in a day,
// and wraps keys anew after the wrapping key was replaced.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "documents/key_ring.h"
#include "platform/core/result.h"
#include "platform/db/database.h"

namespace zonelink::documents {

// How many were removed.
Result<int64_t> RemoveExpiredUploads(db::Database& database);
// How many were wrapped anew. Keys that cannot be unwrapped stay as they are; the log names them.
Result<int64_t> RewrapKeys(db::Database& database, const KeyRing& keys);

class Caretaker {
 public:
  // Both outlive it.
  Caretaker(db::Database& database, const KeyRing& keys) : database_(database), keys_(keys) {}
  ~Caretaker() { Stop(); }
  Caretaker(const Caretaker&) = delete;

  void Start();
  void Stop();

 private:
  void Run();

  db::Database& database_;
  const KeyRing& keys_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace zonelink::documents
