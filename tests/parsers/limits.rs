//! Each limit of what a person writes for the program, with what is said, and that work stays bounded by it: the worst
//! texts run on a thread with the small stack that the program's own threads have.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fixlead::app::keymap::{KeyMap, MAX_KEYS};
use fixlead::case::limits::{MAX_BRANCHES, MAX_ENTRIES, MAX_ID, MAX_STEP_RECORDS, MAX_TEXT as MAX_TYPED, MAX_TITLE};
use fixlead::case::record::{Person, Record, StepRecord, StepState};
use fixlead::case::{Case, Context, Moment, NO_VERDICTS, NewCase};
use fixlead::config::{Config, MAX_ZONES, Project};
use fixlead::playbook::{Condition, MAX_STEPS, Playbook, builtin};
use fixlead::source::MAX_FAULTS;
use fixlead::source::limits::{MAX_BYTES, MAX_DEPTH, MAX_IN_ONE, MAX_KEY, MAX_TEXT, MAX_VALUES};
use fixlead::store::{MAX_BYTES as MAX_CASE, WARN_BYTES};

/// Far more than any of these takes, be the machine busy: what is not bounded takes minutes.
const LONG: Duration = Duration::from_secs(20);

/// What is said of a configuration, in little time.
fn faults(text: &str) -> Vec<String> {
    let begin = Instant::now();
    let found = Config::parse(text).err().unwrap_or_default();
    assert!(begin.elapsed() < LONG, "{:?}", begin.elapsed());
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn the_table_of_limits_is_true() {
    let table = include_str!("../../docs/limits.md");
    let thousands = |number: usize| match (number / 1_000, number % 1_000) {
        (0, rest) => rest.to_string(),
        (many, rest) => format!("{many},{rest:03}"),
    };
    let mib = 1024 * 1024;
    for row in [
        format!("| a file | {} MiB |", MAX_BYTES / mib),
        format!("headers counted too | {MAX_DEPTH} |"),
        format!("lists in all | {} |", thousands(MAX_VALUES)),
        format!("entries of one list | {MAX_IN_ONE} |"),
        format!("| one text | {} KiB |", MAX_TEXT / 1024),
        format!("| a key | {MAX_KEY} bytes |"),
        format!("| faults that are told at once | {MAX_FAULTS};"),
        format!("| steps of a process | {MAX_STEPS} |"),
        format!("| keys of one command | {MAX_KEYS} |"),
        format!("of a project: each | {MAX_ZONES} |"),
        format!("a hand-over bundle | {} MiB; from {} MiB on", MAX_CASE / mib as u64, WARN_BYTES / mib as u64),
        format!("moved phases: each | {} |", thousands(MAX_ENTRIES)),
        format!("links of one step: each | {} |", thousands(MAX_ENTRIES)),
        format!("that were touched | {} |", thousands(MAX_STEP_RECORDS)),
        format!("components together | {MAX_BRANCHES} |"),
        format!("standard input | {} KiB;", MAX_TYPED / 1024),
        format!("title of a new case | {} KiB |", MAX_TITLE / 1024),
        format!("| an id | {MAX_ID} bytes |"),
    ] {
        assert!(table.contains(&row), "{row}");
    }
}

/// One piece of text after the other.
fn joined(numbers: Range<usize>, piece: impl Fn(usize) -> String) -> String {
    numbers.map(piece).collect::<Vec<_>>().concat()
}

fn process_faults(text: &str) -> Vec<String> {
    let begin = Instant::now();
    let found = Playbook::parse(text).err().unwrap_or_default();
    assert!(begin.elapsed() < LONG, "{:?}", begin.elapsed());
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn a_text_of_a_mebibyte_is_read_and_one_byte_more_is_not() {
    assert!(faults(&"#".repeat(MAX_BYTES)).is_empty());
    assert_eq!(faults(&"#".repeat(MAX_BYTES + 1)), ["1:1: the file is larger than 1024 KiB"]);
}

#[test]
fn depth_is_bounded_however_it_is_written() {
    let dotted = vec!["a"; 100_000].join(".");
    let part = vec!["a"; 70].join(".");
    let both = format!("[{part}]\n{}", format!("{part} = {{").repeat(70));
    for text in [
        "a = ".to_owned() + &"[".repeat(100_000),
        format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        "a = ".to_owned() + &"{a=".repeat(100_000),
        format!("{dotted} = 1"),
        format!("[{dotted}]"),
        format!("[[{dotted}]]"),
        both.clone() + &"}".repeat(70),
        both,
    ] {
        let told = faults(&text);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].ends_with(": tables and lists lie in each other more than 64 deep here"), "{told:?}");
    }
    let deepest = format!("hosts = {{ a = {}{} }}", "[".repeat(MAX_DEPTH - 1), "]".repeat(MAX_DEPTH - 1));
    assert!(faults(&deepest).is_empty(), "{:?}", faults(&deepest));
}

#[test]
fn lists_tables_texts_and_keys_have_their_limits() {
    let list = |count: usize| format!("net = {{ a = [{}] }}", "1,".repeat(count));
    assert!(faults(&list(MAX_IN_ONE)).is_empty());
    assert_eq!(faults(&list(MAX_IN_ONE + 1)), ["1:13: a list has at most 500 entries, this one has 501"]);
    let table = |count: usize| "[net]\n".to_owned() + &joined(0..count, |key| format!("a{key} = 1\n"));
    assert_eq!(faults(&table(MAX_IN_ONE + 1)), ["1:1: a table has at most 500 keys, this one has 501"]);
    assert!(faults(&format!("me = \"{}\"", "x".repeat(MAX_TEXT))).is_empty());
    assert_eq!(
        faults(&format!("me = \"{}\"", "x".repeat(MAX_TEXT + 1))),
        ["1:6: a text has at most 16 KiB (shorten it)"]
    );
    assert_eq!(faults(&format!("{} = 1", "x".repeat(MAX_KEY + 1))), ["1:1: a key has at most 128 bytes"]);
    let row = format!("[{}],", "1,".repeat(400));
    let values = format!("net = {{ a = [{}] }}", row.repeat(MAX_VALUES / 400 + 1));
    let told = faults(&values);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].ends_with("a file has at most 10000 values, and here are more"), "{told:?}");
}

#[test]
fn a_hundred_faults_are_enough_and_many_cost_no_more() {
    let many = joined(0..MAX_IN_ONE, |key| format!("zonse{key} = {key}\n"));
    let told = faults(&many);
    assert_eq!(told.len(), MAX_FAULTS);
    assert_eq!(told[0], "1:1: unknown key zonse0");
    let lines = "\n".repeat(MAX_BYTES / 2);
    assert_eq!(faults(&format!("{lines}zonse = 1")).len(), 1);
    let keys = joined(0..150_000, |key| format!("a{key}=1\n"));
    let whole = keys[..MAX_BYTES].rfind('\n').unwrap();
    assert!(faults(&keys[..whole]).iter().any(|fault| fault.contains("at most 500 keys")));
}

#[test]
fn a_process_has_at_most_three_hundred_steps() {
    let first = builtin("emissary").unwrap();
    let known = Playbook::parse(first).unwrap();
    let more = |count: usize| {
        let step =
            |number| format!("[[phase.step]]\nid = \"x.{number}\"\ntitle = \"x\"\nrole = \"{}\"\n", known.roles[0].id);
        let steps = joined(0..count - known.steps().count(), step);
        process_faults(&format!("{first}\n[[phase]]\nid = \"more\"\ntitle = \"More\"\n{steps}"))
    };
    assert_eq!(more(MAX_STEPS), [""; 0]);
    assert_eq!(more(MAX_STEPS + 1), ["1:1: a process has at most 300 steps, this one has 301"]);
}

/// The head of a process with so many steps; `after` says what each waits for.
fn circle(count: usize, after: impl Fn(usize) -> String) -> String {
    let head = "schema = 1\nid = \"x\"\nname = \"x\"\n[[anchor]]\nid = \"a\"\ntitle = \"a\"\nmarks = \"start\"\n\
        [[anchor]]\nid = \"b\"\ntitle = \"b\"\nmarks = \"embargo_end\"\n[[role]]\nid = \"lead\"\ntitle = \"lead\"\n\
        [[phase]]\nid = \"p\"\ntitle = \"p\"\n";
    let step = |n: usize| {
        format!("[[phase.step]]\nid = \"s{n:03}\"\ntitle = \"s\"\nrole = \"lead\"\nafter = [{}]\n", after(n))
    };
    head.to_owned() + &joined(0..count, step)
}

#[test]
fn steps_that_wait_for_each_other_are_found_however_many() {
    let next = |n: usize| format!("\"s{:03}\"", (n + 1) % MAX_STEPS);
    let told = process_faults(&circle(MAX_STEPS, next));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("these steps wait for each other: s000 → s001") && told[0].ends_with('…'), "{told:?}");
    // Each waits for twenty others: far more circles than anybody can count.
    let all = |n: usize| joined(1..21, |other| format!("\"s{:03}\",", (n + other * 7) % MAX_STEPS));
    let told = process_faults(&circle(MAX_STEPS, all));
    assert!((1..=MAX_FAULTS).contains(&told.len()));
    // A dense net without a circle is no fault, and gates that ask for everything before everything are told quickly.
    let later = |n: usize| joined(n + 1..(n + 21).min(MAX_STEPS), |other| format!("\"s{other:03}\","));
    assert_eq!(process_faults(&circle(MAX_STEPS, later)), [""; 0]);
    let one = joined(0..MAX_STEPS, |n| format!("{{ step = \"s{n:03}\" }},"));
    let gate = |n: usize| format!("[[gate]]\nid = \"g{n}\"\ntitle = \"g\"\nrequires = [{one}]\nblocks = [{one}]\n");
    let gates = joined(0..5, gate);
    assert!(!process_faults(&(circle(MAX_STEPS, |_| String::new()) + &gates)).is_empty());
}

#[test]
fn the_largest_case_of_the_largest_process_is_shown_in_time() {
    let text = circle(MAX_STEPS, |_| String::new()).replace("after = []", "each = \"people\"");
    let person = |n: usize| Person { id: format!("p{n}"), ..Person::default() };
    let new = NewCase {
        id: "slate-kangaroo".to_owned(),
        title: "t".to_owned(),
        playbook: Arc::new(Playbook::parse(&text).unwrap()),
        sha256: String::new(),
        project: None,
        components: Vec::new(),
        people: (0..MAX_ENTRIES).map(person).collect(),
        facts: Vec::new(),
        anchors: Vec::new(),
    };
    let now = "2026-11-20T12:00:00Z".parse().unwrap();
    let case = new.start(&Context { now, by: "ada", event_id: "e", verdicts: NO_VERDICTS }).unwrap();
    let row = |n: usize| StepRecord {
        id: format!("s{:03}", n % MAX_STEPS),
        item: Some(format!("p{}", n / MAX_STEPS)),
        state: StepState::Done,
        ..StepRecord::default()
    };
    let step = (0..MAX_STEP_RECORDS).map(row).collect();
    let case = Case::new(Record { step, ..case.record().clone() }, Arc::clone(case.playbook()));
    let begin = Instant::now();
    let view = case.view(Moment { now, verdicts: NO_VERDICTS });
    assert!(begin.elapsed() < LONG, "{:?}", begin.elapsed());
    assert_eq!(view.steps().map(|step| step.items.len()).sum::<usize>(), MAX_STEPS * MAX_ENTRIES);
    let done = view.steps().flat_map(|step| &step.items).filter(|item| item.state == StepState::Done).count();
    assert_eq!(done, MAX_STEP_RECORDS);
}

#[test]
fn a_condition_is_bounded_in_length_and_depth() {
    let says = |text: &str| Condition::parse(text, &[]).map(|_| ()).map_err(|error| error.message);
    assert_eq!(says(&format!("true{}", " ".repeat(1020))), Ok(()));
    assert_eq!(says(&format!("true{}", " ".repeat(1021))), Err("the condition is longer than 1,024 bytes".to_owned()));
    let deep = |levels: usize| format!("{}true{}", "(".repeat(levels), ")".repeat(levels));
    assert_eq!(says(&deep(31)), Ok(()));
    assert_eq!(says(&deep(32)), Err("more than 32 levels deep".to_owned()));
    assert_eq!(says(&("not ".repeat(200) + "true")), Err("more than 32 levels deep".to_owned()));
}

#[test]
fn a_person_and_a_project_have_at_most_eight_zones() {
    let zones = |count: usize| format!("zones = [{}]", "\"UTC\",".repeat(count));
    assert!(faults(&zones(MAX_ZONES)).is_empty());
    assert_eq!(faults(&zones(MAX_ZONES + 1)), ["1:58: zones has at most 8 entries, and here are 9"]);
    let project = |count: usize| Project::parse(&format!("extends = \"x\"\n{}", zones(count)));
    assert!(project(MAX_ZONES).is_ok() && project(MAX_ZONES + 1).is_err());
}

#[test]
fn a_command_has_at_most_ten_keys() {
    let told = |count: usize| {
        let keys: Vec<String> = (1..=count).map(|_| "x".to_owned()).collect();
        let config = Config::parse(&format!("[keys]\ndone = \"{}\"\n", keys.join(" "))).unwrap();
        KeyMap::with(&config.keys).1.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(told(11), ["2:1: a command has at most 10 keys"]);
    assert!(told(10).iter().all(|fault| !fault.contains("at most")));
}
