//! Clocks: the two nights on which the hour changes, and a clock that jumps while the service runs.
//!
//! `libfaketime` tells the process another time; what it measures durations with goes on as it is.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lagesbild::domain::{Actor, Role};
use lagesbild::store::{DataFile, PasswordHash};
use rusqlite::Connection;
use serde_json::json;

use crate::client::{Answer, Client};
use crate::ledger::{Ledger, Outcome, Request, check_served};
use crate::service::{How, Service};
use crate::{Folder, OBSERVATIONS, alone, skip, tell};

const PASSWORD: &str = "korrekt hast batteri";

/// The library, or `None`, said aloud.
fn library() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = vec!["/usr/lib/faketime".into(), "/usr/lib64/faketime".into()];
    let more = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    folders.extend(more.map(|entry| entry.path().join("faketime")));
    let found = folders.into_iter().map(|folder| folder.join("libfaketimeMT.so.1")).find(|file| file.exists());
    if found.is_none() {
        skip::skip("faketime is not installed: nights on which the hour changes and jumps of the clock were not tried");
    }
    found
}

/// A clock that tests set.
struct Clock {
    file: PathBuf,
    how: How,
}

impl Clock {
    fn at(folder: &Folder, library: &Path, time: &str) -> Self {
        let file = folder.path("clock");
        let environment = [
            ("LD_PRELOAD", library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_string()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_string()),
            ("DONT_FAKE_MONOTONIC", "1".to_string()),
            ("TZ", "UTC".to_string()),
        ];
        let environment = environment.map(|(name, value)| (name.to_string(), value)).to_vec();
        let clock = Self { file, how: How { environment, ..How::default() } };
        clock.set(time);
        clock
    }

    /// From now on it is this time, and runs on.
    fn set(&self, time: &str) {
        let time: Timestamp = time.parse().expect("a time");
        let text = time.strftime("@%Y-%m-%d %H:%M:%S").to_string();
        // In one step, so that no thread reads half a time.
        let new = self.file.with_extension("new");
        std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, &self.file)).expect("written");
    }
}

/// What the service took as its time when it last wrote, to the minute, by its log.
fn clock_of(data: &Path) -> String {
    let connection = Connection::open(data).expect("opens");
    let newest = "SELECT substr(at_utc, 1, 16) FROM lagesbild_audit ORDER BY seq DESC LIMIT 1";
    connection.query_row(newest, [], |row| row.get(0)).expect("an entry")
}

fn enter(client: &mut Client, id: &str, start: &str) -> Answer {
    let body = json!({"type": "Feature", "id": id, "geometry": {"type": "Point", "coordinates": [14.69, 57.65]},
        "properties": {"category": "lighting", "start": start, "text": id}})
    .to_string();
    let lines = ["Content-Type: application/geo+json", "Prefer: return=minimal"];
    client.send("POST", OBSERVATIONS, &lines, body.as_bytes()).expect("answered")
}

fn matched(client: &mut Client, query: &str) -> u64 {
    let answer = client.get(&format!("{OBSERVATIONS}?limit=1&{query}")).expect("answered");
    answer.json()["numberMatched"].as_u64().unwrap_or_else(|| panic!("{query}: {}", answer.text()))
}

#[test]
fn in_the_nights_on_which_the_hour_changes_no_hour_is_lost_or_doubled() {
    let _alone = alone();
    let Some(library) = library() else { return };
    // Local hour of each UTC hour, worked out by hand: in March 01 is followed by 03, in October 02 comes twice.
    let nights = [
        ("2026-03-29", "2026-03-28T23:55:00Z", [("00", "01-02"), ("01", "03-04"), ("02", "04-05")], "02-03", 0),
        ("2026-10-25", "2026-10-24T23:55:00Z", [("00", "02-03"), ("01", "02-03"), ("02", "03-04")], "01-02", 0),
    ];
    for (day, before, hours, empty, in_empty) in nights {
        let folder = Folder::new();
        let clock = Clock::at(&folder, &library, before);
        let service = Service::start(&folder.data(), &clock.how);
        let mut client = service.client();
        let mut tags = Vec::new();
        for (utc, _) in hours {
            for minute in 0..60 {
                let now = format!("{day}T{utc}:{minute:02}:00Z");
                clock.set(&now);
                let answer = enter(&mut client, &format!("u{utc}m{minute}"), &now);
                assert_eq!(answer.status, 201, "{now}: {}", answer.text());
                tags.push(answer.revision().expect("a revision"));
            }
        }
        assert_eq!(clock_of(&folder.data()), format!("{day}T02:59"), "it lived through the night");
        assert!(tags.windows(2).all(|pair| pair[1] == pair[0] + 1), "one revision each");
        let of_day = format!("datetime={day}/{day}");
        assert_eq!(matched(&mut client, &of_day), 180);
        for (_, local) in hours {
            let expected = 60 * hours.iter().filter(|(_, other)| *other == local).count() as u64;
            assert_eq!(matched(&mut client, &format!("{of_day}&hours={local}")), expected, "{day} {local}");
        }
        assert_eq!(matched(&mut client, &format!("{of_day}&hours={empty}")), in_empty, "{day} {empty}");
        // Every minute by its own instant, also where the wall shows it twice.
        for utc in ["00", "01", "02"] {
            let hour = format!("datetime={day}T{utc}:00:00Z/{day}T{utc}:59:59Z");
            assert_eq!(matched(&mut client, &hour), 60, "{hour}");
        }
        // A time on the wall that there is not is refused; one that there is twice is both.
        let wall = enter(&mut client, "wall", &format!("{day}T02:30"));
        let is_twice = day == "2026-10-25";
        assert_eq!(wall.status, if is_twice { 201 } else { 422 }, "{}", wall.text());
        service.kill();
        let kept = Connection::open(folder.data()).expect("opens");
        let (rows, hours_kept): (i64, i64) = kept
            .query_row(
                "SELECT count(*), count(DISTINCT substr(start_utc, 1, 16)) FROM observations WHERE id <> 'wall'",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .expect("read");
        assert_eq!((rows, hours_kept), (180, 180), "180 different minutes of UTC");
        if is_twice {
            let (start, end): (String, String) = kept
                .query_row("SELECT start_utc, end_utc FROM observations WHERE id = 'wall'", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .expect("read");
            assert_eq!((&start[..16], &end[..16]), ("2026-10-25T00:30", "2026-10-25T01:30"), "both readings");
        }
    }
    tell("both nights on which the hour changes: 2 x 180 observations, one a minute, all in their hour");
}

#[test]
fn a_clock_that_jumps_breaks_neither_writing_nor_the_log_and_ends_logins_when_their_time_is_up() {
    let _alone = alone();
    let Some(library) = library() else { return };
    let folder = Folder::new();
    let data = folder.data();
    {
        let operator = Actor::local("operator");
        let mut file = DataFile::open(&data).expect("opens");
        let hash = PasswordHash::of(PASSWORD, "anna").expect("accepted");
        let made: Timestamp = "2026-11-01T10:00:00Z".parse().expect("a time");
        file.add_user(&operator, "anna", &[Role::Editor], Some(&hash), made).expect("added");
    }
    let mut clock = Clock::at(&folder, &library, "2026-11-22T10:00:00Z");
    clock.how.settings = vec!["local_mode=on".to_string(), "session_idle_minutes=43200".to_string()];
    let service = Service::start(&data, &clock.how);
    let mut client = service.client();
    let mut ledger = Ledger::default();
    let mut write = |client: &mut Client, name: &str| {
        for number in 0..10 {
            let (entry, answer) = Request::post(&format!("{name}{number}")).send(client);
            assert!(entry.is_kept(), "{name}: {answer:?}");
            ledger.0.push(entry);
        }
        let (entry, answer) = Request::batch(&format!("{name}many"), 50).send(client);
        assert!(entry.is_kept(), "{name}: {answer:?}");
        ledger.0.push(entry);
    };
    write(&mut client, "before");
    let login = log_in(&mut client);
    assert_eq!(account(&mut client, &login), 200);
    // An hour back.
    clock.set("2026-11-22T09:00:00Z");
    write(&mut client, "back");
    assert_eq!(clock_of(&data), "2026-11-22T09:00");
    assert_eq!(account(&mut client, &login), 200, "a login goes on");
    // Ten years ahead: the login is over, another begins.
    clock.set("2036-11-22T10:00:00Z");
    write(&mut client, "ahead");
    assert_eq!(clock_of(&data), "2036-11-22T10:00");
    assert_ne!(account(&mut client, &login), 200, "twelve hours are long over");
    let later = log_in(&mut client);
    assert_eq!(account(&mut client, &later), 200);
    // And where it was: nothing that was made meanwhile is lost.
    clock.set("2026-11-22T10:05:00Z");
    write(&mut client, "again");
    let kept = ledger.compare(&data).unwrap_or_else(|finding| panic!("{finding}"));
    check_served(&mut client, kept.current).unwrap_or_else(|finding| panic!("{finding}"));
    // A request from before the jumps is still known.
    let (first, _) = ledger.0[0].request.clone().send(&mut client);
    assert_eq!(first.outcome, ledger.0[0].outcome);
    assert!(matches!(first.outcome, Outcome::Kept(_)));
    service.kill();
    let service = Service::start(&data, &clock.how);
    ledger.compare(&data).unwrap_or_else(|finding| panic!("{finding}"));
    service.stop();
    tell("a clock that jumps 1 h back, 10 years ahead, and back: 44 requests kept, log clean, logins end in time");
}

fn log_in(client: &mut Client) -> String {
    let origin = format!("Origin: http://{}", client.address());
    let lines = [origin.as_str(), "Content-Type: application/x-www-form-urlencoded"];
    let body = format!("name=anna&password={}&to=%2Faccount", PASSWORD.replace(' ', "+"));
    let answer = client.send("POST", "/login", &lines, body.as_bytes()).expect("answered");
    assert_eq!(answer.status, 303, "{}", answer.text());
    let set = answer.header("set-cookie").expect("a cookie");
    format!("Cookie: {}", set.split(';').next().expect("a value"))
}

fn account(client: &mut Client, login: &str) -> u16 {
    client.send("GET", "/account", &[login, "Accept: text/html"], b"").expect("answered").status
}
