//! A disk that fails, and somebody who writes in the middle of a save: cases 4 to 7 and 22. The faults come in through
//! the one seam of [`super::atomic`].

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use rustix::io::Errno;

use super::atomic::Step;
use super::{EditError, Loaded, Notice, SaveFailure, Store, StoreError, sha256};
use crate::case::{Action, Case, Context, Moment, NO_VERDICTS, NewCase};
use crate::playbook::{Playbook, builtin};

const ID: &str = "slate-kangaroo";

struct Home {
    _folder: tempfile::TempDir,
    store: Store,
}

fn context(event_id: &str) -> Context<'_> {
    Context { now: Timestamp::UNIX_EPOCH, by: "ada", event_id, verdicts: NO_VERDICTS }
}

fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let text = builtin("emissary").unwrap();
    let new = NewCase {
        id: ID.to_owned(),
        title: "title".to_owned(),
        playbook: Arc::new(Playbook::parse(text).unwrap()),
        sha256: sha256(text),
        project: None,
        components: Vec::new(),
        people: Vec::new(),
        facts: Vec::new(),
        anchors: Vec::new(),
    };
    store.create(&new.start(&context("e-0")).unwrap(), text).unwrap();
    Home { _folder: folder, store }
}

impl Home {
    fn file(&self) -> PathBuf {
        self.store.place(ID).case_file()
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    /// A store on the same folder in which something happens before a step.
    fn with(&self, hook: impl Fn(Step) -> io::Result<()> + Send + Sync + 'static) -> Store {
        let mut store = self.store.clone();
        store.hook = Some(Arc::new(hook));
        store
    }

    fn failing(&self, at: Step, errno: Errno) -> Store {
        self.with(move |step| if step == at { Err(errno.into()) } else { Ok(()) })
    }

    fn leftovers(&self) -> Vec<String> {
        let names = fs::read_dir(self.store.place(ID).path).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.contains(".tmp")).collect()
    }
}

fn set(case: &mut Case, event_id: &str, path: &str, value: &str) {
    case.act(Action::set(path, value), &context(event_id)).unwrap();
}

fn edit(store: &Store, event_id: &str, path: &str, value: &str) -> Result<super::Loaded, StoreError> {
    let action = Action::set(path, value);
    let edited = store.edit_and_load(ID, |case| case.act(action, &context(event_id)));
    edited.map(|(_, loaded)| loaded).map_err(|error| match error {
        EditError::Store(error) => error,
        EditError::Refused(refusal) => panic!("{refusal}"),
    })
}

fn why(error: &StoreError) -> &SaveFailure {
    match error {
        StoreError::NotSaved { why, .. } => why,
        other => panic!("{other}"),
    }
}

#[test]
fn cases_4_to_6_a_disk_that_fails_leaves_the_old_file_and_no_leftover() {
    let cases = [
        (Step::Create, Errno::NOSPC, SaveFailure::DiskFull),
        (Step::Write, Errno::NOSPC, SaveFailure::DiskFull),
        (Step::Write, Errno::DQUOT, SaveFailure::DiskFull),
        (Step::Write, Errno::FBIG, SaveFailure::FileLimit),
        (Step::Exchange, Errno::ROFS, SaveFailure::ReadOnlyDisk),
    ];
    let home = home();
    let before = home.text();
    for (step, errno, expected) in cases {
        let failed = edit(&home.failing(step, errno), "e-1", "lead", "bob").unwrap_err();
        assert_eq!(*why(&failed), expected);
        assert!(failed.to_string().contains("is not saved; nothing was changed"), "{failed}");
        assert_eq!(home.text(), before);
        assert!(home.leftovers().is_empty());
    }
    for step in [Step::SyncFile, Step::Exchange] {
        let failed = edit(&home.failing(step, Errno::IO), "e-1", "lead", "bob").unwrap_err();
        assert!(matches!(why(&failed), SaveFailure::DiskError(_)), "{failed}");
        assert_eq!(home.text(), before);
        assert!(home.leftovers().is_empty());
    }
    edit(&home.store, "e-1", "lead", "bob").unwrap();
}

#[test]
fn case_7_a_folder_that_can_not_be_made_durable_is_not_told_as_saved() {
    let home = home();
    let failed = edit(&home.failing(Step::SyncFolder, Errno::IO), "e-1", "lead", "bob").unwrap_err();
    assert!(matches!(failed, StoreError::MaybeSaved { .. }));
    assert!(failed.to_string().contains("may not survive a power loss"));
    assert!(home.text().contains("lead = \"bob\""));
}

fn saved(store: &Store, base: &Loaded, mine: &Case) -> Loaded {
    let saved = store.save(base, mine).unwrap();
    assert!(saved.notices.is_empty(), "{:?}", saved.notices);
    saved
}

/// What lies on the disk after a save whose end failed.
fn maybe_saved(store: &Store, base: &Loaded, mine: &Case) -> Loaded {
    match store.save(base, mine) {
        Err(StoreError::MaybeSaved { stored, .. }) => *stored,
        other => panic!("{other:?}"),
    }
}

#[test]
fn case_7_the_next_save_starts_from_what_is_in_place() {
    let home = home();
    let failing = home.failing(Step::SyncFolder, Errno::IO);
    let base = home.store.load(ID).unwrap();
    let step = "em.intake.report";
    let note = |text: &str| Action::Note { step: step.into(), text: text.into() };
    let mut mine = base.case.clone();
    mine.act(note("ONE"), &context("e-1")).unwrap();
    let base = maybe_saved(&failing, &base, &mine);
    mine.act(note("TWO"), &context("e-2")).unwrap();
    let base = saved(&home.store, &base, &mine);
    assert_eq!(base.case.record(), mine.record());

    let access = |who: &str| (who.to_owned(), "repository".to_owned());
    let (who, what) = access("bob");
    mine.act(Action::Grant { who, what }, &context("e-3")).unwrap();
    let base = maybe_saved(&failing, &base, &mine);
    let (who, what) = access("bob");
    mine.act(Action::Revoke { who, what }, &context("e-4")).unwrap();
    let base = saved(&home.store, &base, &mine);
    assert_eq!(base.case.record(), mine.record());
    let grants: Vec<(&str, bool)> =
        base.case.record().grant.iter().map(|grant| (grant.id.as_str(), grant.ended.is_some())).collect();
    assert_eq!(grants, [("G1", true)]);
}

#[test]
fn case_7_the_same_save_again_is_only_told_once_the_folder_is_durable() {
    let home = home();
    let base = home.store.load(ID).unwrap();
    let mut mine = base.case.clone();
    set(&mut mine, "e-1", "lead", "bob");
    for _ in 0..2 {
        maybe_saved(&home.failing(Step::SyncFolder, Errno::IO), &base, &mine);
    }
    maybe_saved(&home.failing(Step::SyncFile, Errno::IO), &base, &mine);
    let (store, syncs) = counting(&home, Step::SyncFolder);
    let base = saved(&store, &base, &mine);
    assert_eq!(syncs.load(Ordering::SeqCst), 1);
    saved(&store, &base, &mine);
    assert_eq!(syncs.load(Ordering::SeqCst), 1, "without a difference nothing is waited for");
}

#[test]
fn case_7_what_is_so_already_is_only_told_once_it_is_durable() {
    let home = home();
    let failed = home.failing(Step::SyncFolder, Errno::IO).load_durable(ID).unwrap_err();
    assert!(matches!(failed, StoreError::MaybeSaved { .. }), "{failed}");
    assert_eq!(home.store.load_durable(ID).unwrap().case.record().id, ID);
}

#[test]
fn case_7_a_new_case_in_a_folder_that_can_not_be_made_durable_is_handed_back() {
    let home = home();
    let case = home.store.load(ID).unwrap().case;
    let mut record = case.record().clone();
    record.id = "amber-owl".to_owned();
    let new = Case::new(record, Arc::clone(case.playbook()));
    let folders = AtomicUsize::new(0);
    // The folders of the two files first, then that of the cases.
    let store = home.with(move |step| match step {
        Step::SyncFolder if folders.fetch_add(1, Ordering::SeqCst) == 2 => Err(Errno::IO.into()),
        _ => Ok(()),
    });
    let Err(StoreError::MaybeSaved { stored, .. }) = store.create(&new, builtin("emissary").unwrap()) else {
        panic!("it is not told as saved")
    };
    assert_eq!(stored.case.record(), new.record());
}

#[test]
fn another_case_is_not_saved_over_this_one() {
    let home = home();
    let base = home.store.load(ID).unwrap();
    let mut record = base.case.record().clone();
    record.id = "amber-owl".to_owned();
    record.lead = Some("bob".to_owned());
    let other = Case::new(record, Arc::clone(base.case.playbook()));
    let before = home.text();
    let failed = home.store.save(&base, &other).unwrap_err();
    assert_eq!(*why(&failed), SaveFailure::OtherCase);
    assert!(
        failed.to_string().contains("not saved") && failed.to_string().contains("this is another case"),
        "{failed}"
    );
    assert_eq!(home.text(), before);
    let names = fs::read_dir(home.store.place(ID).path).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains("conflict")), "{names:?}");
}

#[test]
fn without_an_exchange_a_link_and_a_rename_do_it() {
    let home = home();
    let before = home.text();
    for (number, errno) in [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP].into_iter().enumerate() {
        let name = format!("bob {number}");
        edit(&home.failing(Step::Exchange, errno), &format!("e-{number}"), "lead", &name).unwrap();
        assert!(home.text().contains(&name));
        assert!(home.leftovers().is_empty());
    }
    let backups = fs::read_dir(home.store.place(ID).file("backups")).unwrap();
    let texts: Vec<String> = backups.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert_eq!(texts.len(), 3);
    assert!(texts.contains(&before));
}

/// Lets somebody else write `times` times, each time between the reading and the exchange.
fn with_foreign_edits(
    home: &Home,
    times: usize,
    write: impl Fn(usize, &str) -> String + Send + Sync + 'static,
) -> Store {
    let file = home.file();
    let count = AtomicUsize::new(0);
    home.with(move |step| {
        if step == Step::Exchange {
            let number = count.fetch_add(1, Ordering::SeqCst);
            if number < times {
                let text = fs::read_to_string(&file)?;
                fs::write(&file, write(number, &text))?;
            }
        }
        Ok(())
    })
}

#[test]
fn case_22_a_hand_edit_inside_of_a_save_is_merged() {
    let home = home();
    let store =
        with_foreign_edits(&home, 1, |_, text| text.replace("title = \"title\"", "title = \"theirs\" # by hand"));
    let saved = edit(&store, "e-1", "lead", "bob").unwrap();
    assert_eq!(saved.case.record().title, "theirs");
    assert_eq!(saved.case.record().lead.as_deref(), Some("bob"));
    assert_eq!(saved.case.record().event.len(), 2);
    assert!(home.text().contains("# by hand"));
    assert!(home.leftovers().is_empty());
}

#[test]
fn case_22_several_edits_in_a_row_are_all_kept() {
    let home = home();
    let store = with_foreign_edits(&home, 5, |number, text| format!("{text}\n[mine_{number}]\nx = {number}\n"));
    let saved = edit(&store, "e-1", "lead", "bob").unwrap();
    // Each of them was made on a text that did not have the one before yet: what is not in the file lies beside it.
    let kept = saved.notices.iter().filter_map(|notice| match notice {
        Notice::KeptAside { kept } => Some(fs::read_to_string(kept).unwrap()),
        _ => None,
    });
    let all: String = kept.chain([home.text()]).collect();
    for number in 0..5 {
        assert!(all.contains(&format!("[mine_{number}]")), "{number} is lost from\n{all}");
    }
    assert_eq!(saved.case.record().lead.as_deref(), Some("bob"));
}

#[test]
fn case_22_an_edit_of_the_same_key_wins_and_mine_is_kept() {
    let home = home();
    let store = with_foreign_edits(&home, 1, |_, text| text.replace("lead = \"ada\"", "lead = \"eve\""));
    let saved = edit(&store, "e-1", "lead", "bob").unwrap();
    assert_eq!(saved.case.record().lead.as_deref(), Some("eve"));
    let Some(Notice::Conflict { kept, addresses }) = saved.notices.first() else { panic!("{:?}", saved.notices) };
    assert_eq!(addresses, &["lead"]);
    assert!(fs::read_to_string(kept).unwrap().contains("lead = \"bob\""));
}

#[test]
fn case_22_what_came_in_and_is_no_case_is_kept_beside_it() {
    let home = home();
    let store = with_foreign_edits(&home, 1, |_, _| "half a fi".to_owned());
    let saved = edit(&store, "e-1", "lead", "bob").unwrap();
    assert_eq!(saved.case.record().lead.as_deref(), Some("bob"));
    let Some(Notice::KeptAside { kept }) = saved.notices.first() else { panic!("{:?}", saved.notices) };
    assert_eq!(fs::read_to_string(kept).unwrap(), "half a fi");
}

/// Somebody who has the file open and writes it bit by bit: what is done before which step.
fn with_an_editor(
    home: &Home,
    write: impl Fn(&mut Option<fs::File>, Step, &Path) -> io::Result<()> + Send + Sync + 'static,
) -> (Store, Arc<Mutex<Option<fs::File>>>) {
    let editor = Arc::new(Mutex::new(None));
    let (held, file) = (Arc::clone(&editor), home.file());
    (home.with(move |step| write(&mut held.lock().unwrap(), step, &file)), editor)
}

/// Opens the file for writing, before the first exchange only.
fn open_once(editor: &mut Option<fs::File>, step: Step, file: &Path) -> io::Result<()> {
    if step == Step::Exchange && editor.is_none() {
        *editor = Some(fs::File::options().write(true).open(file)?);
    }
    Ok(())
}

/// All texts that lie in the folder of the case and among its backups.
fn all_texts(home: &Home) -> String {
    let folder = home.store.place(ID);
    let files = [folder.path.clone(), folder.file("backups")].map(|folder| fs::read_dir(folder).unwrap());
    files.into_iter().flatten().filter_map(|entry| fs::read_to_string(entry.unwrap().path()).ok()).collect()
}

#[test]
fn case_22_half_a_text_that_is_a_case_is_waited_for() {
    let home = home();
    let theirs = home.text().replace("title = \"title\"", "title = \"theirs\"");
    let half = theirs.find("[[event]]").unwrap();
    let (start, end) = (theirs[..half].to_owned(), theirs[half..].to_owned());
    let waits = AtomicUsize::new(0);
    let (store, _editor) = with_an_editor(&home, move |editor, step, file| {
        let is_new = editor.is_none();
        open_once(editor, step, file)?;
        let Some(file) = editor else { return Ok(()) };
        match step {
            Step::Exchange if is_new => {
                file.set_len(0)?;
                file.write_all(start.as_bytes())
            }
            Step::Wait if waits.fetch_add(1, Ordering::SeqCst) == 0 => file.write_all(end.as_bytes()),
            _ => Ok(()),
        }
    });
    let saved = edit(&store, "e-1", "lead", "bob").unwrap();
    assert_eq!(saved.notices, []);
    assert_eq!(saved.case.record().title, "theirs");
    assert_eq!(saved.case.record().lead.as_deref(), Some("bob"));
    assert_eq!(saved.case.record().event.len(), 2, "{}", home.text());
}

#[test]
fn case_22_who_is_slower_than_one_waits_writes_into_a_file_that_is_kept() {
    let home = home();
    let (store, editor) = with_an_editor(&home, |editor, step, file| {
        let is_new = editor.is_none();
        open_once(editor, step, file)?;
        editor.as_ref().filter(|_| is_new).map_or(Ok(()), |file| file.set_len(0))
    });
    let saved = edit(&store, "e-1", "lead", "bob").unwrap();
    let Some(Notice::KeptAside { kept }) = saved.notices.first() else { panic!("{:?}", saved.notices) };
    editor.lock().unwrap().take().unwrap().write_all(b"title = \"theirs\"").unwrap();
    assert_eq!(fs::read_to_string(kept).unwrap(), "title = \"theirs\"");
    for number in 0..12 {
        edit(&home.store, &format!("f-{number}"), "lead", &format!("bob {number}")).unwrap();
    }
    assert!(all_texts(&home).contains("theirs"), "it stays");
}

#[test]
fn case_22_who_had_the_file_open_and_writes_it_after_the_exchange_is_kept() {
    let home = home();
    let theirs = home.text().replace("title = \"title\"", "title = \"theirs\"");
    let text = theirs.clone();
    let (store, _editor) = with_an_editor(&home, move |editor, step, file| {
        open_once(editor, step, file)?;
        match editor {
            Some(file) if step == Step::SyncFolder => {
                file.set_len(0)?;
                file.write_all(text.as_bytes())
            }
            _ => Ok(()),
        }
    });
    let saved = edit(&store, "e-1", "lead", "bob").unwrap();
    assert_eq!(saved.case.record().lead.as_deref(), Some("bob"));
    let Some(Notice::KeptAside { kept }) = saved.notices.first() else { panic!("{:?}", saved.notices) };
    assert_eq!(fs::read_to_string(kept).unwrap(), theirs);
}

#[test]
fn case_22_a_backup_that_was_written_after_it_was_put_away_never_goes() {
    let home = home();
    let save = |from: usize| {
        for number in from..from + 12 {
            edit(&home.store, &format!("e-{number}"), "lead", &format!("bob {number}")).unwrap();
        }
    };
    let mut editor = fs::File::options().write(true).open(home.file()).unwrap();
    edit(&home.store, "e-0", "lead", "bob").unwrap();
    let put_away = fs::metadata(home.store.place(ID).file("backups")).unwrap().modified().unwrap();
    editor.set_len(0).unwrap();
    editor.write_all(b"title = \"theirs\"").unwrap();
    // Clocks of files are coarse.
    editor.set_modified(put_away + Duration::from_secs(1)).unwrap();
    save(1);
    assert_eq!(fs::read_to_string(home.store.place(ID).file("case.toml.conflict")).unwrap(), "title = \"theirs\"");
    assert_eq!(fs::read_dir(home.store.place(ID).file("backups")).unwrap().count(), 10);
    save(13);
    assert!(!home.store.place(ID).file("case.toml.conflict-2").exists(), "all others go");
}

#[test]
fn case_22_a_disk_that_fails_in_the_second_round_loses_nothing() {
    let home = home();
    let file = home.file();
    let creates = AtomicUsize::new(0);
    let store = home.with(move |step| match step {
        Step::Exchange if creates.load(Ordering::SeqCst) == 1 => {
            let text = fs::read_to_string(&file)?;
            fs::write(&file, text.replace("title = \"title\"", "title = \"theirs\""))
        }
        Step::Create if creates.fetch_add(1, Ordering::SeqCst) == 1 => Err(Errno::NOSPC.into()),
        _ => Ok(()),
    });
    let saved = edit(&store, "e-1", "lead", "bob").unwrap();
    assert_eq!(saved.case.record().lead.as_deref(), Some("bob"));
    let Some(Notice::KeptAside { kept }) = saved.notices.first() else { panic!("{:?}", saved.notices) };
    assert!(fs::read_to_string(kept).unwrap().contains("title = \"theirs\""));
}

#[test]
fn case_23_deleted_inside_of_a_save_keeps_mine() {
    let home = home();
    let base = home.store.load(ID).unwrap();
    let mut mine = base.case.clone();
    set(&mut mine, "e-1", "lead", "bob");
    let file = home.file();
    let store = home.with(move |step| if step == Step::Exchange { fs::remove_file(&file) } else { Ok(()) });
    let failed = store.save(&base, &mine).unwrap_err();
    let SaveFailure::Deleted { kept: Some(kept) } = why(&failed) else { panic!("{failed}") };
    assert!(fs::read_to_string(kept).unwrap().contains("lead = \"bob\""));
    assert!(home.leftovers().is_empty());
}

#[test]
fn a_good_text_that_came_in_during_a_restore_is_no_damaged_one() {
    let home = home();
    edit(&home.store, "e-1", "title", "one").unwrap();
    let good = home.text().replace("\"one\"", "\"by hand\"");
    fs::write(home.file(), "half a ca").unwrap();
    let (file, text) = (home.file(), good.clone());
    let store = home.with(move |step| if step == Step::Exchange { fs::write(&file, &text) } else { Ok(()) });
    let restored = store.restore(ID).unwrap();
    assert_eq!(restored.damaged, None);
    assert_eq!(fs::read_to_string(restored.replaced.unwrap()).unwrap(), good);
    let loaded = home.store.load(ID).unwrap();
    assert!(!home.store.questions(&loaded).is_empty(), "what was written in between is asked about");
}

#[test]
fn a_new_temporary_file_is_taken_each_time() {
    let home = home();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (folder, names) = (home.store.place(ID).path, Arc::clone(&seen));
    let store = home.with(move |step| {
        if step == Step::SyncFile {
            let temp = |name: &String| name.contains(".tmp");
            let all = fs::read_dir(&folder)?.map(|entry| entry.map(|entry| entry.file_name().into_string().unwrap()));
            names.lock().unwrap().extend(all.filter_map(Result::ok).filter(temp));
            return Err(Errno::IO.into());
        }
        Ok(())
    });
    for _ in 0..3 {
        edit(&store, "e-1", "lead", "bob").unwrap_err();
    }
    let mut names = seen.lock().unwrap().clone();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 3);
}

/// Two minutes from now: what was made just now is old by then.
fn later() -> SystemTime {
    SystemTime::now() + Duration::from_secs(120)
}

/// Makes a file young as seen from [`later`].
fn touch_later(path: &Path) {
    fs::File::open(path).unwrap().set_modified(later()).unwrap();
}

#[test]
fn old_leftovers_of_killed_processes_go_and_young_ones_stay() {
    let home = home();
    let case = home.store.place(ID);
    let names = [
        ".case.toml.aaaa.tmp",
        ".summary.json.aaaa.tmp",
        ".looked.json.aaaa.tmp",
        ".case.toml.conflict.aaaa.tmp",
        ".case.toml.conflict-2.aaaa.tmp",
        ".playbook-0123456789ab.toml.aaaa.tmp",
    ];
    let young = |name: &str| case.file(&name.replace("aaaa", "bbbb"));
    for name in names {
        fs::write(case.file(name), "half").unwrap();
        fs::write(young(name), "half").unwrap();
        touch_later(&young(name));
    }
    // A whole case under the name of a copy of mine is no version of the case.
    fs::write(case.file(names[3]), home.text()).unwrap();
    fs::write(case.file("mine.tmp"), "a person's own").unwrap();
    edit(&home.store, "e-1", "lead", "bob").unwrap();
    assert!(names.iter().all(|name| case.file(name).exists()), "somebody may still be writing them");

    let mut store = home.store.clone();
    store.clock = later;
    edit(&store, "e-2", "lead", "eve").unwrap();
    for name in names {
        assert!(!case.file(name).exists(), "{name} is old");
        assert!(young(name).exists(), "{name} is young");
    }
    assert!(case.file("mine.tmp").exists());
    assert_eq!(fs::read_dir(case.file("backups")).unwrap().count(), 2);
}

#[test]
fn an_old_leftover_that_is_a_whole_case_becomes_a_backup() {
    let home = home();
    let theirs = home.text().replace("lead = \"ada\"", "lead = \"grace\"");
    fs::write(home.store.place(ID).file(".case.toml.aaaa.tmp"), &theirs).unwrap();
    let mut store = home.store.clone();
    store.clock = later;
    edit(&store, "e-1", "lead", "bob").unwrap();
    assert!(home.leftovers().is_empty());
    let backups = fs::read_dir(home.store.place(ID).file("backups")).unwrap();
    let texts: Vec<String> = backups.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert!(texts.contains(&theirs));
}

#[test]
fn an_old_leftover_is_never_taken_for_a_newer_version_than_those_that_were_put_away_after_it() {
    let home = home();
    fs::write(home.store.place(ID).file(".case.toml.aaaa.tmp"), home.text()).unwrap();
    edit(&home.store, "e-1", "lead", "bob").unwrap();
    edit(&home.store, "e-2", "lead", "eve").unwrap();
    let mut store = home.store.clone();
    store.clock = later;
    edit(&store, "e-3", "lead", "mallory").unwrap();
    assert!(home.leftovers().is_empty());
    fs::write(home.store.place(ID).case_file(), "").unwrap();
    home.store.restore(ID).unwrap();
    assert_eq!(home.store.load(ID).unwrap().case.record().lead.as_deref(), Some("eve"));
}

#[test]
fn old_half_made_cases_go_with_the_next_new_one() {
    let home = home();
    let cases = home.store.cases();
    let (old, young) = (cases.join(".new-aaaa"), cases.join(".new-bbbb"));
    for folder in [&old, &young] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("playbook.toml"), "half").unwrap();
    }
    touch_later(&young);
    let mut record = home.store.load(ID).unwrap().case.record().clone();
    let playbook = Arc::new(Playbook::parse(builtin("emissary").unwrap()).unwrap());
    for (id, clock, left) in [("amber-owl", SystemTime::now as fn() -> SystemTime, true), ("calm-fox", later, false)] {
        let mut store = home.store.clone();
        store.clock = clock;
        record.id = id.to_owned();
        store.create(&Case::new(record.clone(), Arc::clone(&playbook)), builtin("emissary").unwrap()).unwrap();
        assert_eq!((old.exists(), young.exists()), (left, true), "{id}");
    }
}

/// A store that counts how often it comes to a step.
fn counting(home: &Home, at: Step) -> (Store, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let store = home.with(move |step| {
        counted.fetch_add(usize::from(step == at), Ordering::SeqCst);
        Ok(())
    });
    (store, count)
}

#[test]
fn of_fresh_caches_no_case_is_read() {
    let home = home();
    let case = home.store.load(ID).unwrap().case;
    for number in 1..10 {
        let mut record = case.record().clone();
        record.id = format!("case-{number}");
        home.store.create(&Case::new(record, Arc::clone(case.playbook())), builtin("emissary").unwrap()).unwrap();
    }
    let now = Timestamp::UNIX_EPOCH;
    let summarize = |case: &Case| case.summary(Moment { now, verdicts: NO_VERDICTS });
    let (store, reads) = counting(&home, Step::Read);
    for expected in [10, 10] {
        assert_eq!(store.summaries(now, &summarize).unwrap().len(), 10);
        assert_eq!(reads.load(Ordering::SeqCst), expected);
    }
}

#[test]
fn a_verb_gives_up_on_a_lock_that_is_held() {
    let home = home();
    let (store, waits) = counting(&home, Step::Wait);
    let file = super::lock::open(&home.store.place(ID).file("case.lock")).unwrap();
    file.lock().unwrap();
    let failed = edit(&store, "e-1", "lead", "bob").unwrap_err();
    assert!(matches!(failed, StoreError::Held { .. }), "{failed}");
    assert_eq!(waits.load(Ordering::SeqCst), super::lock::LOOKS - 1);
}

#[test]
fn a_verb_waits_for_a_lock_that_is_let_go() {
    let home = home();
    let file = super::lock::open(&home.store.place(ID).file("case.lock")).unwrap();
    file.lock().unwrap();
    let waits = AtomicUsize::new(0);
    let store = home.with(move |step| match step {
        Step::Wait if waits.fetch_add(1, Ordering::SeqCst) == 2 => file.unlock(),
        _ => Ok(()),
    });
    edit(&store, "e-1", "lead", "bob").unwrap();
    assert!(home.text().contains("lead = \"bob\""));
}
