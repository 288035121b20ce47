-- What a connection has, in a store that holds a hundred thousand passes of others.
CREATE INDEX passes_by_connection ON passes (connection, state);
