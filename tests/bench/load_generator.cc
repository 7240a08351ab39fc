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

// One connection with at most one request in flight.
struct Connection {
  std::unique_ptr<Socket> socket;
  std::string outgoing;
  std::string received;
  steady_clock::time_point sent;
  bool waiting = false;
};

class Load {
 public:
  Load(const std::vector<PreparedPost>& posts, const LoadOptions& options)
      : posts_(posts), options_(options), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) throw Failure("no epoll");
    connections_.resize(static_cast<size_t>(options.connections));
    for (Connection& connection : connections_) Open(connection);
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
  void Open(Connection& connection) {
    connection.socket = std::make_unique<Socket>(options_.port);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket->fd(), &event) != 0) {
      throw Failure("epoll_ctl");
    }
  }

  void SendNext(Connection& connection) {
    connection.sent = steady_clock::now();
    connection.waiting = connection.sent < end_;
    if (!connection.waiting) return;
    ++in_flight_;
    const PreparedPost& post = posts_[next_++ % posts_.size()];
    connection.outgoing = post.bytes();
    for (size_t i = 0; i < PreparedPost::kKeyLength; i += 16) {
      fmt::format_to(connection.outgoing.data() + post.key_at() + i, "{:016x}", random_());
    }
    connection.received.clear();
    // A request is far smaller than a socket's buffer, which is empty: this does not block.
    const auto& bytes = connection.outgoing;
    const ssize_t sent = send(connection.socket->fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(bytes.size())) Break(connection);
  }

  void Receive(Connection& connection) {
    std::array<char, 16384> buffer;  // NOLINT: filled by recv
    const ssize_t count = recv(connection.socket->fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return Break(connection);
    connection.received.append(buffer.data(), static_cast<size_t>(count));
    const auto head = ReadHead(connection.received);
    if (!head || connection.received.size() < head->whole_length) return;
    Count(head->status, connection);
    --in_flight_;
    SendNext(connection);
  }

  void Count(int status, const Connection& connection) {
    if (status >= 200 && status < 300) {
      ++result_.succeeded;
      result_.ms.push_back(
          std::chrono::duration<double, std::milli>(steady_clock::now() - connection.sent).count());
      return;
    }
    ++result_.failed[status];
    const std::string& received = connection.received;
    const size_t body = std::min(received.find("\r\n\r\n"), received.size());
    result_.examples.emplace(status, received.substr(body, kExampleBytes));
  }

  // The server closed the connection: an answer is missing if one was awaited.
  void Break(Connection& connection) {
    const bool waiting = connection.waiting;
    connection.waiting = false;
    if (waiting) {
      ++result_.failed[0];
      --in_flight_;
    }
    Open(connection);  // closing the old socket takes it out of the epoll set
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

}  // namespace

PreparedPost::PreparedPost(std::string_view path, std::string_view token, std::string_view json) {
  bytes_ = fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: application/json\r\nContent-Length: {}\r\nIdempotency-Key: ",
      path, token, json.size());
  key_at_ = bytes_.size();
  bytes_.append(kKeyLength, '0').append("\r\n\r\n").append(json);
}

LoadResult RunLoad(const std::vector<PreparedPost>& posts, const LoadOptions& options) {
  return Load(posts, options).Run();
}

}  // namespace zonelink::bench
