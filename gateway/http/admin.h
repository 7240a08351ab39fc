// SPDX-License-Identifier: Apache-2.0
// The application behind the admin port: /healthz, /readyz, /metrics.
#pragma once

#include <functional>

#include "gateway/http/http_message.h"
#include "gateway/http/metrics.h"
#include "platform/core/result.h"

namespace zonelink::gateway {

class Admin final : public HttpApp {
 public:
  // `ready` may wait for a database: the admin port has a thread of its own.
  Admin(std::function<Status()> ready, Metrics& metrics)
      : ready_(std::move(ready)), metrics_(metrics) {}

  Opened Open(const RequestHead& head) override;
  HttpResponse Refuse(const RequestHead& head, const Error& error) override;

 private:
  HttpResponse Answer(const RequestHead& head);

  std::function<Status()> ready_;
  Metrics& metrics_;
};

}  // namespace zonelink::gateway
