//! How many connections may be answering public requests, so that a crowd there leaves places for the service.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::response::Response;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Site;

/// Places for connections that answer public requests; clones share them.
#[derive(Clone, Debug)]
pub struct Places {
    free: Arc<Semaphore>,
    all: usize,
}

/// What one connection has of the places; clones are of the same connection. It takes a place with its first public
/// request, and gives it back when it ends or asks for something that is not public: what it asked before has been sent
/// then.
#[derive(Clone, Debug)]
pub struct Visit {
    places: Places,
    held: Arc<Mutex<Option<OwnedSemaphorePermit>>>,
}

impl Places {
    /// Three quarters of the connections of a listener that serves other things too, at least one.
    pub fn of(max_connections: usize) -> Self {
        let all = (max_connections - max_connections.div_ceil(4)).clamp(1, Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(all)), all }
    }

    /// For a connection that has just come in: it has no place yet.
    pub fn visit(&self) -> Visit {
        Visit { places: self.clone(), held: Arc::default() }
    }

    fn are_scarce(&self) -> bool {
        self.free.available_permits() < self.all.div_ceil(2)
    }
}

impl Visit {
    /// What the site answers, or 503 where no place is left. From half of the places on, answers end their connection:
    /// one that is kept alive for nobody would hold its place against those who wait.
    pub fn answer<B>(&self, site: &Site, request: &Request<B>) -> Response {
        let mut held = self.held();
        if held.is_none() {
            *held = Arc::clone(&self.places.free).try_acquire_owned().ok();
        }
        let mut response = match *held {
            Some(_) => site.answer(request.method(), request.uri(), request.headers()),
            None => site.too_many(request.uri()),
        };
        if held.is_none() || self.places.are_scarce() {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// Gives the place back.
    pub fn leave(&self) {
        *self.held() = None;
    }

    fn held(&self) -> MutexGuard<'_, Option<OwnedSemaphorePermit>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::public::shelf::Shelf;

    fn ask(site: &Site, visit: &Visit) -> (u16, bool) {
        let request = Request::builder().uri("/public/").body(()).expect("a request");
        let response = visit.answer(site, &request);
        (response.status().as_u16(), response.headers().contains_key(CONNECTION))
    }

    #[test]
    fn a_quarter_of_the_connections_is_left_and_never_all_of_them_taken() {
        for (connections, places) in [(1, 1), (2, 1), (3, 2), (4, 3), (100, 75), (101, 75), (1024, 768)] {
            assert_eq!(Places::of(connections).all, places, "{connections}");
        }
    }

    #[test]
    fn a_connection_takes_one_place_however_often_it_asks_and_gives_it_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let site = Site::new(Shelf::open(folder.path()).expect("opens").0);
        let places = Places::of(8);
        let visits: Vec<Visit> = (0..7).map(|_| places.visit()).collect();
        // Six places: the first three connections may stay, the next three end with their answer.
        let answers: Vec<_> = visits.iter().map(|visit| ask(&site, visit)).collect();
        assert_eq!(answers[..3], [(200, false); 3]);
        assert_eq!(answers[3..], [(200, true), (200, true), (200, true), (503, true)]);
        assert_eq!(ask(&site, &visits[0].clone()), (200, true), "it has its place");
        visits[1].leave();
        assert_eq!(ask(&site, &visits[6]), (200, true));
        drop(visits);
        assert_eq!(places.free.available_permits(), 6);
    }
}
