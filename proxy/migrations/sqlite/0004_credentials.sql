-- What is bought with a connection's account at its provider, who renews it, and until when the account itself is good.

ALTER TABLE connections ADD COLUMN credentials_issued_at BIGINT;  -- from when on their age counts; null: since they were set
ALTER TABLE connections ADD COLUMN expires_after_days BIGINT;     -- the policy of the account; null: it never ends
ALTER TABLE connections ADD COLUMN renew_after_days   BIGINT;
ALTER TABLE connections ADD COLUMN remind_after_days  BIGINT;
ALTER TABLE connections ADD COLUMN rotate_after_days  BIGINT;
ALTER TABLE connections ADD COLUMN reminded           TEXT;       -- the last reminder of these credentials; null: none yet
ALTER TABLE connections ADD COLUMN next_reminder_at   BIGINT;     -- null: there is none to come
ALTER TABLE connections ADD COLUMN attention          TEXT;       -- why somebody must look at it; null: nobody must
ALTER TABLE connections ADD COLUMN attention_since    BIGINT;
ALTER TABLE connections ADD COLUMN clock_skew_millis  BIGINT;     -- how far the provider's clock is ahead, where it tells
CREATE INDEX reminders_due ON connections (next_reminder_at) WHERE next_reminder_at IS NOT NULL AND removed_at IS NULL;
CREATE INDEX connections_with_attention ON connections (attention) WHERE attention IS NOT NULL AND removed_at IS NULL;

CREATE TABLE credentials (
    connection TEXT   NOT NULL REFERENCES connections (id),
    kind       TEXT   NOT NULL,
    value      TEXT   NOT NULL,             -- sealed
    presented  BIGINT NOT NULL DEFAULT 0,   -- 1: it was sent once and must not be sent again
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT,                      -- null: nobody was told
    PRIMARY KEY (connection, kind)
);

-- One renewal at a time of a connection, also among several processes: whoever holds the lease writes with its fence, and
-- a later holder has a greater one.
CREATE TABLE renewals (
    connection    TEXT   PRIMARY KEY REFERENCES connections (id),
    fence         BIGINT NOT NULL,
    leased_until  BIGINT,                   -- null: nobody renews it now
    serial        BIGINT NOT NULL DEFAULT 0, -- grows with each API token
    asked_at      BIGINT,                   -- when somebody last wanted an API token, to the hour
    state         TEXT   NOT NULL,
    failures      BIGINT NOT NULL DEFAULT 0,
    failing_since BIGINT,
    last_error    TEXT,
    due_at        BIGINT                    -- when it is next renewed, tried or probed without being asked; null: only then
);
CREATE INDEX renewals_due ON renewals (due_at) WHERE due_at IS NOT NULL;
