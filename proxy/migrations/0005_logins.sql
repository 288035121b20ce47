-- What goes on around a login.

-- Where providers post events. The token of the address, hashed.
CREATE TABLE event_addresses (
    connection TEXT   PRIMARY KEY REFERENCES connections (id),
    token_hash TEXT   NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
