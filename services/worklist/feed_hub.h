// SPDX-License-Identifier: Apache-2.0
// Carries the feed to the open live streams. One thread for all of them: after each applied batch
// every stream reads its news under its caller's row-level context; batches that arrive meanwhile
// are read together.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/core/call.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/rpc/server.h"
#include "platform/rpc/token.h"

namespace zonelink::worklist {

class FeedHub {
 public:
  FeedHub(db::Database& database, rpc::TokenVerifier& tokens, const WallClock& clock);
  ~FeedHub();
  FeedHub(const FeedHub&) = delete;

  void Start();
  // Ends all streams: Unavailable `SHUTTING_DOWN`.
  void Stop();
  // There may be news.
  void Wake();
  // Sends what comes after `seq` until the client leaves, the token ends or the session is revoked.
  void Add(const Call& call, int64_t seq, std::shared_ptr<rpc::StreamSink> sink);

 private:
  struct Stream {
    Call call;
    int64_t seq = 0;
    std::shared_ptr<rpc::StreamSink> sink;
    bool behind = true;  // may have rows to read
  };

  void Run();
  // Waits for news or newcomers; takes the newcomers. False when the hub stops.
  bool Await(std::vector<Stream>& streams);
  // Why the stream is over, if it is.
  Status Alive(const Stream& stream) const;
  // Sends one batch; false when the stream is over.
  bool Serve(Stream& stream);

  db::Database& database_;
  rpc::TokenVerifier& tokens_;
  const WallClock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Stream> newcomers_;
  bool news_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace zonelink::worklist
