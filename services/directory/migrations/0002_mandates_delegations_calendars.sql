-- SPDX-License-Identifier: Apache-2.0
-- Who acts for whom (mandates, delegations), and calendars as published. Times are the deployment's.

-- An organisation lets another act for it. Names and codes are those of the day it was given: each
-- side sees the other's although it may not see the other's organisation.
CREATE TABLE mandate (
  mandate_id                 text PRIMARY KEY,
  principal_organization_id  text NOT NULL CONSTRAINT mandate_principal REFERENCES organization,
  principal_uscc             text NOT NULL,
  principal_name             text NOT NULL,
  principal_zone             text NOT NULL,
  agent_organization_id      text NOT NULL CONSTRAINT mandate_agent REFERENCES organization,
  agent_uscc                 text NOT NULL,
  agent_name                 text NOT NULL,
  item_ids                   text[] NOT NULL,
  acts                       text[] NOT NULL CONSTRAINT mandate_acts
                             CHECK (acts <@ ARRAY['file', 'supplement', 'withdraw', 'read'] AND cardinality(acts) > 0),
  valid_from                 date NOT NULL,
  valid_until                date NOT NULL,
  note                       text NOT NULL,
  state                      text NOT NULL CONSTRAINT mandate_state CHECK (state IN ('ACTIVE', 'REVOKED')),
  granted_by                 text NOT NULL,
  granted_at                 timestamptz NOT NULL,
  revoked_by                 text,
  revoked_by_organization_id text,
  revoked_at                 timestamptz,
  revoke_reason              text,
  version                    bigint NOT NULL DEFAULT 1,
  CONSTRAINT mandate_not_to_oneself CHECK (principal_organization_id <> agent_organization_id),
  CONSTRAINT mandate_period CHECK (valid_from <= valid_until AND valid_until < valid_from + interval '3 years'),
  CONSTRAINT mandate_revoked CHECK ((state = 'REVOKED') = (revoked_at IS NOT NULL)),
  CONSTRAINT mandate_revoked_by_party CHECK (
    revoked_by_organization_id IN (principal_organization_id, agent_organization_id))
);
-- Two that say the same are one. The items are hashed: a hundred of them are too long for an index.
CREATE UNIQUE INDEX mandate_identical ON mandate
  (principal_organization_id, agent_organization_id, valid_from, valid_until, acts, hash_array_extended(item_ids, 0))
  WHERE state = 'ACTIVE';
CREATE INDEX mandate_by_principal ON mandate (principal_organization_id, mandate_id);
CREATE INDEX mandate_by_agent ON mandate (agent_organization_id, mandate_id);
ALTER TABLE mandate ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandate FORCE ROW LEVEL SECURITY;
CREATE POLICY mandate_see ON mandate FOR SELECT TO {{role}} USING (
  current_organization() IN (principal_organization_id, agent_organization_id));
CREATE POLICY mandate_give ON mandate FOR INSERT TO {{role}} WITH CHECK (
  granted_by = current_user_id() AND has_role('enterprise_admin')
  AND principal_organization_id = current_organization());
-- An ended one does not come back.
CREATE POLICY mandate_end ON mandate FOR UPDATE TO {{role}} USING (
  has_role('enterprise_admin')
  AND current_organization() IN (principal_organization_id, agent_organization_id))
  WITH CHECK (state = 'REVOKED' AND revoked_by = current_user_id()
              AND revoked_by_organization_id = current_organization());
CREATE POLICY mandate_audit ON mandate FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT, UPDATE (state, revoked_by, revoked_by_organization_id, revoked_at, revoke_reason, version)
  ON mandate TO {{role}};
GRANT SELECT ON mandate TO {{role}}_auditor;

-- Whether an account is open, as part of a key: what needs an open account says so by a foreign key.
ALTER TABLE account ADD COLUMN open boolean GENERATED ALWAYS AS (disabled_at IS NULL) STORED;
ALTER TABLE account ADD CONSTRAINT account_standing UNIQUE (user_id, zone, open);

-- An officer's deputy for a period. While it is active both accounts are open and of its zone, and
-- the deputy is none of the three administrators, by foreign keys: whoever closes an account ends its
-- delegations first.
CREATE TABLE delegation (
  delegation_id  text PRIMARY KEY,
  user_id        text NOT NULL,
  name           text NOT NULL,
  zone           text COLLATE "C" NOT NULL,
  deputy_user_id text NOT NULL,
  deputy_name    text NOT NULL,
  roles          text[] NOT NULL CONSTRAINT delegation_roles CHECK (
                   roles <@ ARRAY['verifier', 'reviewer', 'inspector', 'releaser'] AND cardinality(roles) > 0),
  from_at        timestamptz NOT NULL,
  until_at       timestamptz NOT NULL,
  reason         text NOT NULL,
  state          text NOT NULL CONSTRAINT delegation_state CHECK (state IN ('ACTIVE', 'REVOKED')),
  granted_at     timestamptz NOT NULL,
  revoked_by     text,
  revoked_at     timestamptz,
  revoke_reason  text,
  version        bigint NOT NULL DEFAULT 1,
  active_open    boolean GENERATED ALWAYS AS (CASE WHEN state = 'ACTIVE' THEN true END) STORED,
  active_duty    text GENERATED ALWAYS AS (CASE WHEN state = 'ACTIVE' THEN 'business' END) STORED,
  CONSTRAINT delegation_officer FOREIGN KEY (user_id, zone, active_open) REFERENCES account (user_id, zone, open),
  CONSTRAINT delegation_deputy FOREIGN KEY (deputy_user_id, zone, active_open) REFERENCES account (user_id, zone, open),
  CONSTRAINT delegation_duty FOREIGN KEY (deputy_user_id, active_duty) REFERENCES account (user_id, duty),
  CONSTRAINT delegation_not_to_oneself CHECK (user_id <> deputy_user_id),
  CONSTRAINT delegation_period CHECK (
    granted_at <= from_at AND from_at < until_at AND until_at - from_at <= interval '90 days'),
  CONSTRAINT delegation_revoked CHECK ((state = 'REVOKED') = (revoked_at IS NOT NULL))
);
CREATE INDEX delegation_by_user ON delegation (user_id, delegation_id);
CREATE INDEX delegation_by_deputy ON delegation (deputy_user_id, delegation_id);
CREATE INDEX delegation_by_zone ON delegation (zone, delegation_id);
ALTER TABLE delegation ENABLE ROW LEVEL SECURITY;
ALTER TABLE delegation FORCE ROW LEVEL SECURITY;
-- Colleagues too: who stands in for whom decides whether one may be asked oneself.
CREATE POLICY delegation_see ON delegation FOR SELECT TO {{role}} USING (
  zone = current_zone() OR is_administrator());
CREATE POLICY delegation_give ON delegation FOR INSERT TO {{role}} WITH CHECK (
  user_id = current_user_id() AND zone = current_zone());
-- An ended one does not come back.
CREATE POLICY delegation_end ON delegation FOR UPDATE TO {{role}} USING (
  current_user_id() IN (user_id, deputy_user_id)
  OR (has_role('zone_admin') AND zone = current_zone())
  OR is_administrator())
  WITH CHECK (state = 'REVOKED' AND revoked_by = current_user_id());
CREATE POLICY delegation_audit ON delegation FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT, UPDATE (state, revoked_by, revoked_at, revoke_reason, version) ON delegation TO {{role}};
GRANT SELECT ON delegation TO {{role}}_auditor;

-- Years of calendars as published; the greatest version of a year counts. `publication` grows with
-- each commit, for one is published at a time: copies in memory are told old by it.
CREATE TABLE calendar_version (
  publication  bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT calendar_version_publication UNIQUE,
  calendar     text COLLATE "C" NOT NULL,
  year         integer NOT NULL,
  version      integer NOT NULL CONSTRAINT calendar_version_from_one CHECK (version >= 1),
  note         text NOT NULL,
  published_by text NOT NULL,
  published_at timestamptz NOT NULL,
  CONSTRAINT calendar_version_pk PRIMARY KEY (calendar, year, version)
);
CREATE TABLE calendar_day (
  calendar text COLLATE "C" NOT NULL,
  year     integer NOT NULL,
  version  integer NOT NULL,
  day      date NOT NULL,
  kind     text NOT NULL CONSTRAINT calendar_day_kind CHECK (kind IN ('WORK', 'REST')),
  name     text NOT NULL,
  CONSTRAINT calendar_day_pk PRIMARY KEY (calendar, year, version, day),
  CONSTRAINT calendar_day_version FOREIGN KEY (calendar, year, version) REFERENCES calendar_version,
  CONSTRAINT calendar_day_within CHECK (extract(year FROM day) = year),
  CONSTRAINT calendar_day_weekend CHECK (kind = 'REST' OR extract(isodow FROM day) >= 6)
);
ALTER TABLE calendar_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendar_version FORCE ROW LEVEL SECURITY;
ALTER TABLE calendar_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendar_day FORCE ROW LEVEL SECURITY;
CREATE POLICY calendar_version_see ON calendar_version FOR SELECT
  TO {{role}}, {{role}}_auditor, {{role}}_public USING (true);
CREATE POLICY calendar_version_publish ON calendar_version FOR INSERT TO {{role}} WITH CHECK (
  published_by = current_user_id() AND has_role('system_admin'));
CREATE POLICY calendar_day_see ON calendar_day FOR SELECT
  TO {{role}}, {{role}}_auditor, {{role}}_public USING (true);
CREATE POLICY calendar_day_publish ON calendar_day FOR INSERT TO {{role}} WITH CHECK (has_role('system_admin'));
GRANT SELECT, INSERT ON calendar_version, calendar_day TO {{role}};
GRANT SELECT ON calendar_version, calendar_day TO {{role}}_auditor, {{role}}_public;
