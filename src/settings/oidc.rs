//! Settings of login through OpenID Connect.

use std::path::PathBuf;

use super::{group_role, listed_in};

/// A provider through which people log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcSettings {
    /// `oidc_issuer`: the address of the provider, exactly as it spells itself.
    pub issuer: String,
    /// `oidc_client_id`: what this service is called there.
    pub client_id: String,
    /// `oidc_client_secret_file`: where the secret lies; `None` for a client without one.
    pub client_secret_file: Option<PathBuf>,
    /// `oidc_name_claim`: claim with the name of the account; `None` for `preferred_username`, else `sub`.
    pub name_claim: Option<String>,
    /// `oidc_roles_claim`: claim with groups; `None` where the roles of the account of that name count.
    pub roles_claim: Option<String>,
    /// `oidc_roles`: groups with the word of the role they give.
    pub roles: Vec<(String, String)>,
}

/// `None` without an issuer. Every value is one that fits.
pub(super) fn settle<'a>(text: &impl Fn(&str) -> &'a str) -> Option<OidcSettings> {
    let perhaps = |name: &str| Some(text(name).trim()).filter(|value| !value.is_empty()).map(str::to_string);
    let pairs = listed_in(text("oidc_roles")).filter_map(group_role);
    Some(OidcSettings {
        issuer: perhaps("oidc_issuer")?,
        client_id: perhaps("oidc_client_id").unwrap_or_default(),
        client_secret_file: perhaps("oidc_client_secret_file").map(PathBuf::from),
        name_claim: perhaps("oidc_name_claim"),
        roles_claim: perhaps("oidc_roles_claim"),
        roles: pairs.map(|(group, role)| (group.to_string(), role.to_string())).collect(),
    })
}
