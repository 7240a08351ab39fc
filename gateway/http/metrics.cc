// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/metrics.h"

#include <prometheus/text_serializer.h>

namespace zonelink::gateway {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

prometheus::Gauge* MakeGauge(prometheus::Registry& registry, const char* name, const char* help) {
  return &prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

Metrics::Metrics(const std::vector<std::string>& routes)
    : requests_(prometheus::BuildCounter()
                    .Name("zonelink_http_requests_total")
                    .Help("Requests answered, by route and status.")
                    .Register(registry_)),
      in_flight_(MakeGauge(registry_, "zonelink_http_in_flight", "Requests being worked on.")),
      streams_(MakeGauge(registry_, "zonelink_http_event_streams", "Open event streams.")),
      connections_(MakeGauge(registry_, "zonelink_http_connections", "Open connections.")),
      rate_limited_(&prometheus::BuildCounter()
                         .Name("zonelink_http_rate_limited_total")
                         .Help("Requests refused because caller or address asked too often.")
                         .Register(registry_)
                         .Add({})),
      overloaded_(&prometheus::BuildCounter()
                       .Name("zonelink_http_overloaded_total")
                       .Help("Requests refused before an RPC because too much was in flight.")
                       .Register(registry_)
                       .Add({})) {
  auto& durations = prometheus::BuildHistogram()
                        .Name("zonelink_http_request_seconds")
                        .Help("Time from a request's head to its answer, by route.")
                        .Register(registry_);
  by_route_.reserve(routes.size() + 1);
  for (const std::string& route : routes) {
    by_route_.push_back({route, &durations.Add({{"route", route}}, kSeconds), {}});
  }
  by_route_.push_back({"other", &durations.Add({{"route", "other"}}, kSeconds), {}});
}

void Metrics::Count(size_t route, unsigned status, double seconds) {
  ByRoute& counted = by_route_[route];
  counted.seconds->Observe(seconds);
  const std::lock_guard lock(mutex_);
  auto& counter = counted.by_status[status];
  if (counter == nullptr) {
    counter = &requests_.Add({{"route", counted.name}, {"status", std::to_string(status)}});
  }
  counter->Increment();
}

std::string Metrics::Text() {
  if (open_connections_) connections_->Set(static_cast<double>(open_connections_()));
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace zonelink::gateway
