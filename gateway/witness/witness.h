// SPDX-License-Identifier: Apache-2.0
// A witness: the logs it watches and what it answers about them. Knows no sockets.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/witness/log_record.h"

namespace zonelink::witness {

// An HTTP answer, as https://c2sp.org/tlog-witness sets it.
struct Answer {
  unsigned status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";  // a constant
  std::string body;
};

class Witness {
 public:
  struct Settings {
    std::string name;
    crypto::Ed25519Key secret;
    std::string state_dir;
    std::map<std::string, ledger::VerifierKey, std::less<>> logs;  // by origin
  };
  // Holds the folder until it is destroyed. Reasons of StateDir, StateFile and LogRecord.
  static Result<std::unique_ptr<Witness>> Open(Settings settings, const WallClock& clock);

  Answer AddCheckpoint(std::string_view body);
  // The latest cosigned note of a log.
  Answer Latest(std::string_view origin);
  // For people: who this is and how every log stands.
  Answer Describe();

  // nullptr: not watched.
  LogRecord* Find(std::string_view origin);
  const ledger::VerifierKey& key() const { return cosigner_.key; }

 private:
  Witness(Settings settings, std::unique_ptr<StateDir> state, const WallClock& clock);

  const Cosigner cosigner_;
  const std::unique_ptr<StateDir> state_;
  std::map<std::string, std::unique_ptr<LogRecord>, std::less<>> logs_;
};

}  // namespace zonelink::witness
