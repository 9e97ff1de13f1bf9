//! Who may ask, who asks, and what their forms carry: the one place where records meet access.

use std::future::Future;

use axum::http::Method;

use crate::domain::{Actor, Role};
use crate::http::State;
use crate::http::route::{Access, Answer, Call, Param, Route};

/// A route for whoever may read.
pub(in crate::http) fn reads<F, Fut>(
    path: &'static str,
    summary: &'static str,
    params: Vec<Param>,
    handler: F,
) -> Route<State>
where
    F: Fn(Call<State>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Answer> + Send + 'static,
{
    Route::get(path, Access::Role(Role::Reader), summary, params, handler)
}

/// A route for whoever may write records.
pub(in crate::http) fn writes<F, Fut>(
    method: Method,
    path: &'static str,
    summary: &'static str,
    params: Vec<Param>,
    handler: F,
) -> Route<State>
where
    F: Fn(Call<State>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Answer> + Send + 'static,
{
    Route::new(method, path, Access::Role(Role::Editor), summary, params, handler)
}

/// Who asks.
pub(in crate::http) fn actor(call: &Call<State>) -> Actor {
    call.actor.clone()
}

/// Whether they may write records.
pub(in crate::http) fn may_write(call: &Call<State>) -> bool {
    call.actor.may(Role::Editor)
}

/// What a form of this caller carries as the hidden field `csrf`.
pub(in crate::http) fn csrf_token(call: &Call<State>) -> Option<String> {
    call.csrf_token()
}
