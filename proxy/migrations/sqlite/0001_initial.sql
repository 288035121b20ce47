-- Instants are milliseconds since the Unix epoch, UTC. Sealed columns hold what the vault sealed for that very row and
-- column. No token that Pairlink gives out stands here in a form that could be used.

CREATE TABLE data_keys (
    id         TEXT   PRIMARY KEY,
    purpose    TEXT   NOT NULL,
    wrapped    TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id         TEXT   PRIMARY KEY,
    token_hash TEXT   NOT NULL UNIQUE,
    tenant     TEXT,                    -- null: every tenant
    last_four  TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE connections (
    id                 TEXT   PRIMARY KEY,
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
    removed_at         BIGINT
);
CREATE INDEX connections_by_tenant ON connections (tenant, id) WHERE removed_at IS NULL;

CREATE TABLE passes (
    id           TEXT   PRIMARY KEY,
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
    id          TEXT   PRIMARY KEY,
    token_hash  TEXT   NOT NULL UNIQUE,
    token       TEXT,                   -- sealed; only while live
    connection  TEXT   NOT NULL REFERENCES connections (id),
    state       TEXT   NOT NULL,
    issued_at   BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX one_live_share_link ON share_links (connection) WHERE state = 'live';

CREATE TABLE embed_tokens (
    id         TEXT   PRIMARY KEY,
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
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    connection TEXT   NOT NULL REFERENCES connections (id),
    kind       TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX outbox_by_connection ON outbox (connection, sequence);

CREATE TABLE audit (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    at         BIGINT NOT NULL,
    tenant     TEXT,
    actor_kind TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    object     TEXT   NOT NULL,
    outcome    TEXT   NOT NULL,
    request    TEXT
);
