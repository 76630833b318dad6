//! Older versions, copies from elsewhere, and what was changed on both sides.

use std::fs;
use std::path::PathBuf;

use fixlead::case::address::flatten;
use fixlead::case::record::LeakExtent;
use fixlead::case::{Action, Case, EventKind, Refusal, Trouble};
use fixlead::playbook::builtin;
use fixlead::store::{StoreError, Unreadable, sha256};

use crate::support::{Home, ID, act, hand_over, mode, names, new_case, set, set_mode, try_act};

/// Both sides set the lead; the copy beside the case asks.
fn conflict() -> Home {
    let home = Home::with_case();
    let base = home.load();
    let mut mine = base.case.clone();
    act(&mut mine, "m-1", set("lead", "zoe"));
    home.edit("d-1", set("lead", "bob")).unwrap();
    home.store.save(&base, &mine).unwrap();
    home
}

/// The timeline says that another version was put in place.
fn told(case: &mut Case, event_id: &str) -> Result<(), Refusal> {
    try_act(case, event_id, Action::Restore { of: None })
}

fn lead(home: &Home) -> Option<String> {
    home.load().case.record().lead.clone()
}

#[test]
fn the_older_versions_are_told_with_what_was_done_since() {
    let home = Home::with_history();
    let versions = home.store.versions(ID).unwrap();
    assert_eq!(versions.iter().map(|version| version.since).collect::<Vec<_>>(), [Some(1), Some(2)]);
    assert_eq!(versions[0].last, "V1: cve: set");
    assert!(versions[0].at > versions[1].at);
    let older = home.store.load_version(ID, versions[1].at).unwrap();
    assert_eq!(older.case.record().event.len(), 1);
    assert!(!older.is_writable());
    assert!(home.store.save(&older, &older.case).is_err(), "what is only looked at is never saved");
}

#[test]
fn one_goes_back_to_a_version_and_the_one_before_becomes_a_version() {
    let home = Home::with_history();
    let (before, versions) = (home.text(), home.store.versions(ID).unwrap());
    let restored = home.store.restore_version(ID, versions[1].at, |case| told(case, "t-1")).unwrap();
    assert_eq!(restored.lacks.len(), 2);
    assert_eq!(restored.lacks[1], "V1: cve: set");
    assert_eq!(home.cve(), None);
    assert_eq!(fs::read_to_string(restored.replaced.unwrap()).unwrap(), before);
    assert!(restored.damaged.is_none());
    let newest = &home.store.versions(ID).unwrap()[0];
    assert_eq!((newest.since, newest.last.as_str()), (Some(0), "V1: cve: set"), "going back is nothing that was done");
    let restored = home.store.restore_version(ID, newest.at, |case| told(case, "t-2")).unwrap();
    assert!(restored.lacks.is_empty(), "{restored:?}");
    assert!(home.text().starts_with(&before), "and forth again, with comments and keys of a person");
    assert_eq!(home.load().case.record().event.last().unwrap().kind, EventKind::Restored);
}

#[test]
fn a_version_that_is_not_there_is_none() {
    let home = Home::with_history();
    let before = home.text();
    let refused = home.store.restore_version(ID, crate::support::now(), |case| told(case, "t-1")).unwrap_err();
    assert!(matches!(refused, StoreError::NoVersion { .. }), "{refused}");
    assert!(refused.to_string().contains(&format!("fixlead case versions {ID}")), "{refused}");
    assert_eq!(home.text(), before);
}

#[test]
fn a_copy_goes_elsewhere_for_its_owner_only_and_comes_back() {
    let home = Home::with_history();
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy.toml");
    home.write(format!("# of mine\n{}", home.text()));
    let mut mine = home.load().case;
    act(&mut mine, "m-1", set("lead", "zoe"));
    set_mode(&home.path(""), 0o500);
    assert!(home.store.save(&home.load(), &mine).is_err());
    home.store.write_copy(&mine, &copy).unwrap();
    assert_eq!(mode(&copy), 0o600);
    assert!(home.store.write_copy(&mine, &copy).is_err(), "nothing is written over");
    assert_eq!(names(elsewhere.path()), ["copy.toml"], "and nothing half done is left");
    assert!(home.store.restore_file(ID, &copy, |case| told(case, "t-1")).is_err(), "the folder can't be written yet");
    set_mode(&home.path(""), 0o700);
    let before = home.text();
    let restored = home.store.restore_file(ID, &copy, |case| told(case, "t-1")).unwrap();
    assert_eq!(lead(&home).as_deref(), Some("zoe"));
    assert!(home.text().starts_with("# of mine\n"), "comments of a person go along");
    assert_eq!(fs::read_to_string(restored.replaced.unwrap()).unwrap(), before);
    assert!(copy.exists(), "the copy stays");
}

#[test]
fn only_a_copy_of_the_same_case_is_put_in_place() {
    let home = Home::with_history();
    let (before, elsewhere) = (home.text(), tempfile::tempdir().unwrap());
    let copy = elsewhere.path().join("copy.toml");
    let missing = home.store.restore_file(ID, &copy, |case| told(case, "t-1")).unwrap_err();
    assert!(matches!(missing, StoreError::BadCopy { why: Unreadable::Missing }), "{missing}");
    fs::write(&copy, "broken").unwrap();
    assert!(matches!(home.store.restore_file(ID, &copy, |case| told(case, "t-1")), Err(StoreError::BadCopy { .. })));
    let other = elsewhere.path().join("other.toml");
    home.store.write_copy(&new_case("amber-owl", "x"), &other).unwrap();
    assert!(
        home.store.restore_file(ID, &other, |case| told(case, "t-1")).unwrap_err().to_string().contains("another case")
    );
    assert_eq!(home.text(), before);
}

#[test]
fn no_version_takes_the_place_of_a_newer_program_s_case_and_none_of_its_is_put_in_place() {
    let home = Home::with_history();
    let elsewhere = tempfile::tempdir().unwrap();
    let (at, copy) = (home.store.versions(ID).unwrap()[1].at, elsewhere.path().join("copy.toml"));
    let (before, newer) = (home.text(), home.text().replacen("schema = 1", "schema = 99", 1));
    fs::write(&copy, &newer).unwrap();
    let refused = home.store.restore_file(ID, &copy, |case| told(case, "t-1")).unwrap_err();
    assert!(refused.to_string().contains("update this one"), "{refused}");
    assert_eq!(home.text(), before);
    home.write(&newer);
    fs::write(&copy, &before).unwrap();
    let names = home.names("");
    let refused = home.store.restore_version(ID, at, |case| told(case, "t-1")).unwrap_err();
    assert!(refused.to_string().contains("update this one"), "{refused}");
    assert!(home.store.restore_file(ID, &copy, |case| told(case, "t-1")).is_err());
    assert!(home.store.add_playbook(ID, builtin("gardener").unwrap()).is_err());
    let refused = home.edit("e-9", set("lead", "zoe")).unwrap_err();
    assert!(refused.to_string().contains("update this one"), "{refused}");
    assert_eq!((home.text(), home.names("")), (newer, names), "and nothing is left beside it");
}

#[test]
fn a_copy_goes_to_a_disk_rather_than_into_memory() {
    let home = Home::empty();
    let best = |candidates: &[PathBuf]| home.store.elsewhere(candidates).map(|found| (found.folder, found.is_memory));
    let (same, none) = (home.folder.path().to_owned(), home.folder.path().join("not there"));
    let found = best(&[none.clone(), same.clone()]);
    assert_eq!(found.as_ref().map(|(folder, _)| folder), Some(&same));
    assert_eq!(best(&[none]), None);
    let closed = home.folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    set_mode(&closed, 0o500);
    assert_eq!(best(&[closed, same.clone()]), found, "modes are respected");
    let memory = std::path::PathBuf::from("/dev/shm");
    // Where the folder of this test lies in memory as well, one is as good as the other.
    if is_other_disk(&memory, &same) && found == Some((same.clone(), false)) {
        assert_eq!(best(&[memory.clone(), same]), found);
        assert_eq!(best(std::slice::from_ref(&memory)), Some((memory, true)));
    }
}

fn is_other_disk(one: &std::path::Path, other: &std::path::Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path| fs::metadata(path).ok().map(|found: fs::Metadata| found.dev());
    device(one).is_some() && device(one) != device(other)
}

#[test]
fn what_is_in_memory_is_stored_again_where_the_case_was_deleted_or_damaged() {
    for damage in [None, Some("<<<<<<< mine\n")] {
        let home = Home::with_history();
        home.write(format!("# of mine\n{}", home.text()));
        home.edit("e-3", set("lead", "bob")).unwrap();
        home.edit("e-4", set("lead", "eve")).unwrap();
        let base = home.load();
        let mut mine = base.case.clone();
        act(&mut mine, "m-1", set("lead", "zoe"));
        match damage {
            None => fs::remove_file(home.path("case.toml")).unwrap(),
            Some(text) => home.write(text),
        }
        let stored = home.store.put_back(&base, &mine, None).unwrap();
        assert_eq!(stored.case.record(), mine.record());
        assert!(home.text().starts_with("# of mine\n"), "comments of a person come back with it");
        let kept = home.names("").iter().any(|name| name.starts_with("case.toml.broken-"));
        assert_eq!(kept, damage.is_some());
    }
}

#[test]
fn a_folder_that_is_gone_is_made_again_with_the_text_of_its_process() {
    let home = Home::with_history();
    let base = home.load();
    let text = home.store.process_text(ID, &sha256(builtin("emissary").unwrap()));
    fs::remove_dir_all(home.path("")).unwrap();
    let stored = home.store.put_back(&base, &base.case, text.as_deref()).unwrap();
    assert_eq!(stored.case.record(), base.case.record());
    assert_eq!(mode(&home.path("")), 0o700);
    assert!(home.path("playbook.toml").exists());
}

#[test]
fn what_can_be_read_again_is_merged_and_not_replaced() {
    let home = Home::with_history();
    let base = home.load();
    let mut mine = base.case.clone();
    act(&mut mine, "m-1", set("lead", "zoe"));
    home.edit("d-1", set("title", "theirs")).unwrap();
    let stored = home.store.put_back(&base, &mine, None).unwrap();
    let record = stored.case.record();
    assert_eq!((record.title.as_str(), record.lead.as_deref()), ("theirs", Some("zoe")));
}

#[test]
fn a_conflict_is_asked_until_it_is_answered() {
    let home = conflict();
    let loaded = home.load();
    let questions = home.store.questions(&loaded);
    assert_eq!(questions.len(), 1, "{questions:?}");
    let question = &questions[0];
    assert_eq!((question.thing.as_str(), question.mine.as_str(), question.theirs.as_str()), ("lead", "zoe", "bob"));
    assert!(matches!(home.store.trouble(&loaded), Some(Trouble::Conflict(_))));
    home.store.settle(ID, &[]).unwrap();
    assert_eq!(home.store.questions(&home.load()).len(), 1, "no answer changes nothing");
}

#[test]
fn mine_counts_by_an_event_and_the_copy_is_put_away() {
    let home = conflict();
    let values = home.store.questions(&home.load())[0].values.clone();
    home.edit("r-1", Action::Resolve(values)).unwrap();
    home.store.settle(ID, &[]).unwrap();
    assert_eq!(lead(&home).as_deref(), Some("zoe"));
    assert!(home.store.questions(&home.load()).is_empty());
    assert!(!home.names("").iter().any(|name| name.contains("conflict")), "{:?}", home.names(""));
    assert!(home.names("backups").iter().any(|name| name.starts_with("answered-")));
    home.edit("u-1", Action::Undo).unwrap();
    assert_eq!(lead(&home).as_deref(), Some("bob"), "an answer can be taken back");
}

#[test]
fn theirs_stays_one_by_one_and_the_copy_goes_with_the_last() {
    let home = Home::with_case();
    let base = home.load();
    let mut mine = base.case.clone();
    act(&mut mine, "m-1", set("lead", "zoe"));
    act(&mut mine, "m-2", set("title", "mine"));
    home.edit("d-1", set("lead", "bob")).unwrap();
    home.edit("d-2", set("title", "theirs")).unwrap();
    home.store.save(&base, &mine).unwrap();
    let questions = home.store.questions(&home.load());
    assert_eq!(questions.iter().map(|one| one.thing.as_str()).collect::<Vec<_>>(), ["lead", "title"]);
    home.store.settle(ID, &questions[..1]).unwrap();
    let left = home.store.questions(&home.load());
    assert_eq!(left.iter().map(|one| one.thing.as_str()).collect::<Vec<_>>(), ["title"]);
    home.store.settle(ID, &left).unwrap();
    assert_eq!(lead(&home).as_deref(), Some("bob"));
    assert!(!home.names("").iter().any(|name| name.contains("conflict")));
    // An answered copy was never in place: it is no version to go back to.
    assert!(home.store.versions(ID).unwrap().iter().all(|version| version.since != Some(0)));
}

#[test]
fn what_was_exposed_or_leaked_stays_so_whichever_side_says_it() {
    let home = Home::with_case();
    home.edit("e-1", Action::Expose { codename: ID.to_owned() }).unwrap();
    assert!(home.edit("e-2", resolve("state", "embargo")).is_err());
    let events = vec![("event/e-1/by".to_owned(), Some("eve".into()))];
    assert!(home.edit("e-3", Action::Resolve(events)).is_err(), "the timeline is nothing to choose");
    let unknown = vec![("no_such_field".to_owned(), Some("x".into()))];
    assert!(home.edit("e-4", Action::Resolve(unknown)).is_err());
}

fn resolve(address: &str, value: &str) -> Action {
    Action::Resolve(vec![(address.to_owned(), Some(value.into()))])
}

fn leak() -> Action {
    Action::ReportLeak { extent: LeakExtent::Full, what: "a public branch".to_owned() }
}

#[test]
fn what_is_public_or_leaked_is_not_chosen_away() {
    let home = Home::with_case();
    home.edit("e-1", Action::Expose { codename: ID.to_owned() }).unwrap();
    home.edit("e-2", Action::Publish).unwrap();
    assert!(home.edit("e-3", resolve("state", "releasing")).is_err(), "public is further than releasing");
    home.edit("e-4", leak()).unwrap();
    let record = home.load().case.record().clone();
    let leaks = ["extent", "what", "at"].map(|field| (format!("leak/{field}"), None)).to_vec();
    assert!(home.edit("e-5", Action::Resolve(leaks)).is_err());
    assert!(home.edit("e-6", resolve("leak/extent", "partial")).is_err(), "more may become known, never less");
    assert_eq!(home.load().case.record(), &record);
    home.edit("e-7", resolve("lead", "zoe")).unwrap();
}

#[test]
fn an_answer_that_brought_in_a_leak_is_not_taken_back() {
    let home = Home::with_case();
    let mut mine = home.load().case;
    act(&mut mine, "m-1", leak());
    let flat = flatten(mine.record()).unwrap();
    let of_leak = |(address, _): &(&String, _)| *address == "state" || address.starts_with("leak/");
    let values = flat.iter().filter(of_leak).map(|(address, value)| (address.clone(), Some(value.clone()))).collect();
    home.edit("r-1", Action::Resolve(values)).unwrap();
    assert!(home.edit("u-1", Action::Undo).is_err());
    let record = home.load().case.record().clone();
    assert_eq!((record.state.word(), record.leak.is_some()), ("leaked", true));
}

/// The instant in the name of a version that was replaced.
fn instant_of(path: &std::path::Path) -> jiff::Timestamp {
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let (day, time) = stem.strip_prefix("replaced-").unwrap().split_once('T').unwrap();
    crate::support::at(&format!("{day}T{}", time.replace('-', ":")))
}

#[test]
fn what_was_replaced_stays_for_good_and_can_be_gone_back_to() {
    let home = Home::with_history();
    (0..7).for_each(|number| home.edit(&format!("a-{number}"), set("title", &format!("{number}"))).unwrap());
    let oldest = home.store.versions(ID).unwrap().last().unwrap().at;
    let replaced = home.store.restore_version(ID, oldest, |case| told(case, "t-1")).unwrap().replaced.unwrap();
    (0..12).for_each(|number| home.edit(&format!("b-{number}"), set("title", &format!("{number}"))).unwrap());
    let at = instant_of(&replaced);
    assert!(home.store.versions(ID).unwrap().iter().any(|version| version.at == at), "it is listed");
    home.store.restore_version(ID, at, |case| told(case, "t-2")).unwrap();
    assert!(home.load().case.record().event.iter().any(|event| event.id == "a-6"), "all that was done is there again");
}

#[test]
fn no_older_version_takes_away_what_is_out_in_the_world() {
    for out in [vec![leak()], vec![Action::Expose { codename: ID.to_owned() }], vec![hand_over("bob")]] {
        let home = Home::with_history();
        let copy = home.folder.path().join("copy.toml");
        fs::copy(home.path("case.toml"), &copy).unwrap();
        for (number, action) in out.into_iter().enumerate() {
            home.edit(&format!("o-{number}"), action).unwrap();
        }
        let before = home.text();
        let versions = home.store.versions(ID).unwrap();
        let refused = home.store.restore_version(ID, versions[1].at, |case| told(case, "t-1")).unwrap_err();
        assert!(matches!(refused, StoreError::Stays { .. }), "{refused}");
        assert!(home.store.restore_file(ID, &copy, |case| told(case, "t-1")).is_err());
        assert_eq!(home.text(), before);
    }
}

#[test]
fn what_a_newer_program_wrote_or_may_not_be_written_is_not_replaced() {
    let home = Home::with_history();
    let version = home.store.versions(ID).unwrap()[1].at;
    let good = home.text();
    home.replace("schema = 1", "schema = 2");
    let newer = home.folder.path().join("newer.toml");
    fs::copy(home.path("case.toml"), &newer).unwrap();
    let before = home.text();
    let refused = home.store.restore_version(ID, version, |case| told(case, "t-1")).unwrap_err();
    assert!(refused.to_string().contains("update"), "{refused}");
    assert_eq!(home.text(), before);
    home.write(&good);
    assert!(home.store.restore_file(ID, &newer, |case| told(case, "t-1")).unwrap_err().to_string().contains("update"));
    set_mode(&home.path("case.toml"), 0o400);
    let refused = home.store.restore_version(ID, version, |case| told(case, "t-1")).unwrap_err();
    assert!(refused.to_string().contains("mode 400"), "{refused}");
    assert_eq!(home.text(), good);
}

#[test]
fn a_conflict_copy_that_is_put_in_place_asks_nothing_any_more() {
    let home = conflict();
    home.store.restore_file(ID, &home.path("case.toml.conflict"), |case| told(case, "t-1")).unwrap();
    assert!(!home.text().contains("Changed here and elsewhere") && !home.text().contains("# ?"), "{}", home.text());
    assert_eq!(lead(&home).as_deref(), Some("zoe"));
}

#[test]
fn a_copy_that_asks_nothing_stays_where_it_lies() {
    let home = Home::with_history();
    let copy = home.path("case.toml.conflict");
    fs::write(&copy, format!("# a thought of mine\n{}", home.text())).unwrap();
    home.store.settle(ID, &[]).unwrap();
    assert!(copy.exists(), "nobody has decided about it");
    assert_eq!(home.store.quiet_copies(&home.load()), std::slice::from_ref(&copy));
    fs::write(&copy, home.text()).unwrap();
    home.store.settle(ID, &[]).unwrap();
    assert!(!copy.exists(), "all of it is in the case");
}

#[test]
fn a_copy_without_a_mark_is_put_away_once_it_is_decided() {
    let home = Home::with_history();
    let copy = home.path("case.toml.conflict");
    fs::write(&copy, home.text().replace(crate::support::TITLE, "by hand")).unwrap();
    home.store.settle(ID, &[]).unwrap();
    let questions = home.store.questions(&home.load());
    assert_eq!(questions.len(), 1, "{questions:?}");
    home.store.settle(ID, &questions).unwrap();
    assert!(!copy.exists() && home.store.questions(&home.load()).is_empty());
}

#[test]
fn of_a_case_that_can_not_be_read_nothing_is_decided() {
    let home = conflict();
    home.edit("e-9", set("title", "another")).unwrap();
    let questions = home.store.questions(&home.load());
    home.write("half a ca");
    assert!(matches!(home.store.settle(ID, &questions), Err(StoreError::Unreadable { .. })));
    assert!(home.path("case.toml.conflict").exists());
}

#[test]
fn a_copy_that_can_not_be_read_any_more_is_told_with_its_place() {
    let home = conflict();
    let copy = home.path("case.toml.conflict");
    for damage in ["", "half a ca"] {
        fs::write(&copy, damage).unwrap();
        let told: Vec<String> = home.load().notices.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|told| told.contains("case.toml.conflict")), "{told:?}");
        home.store.settle(ID, &[]).unwrap();
        assert!(copy.exists());
    }
}

#[test]
fn what_a_damaged_case_still_tells_of_is_named_as_missing() {
    let home = Home::with_history();
    home.replace("title = ", "title == ");
    let loaded = home.load();
    let Some(Trouble::Damaged { good: Some(good), missing, place, .. }) = home.store.trouble(&loaded) else { panic!() };
    assert_eq!(missing, ["V1: cve: set"]);
    assert_eq!(good.last, "V1: cve: set");
    assert!(place.contains("3:") && !place.contains("Pars"), "the place, and no text of the case: {place}");
}

#[test]
fn a_verb_on_a_case_that_is_gone_names_the_way_out() {
    let home = Home::with_history();
    fs::remove_file(home.path("case.toml")).unwrap();
    let refused = home.edit("e-3", set("lead", "bob")).unwrap_err();
    assert!(refused.to_string().contains(&format!("`fixlead case restore {ID}`")), "{refused}");
    home.store.restore(ID).unwrap();
    home.edit("e-3", set("lead", "bob")).unwrap();
}

#[test]
fn the_same_answer_in_two_copies_is_asked_for_once() {
    let home = conflict();
    let mut mine = home.load().case;
    act(&mut mine, "m-2", set("lead", "zoe"));
    home.store.keep_question(&mine, &["lead".to_owned()]).unwrap();
    assert_eq!(home.names("").iter().filter(|name| name.contains("conflict")).count(), 2);
    let questions = home.store.questions(&home.load());
    assert_eq!(questions.len(), 1, "{questions:?}");
    home.store.settle(ID, &questions).unwrap();
    assert!(!home.names("").iter().any(|name| name.contains("conflict")), "settled in both");
}

#[test]
fn a_damaged_text_of_any_kind_tells_of_what_is_missing_or_nothing() {
    let home = Home::with_history();
    let good = home.text();
    let mut dotted = "a".to_owned();
    (0..50_000).for_each(|_| dotted.push_str(".a"));
    let many = "[[event]]\n".repeat(100_000);
    for end in [format!("[[event]]\n{dotted} = 1\n"), format!("[[event]]\nx = {}", "[".repeat(50_000)), many] {
        home.write(format!("{good}\n= broken\n{end}"));
        let loaded = home.load();
        assert!(matches!(home.store.trouble(&loaded), Some(Trouble::Damaged { .. })));
    }
}
