-- What goes on around a login.

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

ALTER TABLE connections ADD COLUMN session_since BIGINT;  -- when its login was first heard to be in the state it is in
ALTER TABLE connections ADD COLUMN stuck_told_at BIGINT;  -- when somebody was told that it stays in it too long
