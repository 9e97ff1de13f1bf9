//! Whom the claims of a token name, and what they may here.

use serde_json::{Map, Value};

use crate::domain::Role;
use crate::settings::OidcSettings;
use crate::store::{User, check_name};

/// Somebody of whom the provider says who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) struct Person {
    /// The name of their account, existing or not.
    pub(in crate::http) name: String,
    /// What their groups give; `None` where the roles of the account count.
    pub(in crate::http) roles: Option<Vec<Role>>,
}

/// What a login does with the account of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) enum Entry {
    /// It lets them in as the account is.
    AsIs,
    /// It gives the account these roles first.
    Changed(Vec<Role>),
    /// It makes the account, with these roles.
    New(Vec<Role>),
}

impl Person {
    /// Reads the claims of a token that is believed; otherwise says what is wrong, without telling values.
    pub(super) fn of(claims: &Map<String, Value>, settings: &OidcSettings) -> Result<Self, &'static str> {
        let text = |claim: &str| at(claims, claim).and_then(Value::as_str);
        let name = match &settings.name_claim {
            // An address that nobody checked names whoever typed it.
            Some(claim) if claim == "email" && claims.get("email_verified") != Some(&Value::Bool(true)) => {
                return Err("oidc_name_claim is email, and the provider does not say email_verified");
            }
            Some(claim) => text(claim),
            None => text("preferred_username").or_else(|| text("sub")),
        };
        let name = name.ok_or("it has no claim with the name (oidc_name_claim)")?.trim().to_lowercase();
        check_name(&name).map_err(
            |_| "its name (oidc_name_claim) cannot be the name of an account; accepted: 1 to 64 of a-z 0-9 . _ @ -",
        )?;
        let roles = settings.roles_claim.as_ref().map(|claim| roles(at(claims, claim), &settings.roles));
        Ok(Self { name, roles })
    }

    /// What to do with the account of this name; `None` when they may nothing here.
    pub(in crate::http) fn entry(&self, account: Option<&User>) -> Option<Entry> {
        if account.is_some_and(|user| user.revoked.is_some()) {
            return None;
        }
        match (&self.roles, account) {
            (None, account) => account.map(|_| Entry::AsIs),
            (Some(roles), _) if roles.is_empty() => None,
            (Some(roles), None) => Some(Entry::New(roles.clone())),
            (Some(roles), Some(user)) => {
                let is_same = Role::ALL.iter().all(|role| roles.contains(role) == user.roles.contains(role));
                Some(if is_same { Entry::AsIs } else { Entry::Changed(roles.clone()) })
            }
        }
    }
}

/// A claim by its name; one with dots may lie inside others, as in `realm_access.roles`.
fn at<'a>(claims: &'a Map<String, Value>, claim: &str) -> Option<&'a Value> {
    let within = || {
        let mut parts = claim.split('.');
        parts
            .next()
            .and_then(|first| claims.get(first))
            .and_then(|first| parts.try_fold(first, |at, part| at.get(part)))
    };
    claims.get(claim).or_else(within)
}

fn roles(groups: Option<&Value>, known: &[(String, String)]) -> Vec<Role> {
    let groups: Vec<&str> = match groups {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![one],
        _ => Vec::new(),
    };
    let given =
        |role: &Role| known.iter().any(|(group, word)| *word == role.code() && groups.contains(&group.as_str()));
    Role::ALL.into_iter().filter(given).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(name: Option<&str>, groups: Option<&str>) -> OidcSettings {
        let roles = [("lb-read", "reader"), ("lb write", "editor")];
        OidcSettings {
            issuer: "https://login.example.se".to_string(),
            client_id: "lagesbild".to_string(),
            client_secret_file: None,
            name_claim: name.map(str::to_string),
            roles_claim: groups.map(str::to_string),
            roles: roles.map(|(group, role)| (group.to_string(), role.to_string())).to_vec(),
        }
    }

    fn person(claims: &Value, name: Option<&str>, groups: Option<&str>) -> Result<Person, &'static str> {
        Person::of(claims.as_object().expect("an object"), &settings(name, groups))
    }

    #[test]
    fn the_name_is_that_of_the_claim_and_an_unchecked_address_is_none() {
        let name = |claims: Value, claim: Option<&str>| person(&claims, claim, None).map(|person| person.name);
        assert_eq!(name(json!({"sub": "1", "preferred_username": "Anna"}), None).as_deref(), Ok("anna"));
        assert_eq!(name(json!({"sub": "s-1"}), None).as_deref(), Ok("s-1"));
        assert!(name(json!({"sub": "s-1"}), Some("upn")).is_err(), "no fallback for a claim that was asked for");
        assert!(name(json!({"sub": "1", "preferred_username": "Anna Ek"}), None).is_err());
        let email = json!({"email": "a@example.se", "email_verified": true});
        assert_eq!(name(email, Some("email")).as_deref(), Ok("a@example.se"));
        for unsure in [json!({"email": "a@x"}), json!({"email": "a@x", "email_verified": false})] {
            assert!(name(unsure, Some("email")).is_err());
        }
    }

    #[test]
    fn groups_give_the_roles_that_are_set_and_no_others() {
        let roles = |groups: Value, claim: &str| {
            let claims = json!({"sub": "anna", "groups": groups});
            person(&claims, None, Some(claim)).expect("a person").roles.expect("groups count")
        };
        assert_eq!(roles(json!(["lb write", "x", "lb-read"]), "groups"), [Role::Reader, Role::Editor]);
        assert_eq!(roles(json!("lb-read"), "groups"), [Role::Reader]);
        assert_eq!(roles(json!({"roles": ["lb-read"]}), "groups.roles"), [Role::Reader]);
        for nothing in [json!(["admin", "reader", "LB-READ"]), json!([]), json!(null), json!(7)] {
            assert_eq!(roles(nothing, "groups"), []);
        }
        assert_eq!(roles(json!(["lb-read"]), "other"), []);
    }

    #[test]
    fn groups_overrule_the_account_and_a_revoked_account_stays_out() {
        let user = |roles: &[Role], revoked: bool| User {
            name: "anna".to_string(),
            roles: roles.to_vec(),
            password: None,
            added: jiff::Timestamp::UNIX_EPOCH,
            revoked: revoked.then_some(jiff::Timestamp::UNIX_EPOCH),
        };
        let person = |roles: Option<&[Role]>| Person { name: "anna".to_string(), roles: roles.map(<[Role]>::to_vec) };
        let admin = user(&[Role::Admin], false);
        assert_eq!(person(None).entry(None), None);
        assert_eq!(person(None).entry(Some(&admin)), Some(Entry::AsIs));
        let read = [Role::Reader];
        assert_eq!(person(Some(&read)).entry(Some(&admin)), Some(Entry::Changed(read.to_vec())));
        assert_eq!(person(Some(&read)).entry(Some(&user(&read, false))), Some(Entry::AsIs));
        assert_eq!(person(Some(&read)).entry(None), Some(Entry::New(read.to_vec())));
        assert_eq!(person(Some(&[])).entry(Some(&admin)), None);
        for groups in [None, Some(&read[..])] {
            assert_eq!(person(groups).entry(Some(&user(&read, true))), None);
        }
    }
}
