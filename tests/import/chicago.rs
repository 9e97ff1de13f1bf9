//! The Chicago file: 148,636 rows. It is in the shared data folder.

use lagesbild::domain::Vocabulary;
use lagesbild::geodata::{Into, ReadOptions, RecordReader, Register, SourceFile};

use crate::skip::shared;
use crate::zone;

#[test]
fn the_chicago_file_is_read_whole_with_43_times_that_existed_twice() {
    let Some(path) = shared("data/chicago-agg-assaults-2010-2019/points.csv") else { return };
    let source = SourceFile::inspect(&path).expect("readable");
    // Size and hash as PROVENANCE.md states them.
    assert_eq!(source.bytes(), 8_025_695);
    assert_eq!(source.sha256(), "546a501fe4ad64ddf6356292878387425026d2b55f0b79c8afc71d0737304cc2");
    let options = ReadOptions::new(Into::Observations, zone("America/Chicago"));
    let mut reader =
        RecordReader::open(&source, &options, &Register::default(), &[], &Vocabulary::seed()).expect("opened");
    let accepted = reader.by_ref().filter(Result::is_ok).count();
    let summary = reader.summary();
    assert_eq!((accepted, summary.rows, summary.rejected), (148_636, 148_636, 0));
    assert_eq!(summary.ambiguous_times, 43);
    assert_eq!(summary.dropped_columns, ["district"]);
    // 13 categories, none of them in the seed table but "other" by name; street has 70,713 rows.
    assert_eq!(summary.new_categories.first(), Some(&("street".to_string(), 70_713)));
    assert_eq!(reader.bytes_read(), source.bytes());
}
