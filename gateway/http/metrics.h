// SPDX-License-Identifier: Apache-2.0
// What the gateway counts, for Prometheus.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace zonelink::gateway {

class Metrics {
 public:
  // `routes` are the values of the label `route`; what matches none counts under `other`.
  explicit Metrics(const std::vector<std::string>& routes);

  // `route` is a position in `routes`, or its size for `other`.
  void Count(size_t route, unsigned status, double seconds);
  prometheus::Gauge& in_flight() { return *in_flight_; }
  prometheus::Gauge& streams() { return *streams_; }
  prometheus::Counter& rate_limited() { return *rate_limited_; }
  prometheus::Counter& overloaded() { return *overloaded_; }
  size_t other() const { return by_route_.size() - 1; }

  // Asked when the text is made.
  void SetOpenConnections(std::function<int64_t()> open) { open_connections_ = std::move(open); }
  std::string Text();

 private:
  struct ByRoute {
    std::string name;
    prometheus::Histogram* seconds = nullptr;
    std::map<unsigned, prometheus::Counter*> by_status;
  };

  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Gauge* in_flight_;
  prometheus::Gauge* streams_;
  prometheus::Gauge* connections_;
  prometheus::Counter* rate_limited_;
  prometheus::Counter* overloaded_;
  std::function<int64_t()> open_connections_;
  std::mutex mutex_;
  std::vector<ByRoute> by_route_;
};

}  // namespace zonelink::gateway
