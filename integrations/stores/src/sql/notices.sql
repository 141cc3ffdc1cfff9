-- Notices of what changes, for caches: PostgreSQL's LISTEN and NOTIFY.

-- Its argument says of what kind the row is.
CREATE FUNCTION cog_auth_row_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('cog_auth', TG_ARGV[0] || ' ' || COALESCE(NEW.id, OLD.id));
  RETURN NULL;
END $$;

CREATE TRIGGER cog_auth_credential_added_or_removed
  AFTER INSERT OR DELETE ON cog_auth_credentials
  FOR EACH ROW EXECUTE FUNCTION cog_auth_row_changed('credential');
-- A use is no change that anybody needs to know of.
CREATE TRIGGER cog_auth_credential_changed
  AFTER UPDATE ON cog_auth_credentials FOR EACH ROW
  WHEN ((OLD.id, OLD.record, OLD.revision, OLD.revoked_at)
    IS DISTINCT FROM (NEW.id, NEW.record, NEW.revision, NEW.revoked_at))
  EXECUTE FUNCTION cog_auth_row_changed('credential');
CREATE TRIGGER cog_auth_principal_changed
  AFTER INSERT OR UPDATE OR DELETE ON cog_auth_principals
  FOR EACH ROW EXECUTE FUNCTION cog_auth_row_changed('principal');
CREATE TRIGGER cog_auth_organization_changed
  AFTER INSERT OR UPDATE OR DELETE ON cog_auth_organizations
  FOR EACH ROW EXECUTE FUNCTION cog_auth_row_changed('organization');

-- An account is part of the facts of many principals and organizations.
CREATE FUNCTION cog_auth_all_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('cog_auth', 'all');
  RETURN NULL;
END $$;

CREATE TRIGGER cog_auth_accounts_changed
  AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cog_auth_accounts
  FOR EACH STATEMENT EXECUTE FUNCTION cog_auth_all_changed();
CREATE TRIGGER cog_auth_credentials_emptied
  AFTER TRUNCATE ON cog_auth_credentials
  FOR EACH STATEMENT EXECUTE FUNCTION cog_auth_all_changed();
CREATE TRIGGER cog_auth_principals_emptied
  AFTER TRUNCATE ON cog_auth_principals
  FOR EACH STATEMENT EXECUTE FUNCTION cog_auth_all_changed();
CREATE TRIGGER cog_auth_organizations_emptied
  AFTER TRUNCATE ON cog_auth_organizations
  FOR EACH STATEMENT EXECUTE FUNCTION cog_auth_all_changed();
