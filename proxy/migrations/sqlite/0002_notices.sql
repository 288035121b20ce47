-- What the people behind a connection are told of, in order: reminders, trouble, recovery. No secret stands here.
CREATE TABLE notices (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    connection TEXT   NOT NULL REFERENCES connections (id),
    kind       TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
