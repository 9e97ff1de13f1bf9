//! `/utgavor`: what can be done with a release, and when what was done to it happened.

use jiff::Timestamp;
use jiff::civil::date;
use lagesbild::domain::{Actor, Role};
use lagesbild::spatial::DataClass;
use lagesbild::store::{NewRelease, PublishRule};

use crate::server::{Reply, Server, between};

fn follow_up(number: u32, month: i8) -> NewRelease {
    let first = date(2026, month, 1);
    NewRelease {
        number,
        stream: "follow-up".into(),
        period: format!("2026-{month:02}"),
        first,
        last: first.last_of_month(),
        published_on: date(2026, 6, 30),
        revision_of: None,
        content_sha256: number.to_string().repeat(64),
        areas_sha256: "a".repeat(64),
        data_revision: 1,
    }
}

/// The part of the page about a release; the newest is first.
fn row(page: &Reply, number: u32) -> String {
    between(&page.text, &format!("<th scope=\"row\">{number}</th>"), "</tr>").expect("its row").to_string()
}

#[test]
fn a_draft_and_a_published_release_are_withdrawn_on_the_page_on_the_day_it_is_where_the_data_is() {
    // Half past midnight on the last of June in Nässjö.
    let night: Timestamp = "2026-06-29T22:30:00Z".parse().expect("a moment");
    let server = Server::start_with(DataClass::Synthetic, Vec::new(), Vec::new(), |file| {
        let rule = PublishRule { sole_publisher: false, wait_hours: 24 };
        let [anna, bo] = ["anna", "bo"].map(|name| Actor::verified(name, vec![Role::Publisher]));
        for new in [follow_up(1, 4), follow_up(2, 5)] {
            file.register_release(&anna, &new, night).expect("built");
        }
        file.publish_release(&bo, 1, night, &rule).expect("published");
    });
    let page = server.get("/utgavor");
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(row(&page, 1).contains("publicerad av bo den 2026-06-30"), "{}", row(&page, 1));
    assert!(!row(&page, 1).contains("/utgavor/1/publicera") && row(&page, 2).contains("/utgavor/2/publicera"));
    for number in [1, 2] {
        let path = format!("/utgavor/{number}/dra-in");
        assert!(row(&page, number).contains(&path), "{}", row(&page, number));
        let done = server.post(&path, &[("reason", "fel period"), ("as", "bo")]);
        assert_eq!((done.status, done.header("location")), (303, Some("/utgavor")), "{}", done.text);
        let after = row(&server.get("/utgavor"), number);
        assert!(after.contains("indragen den 2026-06-30: fel period"), "{after}");
        assert!(!after.contains("dra-in") && !after.contains("publicera\""), "nothing is left to do: {after}");
    }
    // A day that has not ended yet in UTC was never said.
    assert!(!server.get("/utgavor").text.contains("2026-06-29"));
}
