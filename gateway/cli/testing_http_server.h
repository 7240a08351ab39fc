// SPDX-License-Identifier: Apache-2.0
// A server for tests: answers each request on one port with what the test says, byte for byte.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "platform/core/check.h"

namespace zonelink::client {

class TestingHttpServer {
 public:
  // Takes the whole request, gives the bytes of the answer; empty: closes without one.
  using Answer = std::function<std::string(const std::string& request)>;

  explicit TestingHttpServer(Answer answer) : answer_(std::move(answer)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool ready =
        listener_ >= 0 &&
        bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        listen(listener_, 8) == 0;
    ZL_CHECK(ready, "a test's server cannot listen");
    socklen_t length = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~TestingHttpServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  // Nobody can connect any more; connections that exist go on.
  void StopListening() { shutdown(listener_, SHUT_RDWR); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  static std::string Reply(int status, const std::string& body, const std::string& headers = "") {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

 private:
  void Serve() {
    for (int peer; (peer = accept(listener_, nullptr, nullptr)) >= 0;) {
      {
        const std::lock_guard lock(mutex_);
        ++connections_;
      }
      for (std::string request; !(request = Read(peer)).empty();) {
        {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
        }
        const std::string answer = answer_(request);
        if (answer.empty()) break;
        if (send(peer, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
        if (answer.find("Content-Length") == std::string::npos) break;
      }
      close(peer);
    }
  }

  // One request with its body; empty when the peer is gone.
  static std::string Read(int peer) {
    std::string text;
    size_t wanted = std::string::npos;
    char buffer[4096];
    while (text.size() < wanted) {
      const ssize_t count = recv(peer, buffer, sizeof buffer, 0);
      if (count <= 0) return "";
      text.append(buffer, static_cast<size_t>(count));
      const size_t end = text.find("\r\n\r\n");
      if (wanted != std::string::npos || end == std::string::npos) continue;
      const size_t length = text.find("Content-Length: ");
      wanted = end + 4 + (length < end ? std::stoul(text.substr(length + 16)) : 0);
    }
    return text;
  }

  const Answer answer_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  int connections_ = 0;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace zonelink::client
