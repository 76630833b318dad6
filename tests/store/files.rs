//! What can lie in the place of the file: cases 14 to 17 and 33 to 34, names, and the first text.

use std::fs;
use std::os::unix::fs::symlink;

use fixlead::store::{Notice, StoreError, Unreadable, is_id};

use crate::support::{Home, ID, TITLE, names, new_case, set};

fn refused(home: &Home) -> Unreadable {
    // A pipe without a writer that was opened to be waited for would never come back.
    match home.store.load(ID).unwrap_err() {
        StoreError::Unreadable { why, .. } => why,
        other => panic!("{other}"),
    }
}

#[test]
fn case_14_behind_a_symbolic_link_the_target_is_updated() {
    let home = Home::with_case();
    let elsewhere = home.folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::rename(home.path("case.toml"), elsewhere.join("real.toml")).unwrap();
    symlink(elsewhere.join("real.toml"), home.path("case.toml")).unwrap();
    home.edit("e-1", set("lead", "bob")).unwrap();
    assert!(fs::symlink_metadata(home.path("case.toml")).unwrap().is_symlink());
    assert!(fs::read_to_string(elsewhere.join("real.toml")).unwrap().contains("lead = \"bob\""));
    assert_eq!(names(&elsewhere), ["real.toml"], "nothing is left beside it");
    assert_eq!(home.names("backups").len(), 1);
}

#[test]
fn case_15_a_dangling_link_is_refused() {
    let home = Home::with_history();
    fs::remove_file(home.path("case.toml")).unwrap();
    symlink("nowhere", home.path("case.toml")).unwrap();
    assert_eq!(refused(&home), Unreadable::Dangling);
    home.store.restore(ID).unwrap();
    assert!(home.load().is_writable());
}

#[test]
fn case_16_a_pipe_is_refused_without_waiting() {
    let home = Home::with_history();
    fs::remove_file(home.path("case.toml")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(home.path("case.toml")).status().unwrap();
    assert!(made.success());
    assert_eq!(refused(&home), Unreadable::NotAFile("a pipe"));
}

#[test]
fn case_17_a_folder_and_a_device_are_refused() {
    let home = Home::with_history();
    fs::remove_file(home.path("case.toml")).unwrap();
    fs::create_dir(home.path("case.toml")).unwrap();
    assert_eq!(refused(&home), Unreadable::NotAFile("a folder"));
    fs::remove_dir(home.path("case.toml")).unwrap();
    symlink("/dev/zero", home.path("case.toml")).unwrap();
    assert_eq!(refused(&home), Unreadable::NotAFile("a device"));
}

#[test]
fn cases_33_and_34_no_title_ever_becomes_a_path() {
    let home = Home::empty();
    let text = fixlead::playbook::builtin("emissary").unwrap();
    for title in ["../../x", "CON", "漢字", ".."] {
        let id = home.store.new_id().unwrap();
        assert!(is_id(&id) && id.split('-').count() == 2, "{id}");
        home.store.create(&new_case(&id, title), text).unwrap();
        assert_eq!(home.store.load(&id).unwrap().case.record().title, title);
    }
    assert_eq!(home.store.ids().unwrap().len(), 4);
    assert_eq!(names(home.store.root()), ["cases"]);
}

#[test]
fn hostile_codenames_are_not_found() {
    let home = Home::with_case();
    for id in ["..", "../cases/slate-kangaroo", "", "a", "-rf", "Slate", "a/b", "/etc", "nul\0nul"] {
        assert!(matches!(home.store.load(id), Err(StoreError::NotFound { .. })), "{id}");
    }
    assert!(home.store.create(&new_case("../evil", "x"), fixlead::playbook::builtin("emissary").unwrap()).is_err());
}

#[test]
fn a_case_is_made_once() {
    let home = Home::with_case();
    let before = home.text();
    let again = home.store.create(&new_case(ID, "other"), fixlead::playbook::builtin("emissary").unwrap());
    assert!(matches!(again, Err(StoreError::Exists { .. })));
    assert_eq!(home.text(), before);
    assert_eq!(names(&home.store.root().join("cases")), [ID], "nothing half made is left");
}

#[test]
fn the_first_text_is_one_that_a_person_can_read() {
    let home = Home::with_case();
    home.edit("e-1", set("vulnerability.V1.summary", "one\ntwo")).unwrap();
    let text = home.text();
    let start = format!(
        "schema = 1\nid = \"{ID}\"\ntitle = \"{TITLE}\"\nstate = \"embargo\"\nlead = \"ada\"\nplaybook = {{ id = \"emissary\", sha256 = "
    );
    assert!(text.starts_with(&start), "{text}");
    assert!(text.contains("}\n\n[[vulnerability]]\nid = \"V1\"\n"), "{text}");
    assert!(text.contains("summary = \"\"\"\none\ntwo\"\"\"\n"), "{text}");
    assert!(text.contains("\n\n[[event]]\nid = \"e-created\"\n"), "{text}");
    assert!(text.contains("after = { \"vulnerability/V1/summary\" = "), "{text}");
}

#[test]
fn new_tables_come_in_their_fixed_order_before_the_events() {
    let home = Home::with_case();
    home.edit("e-1", set("person.bob.name", "Bob")).unwrap();
    home.edit("e-2", set("component.core.purl", "pkg:x/y")).unwrap();
    home.edit("e-3", set("vulnerability.V2.cve", "CVE-2026-2")).unwrap();
    let text = home.text();
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} is not in\n{text}"));
    let order =
        ["\"V1\"\n", "\"V2\"\n", "[[component]]", "[[person]]", "\"e-created\"", "\"e-1\"", "\"e-2\"", "\"e-3\""];
    assert!(order.windows(2).all(|pair| place(pair[0]) < place(pair[1])), "{text}");
}

#[test]
fn a_process_edited_by_hand_is_used_with_a_notice() {
    let home = Home::with_case();
    let text = fs::read_to_string(home.path("playbook.toml")).unwrap();
    fs::write(home.path("playbook.toml"), format!("# mine\n{text}")).unwrap();
    assert_eq!(home.load().notices, [Notice::PlaybookEdited]);
    fs::write(home.path("playbook.toml"), "broken = ").unwrap();
    assert_eq!(home.load().notices, [Notice::PlaybookReplaced]);
    fs::remove_file(home.path("playbook.toml")).unwrap();
    assert!(home.load().notices.is_empty(), "the built-in one has the right fingerprint");
}

#[test]
fn a_process_that_is_nowhere_is_an_error_that_says_so() {
    let home = Home::with_case();
    let sha = fixlead::store::sha256(fixlead::playbook::builtin("emissary").unwrap());
    home.replace(&sha, &"0".repeat(64));
    fs::remove_file(home.path("playbook.toml")).unwrap();
    assert!(matches!(home.store.load(ID), Err(StoreError::Playbook { .. })));
}

#[test]
fn a_further_process_is_added_once() {
    let home = Home::with_case();
    let text = fixlead::playbook::builtin("gardener").unwrap();
    home.store.add_playbook(ID, text).unwrap();
    home.store.add_playbook(ID, text).unwrap();
    let name = format!("playbook-{}.toml", &fixlead::store::sha256(text)[..12]);
    assert_eq!(fs::read_to_string(home.path(&name)).unwrap(), text);
    let others = home.names("").into_iter().filter(|name| name.starts_with("playbook")).count();
    assert_eq!(others, 2);
}

#[test]
fn a_list_written_inline_by_hand_is_edited_in_place() {
    let home = Home::with_case();
    home.replace("\n[[vulnerability]]", "person = [ { id = \"bob\", name = \"Bob\" }, # mine\n]\n\n[[vulnerability]]");
    home.edit("e-1", set("person.bob.name", "Robert")).unwrap();
    home.edit("e-2", set("person.eve.name", "Eve")).unwrap();
    let text = home.text();
    assert!(text.contains("person = [ { id = \"bob\", name = \"Robert\" },") && text.contains("# mine"), "{text}");
    assert_eq!(home.load().case.record().person.len(), 2);
}
