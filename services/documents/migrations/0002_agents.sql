-- SPDX-License-Identifier: Apache-2.0
-- Mandates 委托代理 as the directory's events tell of them. An agent reads its principal's papers by the
-- cases that it handles while one is in force, and no longer; which items it is for is asked where
-- cases tell of papers.
CREATE TABLE mandates (
  mandate_id   text COLLATE "C" CONSTRAINT mandates_pk PRIMARY KEY,
  principal_id text COLLATE "C" NOT NULL,
  agent_id     text COLLATE "C" NOT NULL,
  valid_from   date NOT NULL,
  valid_until  date NOT NULL,
  active       boolean NOT NULL
);
CREATE INDEX mandates_agent ON mandates (agent_id);
ALTER TABLE mandates ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandates FORCE ROW LEVEL SECURITY;
CREATE POLICY mandates_party ON mandates FOR SELECT TO {{role}} USING (current_organization() IN (agent_id, principal_id));
CREATE POLICY mandates_audit ON mandates FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY mandates_relay ON mandates TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT ON mandates TO {{role}}, {{role}}_auditor;
GRANT SELECT, INSERT, UPDATE (active) ON mandates TO {{role}}_relay;

-- For whom the caller's organisation acts on the deployment's day.
CREATE FUNCTION current_principals() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC
  SELECT ARRAY(
    SELECT m.principal_id
      FROM mandates m
     WHERE m.agent_id = nullif(current_organization(), '') AND m.active
       AND (SELECT ((now() + offset_us * interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date FROM clock.setting)
           BETWEEN m.valid_from AND m.valid_until);
END;
-- As a party of its own an organisation reads its own papers, and those of whom it acts for.
ALTER POLICY document_grants_party ON document_grants USING (
  parties && (SELECT array_remove(current_parties(), 'org:' || current_organization()))::text[]
  OR (SELECT 'org:' || nullif(current_organization(), '')) = ANY (parties)
     AND (organization_id = (SELECT current_organization()) OR organization_id = ANY ((SELECT current_principals())::text[])));
