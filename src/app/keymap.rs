//! Which key means which command: the defaults of the table, and a person's own keys over them.

use super::command::{COMMANDS, Command, CommandRow, Place};
use super::key::{Code, Key};
use crate::config::OwnKeys;
use crate::cvss::Version;
use crate::source::{Fault, did_you_mean};

/// How many keys a person may give to one command.
pub const MAX_KEYS: usize = 10;

/// The keys of every command.
#[derive(Clone, Debug)]
pub struct KeyMap {
    /// As the table has them: one list of keys a command.
    rows: Vec<(&'static CommandRow, Vec<Key>)>,
}

impl Default for KeyMap {
    fn default() -> Self {
        let defaults = |row: &CommandRow| row.keys.iter().filter_map(|key| Key::parse(key)).collect();
        Self { rows: COMMANDS.iter().map(|row| (row, defaults(row))).collect() }
    }
}

impl KeyMap {
    /// The defaults with a person's own keys, which replace those of their command. What can't be taken is named and
    /// left at its default: an unknown command, a key that does not exist, a key with two meanings in one place.
    #[must_use]
    pub fn with(own: &[OwnKeys]) -> (Self, Vec<Fault>) {
        let mut map = Self::default();
        let mut faults = Vec::new();
        let mut taken = Vec::new();
        for setting in own {
            match map.set(setting) {
                Ok(()) => taken.push(setting),
                Err((message, hint)) => {
                    faults.push(Fault { line: setting.line, column: setting.column, message, hint });
                }
            }
        }
        // A key may have been taken from one command and given to another: clashes are sought once all are set.
        // What goes back to its default may clash with another, until there is none.
        while let Some(at) = taken.iter().position(|setting| map.clash(&setting.command).is_some()) {
            let setting = taken.remove(at);
            let message = map.clash(&setting.command).unwrap_or_default();
            map.reset(&setting.command);
            faults.push(Fault { line: setting.line, column: setting.column, message, hint: None });
        }
        (map, faults)
    }

    /// What a key means in a place.
    #[must_use]
    pub fn command(&self, key: Key, place: Place) -> Option<Command> {
        let bound = |(row, keys): &&(&CommandRow, Vec<Key>)| row.places.contains(&place) && keys.contains(&key);
        self.rows.iter().find(bound).map(|(row, _)| row.command)
    }

    /// The rows that have a meaning in a place, with their keys, in the order of the table.
    pub fn rows(&self, place: Place) -> impl Iterator<Item = (&'static CommandRow, &[Key])> {
        self.rows.iter().filter(move |(row, _)| row.places.contains(&place)).map(|(row, keys)| (*row, keys.as_slice()))
    }

    /// The first key of a command; none where it is in the palette only.
    #[must_use]
    pub fn first(&self, command: Command) -> Option<Key> {
        self.rows.iter().find(|(row, _)| row.command == command).and_then(|(_, keys)| keys.first().copied())
    }

    fn set(&mut self, setting: &OwnKeys) -> Result<(), (String, Option<String>)> {
        let id = setting.command.as_str();
        let Some((row, keys)) = self.rows.iter_mut().find(|(row, _)| row.id == id) else {
            let hint = did_you_mean(id, COMMANDS.iter().map(|row| row.id));
            return Err((format!("there is no command {id}"), hint));
        };
        let wanted: Result<Vec<Key>, &str> =
            setting.keys.split_whitespace().map(|text| Key::parse(text).ok_or(text)).collect();
        let wanted = wanted.map_err(|text| {
            let hint = "a key is a, A, Enter, Space, PgUp, F5, Ctrl-r …; several are separated by blanks";
            (format!("{text} is no key"), Some(hint.to_owned()))
        })?;
        if wanted.len() > MAX_KEYS {
            return Err((format!("a command has at most {MAX_KEYS} keys"), None));
        }
        if id == "escape" || wanted.iter().any(|key| *key == INTERRUPT || *key == Key::plain(Code::Esc)) {
            return Err(("Esc and Ctrl-c keep their meaning".to_owned(), None));
        }
        let only_in_calculator = row.places.iter().all(|place| matches!(place, Place::Calculator | Place::Score));
        if let Some(key) = wanted.iter().find(|key| only_in_calculator && begins_value(**key)) {
            return Err((format!("{key} picks a value in the calculator"), None));
        }
        if let Some(key) = wanted.iter().find(|key| never_arrives(**key)) {
            return Err((format!("terminals send {key} as another key"), None));
        }
        *keys = wanted;
        Ok(())
    }

    fn reset(&mut self, id: &str) {
        let default = Self::default().rows;
        for (row, keys) in &mut self.rows {
            if row.id == id {
                *keys =
                    default.iter().find(|(known, _)| known.id == id).map(|(_, keys)| keys.clone()).unwrap_or_default();
            }
        }
    }

    /// A key of this command that means something else in a place where both work.
    fn clash(&self, id: &str) -> Option<String> {
        let (row, keys) = self.rows.iter().find(|(row, _)| row.id == id)?;
        let others = self.rows.iter().filter(|(other, _)| other.id != id);
        others.into_iter().find_map(|(other, taken)| {
            let key = keys.iter().find(|key| taken.contains(key))?;
            let shared = |(place, _): &&(Place, &str)| row.places.contains(place) && other.places.contains(place);
            let (_, place) = Place::ALL.iter().find(shared)?;
            Some(format!("{key} means «{}» in {place} already: {id} keeps its default", other.id))
        })
    }
}

/// Does a value of some metric begin with this letter?
fn begins_value(key: Key) -> bool {
    let Code::Char(letter) = key.code else { return false };
    let values = Version::ALL.iter().flat_map(|version| version.metrics()).flat_map(|metric| metric.values);
    !key.ctrl && values.filter_map(|value| value.key.chars().next()).any(|first| first.eq_ignore_ascii_case(&letter))
}

/// As Esc; twice it saves and leaves. No setting takes it away.
pub const INTERRUPT: Key = Key { ctrl: true, ..Key::plain(Code::Char('c')) };

/// Alt arrives as Esc and the letter; these of Ctrl as Tab, Enter, Backspace and Esc.
fn never_arrives(key: Key) -> bool {
    key.alt || (key.ctrl && matches!(key.code, Code::Char('i' | 'm' | 'j' | 'h' | '[')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(command: &str, keys: &str) -> OwnKeys {
        OwnKeys { command: command.into(), keys: keys.into(), line: 3, column: 1 }
    }

    fn key(text: &str) -> Key {
        Key::parse(text).unwrap()
    }

    #[test]
    fn own_keys_replace_those_of_their_command() {
        let (map, faults) = KeyMap::with(&[own("done", "t F5")]);
        assert!(faults.is_empty(), "{faults:?}");
        for pressed in ["t", "F5"] {
            assert_eq!(map.command(key(pressed), Place::Checklist), Some(Command::Done));
        }
        assert_eq!(map.command(key("Space"), Place::Checklist), None);
    }

    #[test]
    fn two_commands_can_change_their_keys() {
        let (map, faults) = KeyMap::with(&[own("start", "w"), own("wait", "s")]);
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(map.command(key("w"), Place::Checklist), Some(Command::Start));
        assert_eq!(map.command(key("s"), Place::Checklist), Some(Command::Wait));
    }

    #[test]
    fn a_default_that_comes_back_takes_its_key_from_no_other() {
        let (map, faults) = KeyMap::with(&[own("start", "w"), own("wait", "x")]);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert_eq!(map.command(key("w"), Place::Checklist), Some(Command::Wait));
        assert_eq!(map.command(key("s"), Place::Checklist), Some(Command::Start));
    }

    #[test]
    fn keys_that_can_not_arrive_are_refused() {
        for keys in ["Alt-d", "Ctrl-i", "Ctrl-m", "Ctrl-h", "Esc"] {
            let (map, faults) = KeyMap::with(&[own("done", keys)]);
            assert_eq!(faults.len(), 1, "{keys}");
            assert_eq!(map.command(key("Space"), Place::Checklist), Some(Command::Done));
        }
        let (map, faults) = KeyMap::with(&[own("escape", "F9")]);
        assert_eq!((faults.len(), map.command(key("Esc"), Place::Home)), (1, Some(Command::Escape)));
    }

    #[test]
    fn what_can_not_be_taken_is_named_and_stays_at_its_default() {
        let settings = [own("dnoe", "t"), own("start", "Hyper-x"), own("wait", "s"), own("undo", "Ctrl-c")];
        let (map, faults) = KeyMap::with(&settings);
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(told[0].starts_with("3:1: there is no command dnoe (did you mean done?)"), "{told:?}");
        assert!(told[1].contains("Hyper-x is no key"), "{told:?}");
        assert!(told[2].contains("Ctrl-c keep"), "{told:?}");
        assert!(told[3].contains("s means «start» in checklist already: wait keeps its default"), "{told:?}");
        assert_eq!(told.len(), 4);
        assert_eq!(map.command(key("w"), Place::Checklist), Some(Command::Wait));
        assert_eq!(map.command(key("z"), Place::Checklist), Some(Command::Undo));
    }
}
