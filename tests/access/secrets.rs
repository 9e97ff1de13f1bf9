//! Passwords, keys and cookies are in no log and in no file.

use std::io::Write;
use std::sync::{Arc, Mutex};

use lagesbild::store::KeyScope;

use crate::{PASSWORD, Service, cookie, key, session};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_secret_is_in_the_log_the_file_or_an_answer() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let (service, (key, token)) =
        Service::with(&[], |file| (key(file, "editor", KeyScope::Write), session(file, "editor")));
    let secret = key[12..].to_string();
    let password = PASSWORD.replace(' ', "+").replace('ä', "%C3%A4");
    let bearer = format!("Authorization: Bearer {key}");
    let mut answers = Vec::new();
    for (line, lines) in [
        (format!("GET /readyz?key={key}"), vec!["X-Request-Id: canary-1"]),
        (format!("GET /?key={key}&lang=sv"), vec!["Accept: text/html"]),
        (format!("GET /api/areas/summary?key={key}&nonsense=1"), vec![]),
        (format!("GET /api/areas/summary?key={key}&category=%FF"), vec![]),
        (format!("GET /nothing?key={key}"), vec!["Accept: text/html"]),
        (format!("GET /login?key={key}0"), vec!["Accept: text/html"]),
        (format!("POST /logout?key={key}"), vec!["Content-Type: application/json"]),
        ("GET /api/areas/summary".to_string(), vec![bearer.as_str()]),
        ("GET /readyz".to_string(), vec![bearer.as_str(), bearer.as_str()]),
    ] {
        let reply = service.ask(&line, &lines);
        assert_ne!(reply.status, 500, "{line}");
        answers.push(format!("{}\n{}", reply.head, reply.body));
    }
    answers.push(service.ask("GET /account", &[&cookie(&token)]).body);
    for body in [
        format!("name=editor&password={password}"),
        format!("name=editor&password={password}x"),
        format!("name={password}&password={password}"),
        format!("name=editor&password={password}%FF"),
        format!("name=editor&password={password}&other={password}"),
    ] {
        let reply = service.post_form("/login", &[], &body);
        // The cookie of the login is meant for the one who logs in.
        let head: Vec<&str> =
            reply.head.lines().filter(|line| !line.to_lowercase().starts_with("set-cookie")).collect();
        answers.push(format!("{}\n{}", head.join("\n"), reply.body));
    }
    let bytes = service.stop_and_read();
    let log = String::from_utf8(log.0.lock().expect("not poisoned").clone()).expect("text");
    assert!(log.contains("canary-1"), "the log was looked at");
    let hex = token.to_hex();
    for secret in [secret.as_str(), PASSWORD, &password, &hex] {
        assert!(!log.contains(secret), "in the log: {secret}");
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "in the file: {secret}");
        for answer in &answers {
            assert!(!answer.contains(secret), "in an answer: {secret}\n{answer}");
        }
    }
    // The raw bytes of the key are not there either, only their hash.
    let raw: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&secret[2 * i..2 * i + 2], 16).expect("hex")).collect();
    assert!(!bytes.windows(32).any(|window| window == raw), "the bytes of the key are in the file");
    let found = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(found("$argon2id$v=19$") && found(&key[3..11]), "what is kept was looked at");
}
