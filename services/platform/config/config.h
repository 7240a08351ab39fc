// SPDX-License-Identifier: Apache-2.0
// YAML → zonelink.config.v1.Config or Witness. Unknown keys, repeated keys and wrong types are
// refused with the line.
#pragma once

#include <string>
#include <string_view>

#include "platform/core/result.h"
#include "zonelink/config/v1/config.pb.h"

namespace zonelink::config {

// InvalidArgument `CONFIG_INVALID`; the message says file, line and what is wrong.
Result<v1::Config> Load(const std::string& path);
Result<v1::Config> Parse(std::string_view yaml, const std::string& name);

// The configuration of a witness; as above.
Result<v1::Witness> LoadWitness(const std::string& path);
Result<v1::Witness> ParseWitness(std::string_view yaml, const std::string& name);

// Contents of a secret's file without the final newline. FailedPrecondition `SECRET_UNREADABLE`
// (also when others may read it).
Result<std::string> ReadSecret(const std::string& path);

}  // namespace zonelink::config
