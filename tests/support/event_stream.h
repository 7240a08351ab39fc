// SPDX-License-Identifier: Apache-2.0
// Server-sent events as a browser receives them, read on a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace zonelink::test {

class EventStream {
 public:
  struct Event {
    std::string id;
    std::string event;
    std::string data;
  };

  // GET /v1/events:stream. Throws std::runtime_error when there is no connection.
  EventStream(const std::string& base_url, const std::string& token,
              const std::string& last_event_id = "");
  ~EventStream();
  EventStream(const EventStream&) = delete;

  // The answer's status line has come; its status.
  int AwaitStatus();
  std::vector<Event> Seen() const;
  // Waits until one event's data holds `text`.
  bool Await(std::string_view text,
             std::chrono::milliseconds limit = std::chrono::seconds(15)) const;
  // The server has ended the stream.
  bool AwaitEnd(std::chrono::milliseconds limit) const;
  // Everything received, for failure messages and for answers that are no stream.
  std::string Raw() const;

 private:
  void Read();
  void Take(std::string_view bytes);
  void Line(std::string_view line);

  int socket_ = -1;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::string raw_;     // as received, chunked
  std::string body_;    // decoded, not yet split into lines
  size_t decoded_ = 0;  // bytes of raw_ that are in body_
  int status_ = 0;
  bool ended_ = false;
  Event current_;
  std::vector<Event> events_;
  std::thread thread_;
};

}  // namespace zonelink::test
