// SPDX-License-Identifier: Apache-2.0
// The RPCs of the product, from the descriptors.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

namespace zonelink::test {

std::vector<const google::protobuf::MethodDescriptor*> AllMethods();
// DirectoryService/CreateUser
std::string ShortName(const google::protobuf::MethodDescriptor& method);
const google::protobuf::MethodDescriptor& MethodOf(const std::string& short_name);

}  // namespace zonelink::test
