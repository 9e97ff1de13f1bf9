//! Archives that are small outside and large inside, or do not agree with themselves.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::case::{Case, Dice, RngExt, file, times};
use crate::workbooks::{Parts, packed};

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let mib = [1, 20, 300][at / 10 % 3] << 20;
    let (what, content): (String, Vec<u8>) = match at % 10 {
        0 => (format!("a sheet of {mib} spaces"), blown("xl/worksheets/sheet1.xml", b' ', mib)),
        1 => (format!("a sheet of {mib} times <row/>"), {
            let parts = Parts { rows: times("<row/>", mib / 6), ..Parts::default() };
            packed(&parts)
        }),
        2 => (format!("a picture of {mib} zeros"), blown("xl/media/image1.png", 0, mib)),
        3 => ("archives in archives".into(), {
            let mut inner = blown("a", 0, mib);
            for _ in 0..6 {
                inner = archive(&[("xl/workbook.xml", &inner), ("[Content_Types].xml", &inner)]);
            }
            inner
        }),
        4 => (format!("{} files inside", mib / 400), {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for n in 0..(mib / 400).min(60_000) {
                writer.start_file(format!("f{n}"), SimpleFileOptions::default()).expect("begun");
            }
            writer.finish().expect("finished").into_inner()
        }),
        5 => (
            "entries one over the other".into(),
            overlapping(&packed(&Parts { rows: times("<row/>", mib / 60), ..Parts::default() })),
        ),
        6 => {
            let mut whole = packed(&Parts::default());
            whole.truncate(dice.random_range(4..whole.len()));
            ("cut short".into(), whole)
        }
        7 => {
            let mut whole = packed(&Parts::default());
            let length = whole.len();
            (0..dice.random_range(1..30)).for_each(|_| whole[dice.random_range(0..length)] = dice.random());
            whole[..4].copy_from_slice(b"PK\x03\x04");
            ("flipped bytes".into(), whole)
        }
        8 => {
            // Only the directory at the end is bent: sizes, offsets, counts.
            let mut whole = packed(&Parts::default());
            let length = whole.len();
            (0..8).for_each(|_| whole[length - dice.random_range(1..300)] = [0, 0xFF, 0x7F][dice.random_range(0..3)]);
            ("a directory that lies".into(), whole)
        }
        _ => {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            gzip.write_all(&vec![b'a'; mib]).expect("written");
            ("gzip".into(), gzip.finish().expect("finished"))
        }
    };
    file(what, "in.xlsx", content)
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("begun");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("finished").into_inner()
}

/// A workbook with one more file of one byte again and again, which replaces one of that name.
fn blown(name: &str, byte: u8, size: usize) -> Vec<u8> {
    let content = vec![byte; size];
    let mut files: Vec<(String, Vec<u8>)> = Parts::default().files();
    files.retain(|(other, _)| other != name);
    let mut all: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    all.push((name, &content));
    archive(&all)
}

/// The directory names the largest file under many names: all of them are the same bytes (Fifield 2019).
fn overlapping(whole: &[u8]) -> Vec<u8> {
    let end = whole.windows(4).rposition(|w| w == b"PK\x05\x06").expect("an end");
    let number = |at: usize| u32::from_le_bytes(whole[at..at + 4].try_into().expect("four bytes"));
    let from = number(end + 16) as usize;
    let central = &whole[from..end];
    let copies = 500_u16;
    let entries = u16::from_le_bytes(whole[end + 10..end + 12].try_into().expect("two bytes"));
    let mut out = whole[..from].to_vec();
    (0..copies).for_each(|_| out.extend_from_slice(central));
    let size = u32::try_from(out.len() - from).expect("small");
    let count = entries.saturating_mul(copies).to_le_bytes();
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count);
    out.extend_from_slice(&count);
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&u32::try_from(from).expect("small").to_le_bytes());
    out.extend_from_slice(b"\0\0");
    out
}
