//! Which records a list shows: by place and time of the whole record, as OGC API Features wants it.
//!
//! A record is in a box when its geometry touches it, in a time range when its own time touches it; one without
//! geometry is in no box, one without time is in every range. (Statistics are another matter: they count a record
//! once, by its start and its representative point.)

use geo::Intersects;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::{BBox, Period, Record, Shape, TimeWindow, When};

/// Whether the geometry of a record touches the box.
pub(super) fn is_in_box(record: &Record, bbox: &BBox) -> bool {
    match record {
        Record::Area(area) => boxes(bbox).iter().any(|part| area.outline.intersects(part)),
        Record::Place(place) => place.at.is_some_and(|at| bbox.contains(at.lon(), at.lat())),
        Record::Observation(observation) => touches(observation.location.shape.as_ref(), bbox),
        Record::Activity(activity) => touches(activity.location.shape.as_ref(), bbox),
        _ => false,
    }
}

fn touches(shape: Option<&Shape>, bbox: &BBox) -> bool {
    match shape {
        None => false,
        Some(Shape::Point(at)) => bbox.contains(at.lon(), at.lat()),
        Some(Shape::Line(lines)) => boxes(bbox).iter().any(|part| lines.intersects(part)),
        Some(Shape::Polygon(polygons)) => boxes(bbox).iter().any(|part| polygons.intersects(part)),
    }
}

/// The box as rectangles: two when it crosses the antimeridian.
fn boxes(bbox: &BBox) -> Vec<geo::Rect<f64>> {
    let part = |west: f64, east: f64| geo::Rect::new((west, bbox.south), (east, bbox.north));
    if bbox.west <= bbox.east {
        vec![part(bbox.west, bbox.east)]
    } else {
        vec![part(bbox.west, 180.0), part(-180.0, bbox.east)]
    }
}

/// Whether the time of a record touches the window.
pub(super) fn is_in_window(record: &Record, window: TimeWindow, zone: &TimeZone) -> bool {
    let of_period = |period: &Period| overlaps(period.window(zone), window);
    let of_when = |when: When| {
        // An instant is one second wide here, so that half-open stretches can be compared.
        let end_s = when.end_s().max(when.start_s() + 1);
        overlaps(TimeWindow { start_s: Some(when.start_s()), end_s: Some(end_s) }, window)
    };
    let day = |day: Date| Period::spanning(day, day).is_none_or(|day| of_period(&day));
    match record {
        Record::Observation(observation) => of_when(observation.when),
        Record::Activity(activity) => of_when(activity.when),
        Record::Survey(survey) => of_period(&survey.period),
        Record::ReportedCount(count) => of_period(&count.period),
        Record::Report(report) => of_period(&report.week),
        Record::Promise(promise) => of_period(&promise.period),
        Record::Action(action) => action.due.is_none_or(day),
        Record::Booking(booking) => of_when(booking.when),
        Record::Comment(comment) => day(comment.on),
        Record::Priority(priority) => of_period(&priority.week),
        Record::Area(area) => {
            let start = |day: Date| Period::spanning(day, day).and_then(|day| day.window(zone).start_s);
            let valid = TimeWindow { start_s: area.valid_from.and_then(start), end_s: area.valid_to.and_then(start) };
            overlaps(valid, window)
        }
        Record::Place(_) => true,
    }
}

fn overlaps(a: TimeWindow, b: TimeWindow) -> bool {
    let begins_before = |start: Option<i64>, end: Option<i64>| start.zip(end).is_none_or(|(start, end)| start < end);
    begins_before(a.start_s, b.end_s) && begins_before(b.start_s, a.end_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_open_stretches_touch_only_when_they_share_a_second() {
        let w = |start_s, end_s| TimeWindow { start_s, end_s };
        assert!(overlaps(w(Some(0), Some(2)), w(Some(1), Some(3))));
        assert!(!overlaps(w(Some(0), Some(2)), w(Some(2), Some(3))));
        assert!(!overlaps(w(Some(2), Some(3)), w(Some(0), Some(2))));
        assert!(overlaps(w(None, Some(2)), w(Some(1), None)) && overlaps(w(None, None), w(Some(5), Some(6))));
    }

    #[test]
    fn a_box_over_the_antimeridian_is_two() {
        let bbox = BBox::parse("179,-1,-179,1").expect("box");
        let line = |from: f64, to: f64| {
            Shape::Line(geo::MultiLineString(vec![geo::LineString::from(vec![(from, 0.0), (to, 0.0)])]))
        };
        assert!(touches(Some(&line(-179.5, -170.0)), &bbox) && touches(Some(&line(170.0, 179.5)), &bbox));
        assert!(!touches(Some(&line(-170.0, 170.0)), &bbox) && !touches(None, &bbox));
    }
}
