//! The QGIS styles that travel in the file.

use lagesbild::store::DataFile;
use rusqlite::Connection;

use crate::fixtures::*;

/// Value of an attribute in a tag such as `<alias field="id" .../>`.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[from..].split('"').next()
}

/// The tags of a document, after checking that each is closed in turn and its quotes are paired.
fn tags_of_well_formed(xml: &str) -> Vec<&str> {
    let mut open: Vec<&str> = vec![];
    let mut tags = vec![];
    let mut rest = xml;
    while let Some(from) = rest.find('<') {
        assert!(!rest[..from].contains('>') && !rest[..from].contains('&'), "stray character in {:?}", &rest[..from]);
        let to = rest[from..].find('>').expect("a tag ends") + from;
        let tag = &rest[from + 1..to];
        rest = &rest[to + 1..];
        assert!(!tag.contains('<') && tag.matches('"').count().is_multiple_of(2) && !tag.contains('&'), "{tag}");
        if tag.starts_with('!') {
            continue;
        }
        if let Some(closing) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closing), "closed out of turn");
            continue;
        }
        tags.push(tag);
        if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().expect("a name"));
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
    tags
}

#[test]
fn each_layer_has_one_default_style_that_names_its_own_fields_in_order() {
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let connection = Connection::open(&path).expect("opens");
    let styles: Vec<(String, String, String, bool)> = connection
        .prepare("SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles ORDER BY 1")
        .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?.collect())
        .expect("reads");
    let layers: Vec<&str> = styles.iter().map(|s| s.0.as_str()).collect();
    assert_eq!(layers, ["activities", "areas", "observations", "places"]);
    for (table, geometry, qml, default) in &styles {
        assert!(geometry == "geom" && *default);
        let columns: Vec<String> = connection
            .prepare("SELECT name FROM pragma_table_info(?1) WHERE name != 'geom'")
            .and_then(|mut s| s.query_map([table], |r| r.get(0))?.collect())
            .expect("columns");
        let tags = tags_of_well_formed(qml);
        let aliases: Vec<(&str, &str)> = tags
            .iter()
            .filter(|tag| tag.starts_with("alias "))
            .map(|tag| (attribute(tag, "field").expect("field"), attribute(tag, "index").expect("index")))
            .collect();
        let expected: Vec<(String, String)> =
            columns.iter().enumerate().map(|(i, name)| (name.clone(), i.to_string())).collect();
        let found: Vec<(String, String)> = aliases.iter().map(|(f, i)| (f.to_string(), i.to_string())).collect();
        assert_eq!(found, expected, "{table}");
        for name in ["attr", "fieldName"] {
            for field in tags.iter().filter_map(|tag| attribute(tag, name)) {
                assert!(columns.iter().any(|c| c == field), "{table}: {field}");
            }
        }
    }
}
