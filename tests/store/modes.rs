//! Modes, umasks, limits and who has a case open: cases 9, 12, 13, 18 to 20.

use std::fs;
use std::process::Command;

use fixlead::store::{Access, Reason, SaveFailure, Store, StoreError};

use crate::support::{Home, ID, act, mode, set, set_mode};

fn is_refused_politely(home: &Home, named: &str) {
    let before = home.text();
    let loaded = home.load();
    let Access::ReadOnly(Reason::NotWritable(why)) = &loaded.access else { panic!("{:?}", loaded.access) };
    assert!(why.starts_with(named) && why.contains("read-only"), "{why}");
    let mut mine = loaded.case.clone();
    act(&mut mine, "e-9", set("lead", "bob"));
    let failed = home.store.save(&loaded, &mine).unwrap_err();
    let StoreError::NotSaved { why: SaveFailure::NoPermission(why), .. } = &failed else { panic!("{failed}") };
    assert!(why.starts_with(named), "{why}");
    assert!(failed.to_string().ends_with("make it writable, then save again"), "{failed}");
    assert_eq!(home.text(), before);
}

#[test]
fn case_12_a_read_only_folder_is_respected() {
    let home = Home::with_case();
    set_mode(&home.path(""), 0o500);
    let names = home.names("");
    is_refused_politely(&home, "the folder of the case");
    let failed = home.store.restore(ID).unwrap_err();
    assert!(failed.to_string().contains("the folder of the case is set to read-only"), "{failed}");
    assert_eq!(home.names(""), names);
    set_mode(&home.path(""), 0o700);
}

#[test]
fn case_13_a_read_only_file_is_respected() {
    let home = Home::with_case();
    set_mode(&home.path("case.toml"), 0o400);
    is_refused_politely(&home, "case.toml");
    assert_eq!(mode(&home.path("case.toml")), 0o400);
}

#[test]
fn the_mode_that_a_person_gave_stays() {
    let home = Home::with_case();
    set_mode(&home.path("case.toml"), 0o640);
    home.edit("e-1", set("lead", "bob")).unwrap();
    assert_eq!(mode(&home.path("case.toml")), 0o640);
}

/// Runs one of the tests below again, alone, behind a shell line that sets something for the whole process.
fn again(name: &str, shell: &str) {
    let program = std::env::current_exe().unwrap();
    let line = format!("{shell}; exec \"$0\" --exact \"$1\" --ignored --nocapture");
    let out = Command::new("sh").arg("-c").arg(line).arg(program).arg(name).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn case_18_any_umask_gives_the_same_modes() {
    again("modes::under_a_umask", "umask 000");
    again("modes::under_a_umask", "umask 777");
}

#[test]
#[ignore = "run by case 18 in a process of its own"]
fn under_a_umask() {
    // The folder for the test itself has to be made by hand: the umask counts for it too.
    let root = std::env::temp_dir().join(format!("fixlead-umask-{}", std::process::id()));
    let store = Store::open(&root.join("deep/data")).unwrap();
    let text = fixlead::playbook::builtin("emissary").unwrap();
    store.create(&crate::support::new_case(ID, "x"), text).unwrap();
    store.edit(ID, |case| crate::support::try_act(case, "e-1", set("lead", "bob"))).unwrap();
    store.edit(ID, |case| crate::support::try_act(case, "e-2", crate::support::hand_over("eve"))).unwrap();
    store.export(ID).unwrap();
    let claim = store.claim(ID).unwrap();
    let case = store.root().join("cases").join(ID);
    for folder in ["", "backups", "outbox"] {
        assert_eq!(mode(&case.join(folder)), 0o700, "{folder}");
    }
    assert_eq!(mode(&root), 0o700);
    let backup = fs::read_dir(case.join("backups")).unwrap().next().unwrap().unwrap().path();
    let bundle = case.join(format!("outbox/{ID}-hand-over.toml"));
    let files = ["case.toml", "playbook.toml", "case.lock", "case.open"].map(|name| case.join(name));
    for file in files.iter().chain([&backup, &bundle]) {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    drop(claim);
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn case_9_a_limit_on_files_is_an_error_and_the_old_file_stays() {
    again("modes::under_a_limit", "trap '' XFSZ; ulimit -f 32");
}

#[test]
#[ignore = "run by case 9 in a process of its own"]
fn under_a_limit() {
    let home = Home::empty();
    let small = fixlead::playbook::builtin("duo-workflow-executor").unwrap();
    let mut case = crate::support::new_case(ID, "x");
    let playbook = std::sync::Arc::new(fixlead::playbook::Playbook::parse(small).unwrap());
    let mut record = case.record().clone();
    record.playbook.id.clone_from(&playbook.id);
    record.playbook.sha256 = fixlead::store::sha256(small);
    case = fixlead::case::Case::new(record, playbook);
    home.store.create(&case, small).unwrap();
    let before = home.text();
    let failed = home.edit("e-1", set("vulnerability.V1.summary", &"x".repeat(60_000))).unwrap_err();
    assert!(failed.to_string().contains("limit on the size of files"), "{failed}");
    assert_eq!(home.text(), before);
}

#[test]
fn case_19_a_second_screen_is_told_who_has_the_case_and_verbs_go_on() {
    let home = Home::with_case();
    let claim = home.store.claim(ID).unwrap();
    let held = home.store.claim(ID).unwrap_err();
    let StoreError::HeldBy { holder, .. } = &held else { panic!("{held}") };
    assert_eq!(holder.pid, std::process::id());
    assert!(!holder.host.is_empty());
    home.edit("e-1", set("lead", "bob")).unwrap();
    drop(claim);
    home.store.claim(ID).unwrap();
}

#[test]
fn case_20_a_lock_file_of_a_killed_process_is_no_obstacle() {
    let home = Home::with_case();
    fs::write(home.path("case.lock"), "4711").unwrap();
    fs::write(home.path("case.open"), "pid = 4711\nhost = \"x\"\nsince = \"2026-01-01T00:00:00Z\"\n").unwrap();
    home.edit("e-1", set("lead", "bob")).unwrap();
    home.store.claim(ID).unwrap();
}
