-- SPDX-License-Identifier: Apache-2.0
-- Which event tells of the grant behind a recognition: whoever looks the number up can ask the ledger
-- to prove it. Null where it is not known; the version before this one writes none.
ALTER TABLE recognitions ADD COLUMN event_id uuid;
GRANT SELECT (event_id) ON recognitions TO {{role}}, {{role}}_public;

-- A recognition's number is drawn for its grant: the first event of the filing that names it is the grant's.
-- Policies hide rows from the owner too, while they are forced.
ALTER TABLE recognitions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE events NO FORCE ROW LEVEL SECURITY;
UPDATE recognitions r
   SET event_id = (SELECT e.event_id FROM events e
                    WHERE e.subject = ('filings/' || r.filing_id) COLLATE "default" AND position(convert_to(r.number, 'UTF8') IN e.body) > 0
                    ORDER BY e.version LIMIT 1);
ALTER TABLE recognitions FORCE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
