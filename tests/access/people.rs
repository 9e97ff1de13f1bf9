//! People in the data file: every change of them is one transaction with an entry in the log.

use jiff::SignedDuration;
use lagesbild::domain::Role;
use lagesbild::store::{DataFile, KeyScope, NewKey, PasswordHash, StoreError, people_of, verify_audit};

use crate::{PASSWORD, add_people, empty_file, key, now, operator, session};

fn file() -> (tempfile::TempDir, DataFile) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut file = DataFile::open(&empty_file(folder.path())).expect("opens");
    add_people(&mut file);
    (folder, file)
}

#[test]
fn what_was_added_is_read_back_and_also_beside_a_writer() {
    let (_folder, mut file) = file();
    let key = key(&mut file, "editor", KeyScope::Write);
    let token = session(&mut file, "editor");
    let people = file.people().expect("read");
    assert_eq!(people_of(file.path()).expect("read"), people);
    assert_eq!((people.users.len(), people.keys.len(), people.sessions.len()), (5, 1, 1));
    let both = &people.users["both"];
    assert_eq!((both.roles.as_slice(), both.added, both.revoked), (&[Role::Editor, Role::Publisher][..], now(), None));
    assert!(people.users["editor"].password.as_ref().is_some_and(|hash| hash.matches(PASSWORD)));
    let kept = &people.keys[&key[3..11]];
    assert_eq!((kept.user.as_str(), kept.scope, kept.last_used), ("editor", KeyScope::Write, None));
    assert_eq!(kept.expires, now() + SignedDuration::from_hours(24));
    assert_eq!(people.sessions[&token.digest()].user, "editor");
}

#[test]
fn what_cannot_be_is_refused_with_the_reason_and_changes_nothing() {
    let (_folder, mut file) = file();
    let before = file.people().expect("read");
    let hash = PasswordHash::of(PASSWORD, "x").expect("accepted");
    let hour = SignedDuration::from_hours(1);
    let new = |user: &str, label: &str, lifetime: SignedDuration| NewKey {
        user: user.to_string(),
        label: label.to_string(),
        scope: KeyScope::Read,
        lifetime,
    };
    let who = operator();
    let refused: Vec<Result<(), StoreError>> = vec![
        file.add_user(&who, "editor", &[Role::Reader], None, now()),
        file.add_user(&who, "Anna", &[Role::Reader], None, now()),
        file.add_user(&who, "", &[Role::Reader], None, now()),
        file.add_user(&who, "a b", &[Role::Reader], None, now()),
        file.add_user(&who, &"a".repeat(65), &[Role::Reader], None, now()),
        file.add_user(&who, "anna", &[], None, now()),
        file.set_password(&who, "nobody-here", &hash),
        file.set_roles(&who, "nobody-here", &[Role::Reader]),
        file.set_roles(&who, "editor", &[]),
        file.revoke_user(&who, "nobody-here", now()),
        file.revoke_key(&who, "00000000", None, now()),
        file.add_key(&who, &new("nobody-here", "", hour), now()).map(drop),
        file.add_key(&who, &new("reader", &"x".repeat(101), hour), now()).map(drop),
        file.add_key(&who, &new("reader", "a\nb", hour), now()).map(drop),
        file.add_key(&who, &new("reader", "", SignedDuration::ZERO), now()).map(drop),
        file.add_key(&who, &new("reader", "", SignedDuration::from_hours(24 * 4000)), now()).map(drop),
        file.begin_session("nobody-here", None, hour, now()).map(drop),
    ];
    for (at, result) in refused.into_iter().enumerate() {
        assert!(matches!(result, Err(StoreError::People(_))), "number {at}: {result:?}");
    }
    assert_eq!(file.people().expect("read"), before);
}

#[test]
fn revoking_an_account_ends_its_keys_and_sessions_and_keeps_its_name() {
    let (_folder, mut file) = file();
    key(&mut file, "editor", KeyScope::Read);
    key(&mut file, "reader", KeyScope::Read);
    session(&mut file, "editor");
    file.revoke_user(&operator(), "editor", now()).expect("revoked");
    let people = file.people().expect("read");
    assert_eq!(people.users["editor"].revoked, Some(now()));
    assert_eq!(people.keys.values().filter(|key| key.revoked.is_some()).count(), 1);
    assert!(people.sessions.is_empty() && people.has_accounts());
    assert!(file.add_user(&operator(), "editor", &[Role::Reader], None, now()).is_err(), "the log would mix them up");
    assert!(file.revoke_user(&operator(), "editor", now()).is_err());
    assert!(file.begin_session("editor", None, SignedDuration::from_hours(1), now()).is_err());
}

#[test]
fn every_change_of_people_is_in_the_log_and_use_is_not() {
    let (_folder, mut file) = file();
    let entries = |file: &DataFile| verify_audit(file.path(), None).expect("read").entries;
    let before = entries(&file);
    let made = key(&mut file, "editor", KeyScope::Read);
    let token = session(&mut file, "editor");
    file.set_roles(&operator(), "both", &[Role::Reader]).expect("changed");
    file.set_password(&operator(), "editor", &PasswordHash::of(PASSWORD, "editor").expect("accepted"))
        .expect("changed");
    file.end_session(&operator(), &token.digest()).expect("ended");
    file.revoke_key(&operator(), &made[3..11], Some("editor"), now()).expect("revoked");
    file.revoke_user(&operator(), "both", now()).expect("revoked");
    assert_eq!(entries(&file), before + 7);
    let used = now() + SignedDuration::from_hours(2);
    file.note_use(&[(made[3..11].to_string(), used)], &[]).expect("noted");
    assert_eq!(file.people().expect("read").keys[&made[3..11]].last_used, Some(used));
    assert_eq!(entries(&file), before + 7);
}
