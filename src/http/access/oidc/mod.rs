//! Login through OpenID Connect: the code flow with PKCE, for a provider that is asked for its description when the
//! service starts and again every hour.
//!
//! What a login needs on its way back stays here, in memory: nonce, PKCE verifier, where to go on to. The browser
//! carries the state in the address and a cookie that binds it; both are 32 random bytes that are kept as hashes.
//! Neither code nor token is kept or logged.

mod pending;
mod person;
mod provider;

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::http::request::Parts;
use jiff::{SignedDuration, Timestamp};
use openidconnect::{ClientSecret, RedirectUrl};
use tokio::sync::Semaphore;
use tokio::time::sleep;
use ureq::Agent;

pub(in crate::http) use pending::LIFETIME;
pub(in crate::http) use person::{Entry, Person};
pub(in crate::http) use provider::Unproved;

use super::credentials;
use super::guard;
use crate::http::problem::Problem;
use crate::settings::OidcSettings;
use crate::store::Token;
use pending::{Pending, Waiting};
use provider::{Provider, Secrets};

/// From one asking to the next while the provider does not answer; doubled up to [`RETRY_MOST`].
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_MOST: Duration = Duration::from_secs(60);
/// How often keys and addresses are asked for again.
const REFRESH: Duration = Duration::from_secs(3600);
/// An unknown key makes the keys asked for again, no more often than this.
const REFRESH_LEAST: SignedDuration = SignedDuration::from_mins(1);
/// Codes that are given for tokens at the same time.
const AT_THE_SAME_TIME: usize = 8;

/// The path the provider sends people back to.
pub(in crate::http) const CALLBACK: &str = "/login/oidc/callback";

/// The cookie that binds a begun login to its browser.
pub(in crate::http) fn cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Host-lagesbild-oidc" } else { "lagesbild-oidc" }
}

/// What a request brings besides the credential.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::http) struct Brought {
    /// The host it was sent to, already checked.
    pub(in crate::http) host: String,
    /// The cookie of a begun login.
    pub(in crate::http) browser: Option<Token>,
}

impl Brought {
    pub(super) fn by(parts: &Parts, is_https: bool) -> Result<Self, Problem> {
        let host = guard::host_of(parts)?.to_string();
        // Several cookies of this name, or none: the login is begun again.
        let cookie = credentials::cookie(&parts.headers, cookie_name(is_https)).ok().flatten();
        Ok(Self { host, browser: cookie.and_then(|text| Token::from_hex(&text)) })
    }
}

/// A provider through which people log in. Clones share it.
#[derive(Clone)]
pub struct Oidc(Arc<Inner>);

struct Inner {
    settings: OidcSettings,
    secret: Option<ClientSecret>,
    agent: Agent,
    /// `None` until the provider has answered; locked for a pointer copy only.
    provider: RwLock<Option<Arc<Provider>>>,
    asked: Mutex<Option<Timestamp>>,
    pending: Mutex<Pending<Way>>,
    turns: Semaphore,
}

impl std::fmt::Debug for Oidc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Oidc({})", self.0.settings.issuer)
    }
}

/// The way of one login.
struct Way {
    secrets: Secrets,
    provider: Arc<Provider>,
    goal: Goal,
}

/// Where somebody goes on to after the login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) struct Goal {
    pub(in crate::http) to: String,
    pub(in crate::http) lang: &'static str,
}

/// A login that has been begun.
pub(in crate::http) struct Begun {
    /// Where the browser is sent.
    pub(in crate::http) url: String,
    /// What the cookie holds.
    pub(in crate::http) browser: Token,
}

/// A login that has come back: what the code is worth is still to be asked.
pub(in crate::http) struct Returned(Way);

impl Returned {
    pub(in crate::http) fn goal(&self) -> &Goal {
        &self.0.goal
    }
}

impl Oidc {
    /// Reads the secret; asks nobody anything yet.
    pub fn new(settings: &OidcSettings) -> Result<Self, String> {
        let secret = match &settings.client_secret_file {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| format!("oidc_client_secret_file {}: {error}", path.display()))?;
                let text = text.trim();
                if text.is_empty() {
                    return Err(format!("oidc_client_secret_file {} is empty", path.display()));
                }
                Some(ClientSecret::new(text.to_string()))
            }
        };
        Ok(Self(Arc::new(Inner {
            settings: settings.clone(),
            secret,
            agent: provider::agent(&settings.issuer),
            provider: RwLock::default(),
            asked: Mutex::default(),
            pending: Mutex::default(),
            turns: Semaphore::new(AT_THE_SAME_TIME),
        })))
    }

    /// Asks the provider for its description until it answers, and then every hour. Runs until it is aborted.
    pub(in crate::http) async fn keep_informed(self, now: fn() -> Timestamp) {
        let issuer = &self.0.settings.issuer;
        let mut wait = RETRY_FIRST;
        loop {
            match self.ask(now()).await {
                Ok(()) => {
                    tracing::info!("people can log in through {issuer}");
                    wait = RETRY_FIRST;
                    sleep(REFRESH).await;
                }
                Err(why) => {
                    let told = if self.provider().is_some() { "its keys may be old" } else { "logins get 503" };
                    tracing::error!(
                        "the OpenID Connect provider {issuer} cannot be used: {why}; until it can, {told}; asked \
                         again in {} s",
                        wait.as_secs()
                    );
                    sleep(wait).await;
                    wait = (wait * 2).min(RETRY_MOST);
                }
            }
        }
    }

    async fn ask(&self, now: Timestamp) -> Result<(), String> {
        *self.0.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        let this = self.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let Inner { settings, agent, secret, .. } = &*this.0;
            Provider::discover(agent, &settings.issuer, &settings.client_id, secret.as_ref())
        });
        let provider = asked.await.map_err(|error| error.to_string())??;
        *self.0.provider.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(provider));
        Ok(())
    }

    fn provider(&self) -> Option<Arc<Provider>> {
        self.0.provider.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn pending<T>(&self, work: impl FnOnce(&mut Pending<Way>) -> T) -> T {
        work(&mut self.0.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins a login; `None` while the provider is not known. `base` is the address of this service, checked.
    pub(in crate::http) fn begin(
        &self,
        base: &str,
        goal: Goal,
        client: Option<std::net::IpAddr>,
        now: Timestamp,
    ) -> Result<Option<Begun>, Problem> {
        let Some(provider) = self.provider() else { return Ok(None) };
        let redirect = RedirectUrl::new(format!("{base}{CALLBACK}"))
            .map_err(|_| Problem::Malformed("the Host header is no address to come back to".to_string()))?;
        let (state, browser) = (Token::random(), Token::random());
        let (url, secrets) = provider.begin(redirect, state.to_hex(), Token::random().to_hex());
        let what = Way { secrets, provider, goal };
        let waiting = Waiting { browser: browser.digest(), begun: now, client, what };
        self.pending(|pending| pending.keep(&state, waiting));
        Ok(Some(Begun { url, browser }))
    }

    /// The login that this answer of the provider belongs to, which is then spent. `None` when it was not begun by
    /// this browser, is too old, has come back before, or names another issuer.
    pub(in crate::http) fn returned(
        &self,
        state: Option<&str>,
        browser: Option<&Token>,
        iss: Option<&str>,
        now: Timestamp,
    ) -> Option<Returned> {
        let state = state.and_then(Token::from_hex)?;
        let way = self.pending(|pending| pending.take(&state, browser?, now))?;
        way.provider.is_issuer(iss).then_some(Returned(way))
    }

    /// Who somebody is who came back with this code.
    pub(in crate::http) async fn person(
        &self,
        returned: Returned,
        code: String,
        now: Timestamp,
    ) -> Result<Person, Unproved> {
        let failed = |_| Unproved::Unreachable("no turn".to_string());
        let _turn = self.0.turns.acquire().await.map_err(failed)?;
        let Way { secrets, provider, .. } = returned.0;
        let (agent, asked) = (self.0.agent.clone(), provider.clone());
        let exchanged = tokio::task::spawn_blocking(move || asked.exchange(&agent, code, secrets));
        let (proof, nonce) = exchanged.await.map_err(|_| Unproved::Unreachable("it was given up".to_string()))??;
        let claims = match provider.claims(&proof, &nonce, now) {
            Err(Unproved::UnknownKey) if self.is_worth_asking(now) => {
                self.ask(now).await.map_err(Unproved::Unreachable)?;
                self.provider().ok_or(Unproved::UnknownKey)?.claims(&proof, &nonce, now)
            }
            other => other,
        }?;
        Person::of(&claims, &self.0.settings).map_err(Unproved::Token)
    }

    /// Providers change their keys; who sends tokens of unknown keys must not make us ask all the time.
    fn is_worth_asking(&self, now: Timestamp) -> bool {
        let asked = *self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.is_none_or(|asked| now.duration_since(asked).abs() >= REFRESH_LEAST)
    }
}
