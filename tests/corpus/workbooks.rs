//! Workbooks that no office program writes.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::case::{Case, Dice, file, pick, times};

/// The XML of a workbook with one sheet.
pub(crate) struct Parts {
    pub(crate) rows: String,
    pub(crate) dimension: String,
    pub(crate) texts: String,
    pub(crate) styles: String,
    pub(crate) sheets: String,
    pub(crate) names: String,
}

impl Default for Parts {
    fn default() -> Self {
        let heading = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>"#;
        let row = r#"<row r="2"><c r="A2" s="1"><v>45717</v></c><c r="B2" t="s"><v>2</v></c></row>"#;
        Self {
            rows: format!("{heading}{row}"),
            dimension: "A1:B2".to_string(),
            texts: "<si><t>datum</t></si><si><t>plats</t></si><si><t>Torget</t></si>".to_string(),
            styles: concat!(
                r#"<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>"#,
                r#"<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs>"#
            )
            .to_string(),
            sheets: r#"<sheet name="Blad1" sheetId="1" r:id="rId1"/>"#.to_string(),
            names: String::new(),
        }
    }
}

impl Parts {
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const RELS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let (rows, dimension, texts, styles) = (&self.rows, &self.dimension, &self.texts, &self.styles);
        let (sheets, names) = (&self.sheets, &self.names);
        let relation = |id: &str, kind: &str, to: &str| {
            format!(r#"<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{to}"/>"#)
        };
        let relations = |all: &str| format!(r#"<Relationships xmlns="{RELS}">{all}</Relationships>"#);
        let of_book = relation("rId1", "worksheet", "worksheets/sheet1.xml")
            + &relation("rId2", "styles", "styles.xml")
            + &relation("rId3", "sharedStrings", "sharedStrings.xml");
        let files = [
            (
                "[Content_Types].xml",
                r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#.to_string(),
            ),
            ("_rels/.rels", relations(&relation("rId1", "officeDocument", "xl/workbook.xml"))),
            ("xl/_rels/workbook.xml.rels", relations(&of_book)),
            (
                "xl/workbook.xml",
                format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets>{names}</workbook>"#),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!(
                    r#"<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>"#
                ),
            ),
            ("xl/sharedStrings.xml", format!(r#"<sst xmlns="{MAIN}">{texts}</sst>"#)),
            ("xl/styles.xml", format!(r#"<styleSheet xmlns="{MAIN}">{styles}</styleSheet>"#)),
        ];
        files.into_iter().map(|(name, text)| (name.to_string(), text.into_bytes())).collect()
    }
}

/// The parts as an archive.
pub(crate) fn packed(parts: &Parts) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts.files() {
        writer.start_file(name, SimpleFileOptions::default()).expect("begun");
        writer.write_all(&content).expect("written");
    }
    writer.finish().expect("finished").into_inner()
}

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let usual = Parts::default();
    let more = |rows: String| Parts { rows: Parts::default().rows + &rows, ..Parts::default() };
    let cell = |place: &str, inner: &str| format!(r#"<row r="3"><c r="{place}" {inner}</c></row>"#);
    let many = [1_000, 30_000, 300_000][at / 20 % 3];
    let (what, parts): (String, Parts) = match at % 20 {
        0 => {
            ("a cell in the last row".into(), more(r#"<row r="1048576"><c r="A1048576"><v>45717</v></c></row>"#.into()))
        }
        1 => (
            "a cell in the last corner".into(),
            more(r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#.into()),
        ),
        2 => {
            let place = *pick(
                dice,
                &["A1048577", "XFE3", "ZZZZZZZ3", "A99999999999999999999", "3", "A", "", "A-1", "a3", "Å3", "A0", "1A"],
            );
            (format!("a cell at {place:?}"), more(cell(place, "><v>1</v>")))
        }
        3 => (
            format!("{many} texts, one cell"),
            Parts { texts: usual.texts.clone() + &times("<si><t>x</t></si>", many), ..usual },
        ),
        4 => {
            let long = format!("<si><t>{}</t></si>", times("y", 32_767));
            (
                format!("one long text in {many} cells"),
                Parts {
                    texts: usual.texts.clone() + &long,
                    ..more(
                        (3..many + 3)
                            .map(|n| {
                                format!(
                                    r#"<row r="{n}"><c r="A{n}"><v>45717</v></c><c r="B{n}" t="s"><v>3</v></c></row>"#
                                )
                            })
                            .collect(),
                    )
                },
            )
        }
        5 => {
            (format!("{many} cells in a row"), more(format!(r#"<row r="3">{}</row>"#, times("<c><v>1</v></c>", many))))
        }
        6 => (
            format!("{many} rows"),
            more((3..many + 3).map(|n| format!(r#"<row r="{n}"><c r="A{n}" s="1"><v>45717</v></c></row>"#)).collect()),
        ),
        7 => (
            format!("{many} times the same row"),
            more(times(r#"<row r="3"><c r="A3" s="1"><v>45717</v></c></row>"#, many)),
        ),
        8 => (
            "rows backwards".into(),
            more(
                (3..1_000).rev().map(|n| format!(r#"<row r="{n}"><c r="A{n}" s="1"><v>45717</v></c></row>"#)).collect(),
            ),
        ),
        9 => (
            format!("a text of {many} runs"),
            Parts { texts: usual.texts.clone() + "<si>" + &times("<r><t>abc</t></r>", many) + "</si>", ..usual },
        ),
        10 => (
            format!("a cell of {many} letters"),
            more(cell("B3", &format!(r#"t="inlineStr"><is><t>{}</t></is>"#, times("z", many * 10)))),
        ),
        11 => (
            format!("{many} formats"),
            Parts {
                styles: usual.styles.replace("</cellXfs>", &(times(r#"<xf numFmtId="164"/>"#, many) + "</cellXfs>")),
                ..usual
            },
        ),
        12 => (
            "a number format of many letters".into(),
            Parts { styles: usual.styles.replace("yyyy-mm-dd", &times("y", many * 5)), ..usual },
        ),
        13 => {
            let value = *pick(
                dice,
                &[
                    "NaN",
                    "1e400",
                    "-1",
                    "1e308",
                    "60",
                    "2958466",
                    "99999999999",
                    "",
                    "x",
                    "0.99999999999999999",
                    "5e-324",
                ],
            );
            (format!("the day {value:?}"), more(cell("A3", &format!(r#"s="1"><v>{value}</v>"#))))
        }
        14 => {
            let value = *pick(dice, &["-1", "3", "4294967296", "1e3", "x", ""]);
            (format!("the text number {value:?}"), more(cell("B3", &format!(r#"t="s"><v>{value}</v>"#))))
        }
        15 => (
            format!("{many} sheets"),
            Parts {
                sheets: (0..many).map(|n| format!(r#"<sheet name="B{n}" sheetId="{n}" r:id="rId1"/>"#)).collect(),
                ..usual
            },
        ),
        16 => (
            format!("{many} names"),
            Parts {
                names: format!(
                    "<definedNames>{}</definedNames>",
                    times(r#"<definedName name="n">Blad1!$A$1</definedName>"#, many)
                ),
                ..usual
            },
        ),
        17 => {
            let range = *pick(dice, &["A1:XFD1048576", "B2:A1", "A1:ZZZZZZZ99999999999", "", ":", "A1", "A1:A1:A1"]);
            (format!("the dimension {range:?}"), Parts { dimension: range.to_string(), ..usual })
        }
        18 => (
            format!("{many} tags in tags"),
            more(cell("B3", &format!(r#"t="inlineStr"><is>{}{}</is>"#, times("<r>", many), times("</r>", many)))),
        ),
        _ => {
            let entity = *pick(
                dice,
                &[
                    "&#0;",
                    "&#xFFFFFFFF;",
                    "&a;",
                    "<!ENTITY a \"b\">",
                    "]]>",
                    "<![CDATA[",
                    "<!--",
                    "\u{202e}",
                    "<?php ?>",
                    "&#xD800;",
                ],
            );
            (format!("the letters {entity}"), more(cell("B3", &format!(r#"t="inlineStr"><is><t>{entity}</t></is>"#))))
        }
    };
    file(what, "in.xlsx", packed(&parts))
}
