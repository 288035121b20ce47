-- Tenants for whom nothing is given out: an operator's switch.

CREATE TABLE suspended_tenants (
    tenant TEXT   PRIMARY KEY,
    since  BIGINT NOT NULL
);
