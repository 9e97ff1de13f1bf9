//! Whether the service may start where and as it is asked to.

use std::net::SocketAddr;

use crate::settings::{AccessSettings, LocalMode};
use crate::store::People;

/// Why the service does not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartRefused {
    /// Beyond loopback without anybody who could log in.
    #[error(
        "the service does not listen on {address}: without accounts everyone who can reach it could read and change \
         everything, so only loopback is accepted, such as 127.0.0.1:8080 or [::1]:8080; make an account \
         ('lagesbild user add NAME --role admin'), or set proxy_addresses and proxy_user_header"
    )]
    NobodyCanLogIn {
        /// As asked.
        address: SocketAddr,
    },
    /// Beyond loopback without a name.
    #[error(
        "the service does not listen on {address}: set 'hosts' to what it is called in addresses, such as \
         lagesbild.example.se; requests for other names are refused, so that no foreign page can speak for it"
    )]
    WithoutName {
        /// As asked.
        address: SocketAddr,
    },
    /// Local mode beyond loopback.
    #[error("local_mode is on: only loopback is accepted then, and {address} is not")]
    LocalModeBeyondLoopback {
        /// As asked.
        address: SocketAddr,
    },
    /// A header would be believed from nobody.
    #[error("{header} is set, but proxy_addresses names no proxy from which it would be believed")]
    HeaderWithoutProxy {
        /// The setting.
        header: &'static str,
    },
    /// A provider that does not know this service.
    #[error("oidc_issuer is set, but oidc_client_id is not: it is what this service is called at the provider")]
    OidcWithoutClient,
    /// Groups without a meaning, or a meaning without groups.
    #[error(
        "oidc_roles_claim and oidc_roles belong together: the claim with the groups, and which group gives which role"
    )]
    OidcRolesIncomplete,
    /// Roles without a user.
    #[error("proxy_roles_header is set, but proxy_user_header is not: roles belong to a user")]
    RolesWithoutUser,
}

/// Checks before listening; `people` are those of the data file.
pub fn check_start(address: SocketAddr, settings: &AccessSettings, people: &People) -> Result<(), StartRefused> {
    if settings.proxy_roles_header.is_some() && settings.proxy_user_header.is_none() {
        return Err(StartRefused::RolesWithoutUser);
    }
    if settings.proxy_user_header.is_some() && settings.proxy_addresses.is_empty() {
        return Err(StartRefused::HeaderWithoutProxy { header: "proxy_user_header" });
    }
    #[cfg(feature = "oidc")]
    if let Some(oidc) = &settings.oidc {
        if oidc.client_id.is_empty() {
            return Err(StartRefused::OidcWithoutClient);
        }
        if oidc.roles_claim.is_some() == oidc.roles.is_empty() {
            return Err(StartRefused::OidcRolesIncomplete);
        }
    }
    if address.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    if settings.local_mode == LocalMode::On {
        return Err(StartRefused::LocalModeBeyondLoopback { address });
    }
    if !people.has_accounts() && settings.proxy_user_header.is_none() && !settings.has_oidc() {
        return Err(StartRefused::NobodyCanLogIn { address });
    }
    if settings.hosts.is_empty() {
        return Err(StartRefused::WithoutName { address });
    }
    Ok(())
}
