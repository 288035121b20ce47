-- The last that the store has seen, at every start: whether the machine's clock is behind it.
CREATE INDEX audit_by_time ON audit (at);
