// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/denial_record.h"

#include <fmt/format.h>

#include "platform/crypto/crypto.h"

namespace zonelink::outbox {
namespace {

constexpr size_t kLinkBytes = 32;

// RFC 8785, 3.2.2.2.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

}  // namespace

std::string DenialRecord::Format() const {
  return fmt::format(
      R"({{"at":{},"caller_service":{},"code":{},"organization_id":{},"reason":{},)"
      R"("request_id":{},"rpc":{},"seq":{},"session_id":{},"user_id":{},"zone":{}}})",
      Quoted(FormatTime(at)), Quoted(caller_service), Quoted(code), Quoted(organization_id),
      Quoted(reason), Quoted(request_id), Quoted(rpc), seq, Quoted(session_id), Quoted(user_id),
      Quoted(zone));
}

std::string FirstLink() { return std::string(kLinkBytes, '\0'); }

std::string NextLink(std::string_view before, const DenialRecord& record) {
  return crypto::Sha256(std::string(before) + record.Format());
}

}  // namespace zonelink::outbox
