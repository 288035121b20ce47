-- Replacing keys, and what a store that came out of a backup has to find out.

ALTER TABLE data_keys ADD COLUMN wrapped_by TEXT;    -- the name of the master key; null: not written down
ALTER TABLE data_keys ADD COLUMN retired_at BIGINT;  -- since when nothing more is sealed by it

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
