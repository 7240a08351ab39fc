// SPDX-License-Identifier: Apache-2.0
#include "platform/db/request_hash.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "platform/crypto/crypto.h"

namespace zonelink::db {

std::string RequestHash(const google::protobuf::Message& request) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);  // maps would be the only unordered part
  request.SerializeToCodedStream(&coded);
  coded.Trim();
  return crypto::Sha256(bytes);
}

}  // namespace zonelink::db
