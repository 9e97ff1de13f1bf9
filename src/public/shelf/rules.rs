//! Headers that say what a browser may do with a public file.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::file::Kind;

/// What a public page may load: from where it is itself, and nothing from elsewhere. `frame-ancestors` comes behind it.
pub const CONTENT_SECURITY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; \
                                    connect-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; \
                                    form-action 'none'";

/// What a page may ask of the visitor's machine: nothing.
pub const PERMISSIONS: &str = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), \
                               microphone=(), payment=(), usb=()";

/// The headers of each kind of file, made once from the allowed hosts.
#[derive(Clone, Debug)]
pub struct Rules {
    page: HeaderMap,
    embed: HeaderMap,
    open: HeaderMap,
}

impl Rules {
    /// The rules where these sites may show embeds in a frame.
    pub fn of(allowed_hosts: &[String]) -> Self {
        let page = common(&policy(CONTENT_SECURITY, Kind::Page, allowed_hosts));
        let mut open = page.clone();
        open.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        Self { page, embed: common(&policy(CONTENT_SECURITY, Kind::Embed, allowed_hosts)), open }
    }

    /// The headers of a kind.
    pub fn headers(&self, kind: Kind) -> &HeaderMap {
        match kind {
            Kind::Page => &self.page,
            Kind::Embed => &self.embed,
            Kind::Open => &self.open,
        }
    }
}

/// A content security policy with who may frame.
pub fn policy(rest: &str, kind: Kind, allowed_hosts: &[String]) -> String {
    match kind {
        Kind::Embed => {
            let hosts: String = allowed_hosts.iter().map(|host| format!(" {host}")).collect();
            format!("{rest}; frame-ancestors 'self'{hosts}")
        }
        Kind::Page | Kind::Open => format!("{rest}; frame-ancestors 'none'"),
    }
}

fn common(policy: &str) -> HeaderMap {
    let policy = HeaderValue::from_str(policy).expect("allowed hosts are plain origins");
    let rows = [
        (CONTENT_SECURITY_POLICY, policy),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS)),
        // Pictures and data are meant for pages of other origins.
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
        (VARY, HeaderValue::from_static("accept-encoding")),
    ];
    // Room for what each answer adds, so that a copy does not grow.
    let mut headers = HeaderMap::with_capacity(24);
    headers.extend(rows);
    headers
}
