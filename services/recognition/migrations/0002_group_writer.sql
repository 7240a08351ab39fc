-- SPDX-License-Identifier: Apache-2.0
-- Filings submitted in groups: what {{role}}_writer may write, and the version by which it sees that
-- the catalogue it relied on is still true.

CREATE TABLE catalogue_version (
  one     boolean CONSTRAINT catalogue_version_pk PRIMARY KEY DEFAULT true CONSTRAINT catalogue_version_one CHECK (one),
  version bigint NOT NULL
);
INSERT INTO catalogue_version (version) VALUES (1);
GRANT SELECT, UPDATE (version) ON catalogue_version TO {{role}}, {{role}}_relay;
GRANT SELECT ON catalogue_version TO {{role}}_writer;

CREATE FUNCTION raise_catalogue_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalogue_version SET version = version + 1;
  RETURN NULL;
END
$$;
CREATE TRIGGER zones_raise AFTER INSERT OR UPDATE OR DELETE ON zones
  FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue_version();
CREATE TRIGGER items_raise AFTER INSERT OR UPDATE OR DELETE ON items
  FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue_version();
CREATE TRIGGER agreement_routes_raise AFTER INSERT OR UPDATE OR DELETE ON agreement_routes
  FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue_version();

GRANT SELECT ON zones, items, agreement_routes TO {{role}}_writer;
CREATE POLICY items_group ON items FOR SELECT TO {{role}}_writer USING (true);
CREATE POLICY agreement_routes_group ON agreement_routes FOR SELECT TO {{role}}_writer USING (in_force);

-- A filing stands in the name of the very member who submits it. The rows beside it carry the same
-- organisation, and their foreign keys prove that the filing is that organisation's.
CREATE POLICY filings_group ON filings FOR INSERT TO {{role}}_writer WITH CHECK (
  (submitted_by, organization_id || '@' || home_zone) IN (SELECT user_id, place FROM current_members()));
CREATE POLICY filing_parties_group ON filing_parties FOR INSERT TO {{role}}_writer WITH CHECK (
  organization_id IN (SELECT organization_id FROM current_member_organizations()));
CREATE POLICY decisions_group ON decisions FOR INSERT TO {{role}}_writer WITH CHECK (
  organization_id IN (SELECT organization_id FROM current_member_organizations())
  AND version = 1 AND state IN ('PENDING', 'GRANTED') AND decided_by = '');
CREATE POLICY documents_group ON documents FOR INSERT TO {{role}}_writer WITH CHECK (
  organization_id IN (SELECT organization_id FROM current_member_organizations()));
CREATE POLICY recognitions_group ON recognitions FOR INSERT TO {{role}}_writer WITH CHECK (
  organization_id IN (SELECT organization_id FROM current_member_organizations()));
GRANT INSERT ON filings, filing_parties, decisions, documents, recognitions TO {{role}}_writer;
