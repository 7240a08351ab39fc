-- SPDX-License-Identifier: Apache-2.0
-- Credit records 信用记录: what came of promises that were broken, for whoever is to trust the next
-- one. The clock writes one with the revocation; nobody changes or deletes any.
CREATE TABLE credit_records (
  credit_record_id text COLLATE "C" CONSTRAINT credit_records_pk PRIMARY KEY,
  organization_id  text COLLATE "C" NOT NULL,
  uscc             text COLLATE "C" NOT NULL,
  name             text NOT NULL,
  filing_id        text COLLATE "C" NOT NULL,
  zone             text COLLATE "C" NOT NULL,
  item_id          text COLLATE "C" NOT NULL,
  item_version     integer NOT NULL,  -- whose text was promised
  cause            text NOT NULL CONSTRAINT credit_records_cause CHECK (cause = 'PROMISE_BROKEN'),
  findings         text NOT NULL,
  found_at         timestamptz NOT NULL,
  recorded_at      timestamptz NOT NULL CONSTRAINT credit_records_time CHECK (recorded_at >= found_at),
  legal_basis      text NOT NULL,
  CONSTRAINT credit_records_once UNIQUE (filing_id, zone, cause),
  CONSTRAINT credit_records_decision FOREIGN KEY (filing_id, zone) REFERENCES decisions,
  CONSTRAINT credit_records_filing
    FOREIGN KEY (filing_id, organization_id) REFERENCES filings (filing_id, organization_id)
);
CREATE INDEX credit_records_newest ON credit_records (recorded_at DESC, credit_record_id DESC);
CREATE INDEX credit_records_organization ON credit_records (organization_id, recorded_at DESC, credit_record_id DESC);
CREATE INDEX credit_records_uscc ON credit_records (uscc, recorded_at DESC, credit_record_id DESC);

-- Promises that were broken before. Rows that are there belong to somebody: see migration 8.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['filings', 'decisions', 'clocks'] LOOP
    EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', name);
  END LOOP;
END
$$;
INSERT INTO credit_records (credit_record_id, organization_id, uscc, name, filing_id, zone, item_id, item_version, cause,
                            findings, found_at, recorded_at, legal_basis)
  SELECT gen_random_uuid()::text, f.organization_id, f.applicant_uscc, f.applicant_name, f.filing_id, d.zone, f.item_id,
         f.item_version, 'PROMISE_BROKEN', d.promise_findings, c.started_at, coalesce(c.stopped_at, f.changed_at),
         'item: a broken promise goes on record (practice-unverified)'
    FROM decisions d
    JOIN filings f ON f.filing_id = d.filing_id
    JOIN clocks c ON c.case_id = d.filing_id AND c.name = d.zone || '/correction'
   WHERE d.promise = 'BROKEN';
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['filings', 'decisions', 'clocks'] LOOP
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  END LOOP;
END
$$;

ALTER TABLE credit_records ENABLE ROW LEVEL SECURITY;
ALTER TABLE credit_records FORCE ROW LEVEL SECURITY;
CREATE POLICY credit_records_own ON credit_records FOR SELECT TO {{role}}
  USING (organization_id = (SELECT nullif(current_organization(), '')));
-- An officer of any zone who may come to rely on a promise, party to the case or not: where an
-- enterprise broke its word in one zone, the next one is asked to take it.
CREATE POLICY credit_records_officer ON credit_records FOR SELECT TO {{role}} USING ((
  SELECT nullif(current_zone(), '') IS NOT NULL
         AND current_roles() && '{verifier,reviewer,inspector,zone_admin}'));
CREATE POLICY credit_records_leading_group ON credit_records FOR SELECT TO {{role}}
  USING ((SELECT current_leading_group()));
CREATE POLICY credit_records_audit ON credit_records FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY credit_records_timer ON credit_records FOR INSERT TO {{role}}_timer WITH CHECK (true);
GRANT SELECT ON credit_records TO {{role}}, {{role}}_auditor;
GRANT INSERT ON credit_records TO {{role}}_timer;
