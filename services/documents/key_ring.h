// SPDX-License-Identifier: Apache-2.0
// The keys of the documents' keys. One wraps; those before it open what they have wrapped until it
// is wrapped anew (docs/operations.md, `Keys of the documents`).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "platform/core/result.h"
#include "zonelink/config/v1/config.pb.h"

namespace zonelink::documents {

struct WrappedKey {
  std::string key_id;  // of what wrapped it
  std::string bytes;
};

class KeyRing {
 public:
  // InvalidArgument `CONFIG_INVALID`, FailedPrecondition `SECRET_UNREADABLE`: which file, and what
  // is wrong with it.
  static Result<KeyRing> Read(const config::v1::Documents& config);

  const std::string& current_id() const { return current_id_; }
  WrappedKey Wrap(std::string_view data_key) const;
  // Unavailable `KEY_MISSING`: no configured key wrapped it. FailedPrecondition `DOCUMENT_DAMAGED`.
  Result<std::string> Unwrap(const WrappedKey& wrapped) const;

 private:
  KeyRing() = default;
  std::map<std::string, std::string> keys_;  // by id
  std::string current_id_;
};

}  // namespace zonelink::documents
