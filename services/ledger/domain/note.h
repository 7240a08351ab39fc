// SPDX-License-Identifier: Apache-2.0
// Signed notes (https://c2sp.org/signed-note) with Ed25519 keys, and timestamped cosignatures of
// witnesses (https://c2sp.org/tlog-cosignature, Ed25519).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/core/time.h"
#include "platform/crypto/crypto.h"

namespace zonelink::ledger {

enum class SignatureType : uint8_t {
  kEd25519 = 0x01,      // a log's own
  kCosignature = 0x04,  // a witness's, with its time
};

// Not empty, valid UTF-8, without spaces (Unicode's), control characters and `+`.
bool ValidKeyName(std::string_view name);

// Whose signatures are known: `<name>+<key id in hex>+<base64 of type and public key>`.
struct VerifierKey {
  std::string name;
  uint32_t id = 0;
  SignatureType type = SignatureType::kEd25519;
  std::string public_key;  // 32 bytes

  static VerifierKey Of(std::string name, SignatureType type, std::string public_key);
  // InvalidArgument `VERIFIER_KEY_INVALID`: form, name, type, or an id that is not the key's.
  static Result<VerifierKey> Parse(std::string_view text);
  std::string Format() const;
  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};

struct NoteSignature {
  std::string name;
  uint32_t id = 0;
  std::string bytes;  // after the key id
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

// A note as read; its text means nothing before a signature of a trusted key is verified.
struct Note {
  std::string text;  // ends in a newline
  std::vector<NoteSignature> signatures;

  // InvalidArgument `NOTE_INVALID`: not UTF-8, control characters, no signature, more than 100
  // signatures, more than 64 KiB, or any byte that Format would not give back.
  static Result<Note> Parse(std::string_view bytes);
  std::string Format() const;
};

// `— <name> <base64>` and a newline.
std::string FormatSignatureLine(const NoteSignature& signature);
// Such lines alone, as a witness answers them. InvalidArgument `NOTE_INVALID`.
Result<std::vector<NoteSignature>> ParseSignatureLines(std::string_view bytes);

// A log's signature.
NoteSignature SignNote(std::string_view text, const VerifierKey& key,
                       const crypto::Ed25519Key& secret);
// A witness's: signs the time too.
NoteSignature Cosign(std::string_view text, const VerifierKey& key,
                     const crypto::Ed25519Key& secret, Time at);

// The keys of `trusted` that have signed, each once, in the order of `trusted`. InvalidArgument
// `SIGNATURE_INVALID`: a signature by the name and id of a trusted key does not verify. Signatures
// of others are passed over.
Result<std::vector<VerifierKey>> VerifySignatures(const Note& note,
                                                  std::span<const VerifierKey> trusted);
// When a cosignature says it was made, whole seconds; only for SignatureType::kCosignature.
// InvalidArgument `SIGNATURE_INVALID` when it is too short.
Result<Time> CosignedAt(const NoteSignature& signature);

}  // namespace zonelink::ledger
