-- SPDX-License-Identifier: Apache-2.0
-- The same rows for the same callers at less cost: what a row says of its parties itself is asked
-- before filing_parties is. A filing names all its parties in columns that nobody may change, so it
-- needs no other row; a decision names two, the applicant and the zone that decides. Each question
-- about the caller is a query of its own and answered once per statement.
CREATE FUNCTION current_leading_group() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN 'leading-group' = ANY (current_parties());

ALTER POLICY filings_party ON filings USING (
  organization_id = (SELECT nullif(current_organization(), ''))
  OR home_zone = (SELECT nullif(current_zone(), ''))
  OR (SELECT nullif(current_zone(), '')) = ANY (target_zones)
  OR (SELECT current_leading_group()));

ALTER POLICY decisions_party ON decisions USING (
  organization_id = (SELECT nullif(current_organization(), ''))
  OR zone = (SELECT nullif(current_zone(), ''))
  OR (SELECT current_leading_group())
  OR EXISTS (SELECT 1 FROM filing_parties p WHERE p.filing_id = decisions.filing_id));

ALTER POLICY documents_party ON documents USING (
  organization_id = (SELECT nullif(current_organization(), ''))
  OR (SELECT current_leading_group())
  OR EXISTS (SELECT 1 FROM filing_parties p WHERE p.filing_id = documents.filing_id));
