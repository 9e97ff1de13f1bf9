//! What is asked of the provider, and what is believed of its answers.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthType, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IdToken, IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    SignatureVerificationError, StandardErrorResponse, StandardTokenResponse, TokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// How far the clocks of the provider and of this machine may be apart.
const SKEW: Duration = Duration::from_secs(60);
/// For one request, so that the person who waits gets an answer within `request_timeout_s`.
const TIMEOUT: Duration = Duration::from_secs(4);
/// Largest answer of the provider.
const ANSWER_BYTES: u64 = 1024 * 1024;

/// Signatures that are accepted, whatever the provider offers: no `none`, nothing made with the shared secret.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 2] =
    [CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256];

/// Every claim that the library does not know by itself.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct OtherClaims(HashMap<String, Value>);

impl AdditionalClaims for OtherClaims {}

type Identity = IdToken<OtherClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type Fields = IdTokenFields<
    OtherClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Party = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why the provider did not say who somebody is. No text here holds a code, a token or a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::http) enum Unproved {
    /// It could not be reached, or what it said could not be read.
    #[error("the provider could not be asked: {0}")]
    Unreachable(String),
    /// It refused the code.
    #[error("the provider refused the code: {0}")]
    Refused(String),
    /// Its token proves nothing.
    #[error("the token is not accepted: {0}")]
    Token(&'static str),
    /// Its token is signed by a key that is not known.
    #[error("the token is signed by a key that the provider did not publish")]
    UnknownKey,
}

/// What is kept of a login for the way back.
#[derive(Debug)]
pub(super) struct Secrets {
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    redirect: RedirectUrl,
}

/// A provider as it described itself.
#[derive(Debug)]
pub(super) struct Provider {
    party: Party,
    issuer: String,
}

/// How an HTTP request failed, without the request.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error(transparent)]
    Failed(#[from] ureq::Error),
    #[error(transparent)]
    Malformed(#[from] openidconnect::http::Error),
}

/// Sends requests to the provider: no redirects, and only over TLS where the issuer is.
pub(super) fn agent(issuer: &str) -> Agent {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    let config = Agent::config_builder()
        .https_only(issuer.starts_with("https://"))
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT))
        .user_agent("lagesbild")
        .tls_config(tls);
    Agent::new_with_config(config.build())
}

fn send(agent: &Agent, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let (parts, body) = request.into_parts();
    let answer = if body.is_empty() {
        agent.run(openidconnect::http::Request::from_parts(parts, ()))?
    } else {
        agent.run(openidconnect::http::Request::from_parts(parts, body))?
    };
    let (parts, mut body) = answer.into_parts();
    let bytes = body.with_config().limit(ANSWER_BYTES).read_to_vec()?;
    Ok(HttpResponse::from_parts(parts, bytes))
}

impl Provider {
    /// Asks the provider for its addresses and keys. Blocks.
    pub(super) fn discover(
        agent: &Agent,
        issuer: &str,
        client_id: &str,
        secret: Option<&ClientSecret>,
    ) -> Result<Self, String> {
        let url = IssuerUrl::new(issuer.to_string()).map_err(|error| format!("oidc_issuer: {error}"))?;
        let http = |request: HttpRequest| send(agent, request);
        let metadata = CoreProviderMetadata::discover(&url, &http).map_err(|error| why_not_discovered(&error))?;
        let is_over_tls = |url: &openidconnect::url::Url| url.scheme() == "https";
        if issuer.starts_with("https://") && !is_over_tls(metadata.authorization_endpoint().url()) {
            return Err("it names an address to log in at that is not on TLS".to_string());
        }
        if metadata.token_endpoint().is_none() {
            return Err("it names no token endpoint".to_string());
        }
        let methods = metadata.token_endpoint_auth_methods_supported();
        let offers = |method: CoreClientAuthMethod| methods.is_some_and(|all| all.contains(&method));
        let in_body =
            offers(CoreClientAuthMethod::ClientSecretPost) && !offers(CoreClientAuthMethod::ClientSecretBasic);
        let kind = if in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
        let id = ClientId::new(client_id.to_string());
        let party = Party::from_provider_metadata(metadata, id, secret.cloned()).set_auth_type(kind);
        Ok(Self { party, issuer: issuer.to_string() })
    }

    /// Where the browser is sent, and what must be kept until it comes back.
    pub(super) fn begin(&self, redirect: RedirectUrl, state: String, nonce: String) -> (String, Secrets) {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = Nonce::new(nonce);
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let kept = nonce.clone();
        let request = self.party.authorize_url(flow, move || CsrfToken::new(state), move || nonce);
        let request = request.set_redirect_uri(std::borrow::Cow::Borrowed(&redirect)).set_pkce_challenge(challenge);
        let scopes = ["profile", "email"].map(|scope| openidconnect::Scope::new(scope.to_string()));
        let (url, _, _) = request.add_scopes(scopes).url();
        (url.to_string(), Secrets { nonce: kept, verifier, redirect })
    }

    /// Whether an answer that names its issuer (RFC 9207) is of this one.
    pub(super) fn is_issuer(&self, iss: Option<&str>) -> bool {
        iss.is_none_or(|iss| iss == self.issuer)
    }

    /// Gives the code for an identity. Blocks.
    pub(super) fn exchange(&self, agent: &Agent, code: String, secrets: Secrets) -> Result<(Proof, Nonce), Unproved> {
        let http = |request: HttpRequest| send(agent, request);
        let request = self.party.exchange_code(AuthorizationCode::new(code));
        let request = request.map_err(|_| Unproved::Unreachable("it names no token endpoint".to_string()))?;
        let answer = request
            .set_pkce_verifier(secrets.verifier)
            .set_redirect_uri(std::borrow::Cow::Owned(secrets.redirect))
            .request(&http)
            .map_err(|error| why_not_exchanged(&error))?;
        let token = answer.id_token().ok_or(Unproved::Token("the provider sent none"))?;
        Ok((Proof(token.clone()), secrets.nonce))
    }

    /// The claims of a token, if it is signed by the provider, for us, for this login, and not expired.
    pub(super) fn claims(&self, proof: &Proof, nonce: &Nonce, now: Timestamp) -> Result<Map<String, Value>, Unproved> {
        let now = DateTime::<Utc>::from_timestamp(now.as_second(), 0).ok_or(Unproved::Token("what time is it?"))?;
        let verifier = self
            .party
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now - SKEW)
            .set_issue_time_verifier_fn(move |issued| {
                if issued <= now + SKEW { Ok(()) } else { Err("issued in the future".to_string()) }
            });
        let claims = proof.0.claims(&verifier, nonce).map_err(|error| why_not_accepted(&error))?;
        if claims.authorized_party().is_some_and(|party| party != self.party.client_id()) {
            return Err(Unproved::Token("it was made for another client (azp)"));
        }
        let claims = serde_json::to_value(claims).map_err(|_| Unproved::Token("its claims cannot be read"))?;
        let Value::Object(claims) = claims else { return Err(Unproved::Token("its claims cannot be read")) };
        match claims.get("nbf").map(Value::as_f64) {
            Some(Some(begins)) if begins <= (now + SKEW).timestamp() as f64 => Ok(claims),
            None => Ok(claims),
            Some(_) => Err(Unproved::Token("it does not hold yet (nbf)")),
        }
    }
}

/// A token that has been received and not been believed yet.
pub(super) struct Proof(Identity);

fn why_not_discovered(error: &DiscoveryError<HttpError>) -> String {
    match error {
        DiscoveryError::Request(error) => error.to_string(),
        DiscoveryError::Response(status, _, text) => format!("it answered {status}: {text}"),
        DiscoveryError::Parse(error) => format!("its description cannot be read: {error}"),
        DiscoveryError::Validation(text) => text.clone(),
        other => other.to_string(),
    }
}

type TokenError = RequestTokenError<HttpError, StandardErrorResponse<CoreErrorResponseType>>;

/// The body of an answer that cannot be read may hold tokens: it is not told.
fn why_not_exchanged(error: &TokenError) -> Unproved {
    match error {
        RequestTokenError::ServerResponse(answer) => {
            let code = answer.error().to_string();
            let is_code = code.len() <= 60 && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            Unproved::Refused(if is_code { code } else { "without a code of an error".to_string() })
        }
        RequestTokenError::Request(error) => Unproved::Unreachable(error.to_string()),
        RequestTokenError::Parse(..) => Unproved::Token("the answer of the provider cannot be read"),
        RequestTokenError::Other(_) => Unproved::Unreachable("its answer is no answer to this request".to_string()),
    }
}

fn why_not_accepted(error: &ClaimsVerificationError) -> Unproved {
    use ClaimsVerificationError as Claim;
    use SignatureVerificationError as Signature;
    Unproved::Token(match error {
        Claim::SignatureVerification(Signature::NoMatchingKey) => return Unproved::UnknownKey,
        Claim::SignatureVerification(Signature::NoSignature) => "it is not signed",
        Claim::SignatureVerification(Signature::DisallowedAlg(_)) => "it is signed in a way that is not accepted",
        Claim::SignatureVerification(_) => "its signature is wrong",
        Claim::Expired(_) => "it has expired, or is of the future: are the clocks right?",
        Claim::InvalidAudience(_) => "it was made for another client (aud)",
        Claim::InvalidIssuer(_) => "it is of another issuer (iss)",
        Claim::InvalidNonce(_) => "it is of another login (nonce)",
        _ => "it is not what was asked for",
    })
}
