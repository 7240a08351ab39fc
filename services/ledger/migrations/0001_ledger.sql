-- SPDX-License-Identifier: Apache-2.0
-- The Merkle tree of all events, what was signed about it, and what its leaves commit to. Everything only
-- grows, but for the one row that says how far, and for salts, which may be destroyed.

CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % refused: it only grows', TG_OP, TG_TABLE_NAME;
END $$;

-- How many leaves there are. Locked by whoever appends.
CREATE TABLE tree (
  single boolean NOT NULL DEFAULT true CONSTRAINT tree_pk PRIMARY KEY CONSTRAINT tree_one_row CHECK (single),
  size   bigint NOT NULL CONSTRAINT tree_size CHECK (size >= 0)
);
INSERT INTO tree (size) VALUES (0);
CREATE TRIGGER tree_shrinks BEFORE UPDATE ON tree FOR EACH ROW WHEN (new.size < old.size) EXECUTE FUNCTION only_grows();
CREATE TRIGGER tree_goes BEFORE DELETE OR TRUNCATE ON tree FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
ALTER TABLE tree ENABLE ROW LEVEL SECURITY;
ALTER TABLE tree FORCE ROW LEVEL SECURITY;
CREATE POLICY tree_read ON tree FOR SELECT TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_relay USING (true);
CREATE POLICY tree_grow ON tree FOR UPDATE TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT ON tree TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_relay;
GRANT UPDATE (size) ON tree TO {{role}}_relay;

-- One row per event of any service. `hash` is the leaf hash of `entry` (RFC 6962).
CREATE TABLE leaves (
  index         bigint NOT NULL CONSTRAINT leaves_pk PRIMARY KEY,
  event_id      uuid NOT NULL CONSTRAINT leaves_event_id UNIQUE,
  source        text NOT NULL,
  entry         bytea NOT NULL,
  hash          bytea NOT NULL CONSTRAINT leaves_hash CHECK (octet_length(hash) = 32),
  recorded_at   timestamptz NOT NULL,  -- when the service wrote the event
  integrated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Roots of full subtrees of 256^level leaves: with the leaf hashes, all that tiles are made of.
CREATE TABLE nodes (
  level smallint NOT NULL CONSTRAINT nodes_level CHECK (level BETWEEN 1 AND 7),
  index bigint NOT NULL,
  hash  bytea NOT NULL CONSTRAINT nodes_hash CHECK (octet_length(hash) = 32),
  CONSTRAINT nodes_pk PRIMARY KEY (level, index)
);

-- What the log has signed; one root per size. `note` carries the log's signature alone.
CREATE TABLE checkpoints (
  size      bigint NOT NULL CONSTRAINT checkpoints_pk PRIMARY KEY CONSTRAINT checkpoints_size CHECK (size > 0),
  root      bytea NOT NULL CONSTRAINT checkpoints_root CHECK (octet_length(root) = 32),
  note      text NOT NULL,
  signed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Signature lines of witnesses, verified before they are stored.
CREATE TABLE cosignatures (
  size        bigint NOT NULL CONSTRAINT cosignatures_checkpoint REFERENCES checkpoints (size),
  witness     text NOT NULL,  -- name of its key
  line        text NOT NULL,
  cosigned_at timestamptz NOT NULL,
  CONSTRAINT cosignatures_pk PRIMARY KEY (size, witness)
);
CREATE INDEX cosignatures_witness ON cosignatures (witness, size);

-- What a leaf commits to, for those whose business it is. Without salt nobody can link it to the leaf.
CREATE TABLE contents (
  event_id uuid NOT NULL CONSTRAINT contents_pk PRIMARY KEY,
  index    bigint NOT NULL CONSTRAINT contents_index UNIQUE,
  source   text NOT NULL,
  subject  text NOT NULL,
  version  bigint NOT NULL,
  parties  text[] NOT NULL,
  salt     bytea CONSTRAINT contents_salt CHECK (octet_length(salt) = 32),
  event    bytea,
  CONSTRAINT contents_whole CHECK ((salt IS NULL) = (event IS NULL))
);

-- Tiles, bundles and checkpoints are public; only the relay adds to them.
CREATE TRIGGER leaves_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON leaves FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
ALTER TABLE leaves ENABLE ROW LEVEL SECURITY;
ALTER TABLE leaves FORCE ROW LEVEL SECURITY;
CREATE POLICY leaves_read ON leaves FOR SELECT TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_relay USING (true);
CREATE POLICY leaves_append ON leaves FOR INSERT TO {{role}}_relay WITH CHECK (true);
GRANT SELECT ON leaves TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_relay;
GRANT INSERT ON leaves TO {{role}}_relay;

CREATE TRIGGER nodes_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON nodes FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
ALTER TABLE nodes ENABLE ROW LEVEL SECURITY;
ALTER TABLE nodes FORCE ROW LEVEL SECURITY;
CREATE POLICY nodes_read ON nodes FOR SELECT TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_relay USING (true);
CREATE POLICY nodes_append ON nodes FOR INSERT TO {{role}}_relay WITH CHECK (true);
GRANT SELECT ON nodes TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_relay;
GRANT INSERT ON nodes TO {{role}}_relay;

CREATE TRIGGER checkpoints_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
ALTER TABLE checkpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE checkpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY checkpoints_read ON checkpoints FOR SELECT TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_relay USING (true);
CREATE POLICY checkpoints_append ON checkpoints FOR INSERT TO {{role}}_relay WITH CHECK (true);
GRANT SELECT ON checkpoints TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_relay;
GRANT INSERT ON checkpoints TO {{role}}_relay;

CREATE TRIGGER cosignatures_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON cosignatures FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
ALTER TABLE cosignatures ENABLE ROW LEVEL SECURITY;
ALTER TABLE cosignatures FORCE ROW LEVEL SECURITY;
CREATE POLICY cosignatures_read ON cosignatures FOR SELECT TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_relay USING (true);
CREATE POLICY cosignatures_append ON cosignatures FOR INSERT TO {{role}}_relay WITH CHECK (true);
GRANT SELECT ON cosignatures TO {{role}}, {{role}}_auditor, {{role}}_public, {{role}}_relay;
GRANT INSERT ON cosignatures TO {{role}}_relay;

-- The relay may take a salt and the event away, and nothing else.
CREATE TRIGGER contents_stay BEFORE DELETE OR TRUNCATE ON contents FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
CREATE TRIGGER contents_never_change BEFORE UPDATE ON contents FOR EACH ROW
  WHEN (new.salt IS NOT NULL OR new.event IS NOT NULL) EXECUTE FUNCTION only_grows();
ALTER TABLE contents ENABLE ROW LEVEL SECURITY;
ALTER TABLE contents FORCE ROW LEVEL SECURITY;
CREATE POLICY contents_party ON contents FOR SELECT TO {{role}} USING (parties && current_parties());
CREATE POLICY contents_audit ON contents FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY contents_append ON contents FOR INSERT TO {{role}}_relay WITH CHECK (true);
CREATE POLICY contents_find ON contents FOR SELECT TO {{role}}_relay USING (true);
CREATE POLICY contents_erase ON contents FOR UPDATE TO {{role}}_relay USING (true) WITH CHECK (salt IS NULL AND event IS NULL);
GRANT SELECT ON contents TO {{role}}, {{role}}_auditor;
GRANT SELECT (event_id), INSERT, UPDATE (salt, event) ON contents TO {{role}}_relay;
