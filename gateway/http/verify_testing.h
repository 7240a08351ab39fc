// SPDX-License-Identifier: Apache-2.0
// For tests: a recognition as the public sees it, and a ledger that proves its grant.
#pragma once

#include <string>
#include <vector>

#include "ledger/domain/entry.h"
#include "ledger/domain/testing_log.h"
#include "platform/core/time.h"
#include "platform/rpc/timestamp.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"
#include "zonelink/recognition/v1/filing.pb.h"

namespace zonelink::gateway {

inline constexpr char kGrantEvent[] = "01930000-0000-7000-8000-00000000000a";

inline recognition::v1::Recognition ShownRecognition() {
  recognition::v1::Recognition shown;
  shown.set_number("R2026-ABCDEFGHJKMN");
  shown.set_state(recognition::v1::RECOGNITION_STATE_VALID);
  shown.set_item_name_zh("原产地证书");
  shown.set_item_name_en("Certificate of origin");
  shown.set_home_zone("shanghai");
  shown.set_zone("zhejiang");
  shown.set_valid_from("2026-03-01");
  shown.set_valid_until("2026-03-31");
  *shown.mutable_as_of() = ToTimestamp(*ParseTime("2026-03-11T01:02:03Z"));
  shown.mutable_proof()->set_event_id(kGrantEvent);
  return shown;
}

// Leaf 1 of a tree of three is the grant's; one witness of two has cosigned.
struct TestLedger {
  ledger::v1::Ledger about;
  ledger::v1::Receipt receipt;

  explicit TestLedger(const std::string& type = "zonelink.recognition.decision.granted") {
    const auto log = ledger::TestSigner::Log();
    const auto first = ledger::TestSigner::Witness("witness.one");
    const auto second = ledger::TestSigner::Witness("witness.two");
    about.set_origin(log.key.name);
    about.set_key(log.key.Format());
    about.set_quorum(1);
    about.add_witnesses()->set_key(first.key.Format());
    about.add_witnesses()->set_key(second.key.Format());
    const ledger::Entry entry{.event_id = kGrantEvent,
                              .type = type,
                              .at = *ParseTime("2026-03-01T02:00:00Z"),
                              .commitment = ledger::LeafHash("hidden")};
    const ledger::TestLog tree({"before", entry.Format(), "after"});
    const std::string text = tree.Head().Format();
    receipt.set_event_id(kGrantEvent);
    receipt.set_index(1);
    receipt.set_entry(entry.Format());
    const auto proof = ledger::InclusionProof(1, 3, tree.tree().Reader()).value();
    for (const ledger::Hash& hash : proof) receipt.add_proof(std::string(hash.view()));
    receipt.set_checkpoint(ledger::SignedBy({&log, &first}, text));
  }
};

}  // namespace zonelink::gateway
