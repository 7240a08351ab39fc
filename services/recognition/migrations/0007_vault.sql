-- SPDX-License-Identifier: Apache-2.0
-- Which papers the enterprises' vaults hold, copied from documents' events: what is there and still
-- valid is offered to the applicant and not asked for again. Never the bytes.
CREATE TABLE vault_documents (
  document_id     text COLLATE "C" CONSTRAINT vault_documents_pk PRIMARY KEY,
  organization_id text COLLATE "C" NOT NULL CONSTRAINT vault_documents_organization CHECK (organization_id <> ''),
  sha256          text COLLATE "C" NOT NULL,
  title           text NOT NULL,
  kind            text COLLATE "C" NOT NULL,
  media_type      text NOT NULL,
  size_bytes      bigint NOT NULL,
  valid_from      date,
  valid_until     date
);
CREATE INDEX vault_documents_kind ON vault_documents (organization_id, kind);
ALTER TABLE vault_documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_documents FORCE ROW LEVEL SECURITY;
CREATE POLICY vault_documents_own ON vault_documents FOR SELECT TO {{role}}
  USING (organization_id = (SELECT nullif(current_organization(), '')));
-- A zone that decides a case of the organisation, while the case is open: it may not ask for what is
-- there. Agents do not see their principals' vaults.
CREATE POLICY vault_documents_case ON vault_documents FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM decisions d
   WHERE d.organization_id = vault_documents.organization_id AND d.zone = (SELECT nullif(current_zone(), '')) AND d.open));
CREATE POLICY vault_documents_audit ON vault_documents FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY vault_documents_relay ON vault_documents TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT ON vault_documents TO {{role}}, {{role}}_auditor;
GRANT SELECT, INSERT, DELETE ON vault_documents TO {{role}}_relay;
-- An officer of the deciding zone takes such a paper into the file.
CREATE POLICY documents_take ON documents FOR INSERT TO {{role}} WITH CHECK (
  EXISTS (SELECT 1 FROM decisions d
           WHERE d.filing_id = documents.filing_id AND d.zone = (SELECT nullif(current_zone(), '')) AND d.open)
  AND EXISTS (SELECT 1 FROM vault_documents v
               WHERE v.organization_id = documents.organization_id AND v.sha256 = documents.sha256
                 AND v.kind = documents.kind));
