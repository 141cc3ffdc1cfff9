//! The traits for a store that has a pool of connections to a database.

/// Implements the traits for a type with `writes`, a pool, and `timeout`, a duration, in which both
/// databases do the same. These they do in ways of their own: `read_record(&self, id)`,
/// `read_facts(&self, query)` and `note_uses(&self, uses)`.
macro_rules! sql_adapter {
    ($store:ty) => {
        impl $crate::RecordStore for $store {
            async fn record(
                &self,
                id: CredentialId,
            ) -> Result<Option<$crate::StoredRecord>, $crate::Unavailable> {
                within(self.timeout, self.read_record(id)).await
            }
        }

        impl $crate::RecordWriter for $store {
            async fn insert(&self, record: &Record) -> Result<Revision, WriteError> {
                let id = record.id();
                let written = sqlx::query(statements::INSERT)
                    .bind(id.as_str())
                    .bind(row::type_of(record))
                    .bind(record.principal())
                    .bind(record.to_json())
                    .bind(record.revoked_at().map(row::seconds));
                let written = within(self.timeout, written.execute(&self.writes)).await?;
                match written.rows_affected() {
                    0 => Err(WriteError::AlreadyThere),
                    _ => Ok(Revision::new(1)),
                }
            }

            async fn replace(
                &self,
                record: &Record,
                read: Revision,
            ) -> Result<Revision, WriteError> {
                let id = record.id();
                let written = sqlx::query(statements::REPLACE)
                    .bind(id.as_str())
                    .bind(row::type_of(record))
                    .bind(record.principal())
                    .bind(record.to_json())
                    .bind(record.revoked_at().map(row::seconds))
                    .bind(row::number(read));
                let written = within(self.timeout, written.execute(&self.writes)).await?;
                if written.rows_affected() > 0 {
                    return Ok(read.next());
                }
                Err(match self.state(id).await? {
                    None => WriteError::Absent,
                    Some(Some(_revoked_at)) => WriteError::Revoked,
                    Some(None) => WriteError::Changed,
                })
            }

            async fn revoke(&self, id: CredentialId, at: Time) -> Result<Revoked, WriteError> {
                let written =
                    sqlx::query(statements::REVOKE).bind(id.as_str()).bind(row::seconds(at));
                let written = within(self.timeout, written.execute(&self.writes)).await?;
                if written.rows_affected() > 0 {
                    return Ok(Revoked::Now);
                }
                match self.state(id).await? {
                    None => Err(WriteError::Absent),
                    Some(_revoked_at) => Ok(Revoked::Before),
                }
            }

            async fn used(&self, uses: &[(CredentialId, Time)]) -> Result<(), Unavailable> {
                within(self.timeout, self.note_uses(uses)).await
            }
        }

        impl $crate::RecordList for $store {
            async fn list(
                &self,
                owner: Owner<'_>,
                after: Option<CredentialId>,
            ) -> Result<Page, Unavailable> {
                let after = after.as_ref().map_or("", CredentialId::as_str);
                let rows = match owner {
                    Owner::User(id) => {
                        sqlx::query_as(statements::LIST_OF_PRINCIPAL).bind("user").bind(id)
                    }
                    Owner::ServiceUser(id) => {
                        sqlx::query_as(statements::LIST_OF_PRINCIPAL).bind("service_user").bind(id)
                    }
                    Owner::Account(id) => sqlx::query_as(statements::LIST_OF_ACCOUNT).bind(id),
                    Owner::All => sqlx::query_as(statements::LIST_OF_ALL),
                };
                let read_at = now();
                let rows = rows.bind(after).bind(row::page_limit());
                let rows = within(self.timeout, rows.fetch_all(&self.writes)).await?;
                row::page(&rows, read_at)
            }
        }

        impl $crate::FactsStore for $store {
            async fn facts(&self, query: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
                within(self.timeout, self.read_facts(query)).await
            }
        }

        impl $crate::FactsWriter for $store {
            async fn put_account(&self, account: &AccountFacts) -> Result<(), Unavailable> {
                let put = sqlx::query(statements::PUT_ACCOUNT)
                    .bind(&account.id)
                    .bind(&account.properties);
                within(self.timeout, put.execute(&self.writes)).await.map(drop)
            }

            async fn put_principal(&self, principal: &PrincipalFacts) -> Result<(), Unavailable> {
                let put = sqlx::query(statements::PUT_PRINCIPAL)
                    .bind(principal_type(principal.kind))
                    .bind(&principal.id)
                    .bind(&principal.account)
                    .bind(&principal.facts);
                within(self.timeout, put.execute(&self.writes)).await.map(drop)
            }

            async fn put_organization(
                &self,
                organization: &str,
                account: Option<&str>,
            ) -> Result<(), Unavailable> {
                let put =
                    sqlx::query(statements::PUT_ORGANIZATION).bind(organization).bind(account);
                within(self.timeout, put.execute(&self.writes)).await.map(drop)
            }

            async fn remove_principal(&self, kind: Kind, id: &str) -> Result<(), Unavailable> {
                let remove =
                    sqlx::query(statements::REMOVE_PRINCIPAL).bind(principal_type(kind)).bind(id);
                within(self.timeout, remove.execute(&self.writes)).await.map(drop)
            }
        }

        impl $store {
            /// Whether there is a record, and when it was revoked.
            async fn state(&self, id: CredentialId) -> Result<Option<Option<i64>>, Unavailable> {
                let row = sqlx::query_as(statements::STATE).bind(id.as_str());
                let row = within(self.timeout, row.fetch_optional(&self.writes)).await?;
                Ok(row.map(|(revoked_at,): (Option<i64>,)| revoked_at))
            }
        }
    };
}
