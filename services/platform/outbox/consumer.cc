// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/consumer.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <condition_variable>
#include <mutex>

#include "platform/log/log.h"
#include "platform/rpc/status.h"
#include "zonelink/events/v1/events.grpc.pb.h"

namespace zonelink::outbox {
namespace {

constexpr int kBatch = 500;
constexpr std::chrono::milliseconds kWait{5000};
constexpr std::chrono::milliseconds kSpare{3000};
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{2000};

// Under load a transaction for many events costs little more than one for a few; while few come,
// waiting for more would only delay them.
constexpr std::chrono::milliseconds kGatherPerEvent{2};
constexpr std::chrono::milliseconds kGatherMost{50};

constexpr db::Sql kReadCursor{"cursors.read", "SELECT number FROM cursors WHERE source = $1"};

constexpr db::Sql kOpenCursor{"cursors.open", R"sql(
  INSERT INTO cursors (source, number) VALUES ($1, 0) ON CONFLICT DO NOTHING
)sql"};

// Plans are kept with the connection. One that was made while the tables were small must not read
// the whole of them for ever after; nor shall the price put on that make anything worth compiling.
constexpr db::Sql kMoveCursor{"cursors.move", R"sql(
  UPDATE cursors SET number = $3 WHERE source = $1 AND number = $2
  RETURNING set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)
)sql"};

}  // namespace

// The call in flight, so that Stop need not wait for it.
struct ConsumerCall {
  std::mutex mutex;
  std::condition_variable wake;
  grpc::ClientContext* context = nullptr;
};

Consumer::Consumer(std::string source, db::Database& database, rpc::Channels& channels, Apply apply)
    : Consumer(std::move(source), database, channels,
               [apply = std::move(apply)](db::Tx& tx,
                                          std::span<const events::v1::Event> events) -> Status {
                 for (const events::v1::Event& event : events) {
                   if (const Status one = apply(tx, event); !one) return one;
                 }
                 return Done{};
               }) {}

Consumer::Consumer(std::string source, db::Database& database, rpc::Channels& channels,
                   ApplyBatch apply)
    : source_(std::move(source)),
      database_(database),
      channels_(channels),
      apply_(std::move(apply)),
      call_(std::make_unique<ConsumerCall>()) {}

Consumer::~Consumer() { Stop(); }

void Consumer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Consumer::Stop() {
  stop_ = true;
  {
    std::lock_guard lock(call_->mutex);
    if (call_->context != nullptr) call_->context->TryCancel();
    call_->wake.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Consumer::Run() {
  auto pause = kFirstPause;
  while (!stop_) {
    WaitUntil(not_before_);
    const Status step = stop_ ? Done{} : PullAndApply();
    if (step) {
      pause = kFirstPause;
      continue;
    }
    cursor_.reset();
    if (stop_) return;
    log::Warn("events not applied", {{"source", source_},
                                     {"schema", database_.schema()},
                                     {"reason", step.error().reason},
                                     {"error", step.error().message}});
    not_before_ = std::chrono::steady_clock::now() + pause;
    pause = std::min(pause * 2, kLongestPause);
  }
}

void Consumer::WaitUntil(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(call_->mutex);
  call_->wake.wait_until(lock, until, [&] { return stop_.load(); });
}

Status Consumer::ReadCursor() {
  if (cursor_) return Done{};
  return database_.System("read cursor", [&](db::Tx& tx) -> Status {
    tx.Exec(kOpenCursor, source_);
    cursor_ = tx.Exec(kReadCursor, source_)[0].Int("number");
    return Done{};
  });
}

Result<std::vector<events::v1::Event>> Consumer::Pull() {
  grpc::ClientContext context;
  // Until the first catch-up an empty answer is news: everything has been applied.
  const auto wait = caught_up_ ? kWait : std::chrono::milliseconds(0);
  context.set_deadline(std::chrono::system_clock::now() + wait + kSpare);
  channels_.Authenticate(context, database_.schema());
  events::v1::PullEventsRequest request;
  request.set_source(source_);
  request.set_after(*cursor_);
  request.set_limit(kBatch);
  request.set_wait_ms(static_cast<int32_t>(wait.count()));
  {
    std::lock_guard lock(call_->mutex);
    if (stop_) return Unavailable("STOPPING", "the consumer stops");
    call_->context = &context;
  }
  events::v1::PullEventsResponse response;
  const grpc::Status status = events::v1::EventsService::NewStub(channels_.To(source_))
                                  ->PullEvents(&context, request, &response);
  {
    std::lock_guard lock(call_->mutex);
    call_->context = nullptr;
  }
  if (!status.ok()) return rpc::FromGrpc(status);
  if (response.has_last() && response.last() < *cursor_) {
    caught_up_ = false;
    return FailedPrecondition("EVENTS_ROLLED_BACK",
                              "the log ends before what was read of it: an older backup?");
  }
  return std::vector<events::v1::Event>(std::make_move_iterator(response.mutable_events()->begin()),
                                        std::make_move_iterator(response.mutable_events()->end()));
}

Status Consumer::PullAndApply() {
  if (const Status read = ReadCursor(); !read) return read;
  const Result<std::vector<events::v1::Event>> events = Pull();
  if (!events) return events.error();
  if (events->empty()) {
    caught_up_ = true;
    return Done{};
  }
  const auto pulled = std::chrono::steady_clock::now();
  const Result<bool> applied = ApplyPulled(*events);
  if (!applied) return applied.error();
  if (!*applied) {
    cursor_.reset();
    return Done{};
  }
  cursor_ = events->back().number();
  // A batch that is not full was all there was: who writes on without pause keeps nobody waiting.
  const int count = static_cast<int>(events->size());
  if (count < kBatch) {
    caught_up_ = true;
    not_before_ = pulled + std::min(kGatherMost, kGatherPerEvent * count);
  }
  if (notify_) notify_();
  return Done{};
}

Result<bool> Consumer::ApplyPulled(const std::vector<events::v1::Event>& events) {
  bool applied = false;
  const Status status = database_.System("apply events", [&](db::Tx& tx) -> Status {
    // Of several processes one applies: the others find the cursor moved and pull again.
    applied = !tx.Exec(kMoveCursor, source_, *cursor_, events.back().number()).empty();
    return applied ? apply_(tx, events) : Status(Done{});
  });
  if (!status) return status.error();
  return applied;
}

}  // namespace zonelink::outbox
