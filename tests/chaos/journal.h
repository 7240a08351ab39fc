// SPDX-License-Identifier: Apache-2.0
// What clients were told, line by line as they were told it: the judge's first witness. A JSON
// object per line, handed to the system before the client goes on.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/core/time.h"

namespace zonelink::chaos {

// Whom requests are sent by. `name` is the login name.
struct CallerLine {
  std::string name;
  std::string user_id;
  std::string organization_id;  // empty for officers
  std::string zone;             // empty for members of an organisation
  std::string canary;           // text that only the organisation's parties may be told
};

struct SentLine {
  int64_t id = 0;
  std::string caller;
  std::string rpc;   // SubmitFiling, or the verb of an officer
  std::string path;  // of a POST
  std::string key;
  std::string body;
  // Of a submitted filing: number of its credential, different in every request.
  std::string credential;
};

struct ToldLine {
  int64_t id = 0;
  int status = 0;  // 0: no answer came
  std::string reason;
  std::string body;
  std::string filing_id;
  bool again = false;  // asked again with the same key
};

struct ReadLine {
  std::string caller;
  std::string path;
  int status = 0;
  std::string body;
};

struct CheckpointLine {
  std::string seen_by;
  std::string note;
};

struct ReceiptLine {
  std::string seen_by;
  std::string event_id;
  std::string body;  // as answered
};

// From the kill to the moment at which the killed was ready again.
struct OutageLine {
  std::string victim;
  Time from;
  Time until;
};

// What clients knew beforehand about who signs.
struct TrustLine {
  std::string log_key;
  std::vector<std::string> witness_keys;
};

// All about one request.
struct Exchange {
  SentLine sent;
  std::vector<ToldLine> told;  // in order

  // The last answer is final.
  bool Settled() const;
  bool Acknowledged() const;  // some answer said that it is done
  bool InDoubt() const;       // the first time it was asked
  // The answers that said that it is done.
  std::vector<const ToldLine*> Done() const;
};

struct Journal {
  std::map<std::string, CallerLine> callers;
  std::map<int64_t, Exchange> exchanges;
  std::vector<ReadLine> reads;
  std::vector<CheckpointLine> checkpoints;
  std::vector<ReceiptLine> receipts;
  std::vector<OutageLine> outages;
  TrustLine trust;

  // Throws std::runtime_error for a line it does not understand. A last line cut short is left out:
  // its writer was killed before it went on.
  static Journal Read(const std::string& path);
};

// Whether an answer leaves open what became of the request: ask again with the same key.
bool InDoubt(int status, const std::string& reason);

// Thread-safe.
class JournalWriter {
 public:
  explicit JournalWriter(std::string path);  // appends

  void Write(const CallerLine& line);
  void Write(const SentLine& line);
  void Write(const ToldLine& line);
  void Write(const ReadLine& line);
  void Write(const CheckpointLine& line);
  void Write(const ReceiptLine& line);
  void Write(const OutageLine& line);
  void Write(const TrustLine& line);
  int64_t NextId();
  const std::string& path() const { return path_; }

 private:
  void Append(const std::string& line);

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::mutex mutex_;
  std::unique_ptr<std::FILE, Close> file_;
  int64_t last_id_ = 0;
};

}  // namespace zonelink::chaos
