//! A release over the network, with the headers it must come with.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{MAX_BYTES, MAX_FILES, PublicFolder, ReadProblem, manifest};
use crate::public::files::MANIFEST;

/// Most time for one file.
const PATIENCE: Duration = Duration::from_secs(30);

/// Fetches the manifest at an address and every file it lists, within [`MAX_BYTES`] and [`MAX_FILES`], and checks them
/// as [`super::folder`] does. Beside the release come the headers that are missing or should not be there: the release
/// is whole without them, and not well served. What is on the server and not listed cannot be seen from here.
pub fn url(base: &str) -> Result<(PublicFolder, Vec<ReadProblem>), Vec<ReadProblem>> {
    let base = format!("{}/", base.trim_end_matches('/'));
    let agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(3).build().new_agent();
    let mut left = MAX_BYTES;
    let mut headers = Headers::default();
    let mut files = BTreeMap::new();
    let bytes = fetch(&agent, &base, MANIFEST, &mut left, &mut headers)?;
    let manifest = manifest::parse(&bytes).map_err(|problem| vec![problem])?;
    files.insert(MANIFEST.to_string(), bytes);
    if manifest.files.len() >= MAX_FILES {
        let text = format!("{} files are listed; accepted: fewer than {MAX_FILES}", manifest.files.len());
        return Err(vec![ReadProblem { path: MANIFEST.to_string(), at: None, text }]);
    }
    for file in &manifest.files {
        let is_plain = file.path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
            && file.path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b));
        if !is_plain {
            let text = "a path in a release has letters, digits, '.', '_', '-' and '/'".to_string();
            return Err(vec![ReadProblem { path: MANIFEST.to_string(), at: Some(file.path.clone()), text }]);
        }
        files.insert(file.path.clone(), fetch(&agent, &base, &file.path, &mut left, &mut headers)?);
    }
    Ok((PublicFolder::new(files)?, headers.problems()))
}

fn fetch(
    agent: &ureq::Agent,
    base: &str,
    path: &str,
    left: &mut u64,
    headers: &mut Headers,
) -> Result<Vec<u8>, Vec<ReadProblem>> {
    let address = format!("{base}{path}");
    let problem = |error: ureq::Error| {
        vec![ReadProblem { path: address.clone(), at: None, text: format!("cannot be fetched: {error}") }]
    };
    let mut response = agent.get(&address).call().map_err(problem)?;
    headers.look(path, |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_string));
    let bytes = response.body_mut().with_config().limit(*left).read_to_vec().map_err(problem)?;
    *left -= bytes.len() as u64;
    Ok(bytes)
}

/// What is missing, by header: the first path and how many there are.
#[derive(Debug, Default)]
struct Headers {
    missing: BTreeMap<&'static str, (String, usize)>,
}

impl Headers {
    fn look(&mut self, path: &str, header: impl Fn(&str) -> Option<String>) {
        let is_page = path.ends_with(".html");
        let is_shared = path.starts_with("assets/") || path.starts_with("data/");
        let has = |name: &str, accepted: &dyn Fn(&str) -> bool| header(name).is_some_and(|value| accepted(&value));
        let strong = |tag: &str| tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2;
        let checks: [(&'static str, bool, bool); 7] = [
            (
                "Content-Security-Policy with frame-ancestors",
                is_page,
                has("content-security-policy", &|value| value.contains("frame-ancestors")),
            ),
            ("a strong ETag", true, has("etag", &strong)),
            ("Cache-Control", true, has("cache-control", &|value| !value.is_empty())),
            ("Access-Control-Allow-Origin: *", is_shared, has("access-control-allow-origin", &|value| value == "*")),
            (
                "X-Content-Type-Options: nosniff",
                true,
                has("x-content-type-options", &|value| value.eq_ignore_ascii_case("nosniff")),
            ),
            ("Referrer-Policy", is_page, has("referrer-policy", &|value| !value.is_empty())),
            ("no Set-Cookie", true, header("set-cookie").is_none()),
        ];
        for (name, _, _) in checks.iter().filter(|(_, asked, is_there)| *asked && !is_there) {
            self.missing.entry(name).or_insert_with(|| (path.to_string(), 0)).1 += 1;
        }
    }

    fn problems(self) -> Vec<ReadProblem> {
        let problem = |(name, (path, n)): (&'static str, (String, usize))| ReadProblem {
            path,
            at: Some("headers".to_string()),
            text: format!("{name} is asked for, and {n} files come without"),
        };
        self.missing.into_iter().map(problem).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_headers_are_named_once_with_the_number_of_files() {
        let mut headers = Headers::default();
        let given = |pairs: &'static [(&str, &str)]| {
            move |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| v.to_string())
        };
        let good: &[(&str, &str)] = &[
            ("content-security-policy", "default-src 'self'; frame-ancestors https://polisen.se"),
            ("etag", "\"abc\""),
            ("cache-control", "max-age=60"),
            ("access-control-allow-origin", "*"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ];
        headers.look("index.html", given(good));
        headers.look("data/areas.geojson", given(good));
        assert!(headers.missing.is_empty());
        headers.look("index.html", given(&[("etag", "W/\"abc\""), ("set-cookie", "a=b"), ("cache-control", "x")]));
        headers.look("data/areas.geojson", given(&[("etag", "\"abc\""), ("cache-control", "x")]));
        let problems = headers.problems();
        let names: Vec<&str> = problems.iter().map(|p| p.text.split(" is asked").next().unwrap_or_default()).collect();
        assert_eq!(
            names,
            [
                "Access-Control-Allow-Origin: *",
                "Content-Security-Policy with frame-ancestors",
                "Referrer-Policy",
                "X-Content-Type-Options: nosniff",
                "a strong ETag",
                "no Set-Cookie",
            ]
        );
        assert!(problems[3].text.contains("2 files") && problems[3].path == "index.html");
    }
}
