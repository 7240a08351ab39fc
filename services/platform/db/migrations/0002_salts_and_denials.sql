-- SPDX-License-Identifier: Apache-2.0
-- What the ledger needs of every service: events that hide behind a salt and that nobody changes by
-- mistake, and the log of refused calls.

-- The salt is 32 random bytes; NULL: destroyed. The default is for events that are there already
-- and for binaries that do not know the column.
ALTER TABLE events
  ADD COLUMN salt bytea DEFAULT (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    CONSTRAINT events_salt CHECK (octet_length(salt) = 32),
  ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT clock_timestamp();
GRANT UPDATE (salt) ON events TO {{role}}_relay;

-- An event gets its number once and loses its salt at most; all else about it stays.
CREATE FUNCTION keep_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  allowed record;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    allowed := OLD;
    IF OLD.number IS NULL THEN allowed.number := NEW.number; END IF;
    IF NEW.salt IS NULL THEN allowed.salt := NULL; END IF;
    IF NEW IS NOT DISTINCT FROM allowed THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'events are never changed' USING ERRCODE = 'object_not_in_prerequisite_state';
END
$$;
CREATE TRIGGER events_keep BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION keep_event();
CREATE TRIGGER events_keep_all BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION keep_event();

-- Refused calls. `chain` is SHA-256 over the chain value before (32 zero bytes at first) and the
-- record's canonical JSON; events `denials.chained` carry it into the ledger.
CREATE TABLE denials (
  seq             bigint NOT NULL CONSTRAINT denials_pk PRIMARY KEY CONSTRAINT denials_seq CHECK (seq > 0),
  at              timestamptz NOT NULL,
  rpc             text NOT NULL,
  user_id         text NOT NULL,
  session_id      text NOT NULL,
  caller_service  text NOT NULL,
  organization_id text NOT NULL,
  zone            text NOT NULL,
  code            text NOT NULL,
  reason          text NOT NULL,
  request_id      text NOT NULL,
  chain           bytea NOT NULL CONSTRAINT denials_chain CHECK (octet_length(chain) = 32)
);
ALTER TABLE denials ENABLE ROW LEVEL SECURITY;
ALTER TABLE denials FORCE ROW LEVEL SECURITY;
CREATE POLICY denials_read ON denials FOR SELECT TO {{role}}_relay USING (true);
CREATE POLICY denials_add ON denials FOR INSERT TO {{role}}_relay WITH CHECK (true);
CREATE POLICY denials_audit ON denials FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT ON denials TO {{role}}_relay;
GRANT SELECT ON denials TO {{role}}_auditor;

CREATE FUNCTION keep_denial() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refused calls are never changed' USING ERRCODE = 'object_not_in_prerequisite_state';
END
$$;
CREATE TRIGGER denials_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON denials FOR EACH STATEMENT EXECUTE FUNCTION keep_denial();
