-- Where hosts' backends are told of notices, and what became of telling them.

ALTER TABLE notices ADD COLUMN detail TEXT;           -- a name of the wire, such as the state that a login is in now
ALTER TABLE notices ADD COLUMN handed_out_at BIGINT;  -- null: no deliveries were made of it yet
CREATE INDEX notices_to_hand_out ON notices (sequence) WHERE handed_out_at IS NULL;

CREATE TABLE webhooks (
    id            TEXT   PRIMARY KEY,
    tenant        TEXT,                 -- null: every tenant
    url           TEXT   NOT NULL,      -- sealed: receivers put secrets of theirs into addresses
    secret        TEXT   NOT NULL,      -- sealed
    events        TEXT,                 -- names, separated by spaces; null: all, of later versions too
    after_notice  BIGINT NOT NULL,      -- the newest notice when it was made: that and earlier ones are not for it
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT                -- when its receiver said that it is gone
);
CREATE INDEX webhooks_by_tenant ON webhooks (tenant, id);

CREATE TABLE webhook_deliveries (
    id         TEXT   PRIMARY KEY,      -- the receiver sees it, the same at every attempt
    webhook    TEXT   NOT NULL REFERENCES webhooks (id),
    notice     BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    body       TEXT   NOT NULL,         -- as it was when it happened; no secret stands in it
    state      TEXT   NOT NULL,
    attempts   BIGINT NOT NULL DEFAULT 0,
    due_at     BIGINT NOT NULL,         -- of one that is being attempted: when the attempt is given up for lost
    outcome    TEXT,                    -- of the last attempt
    created_at BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE UNIQUE INDEX one_delivery ON webhook_deliveries (webhook, notice);
CREATE INDEX deliveries_due ON webhook_deliveries (webhook, due_at) WHERE state = 'pending';
CREATE INDEX deliveries_by_webhook ON webhook_deliveries (webhook, id);
CREATE INDEX deliveries_by_state ON webhook_deliveries (state, ended_at);
