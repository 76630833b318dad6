//! From one lead to the next and back.

use std::fs;

use fixlead::case::Action;
use fixlead::playbook::builtin;
use fixlead::store::{Access, BundleFault, Reason, StoreError};

use crate::support::{Home, ID, hand_over, mode, set};

/// A case that was handed over, and the text of its bundle.
fn handed_over() -> (Home, std::path::PathBuf) {
    let home = Home::with_case();
    home.replace("state = ", "# a person's words\nstate = ");
    home.edit("e-1", hand_over("grace")).unwrap();
    let bundle = home.store.export(ID).unwrap();
    (home, bundle)
}

#[test]
fn a_case_goes_over_and_comes_back() {
    let (ada, bundle) = handed_over();
    assert_eq!(bundle, ada.path(&format!("outbox/{ID}-hand-over.toml")));
    assert_eq!(mode(&bundle), 0o600);
    assert_eq!(ada.load().access, Access::ReadOnly(Reason::HandedOver { to: "grace".to_owned() }));

    let grace = Home::empty();
    assert_eq!(grace.store.import(&bundle).unwrap(), ID);
    let received = grace.load();
    assert_eq!(received.access, Access::Write);
    assert!(received.notices.is_empty(), "{:?}", received.notices);
    assert!(received.case.record().hand_over.as_ref().unwrap().received);
    assert_eq!(received.case.record().event, ada.load().case.record().event);
    assert!(grace.text().contains("# a person's words"));
    grace.edit("e-2", Action::Accept).unwrap();
    grace.edit("e-3", set("vulnerability.V1.cve", "CVE-2026-3")).unwrap();

    grace.edit("e-4", hand_over("ada")).unwrap();
    let before = ada.text();
    ada.store.import(&grace.store.export(ID).unwrap()).unwrap();
    assert_eq!(ada.cve().as_deref(), Some("CVE-2026-3"));
    let backups = ada.names("backups");
    let newest = fs::read_to_string(ada.path("backups").join(backups.last().unwrap())).unwrap();
    assert_eq!(newest, before, "what was replaced is a backup");
}

#[test]
fn a_case_that_was_not_handed_over_is_never_replaced() {
    let (_ada, bundle) = handed_over();
    let other = Home::with_case();
    let before = other.text();
    assert!(matches!(other.store.import(&bundle), Err(StoreError::Exists { .. })));
    assert_eq!(other.text(), before);
    assert!(matches!(other.store.export(ID), Err(StoreError::Bundle(BundleFault::NotHandedOver))));
}

fn import_of(text: &str) -> StoreError {
    let home = Home::empty();
    let file = home.folder.path().join("bundle");
    fs::write(&file, text).unwrap();
    let error = home.store.import(&file).unwrap_err();
    assert!(home.store.ids().unwrap().is_empty(), "nothing was made");
    error
}

#[test]
fn nothing_that_was_tampered_with_comes_in() {
    let (_ada, bundle) = handed_over();
    let good = fs::read_to_string(bundle).unwrap();
    let fault = |text: &str| match import_of(text) {
        StoreError::Bundle(fault) => fault,
        other => panic!("{other}"),
    };
    assert_eq!(fault(&good.replace(ID, "../../evil")), BundleFault::BadId);
    assert_eq!(fault(&good.replacen(ID, "other-name", 1)), BundleFault::BadId);
    assert_eq!(fault(&good.replacen("Emissary", "Emisary", 1)), BundleFault::Fingerprint);
    assert_eq!(fault(&good.replacen("schema = 1", "schema = 2", 1)), BundleFault::Newer(2));
    assert!(matches!(fault(&good.replacen("state = ", "stat = ", 1)), BundleFault::Case(_)));
    assert!(matches!(fault("x = 1"), BundleFault::Unreadable(_)));
    assert!(matches!(fault(""), BundleFault::Unreadable(_)));
    assert!(matches!(fault(&"#".repeat(9 * 1024 * 1024)), BundleFault::Unreadable(_)));
    let named = good.find("[hand_over]").unwrap();
    let end = named + good[named..].find("\n\n").unwrap();
    assert_eq!(fault(&format!("{}{}", &good[..named], &good[end..])), BundleFault::NotHandedOver);
}

#[test]
fn a_bundle_that_is_no_file_is_refused() {
    let home = Home::empty();
    assert!(matches!(home.store.import(home.folder.path()), Err(StoreError::Bundle(_))));
    assert!(matches!(home.store.import(std::path::Path::new("/dev/zero")), Err(StoreError::Bundle(_))));
}

#[test]
fn a_case_that_switched_takes_all_its_processes_along() {
    let home = Home::with_case();
    let text = builtin("gardener").unwrap();
    home.store.add_playbook(ID, text).unwrap();
    home.edit("e-1", hand_over("grace")).unwrap();
    let grace = Home::empty();
    grace.store.import(&home.store.export(ID).unwrap()).unwrap();
    assert_eq!(grace.names("").iter().filter(|name| name.starts_with("playbook")).count(), 2);
}
