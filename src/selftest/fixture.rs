//! Reading a fixture: values with their place in the file, so that an error can name it.

use serde_json::Value;

use crate::analysis::kernel_density::WeightedPoint;

/// A fixture file whose frame is sound.
pub(super) struct Fixture {
    pub(super) method: String,
    pub(super) tolerance: f64,
    pub(super) cases: Vec<Value>,
}

impl Fixture {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let file: Value = serde_json::from_str(text).map_err(|error| format!("this is not JSON: {error}"))?;
        let method = file.get("method").and_then(Value::as_str);
        let method = method.ok_or("'method' is missing: the name of a method is accepted")?.to_string();
        let tolerance = match file.get("default_relative_tolerance") {
            None => 0.0,
            Some(value) => value
                .as_f64()
                .filter(|tolerance| *tolerance >= 0.0)
                .ok_or_else(|| format!("'default_relative_tolerance' is {value}: a number from 0 on is accepted"))?,
        };
        let cases = file.get("cases").and_then(Value::as_array);
        let cases =
            cases.filter(|cases| !cases.is_empty()).ok_or("'cases' is missing: a list with cases is accepted")?;
        Ok(Self { method, tolerance, cases: cases.clone() })
    }
}

/// A value in a fixture and the way to it.
#[derive(Clone)]
pub(super) struct Part<'a> {
    pub(super) value: &'a Value,
    path: String,
}

impl<'a> Part<'a> {
    pub(super) fn new(value: &'a Value) -> Self {
        Self { value, path: String::new() }
    }

    fn member(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_string() } else { format!("{}.{name}", self.path) }
    }

    pub(super) fn wrong(&self, accepted: &str) -> String {
        let mut shown = self.value.to_string();
        if shown.len() > 60 {
            shown = shown.chars().take(60).chain("...".chars()).collect();
        }
        format!("{} is {shown}: {accepted} is accepted", self.path)
    }

    /// A member that must be there.
    pub(super) fn part(&self, name: &str) -> Result<Part<'a>, String> {
        self.optional(name).ok_or_else(|| format!("'{}' is missing", self.member(name)))
    }

    /// A member that may be there.
    pub(super) fn optional(&self, name: &str) -> Option<Part<'a>> {
        self.value.get(name).map(|value| Part { value, path: self.member(name) })
    }

    /// The members of an object, in the order of their names.
    pub(super) fn members(&self) -> Result<Vec<(&'a str, Part<'a>)>, String> {
        let object = self.value.as_object().ok_or_else(|| self.wrong("an object"))?;
        Ok(object.iter().map(|(name, value)| (name.as_str(), Part { value, path: self.member(name) })).collect())
    }

    pub(super) fn items(&self) -> Result<Vec<Part<'a>>, String> {
        let list = self.value.as_array().ok_or_else(|| self.wrong("a list"))?;
        let item = |(i, value)| Part { value, path: format!("{}[{i}]", self.path) };
        Ok(list.iter().enumerate().map(item).collect())
    }

    pub(super) fn number(&self) -> Result<f64, String> {
        self.value.as_f64().filter(|number| number.is_finite()).ok_or_else(|| self.wrong("a finite number"))
    }

    pub(super) fn count(&self) -> Result<u64, String> {
        self.value.as_u64().ok_or_else(|| self.wrong("a whole number from 0 on"))
    }

    pub(super) fn text(&self) -> Result<&'a str, String> {
        self.value.as_str().ok_or_else(|| self.wrong("a text"))
    }

    /// Refuses any text but one.
    pub(super) fn only(&self, text: &str) -> Result<(), String> {
        if self.text()? == text { Ok(()) } else { Err(self.wrong(&format!("'{text}'"))) }
    }

    pub(super) fn numbers(&self) -> Result<Vec<f64>, String> {
        self.items()?.iter().map(Part::number).collect()
    }

    pub(super) fn exactly<const N: usize>(&self) -> Result<[f64; N], String> {
        let numbers = self.numbers()?;
        numbers.try_into().map_err(|_| self.wrong(&format!("a list of {N} numbers")))
    }

    pub(super) fn pairs(&self) -> Result<Vec<[f64; 2]>, String> {
        self.items()?.iter().map(Part::exactly::<2>).collect()
    }

    /// `points_xy` of an input, each with the weight given or 1.
    pub(super) fn points(&self) -> Result<Vec<WeightedPoint>, String> {
        let positions = self.part("points_xy")?.pairs()?;
        let weights = match self.optional("weights") {
            Some(weights) => weights.numbers()?,
            None => vec![1.0; positions.len()],
        };
        if weights.len() != positions.len() {
            return Err(format!("{} weights for {} points", weights.len(), positions.len()));
        }
        Ok(positions.iter().zip(weights).map(|(&[x_m, y_m], weight)| WeightedPoint { x_m, y_m, weight }).collect())
    }
}
