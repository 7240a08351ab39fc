// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load_generator.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>

namespace zonelink::bench {
namespace {

using std::chrono::steady_clock;

static_assert(PreparedPost::kFreshDigits.size() == 16);

// An answer that takes longer counts as none.
constexpr int kSilenceMs = 30'000;
constexpr size_t kExampleBytes = 300;

std::runtime_error Failure(const std::string& what) {
  return std::runtime_error(fmt::format("load generator: {}: error {}", what, errno));
}

// As much of an answer as matters.
struct AnswerHead {
  int status = 0;
  size_t whole_length = 0;  // of head and body
};

// Nothing while the head is not complete. Throws on what the gateway never sends.
std::optional<AnswerHead> ReadHead(std::string_view received) {
  const size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view head = received.substr(0, end + 2);
  constexpr std::string_view kProtocol = "HTTP/1.1 ";
  AnswerHead answer;
  size_t body = 0;
  size_t length = head.find("\r\nContent-Length: ");
  if (length == std::string_view::npos) length = head.find("\r\ncontent-length: ");
  if (head.substr(0, kProtocol.size()) != kProtocol || length == std::string_view::npos) {
    throw std::runtime_error(fmt::format("load generator: cannot read the answer {}", head));
  }
  constexpr size_t kNameLength = std::string_view("\r\nContent-Length: ").size();
  std::from_chars(head.data() + kProtocol.size(), head.data() + head.size(), answer.status);
  std::from_chars(head.data() + length + kNameLength, head.data() + head.size(), body);
  answer.whole_length = end + 4 + body;
  return answer;
}

class Socket {
 public:
  explicit Socket(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    if (fd_ < 0 || setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0 ||
        connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      if (fd_ >= 0) close(fd_);
      throw Failure("cannot connect");
    }
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;

  int fd() const { return fd_; }

 private:
  int fd_;
};

struct Group;

// One connection with at most one request in flight.
struct Connection {
  std::unique_ptr<Socket> socket;
  std::string outgoing;
  std::string received;
  steady_clock::time_point sent;
  bool waiting = false;
  Group* group = nullptr;  // of an open loop
};

void Count(int status, const Connection& connection, LoadResult& result) {
  if (status >= 200 && status < 300) {
    ++result.succeeded;
    result.ms.push_back(
        std::chrono::duration<double, std::milli>(steady_clock::now() - connection.sent).count());
    return;
  }
  ++result.failed[status];
  const std::string& received = connection.received;
  const size_t body = std::min(received.find("\r\n\r\n"), received.size());
  result.examples.emplace(status, received.substr(body, kExampleBytes));
}

// False: the connection is broken. A request is far smaller than a socket's buffer, which is empty:
// this does not block.
bool Send(const PreparedPost& post, std::mt19937_64& random, Connection& connection) {
  connection.outgoing = post.bytes();
  for (size_t i = 0; post.keyed() && i < PreparedPost::kKeyLength; i += 16) {
    fmt::format_to(connection.outgoing.data() + post.key_at() + i, "{:016x}", random());
  }
  if (post.fresh_at() != 0) {
    fmt::format_to(connection.outgoing.data() + post.fresh_at(), "{:016x}", random());
  }
  connection.received.clear();
  const auto& bytes = connection.outgoing;
  const ssize_t sent = send(connection.socket->fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(bytes.size());
}

enum class Progress { kNone, kAnswered, kBroken };

// Takes what has come; the status of a whole answer is put into `status`.
Progress Receive(Connection& connection, int& status) {
  std::array<char, 16384> buffer;  // NOLINT: filled by recv
  const ssize_t count = recv(connection.socket->fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Progress::kNone;
  if (count <= 0) return Progress::kBroken;
  connection.received.append(buffer.data(), static_cast<size_t>(count));
  const auto head = ReadHead(connection.received);
  if (!head || connection.received.size() < head->whole_length) return Progress::kNone;
  status = head->status;
  return Progress::kAnswered;
}

// Closing an old socket takes it out of the epoll set.
void Open(int epoll, uint16_t port, Connection& connection) {
  connection.socket = std::make_unique<Socket>(port);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &connection;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection.socket->fd(), &event) != 0) {
    throw Failure("epoll_ctl");
  }
}

class Load {
 public:
  Load(const std::vector<PreparedPost>& posts, const LoadOptions& options)
      : posts_(posts), options_(options), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) throw Failure("no epoll");
    connections_.resize(static_cast<size_t>(options.connections));
    for (Connection& connection : connections_) Open(epoll_, options_.port, connection);
  }
  ~Load() { close(epoll_); }
  Load(const Load&) = delete;

  LoadResult Run() {
    const auto began = steady_clock::now();
    end_ = began + options_.time;
    for (Connection& connection : connections_) SendNext(connection);
    std::array<epoll_event, 128> events{};
    while (in_flight_ > 0) {
      const int count =
          epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), kSilenceMs);
      if (count < 0 && errno != EINTR) throw Failure("epoll_wait");
      if (count == 0) throw std::runtime_error("load generator: the server no longer answers");
      for (int i = 0; i < count; ++i) {
        Receive(*static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr));
      }
    }
    result_.seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
    return std::move(result_);
  }

 private:
  void SendNext(Connection& connection) {
    connection.sent = steady_clock::now();
    connection.waiting = connection.sent < end_;
    if (!connection.waiting) return;
    ++in_flight_;
    const PreparedPost& post = posts_[next_++ % posts_.size()];
    if (!Send(post, random_, connection)) Break(connection);
  }

  void Receive(Connection& connection) {
    int status = 0;
    switch (bench::Receive(connection, status)) {
      case Progress::kNone: return;
      case Progress::kBroken: return Break(connection);
      case Progress::kAnswered: break;
    }
    Count(status, connection, result_);
    --in_flight_;
    SendNext(connection);
  }

  // The server closed the connection: an answer is missing if one was awaited.
  void Break(Connection& connection) {
    const bool waiting = connection.waiting;
    connection.waiting = false;
    if (waiting) {
      ++result_.failed[0];
      --in_flight_;
    }
    Open(epoll_, options_.port, connection);
    if (waiting) SendNext(connection);
  }

  const std::vector<PreparedPost>& posts_;
  const LoadOptions options_;
  int epoll_;
  std::vector<Connection> connections_;
  steady_clock::time_point end_;
  size_t next_ = 0;
  int in_flight_ = 0;
  std::mt19937_64 random_{std::random_device{}()};
  LoadResult result_;
};

// Arrivals of one group, and what serves them.
struct Group {
  const Arrivals* arrivals = nullptr;
  steady_clock::duration interval{};
  steady_clock::time_point due;  // of the next one
  size_t next = 0;
  std::vector<std::unique_ptr<Connection>> connections;
  std::vector<Connection*> idle;
  LoadResult result;
};

class OpenLoad {
 public:
  OpenLoad(const std::vector<Arrivals>& groups, const LoadOptions& options)
      : options_(options), epoll_(epoll_create1(EPOLL_CLOEXEC)), groups_(groups.size()) {
    if (epoll_ < 0) throw Failure("no epoll");
    for (size_t i = 0; i < groups.size(); ++i) {
      groups_[i].arrivals = &groups[i];
      groups_[i].interval = std::chrono::duration_cast<steady_clock::duration>(
          std::chrono::duration<double>(1 / groups[i].per_second));
    }
  }
  ~OpenLoad() { close(epoll_); }
  OpenLoad(const OpenLoad&) = delete;

  std::vector<LoadResult> Run() {
    const auto began = steady_clock::now();
    const auto end = began + options_.time;
    for (Group& group : groups_) group.due = began;
    for (auto now = began; now < end; now = steady_clock::now()) {
      for (Group& group : groups_) SendDue(group, now);
      Take(1);
    }
    for (Group& group : groups_) {
      SendDue(group, end);
      group.result.unsent = std::max<int64_t>(0, (end - group.due) / group.interval);
    }
    while (in_flight_ > 0) {
      if (Take(kSilenceMs) == 0) {
        throw std::runtime_error("load generator: the server no longer answers");
      }
    }
    const double seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
    std::vector<LoadResult> results;
    for (Group& group : groups_) {
      group.result.seconds = seconds;
      results.push_back(std::move(group.result));
    }
    return results;
  }

 private:
  void SendDue(Group& group, steady_clock::time_point now) {
    while (group.due <= now) {
      Connection* connection = Idle(group);
      if (connection == nullptr) return;
      connection->sent = group.due;
      connection->waiting = true;
      group.due += group.interval;
      ++in_flight_;
      const auto& posts = group.arrivals->posts;
      if (!Send(*posts[group.next++ % posts.size()], random_, *connection)) Break(*connection);
    }
  }

  // Null: all are in use.
  Connection* Idle(Group& group) {
    if (!group.idle.empty()) {
      Connection* connection = group.idle.back();
      group.idle.pop_back();
      return connection;
    }
    if (group.connections.size() >= static_cast<size_t>(options_.connections)) return nullptr;
    group.connections.push_back(std::make_unique<Connection>());
    Connection* connection = group.connections.back().get();
    connection->group = &group;
    Open(epoll_, options_.port, *connection);
    return connection;
  }

  int Take(int wait_ms) {
    std::array<epoll_event, 256> events{};
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms);
    if (count < 0 && errno != EINTR) throw Failure("epoll_wait");
    for (int i = 0; i < count; ++i) {
      auto& connection = *static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr);
      int status = 0;
      switch (Receive(connection, status)) {
        case Progress::kNone: continue;
        case Progress::kBroken: Break(connection); continue;
        case Progress::kAnswered: Count(status, connection, connection.group->result);
      }
      Release(connection);
    }
    return count;
  }

  void Release(Connection& connection) {
    connection.waiting = false;
    --in_flight_;
    connection.group->idle.push_back(&connection);
  }

  void Break(Connection& connection) {
    Open(epoll_, options_.port, connection);
    if (!connection.waiting) return;
    ++connection.group->result.failed[0];
    Release(connection);
  }

  const LoadOptions options_;
  int epoll_;
  std::vector<Group> groups_;
  int in_flight_ = 0;
  std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace

uint16_t PortOf(const std::string& base_url) {
  return static_cast<uint16_t>(std::stoi(base_url.substr(base_url.rfind(':') + 1)));
}

PreparedPost::PreparedPost(std::string_view path, std::string_view token, std::string_view json) {
  bytes_ = fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: application/json\r\nContent-Length: {}\r\nIdempotency-Key: ",
      path, token, json.size());
  key_at_ = bytes_.size();
  bytes_.append(kKeyLength, '0').append("\r\n\r\n").append(json);
  const size_t fresh = json.find(kFreshDigits);
  if (fresh != std::string_view::npos) fresh_at_ = bytes_.size() - json.size() + fresh;
}

PreparedPost PreparedPost::Get(std::string_view path, std::string_view token) {
  PreparedPost get;
  get.bytes_ = fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n\r\n",
                           path, token);
  return get;
}

std::string WithFreshDigits(std::string json) {
  const size_t at = json.find(PreparedPost::kFreshDigits);
  if (at == std::string::npos) return json;
  std::random_device random;
  const size_t length = PreparedPost::kFreshDigits.size();
  return json.replace(at, length, fmt::format("{:08x}{:08x}", random(), random()));
}

LoadResult RunLoad(const std::vector<PreparedPost>& posts, const LoadOptions& options) {
  return Load(posts, options).Run();
}

std::vector<LoadResult> RunOpenLoad(const std::vector<Arrivals>& groups,
                                    const LoadOptions& options) {
  return OpenLoad(groups, options).Run();
}

}  // namespace zonelink::bench
