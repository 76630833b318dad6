//! The person's and the project's settings: model and precise errors, no files.
//!
//! `config.toml` holds what belongs to the person at this machine, `projects/NAME.toml` what a project adds to the
//! playbook that it extends, `watch.toml` what is compared without a case. All are read with every fault at its place; a fault never keeps the program from starting.

mod project;
mod watch;

pub use project::{Project, ProjectComponent};
pub use watch::{Planned, Watch, WatchRow, check_commit, check_pattern, check_pin, expected, wanted};

use crate::source::{self, Fault, Text};

/// The layout of `config.toml` that this program reads.
pub const SCHEMA: i64 = 1;

/// How many zones may be shown beside each other, the person's and the project's each.
pub const MAX_ZONES: usize = 8;

/// What a person has set. Every field has a default, so that an empty file is a valid one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Who «me» is; asked once.
    pub me: Option<String>,
    /// IANA names of the zones that are shown after UTC.
    pub zones: Vec<String>,
    /// The theme, by its name.
    pub theme: Option<OwnTheme>,
    /// Does the mouse select and scroll?
    pub mouse: bool,
    /// A person's own keys, in the order of the file.
    pub keys: Vec<OwnKeys>,
}

/// The keys that a person gave to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnKeys {
    /// Id of the command.
    pub command: String,
    /// Its keys, separated by blanks.
    pub keys: String,
    /// Line of `config.toml`, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The theme that a person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTheme {
    /// Its name.
    pub name: String,
    /// Line of `config.toml`, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { me: None, zones: Vec::new(), theme: None, mouse: true, keys: Vec::new() }
    }
}

impl Config {
    /// Reads `config.toml`.
    ///
    /// # Errors
    /// All faults of the text, each with line and column.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        source::read(text, |root| {
            if root.integer("schema").is_some_and(|schema| schema > SCHEMA) {
                root.fault(0, format!("this program reads schema {SCHEMA}"), None);
            }
            // Reserved for capabilities to come.
            root.table("hosts");
            root.table("net");
            Self {
                me: root.string("me").filter(|me| !me.trim().is_empty()),
                zones: root.few("zones", MAX_ZONES),
                theme: root.text("theme").map(|name| own_theme(text, name)),
                mouse: root.boolean("mouse").unwrap_or(true),
                keys: root.pairs("keys").into_iter().map(|(id, keys)| own_keys(text, id, keys.value)).collect(),
            }
        })
    }
}

fn own_theme(text: &str, name: Text) -> OwnTheme {
    let (line, column) = source::place(text, name.at);
    OwnTheme { name: name.value, line, column }
}

fn own_keys(text: &str, id: Text, keys: String) -> OwnKeys {
    let (line, column) = source::place(text, id.at);
    OwnKeys { command: id.value, keys, line, column }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(Config::parse(""), Ok(Config::default()));
    }

    #[test]
    fn every_setting_is_read() {
        let text = "schema = 1\nme = \"lead\"\nzones = [\"Europe/Berlin\"]\nmouse = false\ntheme = \"dark\"\n[keys]\ndone = \"t F5\"\n";
        let config = Config::parse(text).unwrap();
        assert_eq!(config.me.as_deref(), Some("lead"));
        assert_eq!(config.zones, ["Europe/Berlin"]);
        assert!(!config.mouse);
        let own = OwnKeys { command: "done".into(), keys: "t F5".into(), line: 7, column: 1 };
        assert_eq!(config.theme, Some(OwnTheme { name: "dark".into(), line: 5, column: 9 }));
        assert_eq!(config.keys, [own]);
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let faults = Config::parse("schema = 7\nme = 3\nzonse = []\n").unwrap_err();
        let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "1:1: this program reads schema 1",
                "2:6: me must be a text, not a number",
                "3:1: unknown key zonse (did you mean zones?)",
            ]
        );
    }
}
