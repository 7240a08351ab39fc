-- SPDX-License-Identifier: Apache-2.0
-- The vaults: documents, their encrypted bytes, who may read them for which case, who has.

-- One row per organisation and hash, from the first byte announced: while `stored_at` is NULL the
-- bytes are on their way. Never shared between organisations: that would tell one what another has.
CREATE TABLE documents (
  document_id     text COLLATE "C" CONSTRAINT documents_pk PRIMARY KEY,
  organization_id text COLLATE "C" NOT NULL CONSTRAINT documents_organization CHECK (organization_id <> ''),
  sha256          text COLLATE "C" NOT NULL CONSTRAINT documents_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  title           text NOT NULL,
  kind            text COLLATE "C" NOT NULL,
  media_type      text NOT NULL,
  size_bytes      bigint NOT NULL CONSTRAINT documents_size CHECK (size_bytes BETWEEN 1 AND 52428800),
  valid_from      date,
  valid_until     date,
  chunk_bytes     integer NOT NULL CONSTRAINT documents_chunk_bytes CHECK (chunk_bytes > 0),
  key_id          text NOT NULL,   -- of the key that wraps this document's
  wrapped_key     bytea NOT NULL CONSTRAINT documents_wrapped_key CHECK (octet_length(wrapped_key) = 40),
  user_id         text NOT NULL,   -- who hands it in
  started_at      timestamptz NOT NULL DEFAULT clock_timestamp(),  -- wall time
  stored_at       timestamptz,
  version         bigint NOT NULL DEFAULT 0,  -- of the newest event
  changed_at      timestamptz NOT NULL,       -- of the newest event
  CONSTRAINT documents_once UNIQUE (organization_id, sha256),
  CONSTRAINT documents_dates CHECK (valid_from <= valid_until),
  CONSTRAINT documents_version CHECK ((stored_at IS NULL) = (version = 0))
);
CREATE INDEX documents_newest ON documents (organization_id, stored_at DESC, document_id DESC) WHERE stored_at IS NOT NULL;
CREATE INDEX documents_by_hash ON documents (sha256);
CREATE INDEX documents_unfinished ON documents (started_at) WHERE stored_at IS NULL;

-- A case refers to a document of an organisation, whether or not its bytes are here.
CREATE TABLE document_grants (
  sha256          text COLLATE "C" NOT NULL,
  organization_id text COLLATE "C" NOT NULL,
  case_id         text COLLATE "C" NOT NULL,
  parties         text[] NOT NULL,
  granted_at      timestamptz NOT NULL,
  CONSTRAINT document_grants_pk PRIMARY KEY (sha256, organization_id, case_id)
);
ALTER TABLE document_grants ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_grants FORCE ROW LEVEL SECURITY;
CREATE POLICY document_grants_party ON document_grants FOR SELECT TO {{role}}
  USING (parties && (SELECT current_parties())::text[]);
CREATE POLICY document_grants_audit ON document_grants FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY document_grants_relay ON document_grants TO {{role}}_relay USING (true) WITH CHECK (true);
GRANT SELECT ON document_grants TO {{role}}, {{role}}_auditor;
GRANT SELECT, INSERT, UPDATE (parties) ON document_grants TO {{role}}_relay;

ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents FORCE ROW LEVEL SECURITY;
CREATE POLICY documents_own ON documents FOR SELECT TO {{role}}
  USING (organization_id = (SELECT nullif(current_organization(), '')));
CREATE POLICY documents_case ON documents FOR SELECT TO {{role}} USING (stored_at IS NOT NULL AND EXISTS (
  SELECT 1 FROM document_grants g WHERE g.sha256 = documents.sha256 AND g.organization_id = documents.organization_id));
CREATE POLICY documents_hand_in ON documents FOR INSERT TO {{role}}
  WITH CHECK (organization_id = current_organization() AND user_id = current_user_id() AND stored_at IS NULL);
-- What is stored changes no more; its row is locked by who discards it.
CREATE POLICY documents_finish ON documents FOR UPDATE TO {{role}}
  USING (organization_id = (SELECT nullif(current_organization(), '')))
  WITH CHECK (organization_id = (SELECT nullif(current_organization(), '')));
CREATE POLICY documents_discard ON documents FOR DELETE TO {{role}} USING (
  organization_id = (SELECT nullif(current_organization(), '')) AND (stored_at IS NULL OR NOT EXISTS (
    SELECT 1 FROM document_grants g WHERE g.sha256 = documents.sha256 AND g.organization_id = documents.organization_id)));
CREATE POLICY documents_audit ON documents FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY documents_relay_read ON documents FOR SELECT TO {{role}}_relay USING (true);
CREATE POLICY documents_relay_change ON documents FOR UPDATE TO {{role}}_relay USING (true) WITH CHECK (true);
CREATE POLICY documents_expire ON documents FOR DELETE TO {{role}}_relay
  USING (stored_at IS NULL AND started_at < clock_timestamp() - interval '24 hours');
GRANT SELECT, INSERT, DELETE,
      UPDATE (title, kind, media_type, valid_from, valid_until, started_at, stored_at, version, changed_at)
   ON documents TO {{role}};
GRANT SELECT ON documents TO {{role}}_auditor;
GRANT SELECT, DELETE, UPDATE (version, changed_at, key_id, wrapped_key) ON documents TO {{role}}_relay;

CREATE FUNCTION keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.stored_at IS NOT NULL AND
     (NEW.title, NEW.kind, NEW.media_type, NEW.valid_from, NEW.valid_until, NEW.stored_at) IS DISTINCT FROM
     (OLD.title, OLD.kind, OLD.media_type, OLD.valid_from, OLD.valid_until, OLD.stored_at) THEN
    RAISE EXCEPTION 'documents are never changed' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER documents_keep BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION keep_document();

-- Bytes, sealed by AES-256-GCM. Ciphertext does not compress.
CREATE TABLE chunks (
  document_id text COLLATE "C" NOT NULL CONSTRAINT chunks_document REFERENCES documents ON DELETE CASCADE,
  position    integer NOT NULL CONSTRAINT chunks_position CHECK (position >= 0),
  nonce       bytea NOT NULL CONSTRAINT chunks_nonce CHECK (octet_length(nonce) = 12),
  sealed      bytea NOT NULL,
  CONSTRAINT chunks_pk PRIMARY KEY (document_id, position),
  CONSTRAINT chunks_nonce_once UNIQUE (document_id, nonce)
);
ALTER TABLE chunks ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE chunks ENABLE ROW LEVEL SECURITY;
ALTER TABLE chunks FORCE ROW LEVEL SECURITY;
CREATE POLICY chunks_read ON chunks FOR SELECT TO {{role}} USING (EXISTS (
  SELECT 1 FROM documents d WHERE d.document_id = chunks.document_id));
CREATE POLICY chunks_put ON chunks FOR INSERT TO {{role}} WITH CHECK (EXISTS (
  SELECT 1 FROM documents d WHERE d.document_id = chunks.document_id AND d.stored_at IS NULL
     AND d.organization_id = current_organization()));
CREATE POLICY chunks_replace ON chunks FOR UPDATE TO {{role}} USING (EXISTS (
  SELECT 1 FROM documents d WHERE d.document_id = chunks.document_id AND d.stored_at IS NULL
     AND d.organization_id = current_organization()));
CREATE POLICY chunks_audit ON chunks FOR SELECT TO {{role}}_auditor USING (true);
GRANT SELECT, INSERT, UPDATE (nonce, sealed) ON chunks TO {{role}};
GRANT SELECT ON chunks TO {{role}}_auditor;

-- Who was given the bytes. Written by the service itself: readers can neither add nor leave out, and
-- nobody changes it. Stays when the document is gone.
CREATE TABLE document_readings (
  reading_id             text COLLATE "C" CONSTRAINT document_readings_pk PRIMARY KEY,
  document_id            text COLLATE "C" NOT NULL,
  organization_id        text COLLATE "C" NOT NULL,  -- the owner
  sha256                 text COLLATE "C" NOT NULL,
  read_at                timestamptz NOT NULL,
  user_id                text NOT NULL,
  name                   text NOT NULL,
  zone                   text NOT NULL,
  reader_organization_id text NOT NULL,
  case_id                text COLLATE "C" NOT NULL   -- empty: by its owner, or by the auditor
);
CREATE INDEX document_readings_newest ON document_readings (sha256, read_at DESC, reading_id DESC);
ALTER TABLE document_readings ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_readings FORCE ROW LEVEL SECURITY;
CREATE POLICY document_readings_own ON document_readings FOR SELECT TO {{role}}
  USING (organization_id = (SELECT nullif(current_organization(), '')));
CREATE POLICY document_readings_audit ON document_readings FOR SELECT TO {{role}}_auditor USING (true);
CREATE POLICY document_readings_record ON document_readings FOR INSERT TO {{role}}_relay WITH CHECK (true);
GRANT SELECT ON document_readings TO {{role}}, {{role}}_auditor;
GRANT INSERT ON document_readings TO {{role}}_relay;
