// SPDX-License-Identifier: Apache-2.0
#include "tests/support/event_stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace zonelink::test {
namespace {

int Connect(const std::string& base_url) {
  const int port = std::atoi(base_url.c_str() + base_url.rfind(':') + 1);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    throw std::runtime_error("cannot connect to " + base_url);
  }
  return fd;
}

}  // namespace

EventStream::EventStream(const std::string& base_url, const std::string& token,
                         const std::string& last_event_id)
    : socket_(Connect(base_url)) {
  std::string request =
      "GET /v1/events:stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n";
  if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
  if (!last_event_id.empty()) request += "Last-Event-ID: " + last_event_id + "\r\n";
  request += "\r\n";
  if (write(socket_, request.data(), request.size()) != static_cast<ssize_t>(request.size())) {
    throw std::runtime_error("cannot write to " + base_url);
  }
  thread_ = std::thread([this] { Read(); });
}

EventStream::~EventStream() {
  shutdown(socket_, SHUT_RDWR);
  thread_.join();
  close(socket_);
}

void EventStream::Read() {
  char buffer[4096];
  for (;;) {
    const ssize_t got = read(socket_, buffer, sizeof buffer);
    const std::lock_guard lock(mutex_);
    if (got > 0) Take(std::string_view(buffer, static_cast<size_t>(got)));
    if (got <= 0) ended_ = true;
    changed_.notify_all();
    if (ended_) return;
  }
}

// Reads status line, headers and chunks (RFC 9112 §7.1) as far as they have come.
void EventStream::Take(std::string_view bytes) {
  raw_ += bytes;
  if (status_ == 0) {
    const auto end = raw_.find("\r\n\r\n");
    if (end == std::string::npos) return;
    status_ = std::atoi(raw_.c_str() + raw_.find(' '));
    decoded_ = end + 4;
  }
  if (status_ != 200) return;
  for (;;) {
    const auto line_end = raw_.find("\r\n", decoded_);
    if (line_end == std::string::npos) break;
    size_t size = 0;
    std::from_chars(raw_.data() + decoded_, raw_.data() + line_end, size, 16);
    if (raw_.size() < line_end + 2 + size + 2) break;
    if (size == 0) ended_ = true;
    body_ += raw_.substr(line_end + 2, size);
    decoded_ = line_end + 2 + size + 2;
    if (ended_) break;
  }
  size_t start = 0;
  for (size_t end; (end = body_.find('\n', start)) != std::string::npos; start = end + 1) {
    Line(std::string_view(body_).substr(start, end - start));
  }
  body_.erase(0, start);
}

void EventStream::Line(std::string_view line) {
  if (line.empty()) {
    if (!current_.data.empty()) events_.push_back(current_);
    current_ = {};
    return;
  }
  const auto colon = line.find(':');
  const auto field = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  if (field == "id") current_.id = value;
  if (field == "event") current_.event = value;
  if (field == "data") current_.data += value;
}

int EventStream::AwaitStatus() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(15), [this] { return status_ != 0 || ended_; });
  return status_;
}

std::vector<EventStream::Event> EventStream::Seen() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

bool EventStream::Await(std::string_view text, std::chrono::milliseconds limit) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] {
    for (const auto& event : events_) {
      if (event.data.find(text) != std::string::npos) return true;
    }
    return false;
  });
}

bool EventStream::AwaitEnd(std::chrono::milliseconds limit) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [this] { return ended_; });
}

std::string EventStream::Raw() const {
  const std::lock_guard lock(mutex_);
  return raw_;
}

}  // namespace zonelink::test
