// SPDX-License-Identifier: Apache-2.0
#include "documents/caretaker.h"

#include "documents/document_store.h"
#include "platform/log/log.h"

namespace zonelink::documents {
namespace {

constexpr std::chrono::minutes kPause{10};
constexpr int kBatch = 100;

void Tell(const char* what, const Result<int64_t>& result) {
  if (!result) {
    log::Warn(
        "documents are not cared for",
        {{"what", what}, {"reason", result.error().reason}, {"error", result.error().message}});
  } else if (*result > 0) {
    log::Info("documents are cared for", {{"what", what}, {"count", *result}});
  }
}

}  // namespace

Result<int64_t> RemoveExpiredUploads(db::Database& database) {
  int64_t removed = 0;
  const Status status = database.System("remove expired uploads", [&](db::Tx& tx) -> Status {
    removed = document_store::RemoveExpired(tx);
    return Done{};
  });
  if (!status) return status.error();
  return removed;
}

Result<int64_t> RewrapKeys(db::Database& database, const KeyRing& keys) {
  int64_t rewrapped = 0;
  DocumentId after;
  for (bool more = true; more;) {
    std::vector<document_store::OldKey> batch;
    int64_t done = 0;
    const Status status = database.System("rewrap keys", [&](db::Tx& tx) -> Status {
      done = 0;
      batch = document_store::KeysNotOf(tx, keys.current_id(), after, kBatch);
      for (const auto& [id, key] : batch) {
        const auto data_key = keys.Unwrap(key);
        if (!data_key) continue;
        document_store::SaveKey(tx, id, keys.Wrap(*data_key));
        ++done;
      }
      return Done{};
    });
    if (!status) return status.error();
    if (done < static_cast<int64_t>(batch.size())) {
      log::Warn("keys of documents cannot be unwrapped",
                {{"count", static_cast<int64_t>(batch.size()) - done},
                 {"first", batch.front().id.str()},
                 {"key_id", batch.front().key.key_id}});
    }
    rewrapped += done;
    more = batch.size() == kBatch;
    if (more) after = batch.back().id;
  }
  return rewrapped;
}

void Caretaker::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Caretaker::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    stopped_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Caretaker::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    Tell("uploads removed", RemoveExpiredUploads(database_));
    Tell("keys wrapped anew", RewrapKeys(database_, keys_));
    lock.lock();
    stopped_.wait_for(lock, kPause, [this] { return stop_; });
  }
}

}  // namespace zonelink::documents
