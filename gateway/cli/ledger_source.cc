// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/ledger_source.h"

#include <algorithm>
#include <charconv>

#include "gateway/cli/api.h"
#include "gateway/cli/files.h"

namespace zonelink::cli {
namespace {

using std::chrono::milliseconds;

// A bundle has at most 256 entries of 64 KiB.
constexpr size_t kLargestResource = 17u << 20;
constexpr milliseconds kLongestWait{60'000};

// What the server asked for, or twice the last wait; nothing when it is pointless to ask again.
std::optional<milliseconds> WaitFor(const Error& error, milliseconds last) {
  const bool busy = error.code == Code::kResourceExhausted || error.code == Code::kUnavailable ||
                    error.code == Code::kDeadlineExceeded;
  if (!busy || error.reason == "UNREACHABLE" || error.reason == "ANSWER_TOO_LARGE") {
    return std::nullopt;
  }
  const std::string_view asked = client::MetadataOf(error, "retryAfterMs");
  if (asked.empty()) return last * 2;
  int64_t wait = 0;
  std::from_chars(asked.data(), asked.data() + asked.size(), wait);
  return milliseconds(wait);
}

}  // namespace

bool IsUrl(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

std::string LogPrefix(std::string_view url) {
  constexpr std::string_view kCheckpoint = "/checkpoint";
  while (url.ends_with('/')) url.remove_suffix(1);
  if (url.ends_with(kCheckpoint)) url.remove_suffix(kCheckpoint.size());
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

LogSource::LogSource(std::string place, SourceOptions options)
    : place_(std::move(place)), options_(std::move(options)) {
  if (!IsUrl(place_)) return;
  place_ = LogPrefix(place_);
  options_.http.compressed = true;
  options_.http.most_bytes = kLargestResource;
  http_.emplace(place_, options_.http);
}

Result<std::string> LogSource::GetFromServer(const std::string& path) {
  client::HttpRequest request{.path = path};
  milliseconds wait{125};
  for (int attempt = 1;; ++attempt) {
    request.headers.clear();
    const std::string token = options_.token ? options_.token() : "";
    if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
    auto reply = http_->Send(request);
    if (reply && reply->status == 200) return std::move(reply->body);
    Error error = reply ? client::ProblemOf(*reply) : std::move(reply).error();
    if (error.code == Code::kNotFound) {
      return NotFound("RESOURCE_MISSING", place_ + path + ": " + error.message,
                      {{"path", path}, {"status", "404"}});
    }
    if (error.code == Code::kUnauthenticated && !token.empty()) {
      options_.token = nullptr;  // the session has ended; logs are public
      continue;
    }
    const auto again = WaitFor(error, wait);
    if (!again || attempt == options_.attempts || *again > kLongestWait) {
      error.message = place_ + path + ": " + error.message;
      return error;
    }
    wait = std::max(*again, wait);
    if (options_.pause) options_.pause(*again);
  }
}

Result<std::string> LogSource::Describe() {
  if (!http_) return NotFound("RESOURCE_MISSING", place_ + " is a folder");
  return GetFromServer("");
}

Result<std::string> LogSource::Get(const std::string& path) {
  const auto start = std::chrono::steady_clock::now();
  auto bytes = http_ ? GetFromServer("/" + path) : ReadFile(place_ + "/" + path, kLargestResource);
  waited_ += std::chrono::steady_clock::now() - start;
  if (!bytes) {
    if (http_ || bytes.error().code != Code::kNotFound) return bytes;
    return NotFound("RESOURCE_MISSING", bytes.error().message, {{"path", path}});
  }
  bytes_ += bytes->size();
  if (options_.keep_in.empty() || path == "checkpoint") return bytes;
  const auto kept = WriteFile(options_.keep_in + "/" + path, *bytes, {.durable = false});
  if (!kept) return kept.error();
  return bytes;
}

}  // namespace zonelink::cli
