-- As 0012_audit_chain.sql; what differs is how a trigger is said.

ALTER TABLE audit ADD COLUMN position  BIGINT;  -- 1, 2, 3 …; null: not sealed yet
ALTER TABLE audit ADD COLUMN sealed_by TEXT;    -- the data key
ALTER TABLE audit ADD COLUMN mac       TEXT;    -- over the row and the mac before
CREATE UNIQUE INDEX audit_by_position ON audit (position) WHERE position IS NOT NULL;
CREATE INDEX audit_to_seal ON audit (sequence) WHERE position IS NULL;
CREATE INDEX audit_by_tenant ON audit (tenant, position);
CREATE INDEX audit_by_object ON audit (object, position);

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

CREATE FUNCTION audit_is_never_shortened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of the audit are not removed';
END $$;
CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_never_shortened();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_never_shortened();
CREATE FUNCTION audit_is_sealed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of the audit are sealed once, and not changed';
END $$;
CREATE TRIGGER audit_is_sealed_once BEFORE UPDATE ON audit FOR EACH ROW
WHEN (OLD.position IS NOT NULL OR NEW.position IS NULL OR NEW.sealed_by IS NULL OR NEW.mac IS NULL
      OR (NEW.sequence, NEW.at, NEW.tenant, NEW.actor_kind, NEW.actor, NEW.action, NEW.object, NEW.outcome, NEW.request)
         IS DISTINCT FROM
         (OLD.sequence, OLD.at, OLD.tenant, OLD.actor_kind, OLD.actor, OLD.action, OLD.object, OLD.outcome, OLD.request))
EXECUTE FUNCTION audit_is_sealed_once();
