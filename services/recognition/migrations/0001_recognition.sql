-- SPDX-License-Identifier: Apache-2.0
-- Mutual recognition: the catalogue, agreements, filings with one decision per target zone, recognitions.
--
-- Who may see a filing is a row of filing_parties, who may see an agreement a row of agreement_parties;
-- a party is org:<id>, zone:<id> or leading-group. What one command writes together cannot ask those
-- rows, so it carries its writer: the policy lets callers write their own, the foreign key proves that
-- the case is theirs. Policies that ask a parties table see of it what its own policy shows: the
-- caller's parties. Nothing is ever deleted, and what was submitted cannot be updated.

-- Copied from the directory's events: shared reference, readable by everybody.
CREATE TABLE zones (
  zone    text COLLATE "C" CONSTRAINT zones_pk PRIMARY KEY,
  name_zh text NOT NULL,
  name_en text NOT NULL
);
GRANT SELECT ON zones TO {{role}}, {{role}}_auditor, {{role}}_public;
GRANT SELECT, INSERT, UPDATE ON zones TO {{role}}_relay;

-- Catalogue 事项. A version never changes: filings pin it.
CREATE TABLE items (
  item_id             text COLLATE "C" NOT NULL,
  version             integer NOT NULL CONSTRAINT items_version CHECK (version >= 1),
  name_zh             text NOT NULL,
  name_en             text NOT NULL,
  item_class          text NOT NULL CONSTRAINT items_class CHECK (item_class IN
                        ('LICENCE', 'QUALIFICATION', 'ORIGIN_CERTIFICATE', 'INSPECTION_RESULT',
                         'BUSINESS_REGISTRATION', 'POLICY')),
  default_mode        text NOT NULL CONSTRAINT items_mode CHECK (default_mode IN
                        ('NATIONWIDE', 'AUTOMATIC', 'NOTIFY', 'REVIEW', 'NONE')),
  verifiers_needed    integer NOT NULL CONSTRAINT items_verifiers CHECK (verifiers_needed IN (1, 2)),
  budget_working_days integer NOT NULL CONSTRAINT items_budget CHECK (budget_working_days BETWEEN 0 AND 60),
  tacit_allowed       boolean NOT NULL,
  excluded_class      boolean NOT NULL,
  attribute_names     text[] NOT NULL,
  attribute_types     text[] NOT NULL,
  required_documents  text[] NOT NULL,
  source              text NOT NULL,
  source_status       text NOT NULL,
  budget_basis        text NOT NULL,
  published_by        text NOT NULL,
  published_at        timestamptz NOT NULL,
  CONSTRAINT items_pk PRIMARY KEY (item_id, version),
  CONSTRAINT items_attributes CHECK (cardinality(attribute_names) = cardinality(attribute_types)),
  CONSTRAINT items_days CHECK ((budget_working_days = 0) = (default_mode = 'NATIONWIDE')),
  CONSTRAINT items_excluded CHECK (
    NOT excluded_class OR (default_mode NOT IN ('AUTOMATIC', 'NOTIFY') AND NOT tacit_allowed))
);
ALTER TABLE items ENABLE ROW LEVEL SECURITY;
ALTER TABLE items FORCE ROW LEVEL SECURITY;
CREATE POLICY items_read ON items FOR SELECT TO {{role}}, {{role}}_auditor, {{role}}_public USING (true);
CREATE POLICY items_publish ON items FOR INSERT TO {{role}}
  WITH CHECK ('secretariat' = ANY (current_roles()) AND published_by = current_user_id());
GRANT SELECT ON items TO {{role}}, {{role}}_auditor, {{role}}_public;
GRANT INSERT ON items TO {{role}};

-- Agreements 互认协议.
CREATE TABLE agreements (
  agreement_id text COLLATE "C" CONSTRAINT agreements_pk PRIMARY KEY,
  item_id      text COLLATE "C" NOT NULL,
  home_zones   text[] NOT NULL CONSTRAINT agreements_home CHECK (cardinality(home_zones) > 0),
  target_zones text[] NOT NULL CONSTRAINT agreements_target CHECK (cardinality(target_zones) > 0),
  mode         text NOT NULL CONSTRAINT agreements_mode CHECK (mode IN
                 ('NATIONWIDE', 'AUTOMATIC', 'NOTIFY', 'REVIEW', 'NONE')),
  valid_from   date NOT NULL,
  valid_until  date NOT NULL,
  state        text NOT NULL CONSTRAINT agreements_state CHECK (state IN
                 ('DRAFTED', 'IN_FORCE', 'SUSPENDED', 'TERMINATED')),
  version      bigint NOT NULL,
  drafted_by   text NOT NULL,
  drafted_at   timestamptz NOT NULL,
  changed_at   timestamptz NOT NULL,
  CONSTRAINT agreements_drafter UNIQUE (agreement_id, drafted_by),
  CONSTRAINT agreements_dates CHECK (valid_from <= valid_until)
);
CREATE INDEX agreements_newest ON agreements (drafted_at DESC, agreement_id DESC);

CREATE TABLE agreement_parties (
  agreement_id text COLLATE "C" NOT NULL,
  party        text COLLATE "C" NOT NULL,
  drafted_by   text NOT NULL,
  CONSTRAINT agreement_parties_pk PRIMARY KEY (agreement_id, party),
  CONSTRAINT agreement_parties_agreement
    FOREIGN KEY (agreement_id, drafted_by) REFERENCES agreements (agreement_id, drafted_by)
);
ALTER TABLE agreement_parties ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreement_parties FORCE ROW LEVEL SECURITY;
CREATE POLICY agreement_parties_own ON agreement_parties FOR SELECT TO {{role}}
  USING (party = ANY ((SELECT current_parties())::text[]));
CREATE POLICY agreement_parties_draft ON agreement_parties FOR INSERT TO {{role}}
  WITH CHECK (drafted_by = current_user_id());
CREATE POLICY agreement_parties_audit ON agreement_parties FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT ON agreement_parties TO {{role}};
GRANT SELECT ON agreement_parties TO {{role}}_auditor;

ALTER TABLE agreements ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreements FORCE ROW LEVEL SECURITY;
CREATE POLICY agreements_party ON agreements FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM agreement_parties p WHERE p.agreement_id = agreements.agreement_id));
CREATE POLICY agreements_draft ON agreements FOR INSERT TO {{role}} WITH CHECK (
  drafted_by = current_user_id() AND state = 'DRAFTED'
  AND ('secretariat' = ANY (current_roles()) OR current_zone() = ANY (home_zones || target_zones)));
CREATE POLICY agreements_change ON agreements FOR UPDATE TO {{role}}
  USING (current_zone() = ANY (home_zones || target_zones));
CREATE POLICY agreements_audit ON agreements FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT, UPDATE (state, version, changed_at) ON agreements TO {{role}};
GRANT SELECT ON agreements TO {{role}}_auditor;

CREATE TABLE agreement_signatures (
  agreement_id text COLLATE "C" NOT NULL CONSTRAINT agreement_signatures_agreement REFERENCES agreements,
  zone         text COLLATE "C" NOT NULL,
  signed_by    text NOT NULL,
  signed_at    timestamptz NOT NULL,
  CONSTRAINT agreement_signatures_pk PRIMARY KEY (agreement_id, zone)
);
ALTER TABLE agreement_signatures ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreement_signatures FORCE ROW LEVEL SECURITY;
CREATE POLICY agreement_signatures_party ON agreement_signatures FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM agreement_parties p WHERE p.agreement_id = agreement_signatures.agreement_id));
CREATE POLICY agreement_signatures_sign ON agreement_signatures FOR INSERT TO {{role}} WITH CHECK (
  zone = current_zone() AND signed_by = current_user_id()
  AND EXISTS (SELECT 1 FROM agreement_parties p
               WHERE p.agreement_id = agreement_signatures.agreement_id AND p.party = 'zone:' || current_zone()));
CREATE POLICY agreement_signatures_audit ON agreement_signatures FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT ON agreement_signatures TO {{role}};
GRANT SELECT ON agreement_signatures TO {{role}}_auditor;

-- One row per pair of zones of an agreement that came into force. What is in force is no secret:
-- filings of every applicant follow it.
CREATE TABLE agreement_routes (
  agreement_id text COLLATE "C" NOT NULL CONSTRAINT agreement_routes_agreement REFERENCES agreements,
  item_id      text COLLATE "C" NOT NULL,
  home_zone    text COLLATE "C" NOT NULL,
  target_zone  text COLLATE "C" NOT NULL CONSTRAINT agreement_routes_abroad CHECK (target_zone <> home_zone),
  mode         text NOT NULL,
  valid_from   date NOT NULL,
  valid_until  date NOT NULL,
  in_force     boolean NOT NULL,
  CONSTRAINT agreement_routes_pk PRIMARY KEY (agreement_id, home_zone, target_zone)
);
CREATE UNIQUE INDEX agreement_routes_in_force ON agreement_routes (item_id, home_zone, target_zone) WHERE in_force;
ALTER TABLE agreement_routes ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreement_routes FORCE ROW LEVEL SECURITY;
CREATE POLICY agreement_routes_read ON agreement_routes FOR SELECT TO {{role}} USING (in_force OR EXISTS (
  SELECT 1 FROM agreement_parties p WHERE p.agreement_id = agreement_routes.agreement_id));
CREATE POLICY agreement_routes_open ON agreement_routes FOR INSERT TO {{role}} WITH CHECK (EXISTS (
  SELECT 1 FROM agreement_parties p
   WHERE p.agreement_id = agreement_routes.agreement_id AND p.party = 'zone:' || current_zone()));
CREATE POLICY agreement_routes_close ON agreement_routes FOR UPDATE TO {{role}} USING (EXISTS (
  SELECT 1 FROM agreement_parties p
   WHERE p.agreement_id = agreement_routes.agreement_id AND p.party = 'zone:' || current_zone()));
CREATE POLICY agreement_routes_audit ON agreement_routes FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT, UPDATE (in_force) ON agreement_routes TO {{role}};
GRANT SELECT ON agreement_routes TO {{role}}_auditor;

-- Filings 申报. No foreign key to items: they are never deleted, and the lock on a popular item's row
-- would be every filing's meeting point.
CREATE TABLE filings (
  filing_id              text COLLATE "C" CONSTRAINT filings_pk PRIMARY KEY,
  receipt_number         text COLLATE "C" NOT NULL CONSTRAINT filings_receipt_number UNIQUE,
  organization_id        text COLLATE "C" NOT NULL
                         CONSTRAINT filings_organization CHECK (organization_id <> ''),
  state                  text NOT NULL CONSTRAINT filings_state CHECK (state IN
                           ('IN_REVIEW', 'CLOSED', 'WITHDRAWN')),
  version                bigint NOT NULL,
  submitted_at           timestamptz NOT NULL,
  submitted_by           text NOT NULL,
  changed_at             timestamptz NOT NULL CONSTRAINT filings_time CHECK (changed_at >= submitted_at),
  item_id                text COLLATE "C" NOT NULL,
  item_version           integer NOT NULL,
  home_zone              text COLLATE "C" NOT NULL,
  target_zones           text[] NOT NULL,
  applicant_uscc         text NOT NULL,
  applicant_name         text NOT NULL,
  credential_number      text NOT NULL,
  credential_issuer      text NOT NULL,
  credential_issued_on   date NOT NULL,
  credential_valid_until date NOT NULL,
  attributes             jsonb NOT NULL
                         CONSTRAINT filings_attributes CHECK (jsonb_typeof(attributes) = 'object'),
  promised               boolean NOT NULL,
  CONSTRAINT filings_applicant UNIQUE (filing_id, organization_id),
  CONSTRAINT filings_targets CHECK (cardinality(target_zones) > 0 AND home_zone <> ALL (target_zones)),
  CONSTRAINT filings_credential_dates CHECK (credential_issued_on < credential_valid_until)
);

CREATE TABLE filing_parties (
  filing_id       text COLLATE "C" NOT NULL,
  party           text COLLATE "C" NOT NULL,
  organization_id text COLLATE "C" NOT NULL,
  submitted_at    timestamptz NOT NULL,
  CONSTRAINT filing_parties_pk PRIMARY KEY (filing_id, party),
  CONSTRAINT filing_parties_filing
    FOREIGN KEY (filing_id, organization_id) REFERENCES filings (filing_id, organization_id)
);
CREATE INDEX filing_parties_newest ON filing_parties (party, submitted_at DESC, filing_id DESC);
ALTER TABLE filing_parties ENABLE ROW LEVEL SECURITY;
ALTER TABLE filing_parties FORCE ROW LEVEL SECURITY;
CREATE POLICY filing_parties_own ON filing_parties FOR SELECT TO {{role}}
  USING (party = ANY ((SELECT current_parties())::text[]));
CREATE POLICY filing_parties_submit ON filing_parties FOR INSERT TO {{role}}
  WITH CHECK (organization_id = current_organization());
CREATE POLICY filing_parties_audit ON filing_parties FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT ON filing_parties TO {{role}};
GRANT SELECT ON filing_parties TO {{role}}_auditor;

ALTER TABLE filings ENABLE ROW LEVEL SECURITY;
ALTER TABLE filings FORCE ROW LEVEL SECURITY;
CREATE POLICY filings_party ON filings FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM filing_parties p WHERE p.filing_id = filings.filing_id));
CREATE POLICY filings_submit ON filings FOR INSERT TO {{role}} WITH CHECK (
  organization_id = current_organization() AND submitted_by = current_user_id());
-- The applicant withdraws and supplements, the target zones decide.
CREATE POLICY filings_change ON filings FOR UPDATE TO {{role}} USING (
  organization_id = current_organization() OR current_zone() = home_zone OR current_zone() = ANY (target_zones));
CREATE POLICY filings_audit ON filings FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT, UPDATE (state, version, changed_at) ON filings TO {{role}};
GRANT SELECT ON filings TO {{role}}_auditor;

CREATE TABLE decisions (
  filing_id          text COLLATE "C" NOT NULL,
  zone               text COLLATE "C" NOT NULL,
  organization_id    text COLLATE "C" NOT NULL,
  agreement_id       text COLLATE "C" NOT NULL,
  mode               text NOT NULL CONSTRAINT decisions_mode CHECK (mode IN ('AUTOMATIC', 'NOTIFY', 'REVIEW')),
  state              text NOT NULL CONSTRAINT decisions_state CHECK (state IN
                       ('PENDING', 'SUPPLEMENTING', 'ACCEPTED', 'VERIFIED', 'GRANTED', 'REFUSED', 'WITHDRAWN')),
  open               boolean NOT NULL
                     GENERATED ALWAYS AS (state IN ('PENDING', 'SUPPLEMENTING', 'ACCEPTED', 'VERIFIED')) STORED,
  version            bigint NOT NULL,
  verifiers_needed   integer NOT NULL CONSTRAINT decisions_verifiers CHECK (verifiers_needed IN (1, 2)),
  clock_budget       integer,
  clock_started_at   timestamptz,
  recognition_number text COLLATE "C",
  decided_by         text NOT NULL DEFAULT '',
  closed_at          timestamptz,
  reason             text NOT NULL DEFAULT '',
  article            text NOT NULL DEFAULT '',
  facts              text NOT NULL DEFAULT '',
  CONSTRAINT decisions_pk PRIMARY KEY (filing_id, zone),
  CONSTRAINT decisions_filing
    FOREIGN KEY (filing_id, organization_id) REFERENCES filings (filing_id, organization_id),
  CONSTRAINT decisions_at_once CHECK (mode = 'REVIEW' OR state = 'GRANTED'),
  CONSTRAINT decisions_clock CHECK (
    (mode = 'REVIEW') = (clock_budget IS NOT NULL AND clock_started_at IS NOT NULL)),
  CONSTRAINT decisions_closed CHECK (open = (closed_at IS NULL)),
  CONSTRAINT decisions_recognised CHECK ((state = 'GRANTED') = (recognition_number IS NOT NULL)),
  CONSTRAINT decisions_decider CHECK (
    (decided_by <> '') = (mode = 'REVIEW' AND state IN ('GRANTED', 'REFUSED'))),
  CONSTRAINT decisions_refused CHECK ((state = 'REFUSED') = (article <> '' AND facts <> ''))
);
ALTER TABLE decisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE decisions FORCE ROW LEVEL SECURITY;
CREATE POLICY decisions_party ON decisions FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM filing_parties p WHERE p.filing_id = decisions.filing_id));
CREATE POLICY decisions_submit ON decisions FOR INSERT TO {{role}} WITH CHECK (
  organization_id = current_organization() AND version = 1 AND state IN ('PENDING', 'GRANTED') AND decided_by = '');
CREATE POLICY decisions_decide ON decisions FOR UPDATE TO {{role}}
  USING (zone = current_zone()) WITH CHECK (zone = current_zone() AND decided_by IN ('', current_user_id()));
CREATE POLICY decisions_answer ON decisions FOR UPDATE TO {{role}}
  USING (organization_id = current_organization())
  WITH CHECK (organization_id = current_organization() AND state IN ('PENDING', 'WITHDRAWN'));
CREATE POLICY decisions_audit ON decisions FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT,
      UPDATE (state, version, recognition_number, decided_by, closed_at, reason, article, facts)
   ON decisions TO {{role}};
GRANT SELECT ON decisions TO {{role}}_auditor;

CREATE TABLE verifications (
  filing_id text COLLATE "C" NOT NULL,
  zone      text COLLATE "C" NOT NULL,
  user_id   text NOT NULL,
  name      text NOT NULL,
  at        timestamptz NOT NULL,
  opinion   text NOT NULL,
  CONSTRAINT verifications_pk PRIMARY KEY (filing_id, zone, user_id),
  CONSTRAINT verifications_decision FOREIGN KEY (filing_id, zone) REFERENCES decisions
);
ALTER TABLE verifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE verifications FORCE ROW LEVEL SECURITY;
CREATE POLICY verifications_party ON verifications FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM filing_parties p WHERE p.filing_id = verifications.filing_id));
CREATE POLICY verifications_verify ON verifications FOR INSERT TO {{role}}
  WITH CHECK (zone = current_zone() AND user_id = current_user_id());
CREATE POLICY verifications_audit ON verifications FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT ON verifications TO {{role}};
GRANT SELECT ON verifications TO {{role}}_auditor;

-- The clock of a decision stands in [from_at, until_at). The only ground so far is the supplement
-- notice, which is given once (行政许可法 §32).
CREATE TABLE suspensions (
  filing_id text COLLATE "C" NOT NULL,
  zone      text COLLATE "C" NOT NULL,
  from_at   timestamptz NOT NULL,
  until_at  timestamptz,
  ground    text NOT NULL CONSTRAINT suspensions_ground CHECK (ground = 'SUPPLEMENT'),
  missing   text[] NOT NULL CONSTRAINT suspensions_missing CHECK (cardinality(missing) > 0),
  reason    text NOT NULL,
  opened_by text NOT NULL,
  CONSTRAINT suspensions_pk PRIMARY KEY (filing_id, zone, from_at),
  CONSTRAINT suspensions_decision FOREIGN KEY (filing_id, zone) REFERENCES decisions,
  CONSTRAINT suspensions_order CHECK (until_at >= from_at)
);
CREATE UNIQUE INDEX suspensions_supplement_once ON suspensions (filing_id, zone) WHERE ground = 'SUPPLEMENT';
CREATE UNIQUE INDEX suspensions_open_once ON suspensions (filing_id, zone) WHERE until_at IS NULL;
ALTER TABLE suspensions ENABLE ROW LEVEL SECURITY;
ALTER TABLE suspensions FORCE ROW LEVEL SECURITY;
CREATE POLICY suspensions_party ON suspensions FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM filing_parties p WHERE p.filing_id = suspensions.filing_id));
CREATE POLICY suspensions_open ON suspensions FOR INSERT TO {{role}}
  WITH CHECK (zone = current_zone() AND opened_by = current_user_id());
CREATE POLICY suspensions_answer ON suspensions FOR UPDATE TO {{role}} USING (EXISTS (
  SELECT 1 FROM filing_parties p WHERE p.filing_id = suspensions.filing_id AND p.party = 'org:' || current_organization()));
CREATE POLICY suspensions_audit ON suspensions FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT, UPDATE (until_at) ON suspensions TO {{role}};
GRANT SELECT ON suspensions TO {{role}}_auditor;

CREATE TABLE documents (
  filing_id       text COLLATE "C" NOT NULL,
  position        integer NOT NULL CONSTRAINT documents_position CHECK (position >= 1),
  organization_id text COLLATE "C" NOT NULL,
  title           text NOT NULL,
  sha256          text NOT NULL,
  media_type      text NOT NULL,
  size_bytes      bigint NOT NULL CONSTRAINT documents_size CHECK (size_bytes BETWEEN 1 AND 52428800),
  kind            text NOT NULL,
  added_at        timestamptz NOT NULL,
  CONSTRAINT documents_pk PRIMARY KEY (filing_id, position),
  CONSTRAINT documents_filing
    FOREIGN KEY (filing_id, organization_id) REFERENCES filings (filing_id, organization_id)
);
ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents FORCE ROW LEVEL SECURITY;
CREATE POLICY documents_party ON documents FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM filing_parties p WHERE p.filing_id = documents.filing_id));
CREATE POLICY documents_hand_in ON documents FOR INSERT TO {{role}}
  WITH CHECK (organization_id = current_organization());
CREATE POLICY documents_audit ON documents FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT ON documents TO {{role}};
GRANT SELECT ON documents TO {{role}}_auditor;

-- What a granted decision gives. Whoever knows the number, which cannot be guessed, may read the public
-- columns; nobody but the auditor may read the others.
CREATE TABLE recognitions (
  number          text COLLATE "C" CONSTRAINT recognitions_pk PRIMARY KEY,
  filing_id       text COLLATE "C" NOT NULL,
  zone            text COLLATE "C" NOT NULL,
  organization_id text COLLATE "C" NOT NULL,
  item_id         text COLLATE "C" NOT NULL,
  item_version    integer NOT NULL,
  home_zone       text COLLATE "C" NOT NULL,
  valid_from      date NOT NULL,
  valid_until     date NOT NULL,
  granted_at      timestamptz NOT NULL,
  CONSTRAINT recognitions_decision_once UNIQUE (filing_id, zone),
  CONSTRAINT recognitions_decision FOREIGN KEY (filing_id, zone) REFERENCES decisions,
  CONSTRAINT recognitions_filing
    FOREIGN KEY (filing_id, organization_id) REFERENCES filings (filing_id, organization_id),
  CONSTRAINT recognitions_dates CHECK (valid_from <= valid_until)
);
ALTER TABLE recognitions ENABLE ROW LEVEL SECURITY;
ALTER TABLE recognitions FORCE ROW LEVEL SECURITY;
CREATE POLICY recognitions_public ON recognitions FOR SELECT TO {{role}}, {{role}}_public USING (true);
CREATE POLICY recognitions_grant ON recognitions FOR INSERT TO {{role}} WITH CHECK (
  zone = current_zone() OR organization_id = current_organization());
CREATE POLICY recognitions_audit ON recognitions FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT (number, item_id, item_version, home_zone, zone, valid_from, valid_until)
   ON recognitions TO {{role}}, {{role}}_public;
GRANT INSERT ON recognitions TO {{role}};
GRANT SELECT ON recognitions TO {{role}}_auditor;
