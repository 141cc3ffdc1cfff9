//! What a store of facts answers.

use super::Broken;
use super::samples::fresh;
use crate::{AccountFacts, FactsQuery, FactsWriter, InvalidFacts, PrincipalFacts};
use cog_auth::token::Kind;
use serde_json::{Value, json};

/// Facts are stored, replaced and removed as [`FactsWriter`] promises.
///
/// # Errors
///
/// [`Broken`], with the first promise that the store does not keep.
pub async fn facts<S: FactsWriter>(store: &S) -> Result<(), Broken> {
    let (id, account, organization) = (fresh(), fresh(), fresh());
    let about = |organization| FactsQuery {
        kind: Kind::ServiceUserKey,
        principal: &id,
        organization,
        resource: None,
    };
    promise!("nothing is known of a stranger", store.facts(&about(None)).await?, None);

    // Of a principal whose account nobody has told.
    let roles = r#"{"memberships": [{"organization": "org-a", "roles": ["reader"]}]}"#;
    let principal = PrincipalFacts::new(Kind::ServiceUserKey, &id, roles)?.of_account(&account);
    store.put_principal(&principal).await?;
    let mut expected = json!({"principal": {
        "type": "service_user",
        "id": id,
        "account": {"id": account},
        "memberships": [{"organization": "org-a", "roles": ["reader"]}],
    }});
    let asked = ask(store, &about(None)).await?;
    promise!("what is known of a principal is told", asked, it if it == expected);
    let asked = ask(store, &about(Some(&organization))).await?;
    promise!("an organization that is not known is left out", asked, it if it == expected);

    store.put_account(&AccountFacts::new(&account, r#"{"sso": false, "plan": "team"}"#)?).await?;
    store.put_organization(&organization, Some(&account)).await?;
    let known = json!({"id": account, "sso": false, "plan": "team"});
    expected["principal"]["account"] = known.clone();
    let asked = ask(store, &about(None)).await?;
    promise!("what is known of its account is told", asked, it if it == expected);
    expected["organization"] = json!({"id": organization, "account": known});
    let asked = ask(store, &about(Some(&organization))).await?;
    promise!("what is known of the organization is told", asked, it if it == expected);

    store.put_organization(&organization, None).await?;
    expected["organization"] = json!({"id": organization});
    let asked = ask(store, &about(Some(&organization))).await?;
    promise!("a later write replaces an organization", asked, it if it == expected);
    store.put_account(&AccountFacts::new(&account, r#"{"sso": true}"#)?).await?;
    expected["principal"]["account"] = json!({"id": account, "sso": true});
    let asked = ask(store, &about(Some(&organization))).await?;
    promise!("a later write replaces an account", asked, it if it == expected);
    let disabled = r#"{"disabled": true, "roles": ["a"], "permissions": [{"\u0022": []}]}"#;
    store.put_principal(&PrincipalFacts::new(Kind::ServiceUserKey, &id, disabled)?).await?;
    expected["principal"] = json!({
        "type": "service_user", "id": id, "disabled": true,
        "roles": ["a"], "permissions": [{"\"": []}],
    });
    let asked = ask(store, &about(Some(&organization))).await?;
    promise!("a later write replaces a principal", asked, it if it == expected);

    // A user may have the id of a service user.
    let user = FactsQuery { kind: Kind::PersonalAccessToken, ..about(None) };
    promise!("a user is no service user", store.facts(&user).await?, None);
    store.put_principal(&PrincipalFacts::new(Kind::PersonalAccessToken, &id, "{}")?).await?;
    let asked = ask(store, &user).await?;
    promise!(
        "both are there",
        asked,
        it if it == json!({"principal": {"type": "user", "id": id}})
    );
    store.remove_principal(Kind::ServiceUserKey, &id).await?;
    promise!("what was removed is absent", store.facts(&about(None)).await?, None);
    promise!("nothing else was removed", store.facts(&user).await?, Some(_));
    store.remove_principal(Kind::ServiceUserKey, &id).await?;

    // No text is taken for something else than a text.
    let odd = format!("'; -- \" {} % _ \\", fresh());
    store.put_principal(&PrincipalFacts::new(Kind::PersonalAccessToken, &odd, "{}")?).await?;
    let query = FactsQuery { principal: &odd, organization: Some(&odd), ..user };
    let asked = ask(store, &query).await?;
    promise!(
        "an id may be any text",
        asked,
        it if it == json!({"principal": {"type": "user", "id": odd}})
    );
    Ok(())
}

async fn ask<S: FactsWriter>(store: &S, query: &FactsQuery<'_>) -> Result<Value, Broken> {
    let facts = store.facts(query).await?;
    let text = facts.ok_or_else(|| Broken::new("a principal that was put is there", query))?;
    serde_json::from_str(&text).map_err(|error| Broken::new("facts are JSON", &error))
}

impl From<InvalidFacts> for Broken {
    fn from(error: InvalidFacts) -> Self {
        Self::new("the facts of this test are facts", &error)
    }
}
