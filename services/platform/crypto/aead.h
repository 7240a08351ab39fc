// SPDX-License-Identifier: Apache-2.0
// Encryption of what lies on disks: AES-256-GCM for contents, AES key wrap for the keys they are
// encrypted with.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zonelink::crypto {

inline constexpr size_t kAesKeyBytes = 32;
inline constexpr size_t kGcmNonceBytes = 12;
inline constexpr size_t kGcmTagBytes = 16;

// AES-256-GCM (NIST SP 800-38D): ciphertext, as long as `plain`, then the tag. A nonce must never
// come twice under one key.
std::string AesGcmSeal(std::string_view key, std::string_view nonce, std::string_view associated,
                       std::string_view plain);
// Nothing unless every byte of `sealed`, nonce and associated data is as it was sealed.
std::optional<std::string> AesGcmOpen(std::string_view key, std::string_view nonce,
                                      std::string_view associated, std::string_view sealed);

// AES key wrap (RFC 3394) under a key of 32 bytes; `secret` is a multiple of 8 bytes, at least 16.
// The result is 8 bytes longer.
std::string AesKeyWrap(std::string_view key, std::string_view secret);
// Nothing unless it was wrapped under this key.
std::optional<std::string> AesKeyUnwrap(std::string_view key, std::string_view wrapped);

}  // namespace zonelink::crypto
