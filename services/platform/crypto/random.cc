// SPDX-License-Identifier: Apache-2.0
#include <openssl/rand.h>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"

namespace zonelink::crypto {

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  const int ok =
      RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count));
  ZL_CHECK(ok == 1, "no random bytes");
  return bytes;
}

std::string NewUuid(Time now) {
  const auto millis = static_cast<uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count());
  std::string bytes = RandomBytes(16);
  for (size_t i = 0; i < 6; ++i) bytes[i] = static_cast<char>(millis >> (40 - 8 * i) & 255);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x70);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string text = HexEncode(bytes);
  for (const size_t dash : {8, 13, 18, 23}) text.insert(dash, 1, '-');
  return text;
}

std::string RandomBase32(size_t length) {
  constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text = RandomBytes(length);
  for (char& c : text) c = kCrockford[static_cast<uint8_t>(c) & 31];
  return text;
}

}  // namespace zonelink::crypto
