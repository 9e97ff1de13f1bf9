//! When statuses changed.

use lagesbild::domain::{CountBy, Record};
use lagesbild::followup::history::status_changes;
use lagesbild::followup::status::Status;

use crate::books::{book, commitment, document, operation, period, pledge};

#[test]
fn every_change_is_told_on_its_day() {
    // At least one in 100 days from 1 January: half is gone when day 51 begins, on 20 February.
    let document = document(
        "d",
        "2025-01-01/2025-04-10",
        vec![commitment("c", pledge("targeted_operation", 1, CountBy::Operation))],
    );
    let late = Record::Activity(operation("a", "2025-03-01T20:00"));
    let told = |records: Vec<Record>| -> Vec<(String, Status, Status)> {
        let changes = status_changes(&book(vec![document.clone()], records), &period("2024-12-01/2025-05-01"));
        changes.into_iter().map(|c| (c.on.to_string(), c.from, c.to)).collect()
    };
    let behind = ("2025-02-20".to_string(), Status::NotStarted, Status::Behind);
    assert_eq!(told(vec![late]), [behind.clone(), ("2025-03-01".to_string(), Status::Behind, Status::Met)]);
    assert_eq!(told(vec![]), [behind, ("2025-04-11".to_string(), Status::Behind, Status::Missed)]);
}
