//! The one table of commands. It feeds dispatch, footer, the list of keys, and the palette.

mod page;
mod table;

pub use page::page;
pub use table::COMMANDS;

/// Everything that a key or the palette can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the table below says what each does")]
pub enum Command {
    Up,
    Down,
    HalfPageUp,
    HalfPageDown,
    PageUp,
    PageDown,
    First,
    Last,
    Open,
    Unfold,
    Fold,
    Escape,
    Back,
    Help,
    Palette,
    NextPane,
    PreviousPane,
    PaneOverview,
    PaneChecklist,
    PaneScore,
    PaneBranches,
    PaneMessages,
    PanePeople,
    PaneTimeline,
    PaneFacts,
    OtherView,
    Copy,
    NextCase,
    PreviousCase,
    NextComponent,
    PreviousComponent,
    New,
    ShowArchived,
    Filter,
    Done,
    Start,
    Wait,
    Assign,
    Link,
    SetAside,
    MoveDate,
    Edit,
    EditOutside,
    Override,
    Undo,
    Redo,
    Leak,
    CloseLeak,
    Trouble,
    Versions,
    Reload,
    Expose,
    Publish,
    SlowDown,
    HandOver,
    Accept,
    Switch,
    CloseCase,
    ArchiveCase,
    SetField,
    AddVulnerability,
    NextVulnerability,
    PreviousVulnerability,
    Calculator,
    Fleet,
    LookAtAll,
    Worse,
    Milder,
    Unset,
    ToggleGroup,
    Beside,
    CompareWith,
    OtherVersion,
    UndoChoice,
    RedoChoice,
    Reset,
    CopyScore,
    CopyMarkdown,
    CopyJson,
    Drill,
    MoveClock,
    Redraw,
    Suspend,
    Interrupt,
}

/// Where a key has a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The list of cases.
    Home,
    /// The checklist of a case.
    Checklist,
    /// A refusal in place of a step's detail.
    Card,
    /// People and access.
    People,
    /// The timeline.
    Timeline,
    /// Facts and dates.
    Facts,
    /// The branches of a case.
    Branches,
    /// Everything that is watched without a case.
    Fleet,
    /// The calculator by itself.
    Calculator,
    /// The score of a case: its calculator.
    Score,
}

impl Place {
    /// All places with what they are called.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Home, "home"),
        (Self::Checklist, "checklist"),
        (Self::Card, "refused step"),
        (Self::People, "people"),
        (Self::Timeline, "timeline"),
        (Self::Facts, "facts and dates"),
        (Self::Branches, "branches"),
        (Self::Fleet, "fleet"),
        (Self::Calculator, "calculator"),
        (Self::Score, "score"),
    ];
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct CommandRow {
    /// The command.
    pub command: Command,
    /// Id, for the configuration.
    pub id: &'static str,
    /// One or two words, for the footer.
    pub title: &'static str,
    /// One sentence, for the list of keys.
    pub help: &'static str,
    /// Where it works.
    pub places: &'static [Place],
    /// Its keys; none means that it is in the palette only.
    pub keys: &'static [&'static str],
    /// It stands in the footer of its places.
    pub footer: bool,
}

impl CommandRow {
    /// Does it stand in the footer of a place?
    #[must_use]
    pub fn is_told_in(&self, place: Place) -> bool {
        match self.command {
            Command::Copy | Command::Reload => matches!(place, Place::Branches | Place::Fleet),
            Command::Filter => place == Place::Fleet,
            _ => self.footer,
        }
    }

    /// What the command comes to in a place, in one or two words.
    #[must_use]
    pub fn title_in(&self, place: Place) -> &'static str {
        match (self.command, place) {
            (Command::New, Place::Home) => "new case",
            (Command::New, Place::Checklist) => "note",
            (Command::New, Place::People) => "give access",
            (Command::New, Place::Branches) => "component",
            (Command::Done, Place::Branches) => "pick",
            (Command::Open, Place::Branches) => "commits",
            (Command::OtherView, Place::Branches) => "fixes, leaks, tags",
            (Command::Copy, Place::Branches) => "copy",
            (Command::Reload, Place::Branches) => "look again",
            (Command::Done, Place::People) => "end access",
            (Command::Assign, Place::People) => "add person",
            (Command::Open, Place::People) => "next update",
            (Command::Open, Place::Timeline) => "go to the step",
            (Command::Open, Place::Facts) => "answer",
            (Command::Open, Place::Card) => "go to what is missing",
            (Command::Open, Place::Calculator) => "take",
            (Command::Open, Place::Score) => "record",
            (Command::Copy, Place::Fleet) => "copy commands",
            (Command::Leak, Place::Fleet) => "case of the leak",
            (Command::Back, Place::Home | Place::Calculator) => "leave",
            (Command::Back, _) => "home",
            _ => self.title,
        }
    }
}

/// The row of a command.
#[must_use]
pub fn row_of(command: Command) -> Option<&'static CommandRow> {
    COMMANDS.iter().find(|row| row.command == command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::{Code, Key};
    use std::collections::HashSet;

    #[test]
    fn no_two_commands_share_a_key_in_a_place() {
        for (place, name) in Place::ALL {
            let mut taken = HashSet::new();
            for row in COMMANDS.iter().filter(|row| row.places.contains(&place)) {
                for key in row.keys {
                    assert!(Key::parse(key).is_some(), "{key} is no key");
                    assert!(taken.insert(*key), "{key} has two meanings in {name}");
                }
            }
        }
    }

    #[test]
    fn no_default_is_a_key_that_terminals_and_people_need() {
        let forbidden = ["s", "q", "b", "a", "Space", "p", "o", "g", "t", "n", "h", "i", "j", "m", "[", "\\", "y", "v"];
        let forbidden: HashSet<Key> = forbidden.iter().filter_map(|key| Key::parse(&format!("Ctrl-{key}"))).collect();
        for row in COMMANDS {
            for key in row.keys.iter().filter_map(|text| Key::parse(text)) {
                assert!(!forbidden.contains(&key), "{key} must not be a default");
                assert!(!key.alt, "{key}: Alt must not be a default");
                assert!(!"[]{}\\|~@".chars().any(|c| key == Key::plain(Code::Char(c))), "{key}");
            }
        }
    }

    #[test]
    fn every_command_has_a_row_with_words_and_a_unique_id() {
        let mut ids = HashSet::new();
        for row in COMMANDS {
            assert!(ids.insert(row.id), "{} is there twice", row.id);
            assert!(row.help.ends_with('.') && !row.title.is_empty(), "{}", row.id);
            assert!(!row.places.is_empty(), "{}", row.id);
        }
    }
}
