// SPDX-License-Identifier: Apache-2.0
// The comments of the protos, which generated code does not carry.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace zonelink::gateway {

class Comments {
 public:
  // Serialised google.protobuf.FileDescriptorSet with source information.
  explicit Comments(std::string_view file_descriptor_set);

  // Lines joined, paragraphs kept; empty: none.
  std::string_view Of(const std::string& full_name) const;

 private:
  std::map<std::string, std::string> by_name_;
};

}  // namespace zonelink::gateway
