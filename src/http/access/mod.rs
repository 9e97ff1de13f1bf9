//! Who asks: the one place that makes the [`Actor`] of a request.
//!
//! A request says who sends it in one way: a personal key (`Authorization: Bearer lb_...`, or `?key=lb_...` on reads
//! for programs that know only addresses), the cookie of a login, or a header set by a trusted proxy. Two at once are
//! refused, a wrong one is never taken for none. Without any, who sits at this machine is let in where local mode
//! holds; elsewhere nobody is.
//!
//! People are kept in memory as they are in the data file, so a request costs one SHA-256 and a look into a map.

mod attempts;
mod credentials;
pub mod csrf;
#[cfg(feature = "oidc")]
pub(in crate::http) mod oidc;
mod start;
mod view;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::http::Method;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use jiff::{SignedDuration, Timestamp};

pub use attempts::Attempts;
pub use credentials::KEY_PARAMETER;
pub(super) use credentials::cookie_name;
#[cfg(feature = "oidc")]
pub use oidc::Oidc;
pub use start::{StartRefused, check_start};
pub use view::View;

use super::guard;
use super::problem::Problem;
use super::route::Access;
use super::server::Peer;
use crate::domain::{Actor, Role};
use crate::settings::{AccessSettings, LocalMode};
use crate::store::{DataFile, People, Store, StoreError, Token, TokenDigest};
use credentials::Given;

/// How a request said who sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Not at all.
    Nobody,
    /// By sitting at this machine.
    Local,
    /// By the cookie of a login.
    Session(TokenDigest),
    /// By the personal key of this prefix.
    Key(String),
    /// By a trusted proxy.
    Proxy,
}

/// How a request came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// By which credential.
    pub by: Credential,
    /// From where; behind a trusted proxy the address that the proxy names.
    pub client: Option<IpAddr>,
    /// Whether a trusted proxy says that the browser came over TLS.
    pub is_https: bool,
    csrf: Option<String>,
    #[cfg(feature = "oidc")]
    pub(in crate::http) brought: oidc::Brought,
}

impl Visit {
    /// What forms of this caller carry; `None` where none is asked for.
    pub fn csrf_token(&self) -> Option<String> {
        self.csrf.clone()
    }
}

/// Lets requests in. Clones share the people.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: AccessSettings,
    listens_on_loopback: bool,
    /// Who sits at this machine.
    local_name: String,
    now: fn() -> Timestamp,
    /// Makes the form tokens of those who come by proxy; they have no secret of their own.
    secret: Token,
    /// Locked for a pointer copy only.
    people: RwLock<Arc<View>>,
    /// Held from a change of people to the view that shows it, so that an older view never replaces a newer one.
    changing: Mutex<()>,
    attempts: Mutex<Attempts>,
    /// A password takes 19 MiB and a core: two at a time.
    hashing: tokio::sync::Semaphore,
    #[cfg(feature = "oidc")]
    oidc: std::sync::OnceLock<Oidc>,
}

impl Gate {
    /// A gate for these people.
    pub fn new(settings: AccessSettings, listens_on_loopback: bool, people: People, now: fn() -> Timestamp) -> Self {
        Self(Arc::new(Inner {
            settings,
            listens_on_loopback,
            local_name: local_user(),
            now,
            secret: Token::random(),
            people: RwLock::new(Arc::new(View::new(people, None))),
            changing: Mutex::new(()),
            attempts: Mutex::default(),
            hashing: tokio::sync::Semaphore::new(2),
            #[cfg(feature = "oidc")]
            oidc: std::sync::OnceLock::new(),
        }))
    }

    /// A gate on loopback without accounts.
    pub fn local() -> Self {
        let settings = AccessSettings {
            hosts: Vec::new(),
            local_mode: LocalMode::On,
            proxy_addresses: Vec::new(),
            proxy_user_header: None,
            proxy_roles_header: None,
            #[cfg(feature = "oidc")]
            oidc: None,
            session: std::time::Duration::from_secs(3600),
            session_idle: std::time::Duration::from_secs(3600),
        };
        Self::new(settings, true, People::default(), Timestamp::now)
    }

    /// The people as they are now.
    pub fn people(&self) -> Arc<View> {
        self.0.people.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The clock of the gate.
    pub fn now(&self) -> Timestamp {
        (self.0.now)()
    }

    /// How long a login lasts at most.
    pub(super) fn session_lifetime(&self) -> SignedDuration {
        SignedDuration::try_from(self.0.settings.session).unwrap_or(SignedDuration::from_hours(12))
    }

    /// Lets people log in through a provider. Said once, before the first request.
    #[cfg(feature = "oidc")]
    pub(super) fn set_oidc(&self, oidc: Oidc) {
        self.0.oidc.get_or_init(|| oidc);
    }

    /// The provider through which people log in.
    #[cfg(feature = "oidc")]
    pub(super) fn oidc(&self) -> Option<&Oidc> {
        self.0.oidc.get()
    }

    pub(super) fn hashing(&self) -> &tokio::sync::Semaphore {
        &self.0.hashing
    }

    /// Counters of failed logins.
    pub(super) fn attempts<T>(&self, work: impl FnOnce(&mut Attempts) -> T) -> T {
        work(&mut self.0.attempts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes people through the store; when it returns every request sees the change. Blocks.
    pub fn change<T: Send + 'static>(
        &self,
        store: &Store,
        work: impl FnOnce(&mut DataFile) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _one_at_a_time = self.0.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let (done, people) = store.with_writer(move |file| {
            let done = work(file)?;
            Ok((done, file.people()?))
        })?;
        let next = Arc::new(View::new(people, Some(&self.people())));
        *self.0.people.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(done)
    }

    /// Writes down when keys and sessions were last used where that is `older_than` what the file says. Blocks.
    pub fn note_use(&self, store: &Store, older_than: SignedDuration) -> Result<(), StoreError> {
        let (keys, sessions) = self.people().used_since_noted(older_than);
        if keys.is_empty() && sessions.is_empty() {
            return Ok(());
        }
        self.change(store, move |file| file.note_use(&keys, &sessions))
    }

    /// Whether the request may come in at all: sent to a name of this service, and without a header that only a
    /// trusted proxy may set.
    pub(super) fn check_arrival(&self, parts: &Parts) -> Result<(), Problem> {
        let peer_is_local = peer_of(parts).is_some_and(is_loopback);
        guard::check_host(parts, &self.0.settings.hosts, peer_is_local)?;
        let settings = &self.0.settings;
        let of_proxies = [&settings.proxy_user_header, &settings.proxy_roles_header];
        let set = of_proxies.into_iter().flatten().find(|name| parts.headers.contains_key(name.as_str()));
        match set {
            Some(name) if !self.is_from_proxy(parts) => Err(Problem::Forbidden(format!(
                "the header '{name}' is believed only from the proxies this service is set up with"
            ))),
            _ => Ok(()),
        }
    }

    /// Says who asks and whether they may, and takes a key out of the query.
    pub(super) fn admit(&self, parts: &mut Parts, access: Access) -> Result<(Actor, Visit), Problem> {
        let given = credentials::take(parts, &self.0.settings, self.is_https(parts), self.is_from_proxy(parts))?;
        let (actor, by, csrf) = self.identify(parts, given, access)?;
        match access {
            Access::Role(role) if !actor.may(role) => return Err(refusal(&actor, &by, role)),
            Access::Public | Access::Role(_) => {}
        }
        let is_https = self.is_https(parts);
        // A key is put in by a program on purpose; everything else a browser sends by itself.
        if !matches!(by, Credential::Key(_)) && is_unsafe(&parts.method) {
            guard::check_origin(parts, if is_https { "https" } else { "http" })?;
        }
        #[cfg(feature = "oidc")]
        let brought = oidc::Brought::by(parts, is_https)?;
        // Whatever a handler does with the headers, credentials are not among them.
        for name in [AUTHORIZATION, COOKIE] {
            parts.headers.remove(name);
        }
        // What is open to everybody is done in nobody's name: the origin is enough, and a login begins with a form
        // from before it.
        let csrf = csrf.filter(|_| access != Access::Public);
        let visit = Visit {
            by,
            client: self.client_of(parts),
            is_https,
            csrf,
            #[cfg(feature = "oidc")]
            brought,
        };
        Ok((actor, visit))
    }

    fn identify(
        &self,
        parts: &Parts,
        given: Option<Given>,
        access: Access,
    ) -> Result<(Actor, Credential, Option<String>), Problem> {
        let people = self.people();
        match given {
            Some(Given::Key { text, in_query }) => {
                let (actor, prefix) = people.actor_of_key(&text, in_query, self.now()).map_err(wrong_key)?;
                Ok((actor, Credential::Key(prefix), None))
            }
            // Where nobody has an account there are no logins: the cookie is of another service of this host.
            Some(Given::Session(_)) if people.is_without_accounts() => Ok(self.unnamed(parts)),
            Some(Given::Session(token)) => {
                let idle = SignedDuration::try_from(self.0.settings.session_idle).unwrap_or(SignedDuration::MAX);
                match token.and_then(|token| Some((people.actor_of_session(&token, self.now(), idle)?, token))) {
                    Some((actor, token)) => {
                        let digest = token.digest();
                        Ok((actor, Credential::Session(digest), Some(csrf::of_session(&token))))
                    }
                    // The way to a new login must be open.
                    None if access == Access::Public => Ok((Actor::nobody(), Credential::Nobody, None)),
                    None => Err(Problem::Unauthenticated {
                        detail: "the login has ended; log in again".to_string(),
                        is_login_next: true,
                    }),
                }
            }
            Some(Given::Proxy { user, roles }) => {
                let actor = people.actor_of_proxy(&user, roles)?;
                let csrf = csrf::of_name(&self.0.secret, &actor.id);
                Ok((actor, Credential::Proxy, Some(csrf)))
            }
            None => Ok(self.unnamed(parts)),
        }
    }

    /// Who sends a request that does not say.
    fn unnamed(&self, parts: &Parts) -> (Actor, Credential, Option<String>) {
        if self.is_local_mode() && is_of_this_machine(parts) {
            (Actor::local(&self.0.local_name), Credential::Local, None)
        } else {
            (Actor::nobody(), Credential::Nobody, None)
        }
    }

    fn is_local_mode(&self) -> bool {
        let settings = &self.0.settings;
        self.0.listens_on_loopback
            && match settings.local_mode {
                LocalMode::On => true,
                LocalMode::Off => false,
                LocalMode::Auto if settings.has_oidc() => false,
                LocalMode::Auto => settings.proxy_addresses.is_empty() && self.people().is_without_accounts(),
            }
    }

    fn is_from_proxy(&self, parts: &Parts) -> bool {
        peer_of(parts).is_some_and(|peer| self.0.settings.proxy_addresses.contains(&peer))
    }

    fn is_https(&self, parts: &Parts) -> bool {
        let says = parts.headers.get("x-forwarded-proto").map(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"));
        self.is_from_proxy(parts) && says == Some(true)
    }

    /// The last address of `X-Forwarded-For` is the one that our own proxy has seen; those before it anybody can write.
    fn client_of(&self, parts: &Parts) -> Option<IpAddr> {
        let seen_by_proxy = || {
            let last = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            last.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
        };
        let named = self.is_from_proxy(parts).then(seen_by_proxy).flatten();
        named.or_else(|| peer_of(parts)).map(|address| address.to_canonical())
    }
}

/// The name of who runs this process, for the log; `local` when the system does not say.
pub fn local_user() -> String {
    let user = |variable: &&str| std::env::var(variable).ok().filter(|user| !user.is_empty());
    ["USER", "LOGNAME", "USERNAME"].iter().find_map(user).unwrap_or_else(|| "local".to_string())
}

pub(super) fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

fn peer_of(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<Peer>().map(|peer| peer.0.ip().to_canonical())
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Sent from this machine, and not passed on by a program that took it from elsewhere.
fn is_of_this_machine(parts: &Parts) -> bool {
    let passed_on = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];
    peer_of(parts).is_some_and(is_loopback) && !passed_on.iter().any(|name| parts.headers.contains_key(*name))
}

fn wrong_key(why: &'static str) -> Problem {
    Problem::Unauthenticated { detail: why.to_string(), is_login_next: false }
}

fn refusal(actor: &Actor, by: &Credential, role: Role) -> Problem {
    match by {
        Credential::Nobody => Problem::Unauthenticated {
            detail: "say who you are: log in, or send a personal key as 'Authorization: Bearer lb_...'".to_string(),
            is_login_next: true,
        },
        _ => {
            let roles: Vec<&str> = actor.roles.iter().map(|role| role.code()).collect();
            let has = if roles.is_empty() { "no role".to_string() } else { roles.join(", ") };
            Problem::Forbidden(format!("this needs the role {}; '{}' has {has} here", role.code(), actor.id))
        }
    }
}
