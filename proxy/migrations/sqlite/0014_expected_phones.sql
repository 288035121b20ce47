-- Whose phone may be linked to a connection, and whether the one that is linked was found to be that one.

CREATE TABLE expected_phones (
    connection  TEXT   PRIMARY KEY REFERENCES connections (id),
    phone       TEXT   NOT NULL,  -- sealed: digits
    account     TEXT   NOT NULL,  -- 'unverified', 'verified' or 'mismatch'
    checked_at  BIGINT,           -- when the provider last told the number
    check_until BIGINT,           -- until then a phone may be linked, and somebody has to look; null: nobody has to
    looked_at   BIGINT            -- when somebody last took that on
);
CREATE INDEX phones_to_check ON expected_phones (looked_at) WHERE check_until IS NOT NULL;
