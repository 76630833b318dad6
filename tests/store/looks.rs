//! What was last found in the repositories of a case.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use fixlead::divergence::{Component, Expected, Look, Report, Role};
use fixlead::store::StoreError;
use jiff::SignedDuration;

use crate::support::{Home, ID, set};

fn look() -> Look {
    let asked = Component {
        name: "api".into(),
        urls: BTreeMap::from([(Role::Security, "/private".into())]),
        clone: None,
        branches: vec!["main".into()],
        tags: Vec::new(),
        pin: None,
        fixes: Vec::new(),
        memory: String::new(),
        has_fixes_elsewhere: false,
        is_embargoed: true,
        expected: Expected::PrivateAhead,
        may_lag: SignedDuration::from_hours(1),
    };
    Look { asked, report: Report::blank("api") }
}

#[test]
fn looks_come_back_as_they_were_kept_and_only_the_owner_reads_them() {
    let home = Home::with_case();
    let before = home.store.looked(ID);
    assert!(before.looks.is_empty());
    home.store.keep_looks(ID, &[look()]).unwrap();
    let after = home.store.looked(ID);
    assert_eq!(after.looks, [look()]);
    assert!(!home.store.is_last_look(ID, &before), "somebody has looked");
    assert!(home.store.is_last_look(ID, &after));
    let mode = fs::metadata(home.path("looked.json")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert!(matches!(home.store.keep_looks("no-such-case", &[]), Err(StoreError::NotFound { .. })));
}

#[test]
fn whatever_is_no_look_of_this_program_counts_as_none() {
    let home = Home::with_case();
    home.store.keep_looks(ID, &[look()]).unwrap();
    let path = home.path("looked.json");
    let good = fs::read_to_string(&path).unwrap();
    let deep = format!("{{\"schema\":1,\"looks\":{}", "[".repeat(100_000));
    let newer = good.replace("\"schema\":1", "\"schema\":2");
    for text in ["", "null", "{", &good[..good.len() / 2], &newer, &deep] {
        fs::write(&path, text).unwrap();
        assert!(home.store.looked(ID).looks.is_empty(), "{}", &text[..text.len().min(40)]);
    }
    fs::remove_file(&path).unwrap();
    symlink("/dev/zero", &path).unwrap();
    assert!(home.store.looked(ID).looks.is_empty());
    home.store.keep_looks(ID, &[look()]).unwrap();
    assert_eq!(home.store.looked(ID).looks, [look()], "the next look takes its place");
}

#[test]
fn looks_stay_here_when_a_case_is_handed_over() {
    let home = Home::with_case();
    home.edit("e-1", set("component.api.urls.security", "/private")).unwrap();
    let mut look = look();
    look.report.errors.push("found-on-this-machine".into());
    home.store.keep_looks(ID, &[look]).unwrap();
    let hand_over = fixlead::case::Action::HandOver { to: "bob".into(), note: None };
    home.edit("e-2", hand_over).unwrap();
    let bundle = fs::read_to_string(home.store.export(ID).unwrap()).unwrap();
    assert!(!bundle.contains("found-on-this-machine"));
}
