-- What is asked every few seconds, or at every revocation, in a store that holds a hundred thousand of others.
CREATE INDEX unsettled_passes ON passes (requested_at, id) WHERE state IN ('minting', 'revoking');
CREATE INDEX idempotency_keys_by_pass ON idempotency_keys (pass);
CREATE INDEX removed_with_credentials ON connections (id) WHERE removed_at IS NOT NULL AND credentials IS NOT NULL;
