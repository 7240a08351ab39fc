// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/note.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "platform/core/check.h"

namespace zonelink::ledger {
namespace {

constexpr size_t kMaxNoteBytes = size_t{64} * 1024;
constexpr size_t kMaxSignatures = 100;
constexpr size_t kKeyBytes = 32;
constexpr size_t kIdBytes = 4;
constexpr size_t kTimeBytes = 8;
constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space

// Unicode's White_Space.
bool IsSpace(int32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

// Valid UTF-8 of code points that all are `allowed`.
bool EveryCodePoint(std::string_view text, const std::function<bool(int32_t)>& allowed) {
  while (!text.empty()) {
    utf8proc_int32_t c = 0;
    const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                        static_cast<utf8proc_ssize_t>(text.size()), &c);
    if (bytes <= 0 || !allowed(c)) return false;
    text.remove_prefix(static_cast<size_t>(bytes));
  }
  return true;
}

std::string BigEndian(uint64_t value, size_t bytes) {
  std::string text(bytes, '\0');
  for (size_t at = bytes; at-- > 0; value >>= 8) text[at] = static_cast<char>(value & 255);
  return text;
}

uint64_t FromBigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

std::string TypeAndKey(SignatureType type, std::string_view public_key) {
  return static_cast<char>(type) + std::string(public_key);
}

Error NoteInvalid(std::string message) {
  return InvalidArgument("NOTE_INVALID", std::move(message));
}

Error KeyInvalid(std::string message) {
  return InvalidArgument("VERIFIER_KEY_INVALID", std::move(message));
}

// What a witness signs.
std::string CosignedMessage(std::string_view text, uint64_t seconds) {
  return fmt::format("cosignature/v1\ntime {}\n{}", seconds, text);
}

// A line without its newline.
std::optional<NoteSignature> ParseSignatureLine(std::string_view line) {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  const size_t space = line.find(' ');
  if (space == std::string_view::npos || !ValidKeyName(line.substr(0, space))) return std::nullopt;
  const auto bytes = crypto::Base64Decode(line.substr(space + 1));
  if (!bytes || bytes->size() <= kIdBytes) return std::nullopt;
  return NoteSignature{
      .name = std::string(line.substr(0, space)),
      .id = static_cast<uint32_t>(FromBigEndian(std::string_view(*bytes).substr(0, kIdBytes))),
      .bytes = bytes->substr(kIdBytes)};
}

bool Verifies(std::string_view text, const NoteSignature& signature, const VerifierKey& key) {
  const auto public_key = crypto::Ed25519Key::FromPublic(key.public_key);
  if (!public_key) return false;
  switch (key.type) {
    case SignatureType::kEd25519: return public_key->Verify(text, signature.bytes);
    case SignatureType::kCosignature: {
      const auto at = CosignedAt(signature);
      if (!at) return false;
      const std::string_view bytes = signature.bytes;
      const std::string message = CosignedMessage(text, FromBigEndian(bytes.substr(0, kTimeBytes)));
      return public_key->Verify(message, bytes.substr(kTimeBytes));
    }
  }
  return false;
}

}  // namespace

bool ValidKeyName(std::string_view name) {
  return !name.empty() &&
         EveryCodePoint(name, [](int32_t c) { return c >= 0x20 && c != '+' && !IsSpace(c); });
}

VerifierKey VerifierKey::Of(std::string name, SignatureType type, std::string public_key) {
  ZL_CHECK(public_key.size() == kKeyBytes, "an Ed25519 public key has 32 bytes");
  const auto digest = crypto::Sha256Of(name, "\n", TypeAndKey(type, public_key));
  const auto id = static_cast<uint32_t>(FromBigEndian({digest.data(), kIdBytes}));
  return {.name = std::move(name), .id = id, .type = type, .public_key = std::move(public_key)};
}

Result<VerifierKey> VerifierKey::Parse(std::string_view text) {
  const size_t name_end = text.find('+');
  const size_t id_end =
      name_end == std::string_view::npos ? name_end : text.find('+', name_end + 1);
  if (id_end == std::string_view::npos) return KeyInvalid("is not <name>+<id>+<key>");
  const std::string_view name = text.substr(0, name_end);
  if (!ValidKeyName(name)) return KeyInvalid("the name is empty or has spaces");
  const auto material = crypto::Base64Decode(text.substr(id_end + 1));
  if (!material || material->size() != 1 + kKeyBytes) {
    return KeyInvalid("not base64 of a type and 32 bytes");
  }
  const auto type = static_cast<SignatureType>(material->front());
  if (type != SignatureType::kEd25519 && type != SignatureType::kCosignature) {
    return KeyInvalid("only Ed25519 (01) and its cosignatures (04) are known");
  }
  VerifierKey key = Of(std::string(name), type, material->substr(1));
  if (key.Format() != text) return KeyInvalid("the id is not the key's");
  return key;
}

std::string VerifierKey::Format() const {
  return fmt::format("{}+{:08x}+{}", name, id, crypto::Base64Encode(TypeAndKey(type, public_key)));
}

Result<Note> Note::Parse(std::string_view bytes) {
  if (bytes.size() > kMaxNoteBytes) return NoteInvalid("more than 64 KiB");
  if (!EveryCodePoint(bytes, [](int32_t c) { return c >= 0x20 || c == '\n'; })) {
    return NoteInvalid("not UTF-8, or control characters");
  }
  const size_t end = bytes.rfind("\n\n");
  if (end == std::string_view::npos) return NoteInvalid("no empty line before the signatures");
  auto signatures = ParseSignatureLines(bytes.substr(end + 2));
  if (!signatures) return std::move(signatures).error();
  return Note{.text = std::string(bytes.substr(0, end + 1)), .signatures = std::move(*signatures)};
}

std::string Note::Format() const {
  std::string bytes = text + "\n";
  for (const NoteSignature& signature : signatures) bytes += FormatSignatureLine(signature);
  return bytes;
}

std::string FormatSignatureLine(const NoteSignature& signature) {
  return fmt::format("{}{} {}\n", kDash, signature.name,
                     crypto::Base64Encode(BigEndian(signature.id, kIdBytes) + signature.bytes));
}

Result<std::vector<NoteSignature>> ParseSignatureLines(std::string_view bytes) {
  if (bytes.empty()) return NoteInvalid("no signature");
  std::vector<NoteSignature> signatures;
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    if (end == std::string_view::npos) return NoteInvalid("the last line does not end");
    auto signature = ParseSignatureLine(bytes.substr(0, end));
    if (!signature) return NoteInvalid("not a signature line");
    if (signatures.size() == kMaxSignatures) return NoteInvalid("more than 100 signatures");
    signatures.push_back(std::move(*signature));
    bytes.remove_prefix(end + 1);
  }
  return signatures;
}

NoteSignature SignNote(std::string_view text, const VerifierKey& key,
                       const crypto::Ed25519Key& secret) {
  ZL_CHECK(key.type == SignatureType::kEd25519, "a witness's key signs with Cosign");
  return {.name = key.name, .id = key.id, .bytes = secret.Sign(text)};
}

NoteSignature Cosign(std::string_view text, const VerifierKey& key,
                     const crypto::Ed25519Key& secret, Time at) {
  ZL_CHECK(key.type == SignatureType::kCosignature, "a log's key signs with SignNote");
  ZL_CHECK(at >= Time{}, "cosignatures count seconds from 1970 on");
  const auto seconds = static_cast<uint64_t>(
      std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count());
  return {.name = key.name,
          .id = key.id,
          .bytes = BigEndian(seconds, kTimeBytes) + secret.Sign(CosignedMessage(text, seconds))};
}

Result<std::vector<VerifierKey>> VerifySignatures(const Note& note,
                                                  std::span<const VerifierKey> trusted) {
  std::vector<VerifierKey> signers;
  for (const VerifierKey& key : trusted) {
    if (std::find(signers.begin(), signers.end(), key) != signers.end()) continue;
    bool signed_it = false;
    for (const NoteSignature& signature : note.signatures) {
      if (signature.name != key.name || signature.id != key.id) continue;
      if (!Verifies(note.text, signature, key)) {
        return InvalidArgument("SIGNATURE_INVALID",
                               fmt::format("the signature of {} does not verify", key.name),
                               {{"name", key.name}});
      }
      signed_it = true;
    }
    if (signed_it) signers.push_back(key);
  }
  return signers;
}

Result<Time> CosignedAt(const NoteSignature& signature) {
  constexpr auto kMaxSeconds = static_cast<uint64_t>(
      std::chrono::floor<std::chrono::seconds>(Time::max().time_since_epoch()).count());
  const std::string_view bytes = signature.bytes;
  const uint64_t seconds = FromBigEndian(bytes.substr(0, kTimeBytes));
  if (bytes.size() < kTimeBytes || seconds > kMaxSeconds) {
    return InvalidArgument("SIGNATURE_INVALID",
                           fmt::format("the cosignature of {} has no time", signature.name),
                           {{"name", signature.name}});
  }
  return Time{std::chrono::seconds{seconds}};
}

}  // namespace zonelink::ledger
