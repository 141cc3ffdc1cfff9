-- Version 1 of the tables, for SQLite and PostgreSQL. Times are seconds since the Unix epoch.

CREATE TABLE cog_auth_credentials (
  id TEXT NOT NULL PRIMARY KEY,
  principal_type TEXT NOT NULL,
  principal TEXT NOT NULL,
  -- The record as JSON. The two times below count beside those in it.
  record TEXT NOT NULL,
  -- Grows with every write but that of a use.
  revision BIGINT NOT NULL,
  revoked_at BIGINT,
  last_used_at BIGINT
);

CREATE INDEX cog_auth_credentials_by_principal
  ON cog_auth_credentials (principal, principal_type, id);

CREATE TABLE cog_auth_accounts (
  id TEXT NOT NULL PRIMARY KEY,
  -- A JSON object: what the policy knows of an account, without its id.
  properties TEXT NOT NULL
);

CREATE TABLE cog_auth_principals (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  account TEXT,
  -- A JSON object with `disabled`, `roles`, `permissions` and `memberships`, as far as known.
  facts TEXT NOT NULL,
  PRIMARY KEY (type, id)
);

CREATE INDEX cog_auth_principals_by_account ON cog_auth_principals (account);

CREATE TABLE cog_auth_organizations (
  id TEXT NOT NULL PRIMARY KEY,
  account TEXT
);

-- One row: at this time the first of all copies of these tables was alive. A replica that has it has
-- all that was written before.
CREATE TABLE cog_auth_heartbeat (at BIGINT NOT NULL);
INSERT INTO cog_auth_heartbeat (at) VALUES (0);

CREATE TABLE cog_auth_schema (version BIGINT NOT NULL);
INSERT INTO cog_auth_schema (version) VALUES (1);
