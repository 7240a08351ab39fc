// SPDX-License-Identifier: Apache-2.0
// Fills any message from a YAML mapping whose keys are the proto's field names.
#pragma once

#include <google/protobuf/message.h>
#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>

namespace zonelink::config {

// What is wrong and where; `line` counts from 1.
struct YamlFault {
  int line = 1;
  std::string what;
};

// Nothing, or the first fault; `message` is then half filled.
std::optional<YamlFault> FillMessage(const YAML::Node& node, google::protobuf::Message& message);

}  // namespace zonelink::config
