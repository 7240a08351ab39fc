-- SPDX-License-Identifier: Apache-2.0
-- Clocks of cases with their rungs, and what the directory publishes of calendars.
--
-- {{role}}_timer fires rungs: it reads and changes all clocks and appends events. Who else sees or
-- changes a clock is up to the service's own migration: it adds policies, grants and foreign keys
-- for {{role}} and {{role}}_writer.

CREATE TABLE clocks (
  case_id           text COLLATE "C" NOT NULL,
  name              text COLLATE "C" NOT NULL CONSTRAINT clocks_name CHECK (name <> ''),
  owner             text COLLATE "C" NOT NULL DEFAULT '',  -- organisation in whose name the case stands
  kind              text COLLATE "C" NOT NULL,
  calendar          text COLLATE "C" NOT NULL,             -- 'national' or a zone
  calendar_revision bigint NOT NULL,                       -- by which next_at and due_at were told
  unit              text NOT NULL CONSTRAINT clocks_unit CHECK (unit IN
                      ('WORKING_DAY', 'WORKING_HOUR', 'CALENDAR_MINUTE')),
  budget            integer NOT NULL CONSTRAINT clocks_budget CHECK (budget >= 1),
  started_at        timestamptz NOT NULL,
  stopped_at        timestamptz,
  fired             text[] NOT NULL DEFAULT '{}',
  next_rung         text,
  next_at           timestamptz,                           -- NULL while nothing is to fire
  due_at            timestamptz,                           -- NULL while it stands or has stopped
  version           bigint NOT NULL DEFAULT 1,
  CONSTRAINT clocks_pk PRIMARY KEY (case_id, name),
  CONSTRAINT clocks_stopped CHECK (stopped_at >= started_at),
  CONSTRAINT clocks_next CHECK ((next_rung IS NULL) = (next_at IS NULL)),
  CONSTRAINT clocks_stand CHECK (stopped_at IS NULL OR (next_at IS NULL AND due_at IS NULL)),
  CONSTRAINT clocks_once CHECK (next_rung <> ALL (fired))
);
-- All that looking for the next rung reads.
CREATE INDEX clocks_due ON clocks (next_at, case_id, name) INCLUDE (kind) WHERE next_at IS NOT NULL;
ALTER TABLE clocks ENABLE ROW LEVEL SECURITY;
ALTER TABLE clocks FORCE ROW LEVEL SECURITY;
CREATE POLICY clocks_timer ON clocks TO {{role}}_timer USING (true) WITH CHECK (true);
CREATE POLICY clocks_audit ON clocks FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT, UPDATE ON clocks TO {{role}}_timer;
GRANT SELECT ON clocks TO {{role}}_auditor;

CREATE TABLE clock_suspensions (
  case_id       text COLLATE "C" NOT NULL,
  name          text COLLATE "C" NOT NULL,
  seq           integer NOT NULL,                          -- from 1, by clock
  from_at       timestamptz NOT NULL,
  until_at      timestamptz,
  ground        text NOT NULL,
  reason        text NOT NULL,
  estimate_days integer NOT NULL CONSTRAINT clock_suspensions_estimate CHECK (estimate_days >= 0),
  opened_by     text NOT NULL,
  CONSTRAINT clock_suspensions_pk PRIMARY KEY (case_id, name, seq),
  CONSTRAINT clock_suspensions_clock FOREIGN KEY (case_id, name) REFERENCES clocks (case_id, name),
  CONSTRAINT clock_suspensions_time CHECK (until_at >= from_at)
);
CREATE UNIQUE INDEX clock_suspensions_open ON clock_suspensions (case_id, name) WHERE until_at IS NULL;
ALTER TABLE clock_suspensions ENABLE ROW LEVEL SECURITY;
ALTER TABLE clock_suspensions FORCE ROW LEVEL SECURITY;
CREATE POLICY clock_suspensions_timer ON clock_suspensions TO {{role}}_timer USING (true) WITH CHECK (true);
CREATE POLICY clock_suspensions_audit ON clock_suspensions FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT, UPDATE (until_at) ON clock_suspensions TO {{role}}_timer;
GRANT SELECT ON clock_suspensions TO {{role}}_auditor;

CREATE POLICY events_fire ON events FOR INSERT TO {{role}}_timer WITH CHECK (true);
GRANT INSERT ON events TO {{role}}_timer;

-- Copied from the directory's events: shared reference, nobody's rows. Every publication is a
-- revision of its own; it is settled when no clock is told by an earlier one any more.
CREATE TABLE calendar_years (
  calendar     text COLLATE "C" NOT NULL,
  year         integer NOT NULL,
  version      integer NOT NULL,
  revision     bigint NOT NULL CONSTRAINT calendar_years_revision UNIQUE,
  published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled      boolean NOT NULL DEFAULT false,
  CONSTRAINT calendar_years_pk PRIMARY KEY (calendar, year)
);
CREATE TABLE calendar_days (
  calendar text COLLATE "C" NOT NULL,
  year     integer NOT NULL,
  day      date NOT NULL,
  kind     text NOT NULL CONSTRAINT calendar_days_kind CHECK (kind IN ('WORK', 'REST')),
  name     text NOT NULL,
  CONSTRAINT calendar_days_pk PRIMARY KEY (calendar, year, day),
  CONSTRAINT calendar_days_year FOREIGN KEY (calendar, year) REFERENCES calendar_years (calendar, year)
);
GRANT SELECT, INSERT, UPDATE ON calendar_years TO {{role}}_relay;
GRANT SELECT, INSERT, DELETE ON calendar_days TO {{role}}_relay;
GRANT SELECT, UPDATE (settled) ON calendar_years TO {{role}}_timer;
GRANT SELECT ON calendar_days TO {{role}}_timer;
