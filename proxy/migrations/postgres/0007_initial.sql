-- The schema as of version 7 of SQLite's. From here on a change has the same number and name for both databases.
--
-- Instants are milliseconds since the Unix epoch, UTC. Sealed columns hold what the vault sealed for that very row and
-- column. No token that Pairlink gives out stands here in a form that could be used.

CREATE TABLE data_keys (
    id         TEXT COLLATE "C" PRIMARY KEY,
    purpose    TEXT   NOT NULL,
    wrapped    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    wrapped_by TEXT,                    -- the name of the master key; null: not written down
    retired_at BIGINT                   -- since when nothing more is sealed by it
);

CREATE TABLE api_keys (
    id         TEXT COLLATE "C" PRIMARY KEY,
    token_hash TEXT   NOT NULL UNIQUE,
    tenant     TEXT,                    -- null: every tenant
    last_four  TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE connections (
    id                 TEXT COLLATE "C" PRIMARY KEY,
    tenant             TEXT   NOT NULL,
    provider           TEXT   NOT NULL,
    label              TEXT   NOT NULL,
    base_url           TEXT,
    credentials        TEXT,            -- sealed; null once the connection is removed and nothing of it is alive
    credentials_set_at BIGINT NOT NULL,
    session            TEXT   NOT NULL,
    session_checked_at BIGINT,
    last_error         TEXT,
    created_at         BIGINT NOT NULL,
    removed_at         BIGINT,
    credentials_issued_at BIGINT,       -- from when on their age counts; null: since they were set
    expires_after_days BIGINT,          -- the policy of the account; null: it never ends
    renew_after_days   BIGINT,
    remind_after_days  BIGINT,
    rotate_after_days  BIGINT,
    reminded           TEXT,            -- the last reminder of these credentials; null: none yet
    next_reminder_at   BIGINT,          -- null: there is none to come
    attention          TEXT,            -- why somebody must look at it; null: nobody must
    attention_since    BIGINT,
    clock_skew_millis  BIGINT,          -- how far the provider's clock is ahead, where it tells
    session_since      BIGINT,          -- when its login was first heard to be in the state it is in
    stuck_told_at      BIGINT           -- when somebody was told that it stays in it too long
);
CREATE INDEX connections_by_tenant ON connections (tenant, id) WHERE removed_at IS NULL;
CREATE INDEX reminders_due ON connections (next_reminder_at) WHERE next_reminder_at IS NOT NULL AND removed_at IS NULL;
CREATE INDEX connections_with_attention ON connections (attention) WHERE attention IS NOT NULL AND removed_at IS NULL;

CREATE TABLE passes (
    id           TEXT COLLATE "C" PRIMARY KEY,
    connection   TEXT   NOT NULL REFERENCES connections (id),
    method       TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    content      TEXT,                  -- sealed; only while live
    requested_at BIGINT NOT NULL,
    issued_at    BIGINT,
    expires_at   BIGINT NOT NULL,       -- while minting and revoking: when it is dead whatever happened
    ended_at     BIGINT,
    replaced     BIGINT NOT NULL DEFAULT 0  -- 1: an earlier one died by this
);
-- At most one live pass, and at most one unsettled intent, of a connection and method.
CREATE UNIQUE INDEX one_live_pass ON passes (connection, method) WHERE state = 'live';
CREATE UNIQUE INDEX one_intent ON passes (connection, method) WHERE state = 'minting';
CREATE INDEX unfinished_passes ON passes (state, expires_at) WHERE state IN ('minting', 'live', 'revoking');

CREATE TABLE idempotency_keys (
    connection   TEXT   NOT NULL REFERENCES connections (id),
    key_hash     TEXT   NOT NULL,
    request_hash TEXT   NOT NULL,
    pass         TEXT   NOT NULL REFERENCES passes (id),
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (connection, key_hash)
);

CREATE TABLE share_links (
    id          TEXT COLLATE "C" PRIMARY KEY,
    token_hash  TEXT   NOT NULL UNIQUE,
    token       TEXT,                   -- sealed; only while live
    connection  TEXT   NOT NULL REFERENCES connections (id),
    state       TEXT   NOT NULL,
    issued_at   BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX one_live_share_link ON share_links (connection) WHERE state = 'live';

CREATE TABLE embed_tokens (
    id         TEXT COLLATE "C" PRIMARY KEY,
    token_hash TEXT   NOT NULL UNIQUE,
    connection TEXT   NOT NULL REFERENCES connections (id),
    actions    TEXT   NOT NULL,         -- names, separated by spaces
    origins    TEXT   NOT NULL,         -- origins, separated by spaces
    api_key    TEXT   REFERENCES api_keys (id),
    share_link TEXT   REFERENCES share_links (id),
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX embed_tokens_by_end ON embed_tokens (expires_at);

-- Which origins some token was made for: what a preflight, which carries no token, is answered by.
CREATE TABLE origins (
    origin     TEXT   PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

-- Browsers that opened a share link; their cookies, hashed.
CREATE TABLE viewers (
    token_hash TEXT   PRIMARY KEY,
    share_link TEXT   NOT NULL REFERENCES share_links (id),
    opened_at  BIGINT NOT NULL
);
CREATE INDEX viewers_by_share_link ON viewers (share_link);

-- What open pages are told, in order.
CREATE TABLE outbox (
    sequence   BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    connection TEXT   NOT NULL REFERENCES connections (id),
    kind       TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX outbox_by_connection ON outbox (connection, sequence);

CREATE TABLE audit (
    sequence   BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    at         BIGINT NOT NULL,
    tenant     TEXT,
    actor_kind TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    object     TEXT   NOT NULL,
    outcome    TEXT   NOT NULL,
    request    TEXT
);

-- What the people behind a connection are told of, in order: reminders, trouble, recovery. No secret stands here.
CREATE TABLE notices (
    sequence   BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    connection TEXT   NOT NULL REFERENCES connections (id),
    kind       TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    detail     TEXT,                    -- a name of the wire, such as the state that a login is in now
    handed_out_at BIGINT                -- null: no deliveries were made of it yet
);

CREATE INDEX notices_to_hand_out ON notices (sequence) WHERE handed_out_at IS NULL;

-- Where hosts' backends are told of notices, and what became of telling them.

CREATE TABLE webhooks (
    id            TEXT COLLATE "C" PRIMARY KEY,
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
    id         TEXT COLLATE "C" PRIMARY KEY,  -- the receiver sees it, the same at every attempt
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

-- What is bought with a connection's account at its provider.

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

-- Where providers post events. The token of the address, hashed.
CREATE TABLE event_addresses (
    connection TEXT   PRIMARY KEY REFERENCES connections (id),
    token_hash TEXT   NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- Pairing codes that a phone was sent or may have been: a number, hashed, whoever asked for it.
CREATE TABLE code_requests (
    pass       TEXT   PRIMARY KEY REFERENCES passes (id),
    phone_hash TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX code_requests_by_phone ON code_requests (phone_hash, at);
CREATE INDEX code_requests_by_age ON code_requests (at);

-- Rounds of QR codes, in which one follows another while somebody looks. A code that was asked for begins one.
CREATE TABLE qr_rounds (
    connection TEXT   PRIMARY KEY REFERENCES connections (id),
    pass       TEXT   NOT NULL REFERENCES passes (id),  -- its newest code
    began_at   BIGINT NOT NULL,
    codes      BIGINT NOT NULL                          -- how many it had
);

-- One row while the store observes: it came out of a backup, and nobody has said yet that it may act.
CREATE TABLE observing (
    id          BIGINT PRIMARY KEY CHECK (id = 1),
    restored_at BIGINT NOT NULL
);

-- Connections of which others may have issued something between the backup and its restoration.
CREATE TABLE lost_times (
    connection TEXT   PRIMARY KEY REFERENCES connections (id),
    began_at   BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL
);

-- Accounts that providers are asked to open for a connection. Written before the provider is asked; an answer that got
-- lost leaves 'opening', and then the account may be there without anybody knowing its name.
CREATE TABLE openings (
    connection   TEXT   PRIMARY KEY REFERENCES connections (id),
    tenant       TEXT   NOT NULL,
    key_hash     TEXT,                  -- the caller's idempotency key; never forgotten: an account is for good
    request_hash TEXT,
    credential   TEXT   NOT NULL,       -- the one that names the account
    state        TEXT   NOT NULL,       -- 'opening' or 'open'
    created_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX one_opening_of_a_key ON openings (tenant, key_hash) WHERE key_hash IS NOT NULL;
CREATE INDEX openings_without_end ON openings (connection) WHERE state = 'opening';
