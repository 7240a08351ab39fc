// SPDX-License-Identifier: Apache-2.0
#include "worklist/feed_hub.h"

#include <algorithm>
#include <chrono>

#include "platform/rpc/timestamp.h"
#include "worklist/feed_store.h"
#include "zonelink/worklist/v1/worklist_service.pb.h"

namespace zonelink::worklist {
namespace {

namespace pb = worklist::v1;

constexpr int kBatch = 200;
// How often tokens, sessions and departed clients are looked at.
constexpr auto kTick = std::chrono::seconds(1);
constexpr auto kReadTime = std::chrono::seconds(5);

pb::CloudEvent ToProto(const FeedEntry& entry) {
  pb::CloudEvent event;
  event.set_specversion("1.0");
  event.set_id(entry.event_id);
  event.set_source("/" + entry.source);
  event.set_type(entry.type);
  event.set_subject(entry.subject);
  *event.mutable_time() = ToTimestamp(entry.at);
  event.set_zone(entry.zone);
  event.set_state(entry.state);
  return event;
}

}  // namespace

FeedHub::FeedHub(db::Database& database, rpc::TokenVerifier& tokens, const WallClock& clock)
    : database_(database), tokens_(tokens), clock_(clock) {}

FeedHub::~FeedHub() { Stop(); }

void FeedHub::Start() {
  thread_ = std::thread([this] { Run(); });
}

void FeedHub::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void FeedHub::Wake() {
  {
    const std::lock_guard lock(mutex_);
    news_ = true;
  }
  changed_.notify_all();
}

void FeedHub::Add(const Call& call, int64_t seq, std::shared_ptr<rpc::StreamSink> sink) {
  {
    const std::lock_guard lock(mutex_);
    newcomers_.push_back({.call = call, .seq = seq, .sink = std::move(sink)});
  }
  changed_.notify_all();
}

void FeedHub::Run() {
  std::vector<Stream> streams;
  while (Await(streams)) {
    const auto over = std::remove_if(streams.begin(), streams.end(),
                                     [this](Stream& stream) { return !Serve(stream); });
    streams.erase(over, streams.end());
  }
  for (auto& stream : streams) {
    stream.sink->Finish(Unavailable("SHUTTING_DOWN", "the server stops"));
  }
}

bool FeedHub::Await(std::vector<Stream>& streams) {
  std::unique_lock lock(mutex_);
  const auto stirred = [this] { return stop_ || news_ || !newcomers_.empty(); };
  const bool behind = std::any_of(streams.begin(), streams.end(),
                                  [](const Stream& stream) { return stream.behind; });
  if (streams.empty()) {
    changed_.wait(lock, stirred);
  } else if (!behind) {
    changed_.wait_for(lock, kTick, stirred);
  }
  if (std::exchange(news_, false)) {
    for (auto& stream : streams) stream.behind = true;
  }
  for (auto& newcomer : newcomers_) streams.push_back(std::move(newcomer));
  newcomers_.clear();
  return !stop_;
}

Status FeedHub::Alive(const Stream& stream) const {
  if (stream.sink->Cancelled()) return Error{Code::kCancelled, "CANCELLED", "the client left"};
  if (clock_.Now() >= stream.call.token_expires) {
    return Unauthenticated("TOKEN_EXPIRED", "the token ended while the stream was open");
  }
  if (tokens_.Revoked(stream.call.caller.session_id)) {
    return Unauthenticated("SESSION_REVOKED", "the session was ended");
  }
  return Done{};
}

bool FeedHub::Serve(Stream& stream) {
  if (const auto alive = Alive(stream); !alive) {
    stream.sink->Finish(alive);
    return false;
  }
  if (!stream.behind) return true;
  stream.call.deadline = std::chrono::steady_clock::now() + kReadTime;
  const auto entries =
      database_.Query(stream.call, [&](db::Tx& tx) -> Result<std::vector<FeedEntry>> {
        return FeedAfter(tx, stream.seq, kBatch);
      });
  if (!entries) {
    // The client continues after the last event it has.
    stream.sink->Finish(entries.error());
    return false;
  }
  for (const auto& entry : *entries) {
    if (!stream.sink->Write(ToProto(entry))) return false;
    stream.seq = entry.seq;
  }
  stream.behind = entries->size() == kBatch;
  return true;
}

}  // namespace zonelink::worklist
