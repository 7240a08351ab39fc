// SPDX-License-Identifier: Apache-2.0
// Whose signatures are relied on: given by the person, remembered (pinned), or, said plainly, taken
// from the server that is being verified.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/cli/arguments.h"
#include "gateway/cli/ledger_input.h"
#include "ledger/domain/checkpoint.h"
#include "platform/core/result.h"

namespace zonelink::cli {

struct Pin {
  ledger::TrustPolicy policy;     // with its origin
  std::vector<std::string> logs;  // prefixes that must serve this log and no other
  std::string ToJson() const;
  // FailedPrecondition `PIN_BROKEN`.
  static Result<Pin> Parse(std::string_view json);
};

// One file per origin in `<folder>/ledger-trust`. A file that cannot be understood is refused,
// never passed over: FailedPrecondition `PIN_BROKEN`.
class PinStore {
 public:
  explicit PinStore(std::string folder) : folder_(std::move(folder)) {}

  Result<std::optional<Pin>> OfLog(const std::string& prefix) const;
  Result<std::optional<Pin>> OfOrigin(const std::string& origin) const;
  // FailedPrecondition `PIN_EXISTS` when the origin has another pin, or the pin's logs belong to
  // another one, and `replace` is not set; `remembered` and `offered` in the metadata show both.
  Status Save(const Pin& pin, bool replace) const;
  std::string PathOf(const std::string& origin) const;

 private:
  Result<std::vector<Pin>> All() const;
  std::string folder_;
};

enum class TrustFrom { kGiven, kPinned, kServer };

struct Trust {
  ledger::TrustPolicy policy;
  TrustFrom from = TrustFrom::kGiven;
};

// What is to be trusted for.
struct TrustWish {
  std::string prefix;                             // the log's, when it is read by URL
  std::string origin;                             // as the checkpoint claims
  std::function<Result<std::string>()> describe;  // what the server says about its ledger
};

// The policy of --key, --witness, --quorum and --origin alone; nothing without --key.
// InvalidArgument `VERIFIER_KEY_INVALID`, `QUORUM_TOO_LARGE`.
Result<std::optional<ledger::TrustPolicy>> GivenPolicy(const LedgerArguments& arguments);

// What the server says about itself (GET /v1/ledger), with the options laid over it. As ParseLedger
// and GivenPolicy.
Result<ledger::TrustPolicy> ServerPolicy(std::string_view described,
                                         const LedgerArguments& arguments);

// InvalidArgument as GivenPolicy; FailedPrecondition `PIN_BROKEN`, `LEDGER_KEY_UNKNOWN` when
// nobody says whose signature counts.
Result<Trust> FindTrust(const TrustWish& wish, const LedgerArguments& arguments,
                        const PinStore& pins);

// SHA-256 of the public key in groups, to read out over the telephone.
std::string Fingerprint(const ledger::VerifierKey& key);

}  // namespace zonelink::cli
