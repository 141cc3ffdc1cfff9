//! The statements that SQLite and PostgreSQL both understand.

pub(super) const RECORD: &str = "\
    SELECT id, record, revision, revoked_at, last_used_at FROM cog_auth_credentials WHERE id = $1";

pub(super) const INSERT: &str = "\
    INSERT INTO cog_auth_credentials (id, principal_type, principal, record, revoked_at, revision) \
    VALUES ($1, $2, $3, $4, $5, 1) ON CONFLICT (id) DO NOTHING";

/// The condition is what keeps a revoked credential revoked.
pub(super) const REPLACE: &str = "\
    UPDATE cog_auth_credentials \
    SET principal_type = $2, principal = $3, record = $4, revoked_at = $5, revision = revision + 1 \
    WHERE id = $1 AND revision = $6 AND revoked_at IS NULL";

pub(super) const STATE: &str = "SELECT revoked_at FROM cog_auth_credentials WHERE id = $1";

pub(super) const REVOKE: &str = "\
    UPDATE cog_auth_credentials SET revoked_at = $2, revision = revision + 1 \
    WHERE id = $1 AND revoked_at IS NULL";

pub(super) const LIST_OF_PRINCIPAL: &str = "\
    SELECT id, record, revision, revoked_at, last_used_at FROM cog_auth_credentials \
    WHERE principal_type = $1 AND principal = $2 AND id > $3 ORDER BY id LIMIT $4";

pub(super) const LIST_OF_ACCOUNT: &str = "\
    SELECT c.id, c.record, c.revision, c.revoked_at, c.last_used_at \
    FROM cog_auth_principals p \
    JOIN cog_auth_credentials c ON c.principal_type = p.type AND c.principal = p.id \
    WHERE p.account = $1 AND c.id > $2 ORDER BY c.id LIMIT $3";

pub(super) const LIST_OF_ALL: &str = "\
    SELECT id, record, revision, revoked_at, last_used_at FROM cog_auth_credentials \
    WHERE id > $1 ORDER BY id LIMIT $2";

pub(super) const FACTS: &str = "\
    SELECT p.facts, p.account, a.properties, o.id, o.account, oa.properties \
    FROM cog_auth_principals p \
    LEFT JOIN cog_auth_accounts a ON a.id = p.account \
    LEFT JOIN cog_auth_organizations o ON o.id = $3 \
    LEFT JOIN cog_auth_accounts oa ON oa.id = o.account \
    WHERE p.type = $1 AND p.id = $2";

pub(super) const PUT_ACCOUNT: &str = "\
    INSERT INTO cog_auth_accounts (id, properties) VALUES ($1, $2) \
    ON CONFLICT (id) DO UPDATE SET properties = excluded.properties";

pub(super) const PUT_PRINCIPAL: &str = "\
    INSERT INTO cog_auth_principals (type, id, account, facts) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (type, id) DO UPDATE SET account = excluded.account, facts = excluded.facts";

pub(super) const PUT_ORGANIZATION: &str = "\
    INSERT INTO cog_auth_organizations (id, account) VALUES ($1, $2) \
    ON CONFLICT (id) DO UPDATE SET account = excluded.account";

pub(super) const REMOVE_PRINCIPAL: &str =
    "DELETE FROM cog_auth_principals WHERE type = $1 AND id = $2";

pub(super) const VERSION: &str = "SELECT version FROM cog_auth_schema";
