//! What a person writes for the program: processes, settings, projects, themes, drills. Their faults name what stands
//! there, for it is the person's own.

use std::collections::BTreeMap;

use fixlead::app::keymap::KeyMap;
use fixlead::config::{Config, Project};
use fixlead::drill::{Drill, builtin_drill};
use fixlead::playbook::{BUILTIN, Playbook, builtin};
use fixlead::source::{Fault, MAX_FAULTS, place};
use fixlead::store::{Unreadable, read_text};
use fixlead::ui::{THEMES, Theme};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::mutated::mutated;

const CONFIG: &str = "schema = 1\nme = \"ada\"\nzones = [\"Europe/Berlin\", \"Asia/Tokyo\"]\ntheme = \"dark\"\nmouse = false\n[keys]\n\
    done = \"t F5\" # own\n\"step.note\" = \"Ctrl-n\"\n[net]\n[hosts]\n";

const PROJECT: &str = "extends = \"emissary\"\ncna = \"GitHub\"\nzones = [\"America/New_York\"]\n[channels]\n\
    secalert = \"security@project.example\"\n[[roster]]\nrole = \"fix-lead\"\npeople = [\"first\", \"second\"]\n[[component]]\n\
    id = \"gateway\"\nbranches = [\"main\", \"release/v3.9\"]\nurls = { dev = \"https://host.example/a\" }\n";

fn process() -> Playbook {
    Playbook::parse(builtin("emissary").unwrap()).unwrap()
}

/// Every parser of settings, all on the same text.
fn parse_each(text: &str) -> Vec<Vec<Fault>> {
    let keys = |config: Config| Err::<(), _>(KeyMap::with(&config.keys).1);
    [
        Playbook::parse(text).err(),
        Config::parse(text).and_then(keys).err(),
        Project::parse(text).err(),
        Theme::parse(text).err(),
        Drill::parse(text, &process()).err(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Faults are few, short, in order, and each stands inside of the text.
fn check(text: &str, faults: &[Fault]) {
    assert!(faults.len() <= MAX_FAULTS);
    let (last, _) = place(text, text.len());
    let lines: Vec<&str> = text.split('\n').collect();
    for fault in faults {
        assert!((1..=last).contains(&fault.line), "{fault}");
        assert!((1..=lines[fault.line - 1].chars().count() + 1).contains(&fault.column), "{fault}");
        assert!(fault.to_string().chars().count() <= 1_000, "{fault}");
    }
    assert!(faults.is_sorted_by_key(|fault| (fault.line, fault.column)), "{faults:?}");
}

fn check_each(text: &str) {
    for faults in parse_each(text) {
        check(text, &faults);
    }
}

fn texts() -> Vec<String> {
    let built_in = BUILTIN.iter().chain(&THEMES).map(|(_, text)| (*text).to_owned());
    let drills = BUILTIN.iter().filter_map(|(id, _)| builtin_drill(id)).map(str::to_owned);
    built_in.chain(drills).chain([CONFIG.to_owned(), PROJECT.to_owned()]).collect()
}

#[test]
fn the_texts_that_are_spoilt_are_good_before() {
    assert!(Config::parse(CONFIG).is_ok());
    assert!(Project::parse(PROJECT).is_ok());
}

/// What a person may call something, without what the program would trim.
fn name() -> impl Strategy<Value = String> {
    "\\PC{0,20}[a-z]"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_read_or_refused_with_their_place(bytes in vec(any::<u8>(), 0..300)) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, &bytes).unwrap();
        match read_text(&file, 1024) {
            Ok(text) => {
                prop_assert_eq!(text.as_bytes(), &bytes);
                check_each(&text);
            }
            Err(Unreadable::NotUtf8 { line, column }) => {
                let valid = String::from_utf8_lossy(&bytes[..std::str::from_utf8(&bytes).unwrap_err().valid_up_to()]);
                prop_assert_eq!((line, column), place(&valid, valid.len()));
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn arbitrary_words_of_toml_never_panic(text in "([a-z.\"'= \\[\\]{},#\n]|id|step|true|1979-05-27|\\PC){0,120}") {
        check_each(&text);
    }

    #[test]
    fn a_spoilt_text_is_read_or_its_faults_have_their_places(bytes in mutated(texts())) {
        let text = String::from_utf8_lossy(&bytes);
        check_each(&text);
    }

    #[test]
    fn settings_that_were_written_are_read_back(
        me in name(), zones in vec(name(), 0..4), theme in name(), mouse in any::<bool>(),
        keys in proptest::collection::btree_map(name(), "[a-z ]{0,6}", 0..4),
    ) {
        let table = toml::toml! { schema = 1 };
        let mut table = table;
        table.insert("me".into(), me.clone().into());
        table.insert("zones".into(), zones.clone().into());
        table.insert("theme".into(), theme.clone().into());
        table.insert("mouse".into(), mouse.into());
        table.insert("keys".into(), toml::Value::try_from(&keys).unwrap());
        let config = Config::parse(&toml::to_string(&table).unwrap()).unwrap();
        prop_assert_eq!(config.me, Some(me));
        prop_assert_eq!(config.zones, zones);
        prop_assert_eq!(config.theme.map(|theme| theme.name), Some(theme));
        prop_assert_eq!(config.mouse, mouse);
        let read: BTreeMap<String, String> = config.keys.into_iter().map(|own| (own.command, own.keys)).collect();
        prop_assert_eq!(read, keys);
    }

    #[test]
    fn a_project_that_was_written_is_read_back(
        title in name(), people in vec(name(), 0..4), channel in name(), branches in vec(name(), 0..4), url in name(),
    ) {
        let mut component = toml::Table::new();
        component.insert("id".into(), "api".into());
        component.insert("branches".into(), branches.clone().into());
        component.insert("urls".into(), toml::Table::from_iter([("dev".to_owned(), url.clone().into())]).into());
        let mut roster = toml::Table::new();
        roster.insert("role".into(), "lead".into());
        roster.insert("people".into(), people.clone().into());
        let mut table = toml::Table::new();
        table.insert("extends".into(), "emissary".into());
        table.insert("title".into(), title.clone().into());
        table.insert("channels".into(), toml::Table::from_iter([("a".to_owned(), channel.clone().into())]).into());
        table.insert("component".into(), vec![component].into());
        table.insert("roster".into(), vec![roster].into());
        let project = Project::parse(&toml::to_string(&table).unwrap()).unwrap();
        prop_assert_eq!(project.title, Some(title));
        prop_assert_eq!(&project.channels["a"], &channel);
        prop_assert_eq!(&project.roster["lead"], &people);
        prop_assert_eq!(&project.components[0].branches, &branches);
        prop_assert_eq!(&project.components[0].urls["dev"], &url);
    }
}
