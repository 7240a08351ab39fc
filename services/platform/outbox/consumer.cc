// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/consumer.h"

#include <grpcpp/client_context.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "platform/log/log.h"

namespace zonelink::outbox {
namespace {

constexpr char kPull[] = "/zonelink.events.v1.EventsService/PullEvents";
constexpr int kBatch = 500;
constexpr std::chrono::milliseconds kWait{5000};
constexpr std::chrono::milliseconds kSpare{3000};
// Signing a service's token and verifying it takes longer than many pulls; it lives much longer.
constexpr std::chrono::seconds kTokenUse{20};
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{2000};
constexpr char kStopping[] = "STOPPING";

// Under load a transaction for many events costs little more than one for a few; while few come,
// waiting for more would only delay them.
constexpr std::chrono::milliseconds kGatherPerEvent{2};
constexpr std::chrono::milliseconds kGatherMost{150};

constexpr db::Sql kReadCursor{"cursors.read", "SELECT number FROM cursors WHERE source = $1"};

constexpr db::Sql kOpenCursor{"cursors.open", R"sql(
  INSERT INTO cursors (source, number) VALUES ($1, 0) ON CONFLICT DO NOTHING
)sql"};

constexpr db::Sql kMoveCursor{"cursors.move", R"sql(
  UPDATE cursors SET number = $3 WHERE source = $1 AND number = $2
)sql"};

}  // namespace

std::string PartiesText(const events::v1::Event& event) {
  std::string joined;
  for (const std::string& party : event.parties()) {
    if (!joined.empty()) joined += ',';
    joined += party;
  }
  return joined;
}

// The call in flight. Shared with whoever answers it: a call in this process lasts until it is
// answered, also when nobody waits for it any more.
struct ConsumerCall {
  std::mutex mutex;
  std::condition_variable wake;
  bool stop = false;
  events::v1::PullEventsRequest request;
  std::optional<rpc::UnaryReply> reply;
};

Consumer::Consumer(std::string source, db::Database& database, rpc::Channels& channels, Apply apply,
                   std::string cursor)
    : Consumer(
          std::move(source), database, channels,
          [apply = std::move(apply)](db::Tx& tx,
                                     std::span<const events::v1::Event> events) -> Status {
            for (const events::v1::Event& event : events) {
              if (const Status one = apply(tx, event); !one) return one;
            }
            return Done{};
          },
          std::move(cursor)) {}

Consumer::Consumer(std::string source, db::Database& database, rpc::Channels& channels,
                   ApplyBatch apply, std::string cursor)
    : source_(std::move(source)),
      cursor_name_(cursor.empty() ? source_ : std::move(cursor)),
      database_(database),
      channels_(channels),
      apply_(std::move(apply)),
      call_(std::make_shared<ConsumerCall>()) {}

Consumer::~Consumer() { Stop(); }

void Consumer::Start() {
  client_.emplace(channels_, source_);
  thread_ = std::thread([this] { Run(); });
}

void Consumer::Stop() {
  {
    std::lock_guard lock(call_->mutex);
    call_->stop = true;
    call_->wake.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Consumer::Run() {
  auto pause = kFirstPause;
  while (WaitUntil(not_before_)) {
    const Status step = PullAndApply();
    if (step) {
      pause = kFirstPause;
      continue;
    }
    cursor_.reset();
    token_until_ = {};
    not_before_ = std::chrono::steady_clock::now() + pause;
    pause = std::min(pause * 2, kLongestPause);
    if (step.error().reason == kStopping) continue;
    log::Warn("events not applied", {{"source", source_},
                                     {"schema", database_.schema()},
                                     {"reason", step.error().reason},
                                     {"error", step.error().message}});
  }
}

bool Consumer::WaitUntil(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(call_->mutex);
  return !call_->wake.wait_until(lock, until, [&] { return call_->stop; });
}

const std::string& Consumer::Token() {
  const auto now = std::chrono::steady_clock::now();
  if (now >= token_until_) {
    token_ = channels_.TokenOf(database_.schema());
    token_until_ = now + kTokenUse;
  }
  return token_;
}

Status Consumer::ReadCursor() {
  if (cursor_) return Done{};
  return database_.System("read cursor", [&](db::Tx& tx) -> Status {
    tx.Exec(kOpenCursor, cursor_name_);
    cursor_ = tx.Exec(kReadCursor, cursor_name_)[0].Int("number");
    return Done{};
  });
}

Result<std::vector<events::v1::Event>> Consumer::Pull() {
  // Until the first catch-up an empty answer is news: everything has been applied.
  const auto wait = caught_up_ ? kWait : std::chrono::milliseconds(0);
  ConsumerCall& call = *call_;
  call.request.set_source(source_);
  call.request.set_after(*cursor_);
  call.request.set_limit(kBatch);
  call.request.set_wait_ms(static_cast<int32_t>(wait.count()));
  const rpc::CallHeaders headers{.bearer = Token(),
                                 .deadline = std::chrono::steady_clock::now() + wait + kSpare};
  const auto remote = client_->Call(kPull, headers, call.request, events::v1::PullEventsResponse(),
                                    [call = call_](rpc::UnaryReply reply, std::string_view) {
                                      std::lock_guard lock(call->mutex);
                                      call->reply.emplace(std::move(reply));
                                      call->wake.notify_all();
                                    });
  std::unique_lock lock(call.mutex);
  call.wake.wait(lock, [&] { return call.stop || call.reply; });
  if (!call.reply) {
    lock.unlock();
    if (const auto context = remote.lock()) context->TryCancel();
    return Unavailable(kStopping, "the consumer stops");
  }
  const rpc::UnaryReply reply = *std::exchange(call.reply, std::nullopt);
  lock.unlock();
  if (!reply) return reply.error();
  auto& response = static_cast<events::v1::PullEventsResponse&>(**reply);
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
    applied = tx.Exec(kMoveCursor, cursor_name_, *cursor_, events.back().number()).affected() == 1;
    return applied ? apply_(tx, events) : Status(Done{});
  });
  if (!status) return status.error();
  return applied;
}

}  // namespace zonelink::outbox
