//! One table of routes: the router, the check for unknown parameters, `Allow` and later the OpenAPI document
//! are all read from it.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::header::{ALLOW, CONTENT_LENGTH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use super::access::{Gate, Visit, csrf};
use super::body;
use super::params::Pairs;
use super::problem::Problem;
use super::request_id::RequestId;
use crate::domain::{Actor, Role};
use crate::nearest::nearest;

/// What every handler gives.
pub type Answer = Result<Response, Problem>;

/// A request as handlers see it: checked against the table, decoded, with its body read.
#[derive(Clone, Debug)]
pub struct Call<S> {
    /// What the service was built with.
    pub state: S,
    /// Query parameters; every name is one the route declares.
    pub pairs: Pairs,
    /// The query as it was written, to tell whether it is the canonical spelling.
    pub query: String,
    /// Path values in the order of the template, decoded.
    pub path: Vec<(String, String)>,
    /// Request headers.
    pub headers: HeaderMap,
    /// The body; empty for GET and DELETE.
    pub body: Bytes,
    /// Id of this request, for logs and provenance.
    pub request_id: RequestId,
    /// Who asks: they have the role the route asks for. On a public route it may be [`Actor::nobody`].
    pub actor: Actor,
    /// How they came: by which credential, from where.
    pub visit: Visit,
}

impl<S> Call<S> {
    /// The path value of this name; empty if the template has none.
    pub fn path_value(&self, name: &str) -> &str {
        self.path.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// What forms of this caller carry as the hidden field `csrf`; `None` where none is asked for (local mode).
    pub fn csrf_token(&self) -> Option<String> {
        self.visit.csrf_token()
    }
}

/// Who may ask for a route. There is no default: whoever adds a route says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody who can reach the service, without saying who they are.
    Public,
    /// Whoever has a role that includes this one.
    Role(Role),
}

/// Where a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path template, as `{name}`.
    Path,
    /// After `?`.
    Query,
}

/// A parameter of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub description: &'static str,
    /// What values it takes, in words.
    pub accepted: &'static str,
    /// Where it is written.
    pub place: Place,
}

impl Param {
    /// A query parameter.
    pub const fn query(name: &'static str, description: &'static str, accepted: &'static str) -> Self {
        Self { name, description, accepted, place: Place::Query }
    }

    /// A path value.
    pub const fn path(name: &'static str, description: &'static str, accepted: &'static str) -> Self {
        Self { name, description, accepted, place: Place::Path }
    }
}

type Handler<S> = Arc<dyn Fn(Call<S>) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync>;

/// One method on one path.
#[derive(Clone)]
pub struct Route<S> {
    /// GET answers HEAD too; OPTIONS is answered from the table.
    pub method: Method,
    /// Template such as `/api/areas/{id}/summary`.
    pub path: &'static str,
    /// One sentence for people and for the OpenAPI document.
    pub summary: &'static str,
    /// Who may ask.
    pub access: Access,
    /// Parameters of path and query.
    pub params: Vec<Param>,
    /// Largest body in bytes, where it is another than that of the service.
    pub body_bytes: Option<usize>,
    /// Time to the start of the answer, where it is another than that of the service.
    pub time_limit: Option<Duration>,
    /// Whether a file is sent to it or read for it; the service then sets what it may take.
    pub is_upload: bool,
    handler: Handler<S>,
}

impl<S> Route<S> {
    /// A route answered by `handler`.
    pub fn new<F, Fut>(
        method: Method,
        path: &'static str,
        access: Access,
        summary: &'static str,
        params: impl Into<Vec<Param>>,
        handler: F,
    ) -> Self
    where
        F: Fn(Call<S>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer> + Send + 'static,
    {
        let handler: Handler<S> = Arc::new(move |call| Box::pin(handler(call)));
        Self {
            method,
            path,
            summary,
            access,
            params: params.into(),
            body_bytes: None,
            time_limit: None,
            is_upload: false,
            handler,
        }
    }

    /// A route for GET and HEAD.
    pub fn get<F, Fut>(
        path: &'static str,
        access: Access,
        summary: &'static str,
        params: impl Into<Vec<Param>>,
        handler: F,
    ) -> Self
    where
        F: Fn(Call<S>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer> + Send + 'static,
    {
        Self::new(Method::GET, path, access, summary, params, handler)
    }

    /// The same route with a largest body of its own, such as that of an upload.
    pub fn body_limit(self, bytes: usize) -> Self {
        Self { body_bytes: Some(bytes), ..self }
    }

    /// The same route with more time to the start of its answer.
    pub fn takes_up_to(self, limit: Duration) -> Self {
        Self { time_limit: Some(limit), ..self }
    }

    /// The same route for files: the service gives it the limits of uploads.
    pub fn upload(self) -> Self {
        Self { is_upload: true, ..self }
    }

    fn query_names(&self) -> impl Iterator<Item = &'static str> {
        self.params.iter().filter(|param| param.place == Place::Query).map(|param| param.name)
    }

    fn check_names(&self, pairs: &Pairs) -> Result<(), Problem> {
        let unknown = pairs.iter().find(|(name, _)| !self.query_names().any(|known| known == *name));
        match unknown {
            None => Ok(()),
            Some((name, value)) => Err(Problem::UnknownParameter {
                parameter: name.to_string(),
                value: value.to_string(),
                nearest: nearest(name, self.query_names()).map(str::to_string),
                accepted: self.query_names().map(str::to_string).collect(),
            }),
        }
    }
}

/// What one request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// Largest body in bytes.
    pub body_bytes: usize,
    /// For the whole body.
    pub body_timeout: Duration,
    /// Silence while the body is read.
    pub idle_timeout: Duration,
    /// From the complete request to the start of its answer.
    pub request_timeout: Duration,
}

/// Query names that belong to credentials: they are taken out of the query before a route sees it.
const RESERVED: [&str; 2] = [super::access::KEY_PARAMETER, csrf::FIELD];

/// Everything wrong with a table: one sentence each, empty when it is sound.
pub fn faults<S>(routes: &[Route<S>]) -> Vec<String> {
    let mut faults = Vec::new();
    for (i, route) in routes.iter().enumerate() {
        let here = format!("{} {}", route.method, route.path);
        if routes[..i].iter().any(|other| other.method == route.method && other.path == route.path) {
            faults.push(format!("{here} is there twice"));
        }
        let in_path: Vec<&str> = template_names(route.path).collect();
        let declared = |place| route.params.iter().filter(move |param| param.place == place).map(|param| param.name);
        for name in &in_path {
            if !declared(Place::Path).any(|known| known == *name) {
                faults.push(format!("{here} does not declare its path value '{name}'"));
            }
        }
        for name in declared(Place::Path).filter(|name| !in_path.contains(name)) {
            faults.push(format!("{here} declares the path value '{name}', which its template does not have"));
        }
        let names: Vec<&str> = declared(Place::Query).collect();
        for name in names.iter().filter(|name| RESERVED.contains(name)) {
            faults.push(format!("{here} declares the parameter '{name}', which is for credentials"));
        }
        for (j, name) in names.iter().enumerate().filter(|(j, name)| names[..*j].contains(name)) {
            faults.push(format!("{here} declares the parameter '{name}' again as number {}", j + 1));
        }
    }
    faults
}

/// The router of a table.
///
/// # Panics
/// If the table has [`faults`], or templates that axum takes for the same path: a mistake in the program.
pub fn router<S: Clone + Send + Sync + 'static>(
    routes: Vec<Route<S>>,
    state: &S,
    limits: RequestLimits,
    gate: &Gate,
) -> Router {
    let faults = faults(&routes);
    assert!(faults.is_empty(), "the table of routes is wrong: {}", faults.join("; "));
    let mut by_path: BTreeMap<&'static str, Vec<Route<S>>> = BTreeMap::new();
    for route in routes {
        by_path.entry(route.path).or_default().push(route);
    }
    let not_found = async || Problem::NotFound("such path".to_string());
    by_path.into_iter().fold(Router::new().fallback(not_found), |router, (path, routes)| {
        let routes = Arc::new(routes);
        let (state, gate) = (state.clone(), gate.clone());
        let dispatch = move |request: Request| {
            let (routes, state, gate) = (Arc::clone(&routes), state.clone(), gate.clone());
            async move { dispatch(&routes, state, limits, &gate, request).await.unwrap_or_else(Problem::into_response) }
        };
        router.route(path, any(dispatch))
    })
}

async fn dispatch<S>(routes: &[Route<S>], state: S, limits: RequestLimits, gate: &Gate, request: Request) -> Answer {
    let (mut parts, body) = request.into_parts();
    if parts.method == Method::OPTIONS {
        return Ok(options(routes));
    }
    let method = if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() };
    let route = routes
        .iter()
        .find(|route| route.method == method)
        .ok_or_else(|| Problem::MethodNotAllowed { method: parts.method.to_string(), allow: allow(routes) })?;
    // Before anything is read or computed; takes a key out of the query, so nothing below sees it.
    let (actor, visit) = gate.admit(&mut parts, route.access)?;
    let path = path_values(route, &mut parts).await?;
    let pairs = Pairs::parse(parts.uri.query().unwrap_or_default())?;
    route.check_names(&pairs)?;
    let limits = RequestLimits {
        body_bytes: route.body_bytes.unwrap_or(limits.body_bytes),
        request_timeout: route.time_limit.unwrap_or(limits.request_timeout),
        ..limits
    };
    let body = read_body(&parts, body, limits).await?;
    csrf::check(&visit, &parts, &body).await?;
    let request_id = parts.extensions.get::<RequestId>().cloned().unwrap_or_else(|| RequestId::of(&parts.headers));
    let query = parts.uri.query().unwrap_or_default().to_string();
    let call = Call { state, pairs, query, path, headers: parts.headers, body, request_id, actor, visit };
    match tokio::time::timeout(limits.request_timeout, (route.handler)(call)).await {
        Ok(answer) => answer,
        Err(_) => Err(Problem::TooLate),
    }
}

async fn path_values<S>(route: &Route<S>, parts: &mut Parts) -> Result<Vec<(String, String)>, Problem> {
    if template_names(route.path).next().is_none() {
        return Ok(Vec::new());
    }
    let values = RawPathParams::from_request_parts(parts, &())
        .await
        .map_err(|_| Problem::Malformed("the path is not UTF-8 after percent-decoding".to_string()))?;
    Ok(values.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect())
}

async fn read_body(parts: &Parts, body: Body, limits: RequestLimits) -> Result<Bytes, Problem> {
    if !matches!(parts.method, Method::POST | Method::PUT | Method::PATCH) {
        return Ok(Bytes::new());
    }
    let announced = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limits.body_bytes as u64) {
        return Err(Problem::BodyTooLarge { limit_bytes: limits.body_bytes });
    }
    body::read(body, limits).await
}

fn options<S>(routes: &[Route<S>]) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let allow = HeaderValue::from_str(&allow(routes)).expect("method names are tokens");
    response.headers_mut().insert(ALLOW, allow);
    response
}

fn allow<S>(routes: &[Route<S>]) -> String {
    let mut methods: Vec<&str> = routes.iter().map(|route| route.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.sort_unstable();
    methods.join(", ")
}

fn template_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.trim_start_matches('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &'static str, params: &[Param]) -> Route<()> {
        Route::get(path, Access::Public, "A route", params, async |_| Err(Problem::TooLate))
    }

    #[test]
    fn a_table_that_contradicts_itself_is_found_out() {
        let id = Param::path("id", "Id", "an id");
        let f = Param::query("f", "Format", "json");
        let sound = [route("/a/{id}", &[id, f]), route("/a", &[f])];
        assert_eq!(faults(&sound), Vec::<String>::new());
        let key = Param::query("key", "Key", "a key");
        let wrong = [route("/a/{id}", &[]), route("/b", &[id]), route("/b", &[f, f]), route("/c", &[key])];
        assert_eq!(
            faults(&wrong),
            [
                "GET /a/{id} does not declare its path value 'id'",
                "GET /b declares the path value 'id', which its template does not have",
                "GET /b is there twice",
                "GET /b declares the parameter 'f' again as number 2",
                "GET /c declares the parameter 'key', which is for credentials",
            ]
        );
    }
}
