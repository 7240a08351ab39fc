// SPDX-License-Identifier: Apache-2.0
// For tests: a witness over HTTP that keeps the rules of C2SP tlog-witness, unless told not to.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/http/http_server.h"
#include "ledger/domain/testing_log.h"

namespace zonelink::ledger {

class FakeWitness final : public gateway::HttpApp {
 public:
  FakeWitness(const std::string& name, const VerifierKey& log);
  ~FakeWitness() override;

  VerifierKey key() const { return signer_.key; }
  std::string url() const;
  // No longer reachable; then again, on another port.
  void Down();

  // Answers each request with this status, 0: by the rules.
  void AnswerAlways(unsigned status);
  // Keeps requests waiting until it is called with false.
  void Hold(bool hold);
  // Signs with another key than its own.
  void SignFalsely() {
    Locked([&] { false_signature_ = true; });
  }
  // As if it had cosigned this note.
  void Remember(const std::string& note);

  uint64_t size() const;
  // The bodies of all requests so far.
  std::vector<std::string> requests() const;

  gateway::Opened Open(const gateway::RequestHead& head) override;
  gateway::HttpResponse Refuse(const gateway::RequestHead& head, const Error& error) override;

 private:
  struct Post;
  void OnPost(const std::string& body, std::shared_ptr<gateway::Responder> responder);
  gateway::HttpResponse Answer(const std::string& body);
  gateway::HttpResponse Judge(uint64_t old_size, std::span<const Hash> proof,
                              const std::string& note);
  template <class F>
  void Locked(const F& change) {
    const std::lock_guard lock(mutex_);
    change();
  }

  const TestSigner signer_;
  const VerifierKey log_;
  mutable std::mutex mutex_;
  unsigned status_ = 0;
  bool hold_ = false;
  bool false_signature_ = false;
  std::optional<Checkpoint> latest_;
  std::string latest_note_;
  std::vector<std::string> requests_;
  struct Held {
    std::string body;
    std::shared_ptr<gateway::Responder> responder;
  };
  std::vector<Held> held_;
  std::unique_ptr<gateway::HttpServer> server_;
};

}  // namespace zonelink::ledger
