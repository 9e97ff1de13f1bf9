//! What is sent.

pub(crate) use rand::RngExt;
use rand::SeedableRng;
pub(crate) use rand_chacha::ChaCha8Rng as Dice;
use serde_json::{Value, json};

/// One seed for all: a case is known by class and number.
const SEED: u64 = 20_261_122;

/// A kind of bad input.
pub(crate) struct Class {
    pub(crate) name: &'static str,
    pub(crate) count: usize,
    pub(crate) make: fn(usize, &mut Dice) -> Case,
}

impl Class {
    /// The case of this number.
    pub(crate) fn case(&self, at: usize) -> Case {
        let of_class = self.name.bytes().fold(SEED, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
        (self.make)(at, &mut Dice::seed_from_u64(of_class.wrapping_add(at as u64)))
    }
}

/// One file or request, with what is special about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Case {
    pub(crate) what: String,
    pub(crate) input: Input,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Input {
    Request {
        method: &'static str,
        path: String,
        lines: Vec<String>,
        body: Vec<u8>,
    },
    /// Bytes as they go over the connection.
    Raw(Vec<u8>),
    /// An uploaded file.
    File {
        name: &'static str,
        content: Vec<u8>,
    },
}

pub(crate) fn items(collection: &str) -> String {
    format!("/api/collections/{collection}/items")
}

/// A GET.
pub(crate) fn get(what: impl Into<String>, path: impl Into<String>) -> Case {
    Case {
        what: what.into(),
        input: Input::Request { method: "GET", path: path.into(), lines: Vec::new(), body: Vec::new() },
    }
}

/// A body for `POST`, `PUT` or `PATCH`, in turn.
pub(crate) fn change(what: impl Into<String>, collection: &str, at: usize, body: impl Into<Vec<u8>>) -> Case {
    let (method, path, line) = match at % 5 {
        0..3 => ("POST", items(collection), None),
        3 => ("PUT", format!("{}/put-{at}", items(collection)), Some("If-None-Match: *")),
        _ => ("PATCH", format!("{}/base", items(collection)), Some("If-Match: *")),
    };
    let lines = ["Content-Type: application/geo+json"].into_iter().chain(line).map(str::to_string).collect();
    Case { what: what.into(), input: Input::Request { method, path, lines, body: body.into() } }
}

pub(crate) fn file(what: impl Into<String>, name: &'static str, content: impl Into<Vec<u8>>) -> Case {
    Case { what: what.into(), input: Input::File { name, content: content.into() } }
}

/// An observation with this geometry as text, which need not be JSON.
pub(crate) fn observation(geometry: &str) -> String {
    format!(
        r#"{{"type":"Feature","geometry":{geometry},"properties":{{"category":"lighting","start":"2025-03-01T12:00"}}}}"#
    )
}

/// An activity with this geometry as text: lines and polygons are taken.
pub(crate) fn activity(geometry: &str) -> String {
    format!(
        r#"{{"type":"Feature","geometry":{geometry},"properties":{{"kind":"presence","start":"2025-03-01T12:00"}}}}"#
    )
}

/// An area with this geometry as text.
pub(crate) fn area(geometry: &str) -> String {
    format!(
        r#"{{"type":"Feature","geometry":{geometry},"properties":{{"name_sv":"A","name_en":"A","set":"corpus","area_type":"residential","source":"made","certainty":"official"}}}}"#
    )
}

/// The geometry in the collection that takes it: areas, activities, areas by a patch, observations in turn.
pub(crate) fn with_geometry(what: impl Into<String>, at: usize, geometry: &str) -> Case {
    match at % 3 {
        0 => change(what, "areas", at, area(geometry)),
        1 => change(what, "activities", at, activity(geometry)),
        _ => change(what, "observations", at, observation(geometry)),
    }
}

/// The records that patches change.
pub(crate) fn bases() -> Vec<(&'static str, Value)> {
    let square = json!({"type": "Polygon",
        "coordinates": [[[14.0, 57.0], [14.01, 57.0], [14.01, 57.01], [14.0, 57.01], [14.0, 57.0]]]});
    let at = json!({"type": "Point", "coordinates": [14.69, 57.65]});
    let based = |text: String, geometry: Value| {
        let mut feature: Value = serde_json::from_str(&text).expect("JSON");
        feature["id"] = json!("base");
        feature["geometry"] = geometry;
        feature
    };
    vec![
        ("areas", based(area("null"), square.clone())),
        ("activities", based(activity("null"), square)),
        ("observations", based(observation("null"), at)),
    ]
}

/// A text again and again.
pub(crate) fn times(text: &str, count: usize) -> String {
    text.repeat(count)
}

/// Values between commas.
pub(crate) fn list(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join(",")
}

pub(crate) fn pick<'a, T>(dice: &mut Dice, of: &'a [T]) -> &'a T {
    &of[dice.random_range(0..of.len())]
}
