//! What goes over the connection is not quite HTTP.

use crate::case::{Case, Dice, Input, RngExt, list, pick, times};

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let host = "Host: localhost\r\nConnection: close\r\n";
    let to = "/api/collections/observations/items HTTP/1.1\r\n";
    let json = "Content-Type: application/json\r\n";
    let many = dice.random_range(101..20_000);
    let (what, text): (&str, String) = match at % 20 {
        0 => (
            "a length and chunks",
            format!(
                "POST {to}{host}{json}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n"
            ),
        ),
        1 => ("two lengths", format!("POST {to}{host}{json}Content-Length: 4\r\nContent-Length: 5\r\n\r\n{{}}{{}}{{")),
        2 => (
            "chunks twice",
            format!("POST {to}{host}{json}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
        ),
        3 => ("chunks with a tail", format!("POST {to}{host}{json}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")),
        4 => (
            "a chunk longer than numbers",
            format!("POST {to}{host}{json}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{{}}\r\n0\r\n\r\n"),
        ),
        5 => (
            "a chunk of a negative length",
            format!("POST {to}{host}{json}Transfer-Encoding: chunked\r\n\r\n-1\r\n{{}}\r\n0\r\n\r\n"),
        ),
        6 => {
            ("bare line feeds", format!("GET / HTTP/1.1\nHost: localhost\nConnection: close\n{}\n", times("X: y\n", 3)))
        }
        7 => (
            "many headers",
            format!("GET / HTTP/1.1\r\n{host}{}\r\n", (0..many).map(|n| format!("X-{n}: y\r\n")).collect::<String>()),
        ),
        8 => ("a long header", format!("GET / HTTP/1.1\r\n{host}X: {}\r\n\r\n", times("y", many * 50))),
        9 => ("a folded header", format!("GET / HTTP/1.1\r\n{host}X: a\r\n b\r\n\r\n")),
        10 => ("a space before the colon", format!("GET / HTTP/1.1\r\nHost : localhost\r\n{host}\r\n")),
        11 => ("two hosts", format!("GET / HTTP/1.1\r\nHost: localhost\r\n{host}\r\n")),
        12 => ("no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_string()),
        13 => (
            "an unknown method",
            format!("{} / HTTP/1.1\r\n{host}\r\n", pick(dice, &["BREW", "get", "CONNECT", "TRACE", "G\u{0}T", "PRI"])),
        ),
        14 => (
            "an unknown version",
            format!("GET / HTTP/{}\r\n{host}\r\n", pick(dice, &["0.9", "1.0", "1.2", "2.0", "9.9", "x"])),
        ),
        15 => ("a length and no body", format!("POST {to}{host}{json}Content-Length: 1000\r\n\r\n{{")),
        16 => ("a length beyond all", format!("POST {to}{host}{json}Content-Length: 99999999999999999999\r\n\r\n{{}}")),
        17 => ("HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0".to_string()),
        18 => (
            "encodings without end",
            format!(
                "GET / HTTP/1.1\r\n{host}Accept-Encoding: {}\r\n\r\n",
                list((0..500).map(|n| format!("gzip;q=0.{n}")))
            ),
        ),
        _ => (
            "conditions without end",
            format!(
                "GET /api/areas/summary HTTP/1.1\r\n{host}If-None-Match: {}\r\n\r\n",
                list((0..900).map(|n| format!("\"{n}\"")))
            ),
        ),
    };
    let mut bytes = text.into_bytes();
    if at >= 60 {
        // The same once more with a bit flipped somewhere in the first line.
        let place = dice.random_range(0..bytes.len().min(40));
        bytes[place] ^= 1 << dice.random_range(0..8_u32);
    }
    Case { what: what.to_string(), input: Input::Raw(bytes) }
}
