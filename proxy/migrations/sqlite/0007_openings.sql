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
