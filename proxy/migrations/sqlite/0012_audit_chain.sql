-- Every row of the audit gets a place in one chain, within a second of being written: whoever changes, adds, removes or
-- moves a row afterwards has not got the key that the chain is made by.

ALTER TABLE audit ADD COLUMN position  BIGINT;  -- 1, 2, 3 …; null: not sealed yet
ALTER TABLE audit ADD COLUMN sealed_by TEXT;    -- the data key
ALTER TABLE audit ADD COLUMN mac       TEXT;    -- over the row and the mac before
CREATE UNIQUE INDEX audit_by_position ON audit (position) WHERE position IS NOT NULL;
CREATE INDEX audit_to_seal ON audit (sequence) WHERE position IS NULL;
CREATE INDEX audit_by_tenant ON audit (tenant, position);
CREATE INDEX audit_by_object ON audit (object, position);

-- One process seals at a time. Whoever holds the lease writes with its fence; a later holder has a greater one.
CREATE TABLE audit_sealing (
    id            BIGINT PRIMARY KEY CHECK (id = 1),
    fence         BIGINT NOT NULL,
    leased_until  BIGINT,           -- null: nobody seals now
    position      BIGINT NOT NULL,  -- the end of the chain; 0: nothing is sealed
    mac           TEXT,
    head_position BIGINT NOT NULL,  -- up to where a signed head was shipped
    head_at       BIGINT            -- when; null: never
);
INSERT INTO audit_sealing (id, fence, position, head_position) VALUES (1, 0, 0, 0);

-- Against mistakes: somebody who may write to the database can take these away, and is found out by the chain.
CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'rows of the audit are not removed');
END;
CREATE TRIGGER audit_is_sealed_once BEFORE UPDATE ON audit
WHEN OLD.position IS NOT NULL OR NEW.position IS NULL OR NEW.sealed_by IS NULL OR NEW.mac IS NULL
     OR NEW.sequence IS NOT OLD.sequence OR NEW.at IS NOT OLD.at OR NEW.tenant IS NOT OLD.tenant
     OR NEW.actor_kind IS NOT OLD.actor_kind OR NEW.actor IS NOT OLD.actor OR NEW.action IS NOT OLD.action
     OR NEW.object IS NOT OLD.object OR NEW.outcome IS NOT OLD.outcome OR NEW.request IS NOT OLD.request
BEGIN
    SELECT RAISE(ABORT, 'rows of the audit are sealed once, and not changed');
END;
