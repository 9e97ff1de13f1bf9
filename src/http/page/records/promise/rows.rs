//! A promise document as rows of fields, and fields back to a document.
//!
//! What a row does not show (readings, alternatives, baselines, unusual pledges, who leads) stays as it is: a row changes
//! only the members whose fields were changed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::filled::Fields;
use super::pledge;
use crate::domain::{Id, Period};
use crate::http::params::Pairs;
use crate::wire::records::BadMember;

/// The lists of a document with the beginning of the names of their fields.
pub(super) const LISTS: [(&str, &str); 3] =
    [("parties", "party"), ("promises", "promise"), ("commitments", "commitment")];
/// Rows of an empty form.
pub(super) const EMPTY_ROWS: usize = 3;
/// Rows that are looked at.
const MOST_ROWS: usize = 200;

/// A document that was read from fields.
pub(in super::super) struct Read {
    pub(in super::super) document: Value,
    /// Problems of fields, by their names.
    pub(in super::super) bad: Vec<BadMember>,
    /// For each list, the row that each of its entries came from.
    rows: [Vec<usize>; 3],
}

/// The fields of the rows in a form that was sent; `None` for the form with the whole document as JSON. Several
/// values of one name become lines.
pub(in super::super) fn of_pairs(pairs: &Pairs) -> Option<Fields> {
    pairs.one("rows").ok().flatten()?;
    let mut fields = Fields::new();
    let is_ours = |name: &str| {
        name.starts_with("head-") || LISTS.iter().any(|(_, prefix)| name.starts_with(&format!("{prefix}-")))
    };
    for (name, value) in pairs.iter().filter(|(name, value)| is_ours(name) && !value.trim().is_empty()) {
        let lines: &mut String = fields.entry(name.to_string()).or_default();
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(&value.trim().replace("\r\n", "\n"));
    }
    Some(fields)
}

/// The fields that show a document.
pub(in super::super) fn of_document(document: &Value) -> Fields {
    let mut fields = Fields::new();
    let mut show = |name: String, value: &Value| {
        let text = match value {
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
            other => other.as_str().unwrap_or_default().to_string(),
        };
        if !text.is_empty() {
            fields.insert(name, text);
        }
    };
    let names = |show: &mut dyn FnMut(String, &Value), prefix: &str, names: &Value| {
        show(format!("{prefix}-sv"), &names["sv"]);
        // What has no English text of its own shows none.
        if names["en"] != names["sv"] {
            show(format!("{prefix}-en"), &names["en"]);
        }
    };
    names(&mut show, "head", &document["names"]);
    show("head-signed".to_string(), &document["signed"]);
    show("head-source".to_string(), &document["source"]);
    if let Some(period) = document["period"].as_str().and_then(|text| Period::parse(text).ok()) {
        show("head-first".to_string(), &json!(period.start().to_string()));
        show("head-last".to_string(), &json!(period.last_day().to_string()));
    }
    for (list, prefix) in LISTS {
        for (at, item) in document[list].as_array().into_iter().flatten().enumerate() {
            let prefix = format!("{prefix}-{at}");
            names(&mut show, &prefix, &item["names"]);
            for name in ["role", "organisation", "signed_as", "quote", "areas"] {
                show(format!("{prefix}-{name}"), &item[name]);
            }
            for (name, text) in pledge::shown(&item["pledge"]) {
                show(format!("{prefix}-{name}"), &json!(text));
            }
        }
    }
    fields
}

/// How many rows of a list the fields and the stored document have.
pub(super) fn rows_of(fields: &Fields, stored: Option<&Value>, list: &str, prefix: &str) -> usize {
    let number = |name: &String| name.strip_prefix(prefix)?.strip_prefix('-')?.split('-').next()?.parse::<usize>().ok();
    let sent = fields.keys().filter_map(number).filter(|at| *at < MOST_ROWS).map(|at| at + 1).max().unwrap_or(0);
    let there = stored.and_then(|document| document[list].as_array()).map_or(0, Vec::len);
    sent.max(there)
}

/// Fields with what they were before.
pub(super) struct Change<'a> {
    fields: &'a Fields,
    before: Fields,
    stored: Option<&'a Value>,
    pub(super) bad: Vec<BadMember>,
}

impl Change<'_> {
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Whether any of these says something else than before, in a row that was there.
    pub(super) fn is_changed(&self, names: &[String]) -> bool {
        names.iter().any(|name| compared(self.fields, name) != compared(&self.before, name))
    }

    pub(super) fn report(&mut self, name: &str, reason: &str, accepted: &str) {
        let value = self.get(name).chars().take(80).collect();
        let (reason, accepted) = (reason.to_string(), accepted.to_string());
        self.bad.push(BadMember { pointer: format!("/properties/{name}"), value, reason, accepted });
    }

    fn required(&mut self, name: &str) -> String {
        if self.get(name).is_empty() {
            self.report(name, "is missing", "text");
        }
        self.get(name).to_string()
    }

    /// Swedish and English names; without an English one the Swedish stands for both.
    fn names(&mut self, prefix: &str, item: &mut Value) {
        let (sv, en) = (format!("{prefix}-sv"), format!("{prefix}-en"));
        let text = self.required(&sv);
        if item["names"].is_null() || self.is_changed(&[sv, en.clone()]) {
            let english = if self.get(&en).is_empty() { text.clone() } else { self.get(&en).to_string() };
            item["names"] = json!({"sv": text, "en": english});
        }
    }

    fn text(&mut self, name: &str, item: &mut Value, member: &str, otherwise: &str) {
        if item[member].is_null() || self.is_changed(&[name.to_string()]) {
            let text = if self.get(name).is_empty() { otherwise } else { self.get(name) };
            item[member] = json!(text);
        }
    }

    fn day(&mut self, name: &str) -> Option<jiff::civil::Date> {
        let day = self.required(name).parse().ok();
        if day.is_none() && !self.get(name).is_empty() {
            self.report(name, "is not a date", "a date such as 2025-03-01");
        }
        day
    }

    fn head(&mut self, document: &mut Value) {
        self.names("head", document);
        let signed = self.day("head-signed");
        let (first, last) = (self.day("head-first"), self.day("head-last"));
        if let Some(signed) = signed {
            document["signed"] = json!(signed.to_string());
        }
        if let (Some(first), Some(last)) = (first, last) {
            if last < first {
                self.report("head-last", "is before period_start", "a date that is not earlier");
            }
            if document["period"].is_null() || self.is_changed(&["head-first".to_string(), "head-last".to_string()]) {
                document["period"] = json!(format!("{first}/{last}"));
            }
        }
        self.text("head-source", document, "source", "");
        if document["id"].is_null() {
            let year = first.map_or(String::new(), |first| format!("-{}", first.year()));
            let slug = slug(self.get("head-sv"), "lofte");
            document["id"] = json!(if slug.ends_with(&year) { slug } else { format!("{slug}{year}") });
        }
    }

    /// One list: entries that stay, with their rows.
    fn list(
        &mut self,
        (list, prefix): (&str, &str),
        fill: &dyn Fn(&mut Self, &str, &mut Value),
    ) -> (Vec<Value>, Vec<usize>) {
        let stored: Vec<Value> = self.stored.and_then(|d| d[list].as_array()).cloned().unwrap_or_default();
        let mut ids: BTreeSet<String> =
            stored.iter().filter_map(|item| item["id"].as_str()).map(str::to_string).collect();
        let (mut items, mut rows) = (Vec::new(), Vec::new());
        for at in 0..rows_of(self.fields, self.stored, list, prefix) {
            let prefix = format!("{prefix}-{at}");
            let begins = format!("{prefix}-");
            let is_empty = !self.fields.keys().any(|name| name.starts_with(&begins));
            let is_removed = !self.get(&format!("{prefix}-remove")).is_empty();
            if is_removed || (is_empty && at >= stored.len()) {
                continue;
            }
            let mut item = stored.get(at).cloned().unwrap_or_else(|| json!({}));
            fill(self, &prefix, &mut item);
            if item["id"].is_null() {
                let name = ["sv", "organisation", "role"].map(|part| self.get(&format!("{prefix}-{part}")).to_string());
                let wanted = slug(name.iter().find(|name| !name.is_empty()).map_or("", String::as_str), "rad");
                let numbered = (2..).map(|n| format!("{wanted}-{n}"));
                let id =
                    std::iter::once(wanted.clone()).chain(numbered).find(|id| !ids.contains(id)).unwrap_or_default();
                ids.insert(id.clone());
                item["id"] = json!(id);
            }
            items.push(item);
            rows.push(at);
        }
        (items, rows)
    }
}

/// A field as it is compared: browsers change line ends and blanks of what nobody touched, and send a list of choices
/// in the order of the options.
fn compared(fields: &Fields, name: &str) -> Vec<String> {
    let text = fields.get(name).map_or("", String::as_str);
    if !name.ends_with("-areas") && !name.ends_with("-roles") {
        return vec![text.split_whitespace().collect()];
    }
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    lines.sort_unstable();
    lines
}

/// The document that the fields mean; `stored` is what is changed.
pub(in super::super) fn to_document(fields: &Fields, stored: Option<&Value>) -> Read {
    let before = stored.map(of_document).unwrap_or_default();
    let mut change = Change { fields, before, stored, bad: Vec::new() };
    let mut document = stored.cloned().unwrap_or_else(|| json!({}));
    change.head(&mut document);
    let (parties, party_rows) = change.list(LISTS[0], &|change, prefix, item| {
        item["role"] = json!(change.required(&format!("{prefix}-role")));
        item["organisation"] = json!(change.required(&format!("{prefix}-organisation")));
        change.text(&format!("{prefix}-signed_as"), item, "signed_as", "");
    });
    let (promises, promise_rows) = change.list(LISTS[1], &|change, prefix, item| {
        change.names(prefix, item);
        let title = change.get(&format!("{prefix}-sv")).to_string();
        change.text(&format!("{prefix}-quote"), item, "quote", &title);
        let name = format!("{prefix}-areas");
        if item["areas"].is_null() || change.is_changed(std::slice::from_ref(&name)) {
            item["areas"] = change.get(&name).lines().map(Value::from).collect();
        }
    });
    let (commitments, commitment_rows) = change.list(LISTS[2], &|change, prefix, item| {
        change.names(prefix, item);
        let title = change.get(&format!("{prefix}-sv")).to_string();
        change.text(&format!("{prefix}-quote"), item, "quote", &title);
        pledge::fill(change, prefix, item);
        if item["promises"].is_null() {
            item["promises"] = serves(item, &promises);
            item["promises_basis"] = json!("our_reading");
            item["responsible"] = responsible(item, &parties);
        }
    });
    for (list, items) in [("promises", &promises), ("commitments", &commitments)] {
        if items.is_empty() {
            let name = if list == "promises" { "promise-0-sv" } else { "commitment-0-sv" };
            change.report(name, "is missing", "at least one");
        }
    }
    let stored_list = |list: &str| stored.and_then(|d| d[list].as_array()).cloned().unwrap_or_default();
    for (list, prefix, kept, member) in
        [("parties", "party", &parties, "responsible"), ("promises", "promise", &promises, "promises")]
    {
        for (at, gone) in
            stored_list(list).iter().enumerate().filter(|(_, item)| !kept.iter().any(|k| k["id"] == item["id"]))
        {
            let uses = |c: &&Value| c[member].as_array().is_some_and(|ids| ids.contains(&gone["id"]));
            if let Some(user) = commitments.iter().find(uses) {
                let title = user["names"]["sv"].as_str().unwrap_or_default().to_string();
                change.report(&format!("{prefix}-{at}-remove"), "is used by a commitment", &title);
            }
        }
    }
    document["parties"] = parties.into();
    document["promises"] = promises.into();
    document["commitments"] = commitments.into();
    Read { document, bad: change.bad, rows: [party_rows, promise_rows, commitment_rows] }
}

impl Read {
    /// Problems of the document as problems of the rows they are in.
    pub(in super::super) fn in_rows(&self, bad: Vec<BadMember>) -> Vec<BadMember> {
        let row = |pointer: &str| -> Option<String> {
            let mut parts = pointer.strip_prefix("/properties/document/")?.split('/');
            let list = parts.next()?;
            let at = LISTS.iter().position(|(name, _)| *name == list)?;
            let row = self.rows[at].get(parts.next()?.parse::<usize>().ok()?)?;
            Some(format!("/properties/{}-{row}", LISTS[at].1))
        };
        let moved = |bad: BadMember| BadMember { pointer: row(&bad.pointer).unwrap_or(bad.pointer.clone()), ..bad };
        bad.into_iter().map(moved).collect()
    }
}

/// The promises about the area of a new commitment; all of them when none is.
fn serves(commitment: &Value, promises: &[Value]) -> Value {
    let area = &commitment["pledge"]["place"]["area"];
    let is_about =
        |promise: &&Value| !area.is_null() && promise["areas"].as_array().is_some_and(|list| list.contains(area));
    let about: Vec<&Value> = promises.iter().filter(is_about).map(|promise| &promise["id"]).collect();
    if about.is_empty() { promises.iter().map(|promise| promise["id"].clone()).collect() } else { json!(about) }
}

/// The parties whose role must take part in a new commitment; all of them when none must.
fn responsible(commitment: &Value, parties: &[Value]) -> Value {
    let roles = pledge::roles(&commitment["pledge"]);
    let takes_part = |party: &&Value| party["role"].as_str().is_some_and(|role| roles.iter().any(|r| r == role));
    let named: Vec<&Value> = parties.iter().filter(takes_part).map(|party| &party["id"]).collect();
    if named.is_empty() { parties.iter().map(|party| party["id"].clone()).collect() } else { json!(named) }
}

/// An id from a title: `Medborgarlöfte i Nässjö` is `medborgarlofte-i-nassjo`.
fn slug(title: &str, otherwise: &str) -> String {
    let lower = title.to_lowercase();
    let plain = lower.chars().map(|c| match c {
        'å' | 'ä' => 'a',
        'ö' => 'o',
        'é' | 'è' => 'e',
        c if c.is_ascii_alphanumeric() => c,
        _ => '-',
    });
    let plain: String = plain.collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(60).collect();
    let slug = slug.trim_end_matches('-').to_string();
    Id::new(&slug).map_or(otherwise.to_string(), |id| id.to_string())
}
