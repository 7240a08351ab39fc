// SPDX-License-Identifier: Apache-2.0
#include "recognition/condition_store.h"

namespace zonelink::recognition::condition_store {

constexpr db::Sql kText{"condition.text", "SELECT jsonpath_text($1) AS canonical"};

constexpr db::Sql kTry{"condition.try", "SELECT ($1::jsonb @@ $2::jsonpath) IS NULL AS unknown"};

Status Check(db::Tx& tx, const std::string& predicate,
             const std::vector<AttributeDefinition>& defined) {
  const auto canonical = tx.Exec(kText, predicate)[0].MaybeText("canonical");
  if (!canonical) return ConditionInvalid("SYNTAX", "not an SQL/JSON path");
  if (const Status ok = CheckCondition(*canonical, defined); !ok) return ok.error();
  if (tx.Exec(kTry, SampleAttributes(defined), *canonical)[0].Bool("unknown")) {
    return ConditionInvalid("NO_ANSWER", "no predicate, or not of the attributes' types");
  }
  return Done{};
}

}  // namespace zonelink::recognition::condition_store
