-- SPDX-License-Identifier: Apache-2.0
-- What every service's schema has: the caller's context, idempotency, the event log, consumers' cursors.
-- Applied per schema; {{role}} is the service's login role (zl_<service>), {{schema}} its schema.

-- The caller's context, set by db::Database at the start of each transaction; empty outside.
CREATE FUNCTION current_user_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('zl.user', true), '');
CREATE FUNCTION current_organization() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('zl.organization', true), '');
CREATE FUNCTION current_zone() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('zl.zone', true), '');
-- org:<id>, zone:<id>, leading-group: those in whose name the caller may see a case.
CREATE FUNCTION current_parties() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN string_to_array(coalesce(current_setting('zl.parties', true), ''), ',');
CREATE FUNCTION current_roles() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN string_to_array(coalesce(current_setting('zl.roles', true), ''), ',');

-- Stored answers of commands, kept at least 24 hours.
CREATE TABLE idempotency (
  principal    text NOT NULL,
  rpc          text NOT NULL,
  key          text NOT NULL,
  request_hash bytea NOT NULL,
  reply        bytea,
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT idempotency_pk PRIMARY KEY (principal, rpc, key)
);
CREATE INDEX idempotency_created_at ON idempotency (created_at);
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_own ON idempotency TO {{role}} USING (principal = current_user_id()) WITH CHECK (principal = current_user_id());
CREATE POLICY idempotency_expire ON idempotency TO {{role}}_relay USING (created_at < clock_timestamp() - interval '24 hours');
GRANT SELECT, INSERT, UPDATE ON idempotency TO {{role}};
GRANT SELECT, DELETE ON idempotency TO {{role}}_relay;

-- The event log. The stored bytes of body are what is hashed.
CREATE TABLE events (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL CONSTRAINT events_event_id UNIQUE,
  subject  text NOT NULL,
  version  bigint NOT NULL,
  type     text NOT NULL,
  at       timestamptz NOT NULL,
  body     bytea NOT NULL,
  parties  text[] NOT NULL,
  number   bigint CONSTRAINT events_number UNIQUE,
  CONSTRAINT events_subject_version UNIQUE (subject, version)
);
CREATE INDEX events_fresh ON events (position) WHERE number IS NULL;
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY events_append ON events FOR INSERT TO {{role}} WITH CHECK (true);
CREATE POLICY events_party ON events FOR SELECT TO {{role}} USING (parties && current_parties());
CREATE POLICY events_audit ON events FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY events_relay ON events TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON events TO {{role}};
GRANT SELECT ON events TO {{role}}_auditor;
GRANT SELECT, INSERT, UPDATE (number) ON events TO {{role}}_relay;

-- How far this service has applied another service's log.
CREATE TABLE cursors (
  source text PRIMARY KEY,
  number bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON cursors TO {{role}}_relay;
