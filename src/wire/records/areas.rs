//! Areas.

use super::geometry;
use super::reading::Reading;
use super::writing::{Parts, date, properties};
use crate::domain::{Area, AreaType, Certainty, Names, Record};

pub(super) fn write(area: &Area) -> Parts {
    let members = properties([
        ("name_sv", area.names.sv.clone().into()),
        ("name_en", area.names.en.clone().into()),
        ("set", area.set.clone().into()),
        ("area_type", area.area_type.code().into()),
        ("residents", area.residents.into()),
        ("valid_from", date(area.valid_from)),
        ("valid_to", date(area.valid_to)),
        ("source", area.source.clone().into()),
        ("certainty", area.certainty.code().into()),
        ("how_drawn", area.how_drawn.clone().into()),
    ]);
    (geometry::of_outline(&area.outline), members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let (sv, en) = (reading.text("name_sv"), reading.text("name_en"));
    let set = reading.text("set");
    let area_type = reading.word("area_type", AreaType::from_code);
    let residents = reading.whole("residents");
    let (valid_from, valid_to) = (reading.date("valid_from"), reading.date("valid_to"));
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to <= from
    {
        reading.report("valid_to", "is not after valid_from", "a later date");
    }
    let source = reading.text_or_empty("source");
    let certainty = reading.word("certainty", Certainty::from_code);
    let how_drawn = reading.text_or_empty("how_drawn");
    let outline = geometry::outline(reading);
    Some(Record::Area(Area {
        id: id?,
        names: Names { sv: sv?, en: en? },
        set: set?,
        area_type: area_type?,
        residents,
        valid_from,
        valid_to,
        source,
        certainty: certainty?,
        how_drawn,
        outline: outline?,
    }))
}
