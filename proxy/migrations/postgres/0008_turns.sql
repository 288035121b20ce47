-- Who is at work, so that several processes do not do the same, and so that what a dead one left is taken over.

ALTER TABLE passes ADD COLUMN leased_until BIGINT;  -- of an intent: until when its maker is at it; 0: nobody is; null: not said

-- One change at a time of a connection at its provider. Whoever took it later has a greater fence.
CREATE TABLE turns (
    connection   TEXT   PRIMARY KEY,    -- may be one that is about to be made
    fence        BIGINT NOT NULL,
    leased_until BIGINT NOT NULL        -- 0: nobody has it
);

-- Who looks at a login while pages are open: one process, for as long as it does.
ALTER TABLE connections ADD COLUMN looked_by TEXT;
ALTER TABLE connections ADD COLUMN looked_at BIGINT;
