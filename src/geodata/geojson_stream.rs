//! Reads a GeoJSON file feature by feature: memory for one feature, whatever the size of the file.
//!
//! Why not `geojson::FeatureReader`? It takes the first `[` of the file for the list of features, so a
//! `bbox` before it breaks the reading; it never looks at `crs`; and it cannot go on after a feature
//! that is wrong. Here a scanner cuts the text into values, `geojson` reads each of them.

use std::io::BufRead;

use geojson::Feature;
use serde_json::{Map, Value};

use super::json_scanner::{MAX_VALUE_BYTES, Scanner, Stop};
use super::{Problem, Spot};

/// What to do with a `crs` member that names something other than degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclaredCrs {
    /// It is a problem of the file: positions must be longitude, latitude.
    MustBeDegrees,
    /// The caller was told the system and converts; the member is not looked at.
    Overridden,
}

/// Features of a FeatureCollection, or of a file with a single Feature, in order, numbered from 1.
///
/// Coordinates are as given. A feature that is wrong is a [`Problem`] with [`Spot::Feature`], and
/// reading goes on after it. Any other problem concerns the whole file and is the last item: nothing
/// of the file should then be used, because its end, or the meaning of its numbers, is not known.
pub struct FeatureStream<R> {
    file: String,
    scanner: Scanner<R>,
    declared_crs: DeclaredCrs,
    state: State,
    members: Map<String, Value>,
    saw_features: bool,
    number: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    /// Between members of the outermost object; `first` before the first of them.
    Members {
        first: bool,
    },
    /// In the list of features.
    Features {
        first: bool,
    },
    Done,
}

type Item = Result<(u64, Feature), Problem>;

impl<R: BufRead> FeatureStream<R> {
    /// Starts at the beginning of `input`; `file` is the name used in problems.
    pub fn new(file: &str, input: R, declared_crs: DeclaredCrs) -> Self {
        Self {
            file: file.to_string(),
            scanner: Scanner::new(input),
            declared_crs,
            state: State::Start,
            members: Map::new(),
            saw_features: false,
            number: 0,
        }
    }

    /// The name used in problems.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Features seen so far, wrong ones included.
    pub fn features_seen(&self) -> u64 {
        self.number
    }

    fn step(&mut self) -> Result<Option<Item>, Stop> {
        loop {
            match self.state {
                State::Done => return Ok(None),
                State::Start => {
                    if let Some(problem) = self.open()? {
                        return Ok(Some(Err(problem)));
                    }
                }
                State::Features { first } => {
                    if self.scanner.next_in_list(first, b']')? {
                        return Ok(Some(self.feature()?));
                    }
                    self.state = State::Members { first: false };
                }
                State::Members { first } => {
                    if !self.scanner.next_in_list(first, b'}')? {
                        self.state = State::Done;
                        return self.finish();
                    }
                    if let Some(problem) = self.member()? {
                        return Ok(Some(Err(problem)));
                    }
                }
            }
        }
    }

    /// Steps over the byte order mark and the opening brace.
    fn open(&mut self) -> Result<Option<Problem>, Stop> {
        self.scanner.skip_byte_order_mark()?;
        self.state = State::Members { first: true };
        match self.scanner.skip_blanks()? {
            Some(b'{') => self.scanner.expect(b'{', "'{'").map(|()| None),
            None => Ok(Some(self.whole_file("the file is empty", ACCEPTED))),
            Some(b'[') => Ok(Some(self.whole_file("is a JSON list, not GeoJSON", ACCEPTED))),
            Some(_) => Ok(Some(self.whole_file("is not JSON", ACCEPTED))),
        }
    }

    /// Reads one member of the outermost object; large ones that are not needed are stepped over.
    fn member(&mut self) -> Result<Option<Problem>, Stop> {
        self.scanner.read_value(true)?;
        let name: String = serde_json::from_slice(self.scanner.value()).map_err(Stop::Json)?;
        self.scanner.expect(b':', "':' after the name of a member")?;
        if name == "features" {
            self.saw_features = true;
            self.scanner.expect(b'[', "'[' at the start of \"features\"")?;
            self.state = State::Features { first: true };
            return Ok(None);
        }
        self.state = State::Members { first: false };
        let needed = matches!(name.as_str(), "type" | "crs" | "id" | "properties" | "geometry");
        self.scanner.read_value(needed)?;
        if needed {
            let value: Value = serde_json::from_slice(self.scanner.value()).map_err(Stop::Json)?;
            let problem = (name == "crs").then(|| self.check_crs(&value)).flatten();
            self.members.insert(name, value);
            return Ok(problem);
        }
        Ok(None)
    }

    fn check_crs(&self, crs: &Value) -> Option<Problem> {
        if self.declared_crs == DeclaredCrs::Overridden || crs.is_null() {
            return None;
        }
        let properties = &crs["properties"];
        let name = properties["name"].as_str().map(str::to_string);
        let name = name.or_else(|| properties["code"].as_u64().map(|code| format!("EPSG:{code}")));
        let name = name.unwrap_or_else(|| crs.to_string());
        let code = name.rsplit([':', '/']).next().unwrap_or_default();
        // ETRS89 and SWEREF 99 in degrees differ from WGS 84 by less than a metre.
        if matches!(code, "CRS84" | "4326" | "4258" | "4619") {
            return None;
        }
        let hint = match code.parse::<u16>() {
            Ok(epsg) => format!("GeoJSON positions are degrees; to convert these use --crs EPSG:{epsg}"),
            Err(_) => "GeoJSON positions are degrees; to convert these use --crs EPSG:n".to_string(),
        };
        let mut problem = self.whole_file("the file says that its positions are not in degrees", &hint);
        problem.column = Some("crs".to_string());
        problem.value = Some(name.chars().take(80).collect());
        Some(problem)
    }

    /// Reads the element of `features` that begins here.
    fn feature(&mut self) -> Result<Item, Stop> {
        self.state = State::Features { first: false };
        self.number += 1;
        self.scanner.skip_blanks()?;
        let line = self.scanner.line();
        self.scanner.read_value(true)?;
        Ok(match serde_json::from_slice(self.scanner.value()) {
            Ok(feature) => Ok((self.number, feature)),
            Err(error) => Err(self.bad_feature(&error, line)),
        })
    }

    fn bad_feature(&self, error: &serde_json::Error, first_line: u64) -> Problem {
        let line = first_line + (error.line() as u64).saturating_sub(1);
        let reason = self.json_fault(error).unwrap_or_else(|words| format!("is not a GeoJSON feature: {words}"));
        Problem {
            file: self.file.clone(),
            spot: Spot::Feature(self.number),
            column: None,
            value: None,
            reason,
            hint: format!("see line {line} of the file"),
        }
    }

    /// What the parser stumbled over: a number that is none, or else its own words without the place,
    /// which counts from the start of the value.
    fn json_fault(&self, error: &serde_json::Error) -> Result<String, String> {
        let words = error.to_string();
        let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
        let text = String::from_utf8_lossy(self.scanner.value());
        match words {
            "number out of range" => Ok("a number is too large".to_string()),
            "expected value" if text.contains("NaN") || text.contains("Infinity") => {
                Ok("NaN or Infinity is not a number in JSON".to_string())
            }
            words => Err(words.to_string()),
        }
    }

    /// After the outermost object: nothing may follow, and something must have been there.
    fn finish(&mut self) -> Result<Option<Item>, Stop> {
        if self.scanner.skip_blanks()?.is_some() {
            let line = self.scanner.line();
            let problem = self.whole_file("something follows the end of the GeoJSON object", "one object is accepted");
            return Ok(Some(Err(Problem { spot: Spot::Line(line), ..problem })));
        }
        if self.saw_features {
            return Ok(None);
        }
        let members = std::mem::take(&mut self.members);
        let kind = members.get("type").and_then(Value::as_str).unwrap_or_default().to_string();
        if kind == "Feature" {
            self.number = 1;
            let feature = serde_json::from_value(Value::Object(members));
            return Ok(Some(feature.map(|feature| (1, feature)).map_err(|error| self.bad_feature(&error, 1))));
        }
        let reason = match kind.as_str() {
            "FeatureCollection" => "has no member \"features\"".to_string(),
            "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon"
            | "GeometryCollection" => format!("is a bare {kind} without properties"),
            "" => "is JSON, but has no \"type\" of GeoJSON".to_string(),
            "Topology" => "is TopoJSON, not GeoJSON".to_string(),
            other => format!("is of type '{other}', which is not GeoJSON"),
        };
        Ok(Some(Err(self.whole_file(&reason, ACCEPTED))))
    }

    fn whole_file(&self, reason: &str, hint: &str) -> Problem {
        Problem {
            file: self.file.clone(),
            spot: Spot::File,
            column: None,
            value: None,
            reason: reason.to_string(),
            hint: hint.to_string(),
        }
    }

    fn stopped(&self, stop: Stop) -> Problem {
        let inside = match self.state {
            State::Features { .. } if self.number > 0 => format!(", at feature {}", self.number),
            _ => String::new(),
        };
        let (reason, hint) = match stop {
            Stop::Read(error) => (format!("cannot be read{inside}: {error}"), String::new()),
            Stop::EndOfFile => {
                (format!("the file ends too early{inside}"), "the file is cut off; fetch or write it again".to_string())
            }
            Stop::Unexpected(byte, wanted) => {
                (format!("'{}' where {wanted} should be{inside}", byte.escape_ascii()), ACCEPTED.to_string())
            }
            Stop::TooLong => (
                format!("a value is longer than {} MB{inside}", MAX_VALUE_BYTES / 1024 / 1024),
                "split or simplify the geometry".to_string(),
            ),
            Stop::Json(error) => {
                let reason = self.json_fault(&error).unwrap_or_else(|words| format!("is not JSON: {words}"));
                (reason, ACCEPTED.to_string())
            }
        };
        Problem { spot: Spot::Line(self.scanner.line()), ..self.whole_file(&reason, &hint) }
    }
}

const ACCEPTED: &str = "a GeoJSON FeatureCollection or Feature (RFC 7946) is accepted";

impl<R: BufRead> Iterator for FeatureStream<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Self::Item> {
        let item = match self.step() {
            Ok(item) => item,
            Err(stop) => Some(Err(self.stopped(stop))),
        };
        if let Some(Err(problem)) = &item
            && !matches!(problem.spot, Spot::Feature(_))
        {
            self.state = State::Done;
        }
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<u64>, Vec<String>) {
        // A buffer of 7 bytes, so that every value crosses its end.
        let input = std::io::BufReader::with_capacity(7, text.as_bytes());
        let (mut numbers, mut problems) = (Vec::new(), Vec::new());
        for item in FeatureStream::new("f.geojson", input, DeclaredCrs::MustBeDegrees) {
            match item {
                Ok((number, _)) => numbers.push(number),
                Err(problem) => problems.push(problem.to_string()),
            }
        }
        (numbers, problems)
    }

    const POINT: &str = r#"{"type":"Feature","properties":{"t":"a ] } \" , b"},"geometry":{"type":"Point","coordinates":[14.69,57.65]}}"#;

    fn collection(features: &[&str]) -> String {
        format!(
            "\u{feff} {{\"type\":\"FeatureCollection\",\"bbox\":[1,2,3,4],\"xy_coordinate_resolution\": 1e-07 ,\n\"features\":[\n{}\n],\"name\":\"x\"}}\n",
            features.join(",\n")
        )
    }

    #[test]
    fn features_are_read_past_other_members_and_brackets_in_texts() {
        assert_eq!(read(&collection(&[POINT, POINT])), (vec![1, 2], vec![]));
        assert_eq!(read(&collection(&[])), (vec![], vec![]));
        assert_eq!(read(POINT), (vec![1], vec![]));
    }

    #[test]
    fn a_wrong_feature_is_reported_with_its_line_and_the_next_ones_are_read() {
        let huge = POINT.replace("14.69", "1e400");
        let nan = POINT.replace("14.69", "NaN");
        let short = POINT.replace("14.69,57.65", "14.69");
        let (numbers, problems) = read(&collection(&[&huge, &nan, &short, "7", POINT]));
        assert_eq!(numbers, [5]);
        assert_eq!(problems[0], "f.geojson: feature 1: a number is too large; see line 3 of the file");
        assert_eq!(
            problems[1],
            "f.geojson: feature 2: NaN or Infinity is not a number in JSON; see line 4 of the file"
        );
        assert!(problems[2].starts_with("f.geojson: feature 3: is not a GeoJSON feature: "), "{}", problems[2]);
        assert!(problems[3].starts_with("f.geojson: feature 4: "), "{}", problems[3]);
        assert_eq!(problems.len(), 4);
    }

    #[test]
    fn a_file_that_is_cut_off_says_where() {
        let whole = collection(&[POINT, POINT]);
        let cut = &whole[..whole.len() - 60];
        let (numbers, problems) = read(cut);
        assert_eq!(numbers, [1]);
        assert_eq!(
            problems,
            ["f.geojson:4: the file ends too early, at feature 2; the file is cut off; fetch or write it again"]
        );
        for end in 4..whole.trim_end().len() {
            if whole.is_char_boundary(end) {
                assert_eq!(read(&whole[..end]).1.len(), 1, "cut at {end}");
            }
        }
    }

    #[test]
    fn whatever_single_byte_is_wrong_a_file_that_is_not_json_is_never_read_without_a_problem() {
        let whole = format!("{{\"type\":\"FeatureCollection\",\"features\":[{POINT},{POINT}]}}");
        let mut broken = 0;
        for at in 0..whole.len() {
            for byte in b"{}[]\",:\\1n \n" {
                let mut text = whole.clone().into_bytes();
                text[at] = *byte;
                let text = String::from_utf8(text).expect("ASCII");
                let (numbers, problems) = read(&text);
                assert!(numbers.len() + problems.len() <= 8, "{text}");
                if serde_json::from_str::<Value>(&text).is_err() {
                    broken += 1;
                    assert!(!problems.is_empty(), "{text}");
                }
            }
        }
        assert!(broken > 1000);
    }

    #[test]
    fn what_is_not_a_collection_is_refused_with_what_it_is() {
        let only = |text: &str| match read(text) {
            (numbers, problems) if numbers.is_empty() && problems.len() == 1 => problems[0].clone(),
            other => panic!("{text}: {other:?}"),
        };
        assert!(only("").contains("the file is empty") && only(" \n").contains("the file is empty"));
        assert!(only("id,lon,lat\n1,2,3\n").contains("is not JSON"));
        assert!(only("[1,2]").contains("is a JSON list"));
        assert!(only(r#"{"type":"Polygon","coordinates":[[[1,2]]]}"#).contains("is a bare Polygon"));
        assert!(only(r#"{"type":"Topology","objects":{}}"#).contains("TopoJSON"));
        assert!(only(r#"{"type":"FeatureCollection"}"#).contains("no member \"features\""));
        assert!(only(r#"{"a":}"#).contains("'}' where a value should be"));
        assert!(only(r#"{"features":{}}"#).contains("'{' where '['"));
        assert!(only(r#"{"type":"FeatureCollection","features":[]} x"#).contains("something follows"));
    }

    #[test]
    fn a_foreign_reference_system_is_refused_unless_the_caller_converts() {
        let with = |name: &str| {
            collection(&[POINT]).replace(
                "\"bbox\":[1,2,3,4]",
                &format!("\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"{name}\"}}}}"),
            )
        };
        for degrees in ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4619"] {
            assert_eq!(read(&with(degrees)), (vec![1], vec![]));
        }
        let sweref = with("urn:ogc:def:crs:EPSG::3006");
        let (numbers, problems) = read(&sweref);
        assert!(numbers.is_empty());
        assert!(
            problems[0].contains("f.geojson:crs: ") && problems[0].ends_with("use --crs EPSG:3006"),
            "{problems:?}"
        );
        let stream = FeatureStream::new("f", sweref.as_bytes(), DeclaredCrs::Overridden);
        assert_eq!(stream.filter(Result::is_ok).count(), 1);
    }
}
