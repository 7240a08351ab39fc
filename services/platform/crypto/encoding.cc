// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "platform/crypto/crypto.h"

namespace zonelink::crypto {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int SixBits(char c, std::string_view alphabet) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == alphabet[62]) return 62;
  if (c == alphabet[63]) return 63;
  return -1;
}

std::string EncodeSixBits(std::string_view bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<uint8_t>(c);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += alphabet[held >> bits & 63];
    }
  }
  if (bits > 0) text += alphabet[held << (6 - bits) & 63];
  return text;
}

// One text for one value: padding and stray bits at the end are refused.
std::optional<std::string> DecodeSixBits(std::string_view text, std::string_view alphabet) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = SixBits(c, alphabet);
    if (value < 0) return std::nullopt;
    held = held << 6 | static_cast<uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 255);
  }
  if ((held & ((1u << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::string HexEncode(std::string_view bytes) {
  std::string text(bytes.size() * 2, '\0');
  char* at = text.data();
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    *at++ = kHexDigits[byte >> 4];
    *at++ = kHexDigits[byte & 15];
  }
  return text;
}

std::string Base64UrlEncode(std::string_view bytes) { return EncodeSixBits(bytes, kBase64Url); }

std::optional<std::string> Base64UrlDecode(std::string_view text) {
  return DecodeSixBits(text, kBase64Url);
}

std::string Base64Encode(std::string_view bytes) {
  std::string text = EncodeSixBits(bytes, kBase64);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<std::string> Base64Decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  // What is left of too much padding is an impossible length or a sign outside the alphabet.
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return DecodeSixBits(text, kBase64);
}

}  // namespace zonelink::crypto
