//! The one table of commands. It feeds dispatch, footer, the list of keys, and the palette.

use super::key::Key;

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
    GoToNext,
    PaneChecklist,
    PanePeople,
    PaneTimeline,
    PaneFacts,
    NextCase,
    PreviousCase,
    New,
    ShowArchived,
    Done,
    Start,
    Wait,
    Assign,
    Link,
    SetAside,
    MoveDate,
    Edit,
    Override,
    Undo,
    Redo,
    Leak,
    CloseLeak,
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
    ScoreVector,
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
}

impl Place {
    /// All places with what they are called.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Home, "home"),
        (Self::Checklist, "checklist"),
        (Self::Card, "refused step"),
        (Self::People, "people"),
        (Self::Timeline, "timeline"),
        (Self::Facts, "facts and dates"),
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

use Place::{Card, Checklist, Facts, Home, People, Timeline};

const ALL: &[Place] = &[Home, Checklist, Card, People, Timeline, Facts];
const IN_CASE: &[Place] = &[Checklist, Card, People, Timeline, Facts];
const STEP: &[Place] = &[Checklist, Card];

const fn row(
    command: Command,
    id: &'static str,
    title: &'static str,
    help: &'static str,
    places: &'static [Place],
    keys: &'static [&'static str],
    footer: bool,
) -> CommandRow {
    CommandRow { command, id, title, help, places, keys, footer }
}

/// The table. Footers show its rows in this order.
pub const COMMANDS: &[CommandRow] = &[
    row(Command::Open, "open", "open", "Go in, or do the obvious; never irrevocable by itself.", ALL, &["Enter"], true),
    row(
        Command::Override,
        "override",
        "override",
        "Go on although something is missing, with a reason that the timeline keeps.",
        &[Card],
        &["O"],
        true,
    ),
    row(
        Command::New,
        "new",
        "new",
        "A new case at home, a note in the checklist, an entry elsewhere.",
        &[Home, Checklist, People, Facts],
        &["n"],
        true,
    ),
    row(
        Command::Done,
        "done",
        "done",
        "It is done: the step, or the access has ended. Again on a done step opens it.",
        &[Checklist, Card, People],
        &["Space"],
        true,
    ),
    row(Command::Start, "start", "start", "Somebody begins the step.", STEP, &["s"], true),
    row(Command::Wait, "wait", "waiting", "The step waits for somebody.", STEP, &["w"], true),
    row(
        Command::Assign,
        "assign",
        "assign",
        "The step is somebody's; among people, add a person.",
        &[Checklist, Card, People],
        &["a"],
        true,
    ),
    row(Command::Link, "link", "link", "Add a link to the step.", STEP, &["p"], false),
    row(Command::SetAside, "set-aside", "n/a", "The step does not apply, with a reason.", STEP, &["x"], true),
    row(
        Command::MoveDate,
        "move-date",
        "date",
        "Move the date, with a reason.",
        &[Checklist, Card, Facts],
        &["d"],
        true,
    ),
    row(Command::Edit, "edit", "edit", "Change the answer or the instant.", &[Facts], &["e"], true),
    row(Command::Leak, "leak", "leak", "Report a leak, or go to its steps.", IN_CASE, &["!"], true),
    row(Command::GoToNext, "go-to-next", "next", "Go to what is next.", IN_CASE, &["0"], false),
    row(Command::PaneChecklist, "pane-checklist", "checklist", "The checklist.", IN_CASE, &["1"], false),
    row(Command::PanePeople, "pane-people", "people", "People and access.", IN_CASE, &["5"], false),
    row(Command::PaneTimeline, "pane-timeline", "timeline", "The timeline.", IN_CASE, &["6"], false),
    row(Command::PaneFacts, "pane-facts", "facts", "Facts and dates.", IN_CASE, &["7"], false),
    row(Command::NextPane, "next-pane", "next pane", "The next pane.", IN_CASE, &["Tab"], false),
    row(Command::PreviousPane, "previous-pane", "previous pane", "The previous pane.", IN_CASE, &["Shift-Tab"], false),
    row(Command::NextCase, "next-case", "next case", "The next case.", IN_CASE, &["."], false),
    row(Command::PreviousCase, "previous-case", "previous case", "The previous case.", IN_CASE, &[","], false),
    row(Command::Undo, "undo", "undo", "Take back the last thing that can be taken back.", IN_CASE, &["z", "u"], false),
    row(Command::Redo, "redo", "redo", "Do again what was taken back.", IN_CASE, &["Z", "Ctrl-r"], false),
    row(Command::Reload, "reload", "look again", "Look again.", ALL, &["r"], false),
    row(Command::ShowArchived, "archive", "archive", "Show or hide the archive.", &[Home], &["A"], true),
    row(Command::Up, "up", "up", "One row up.", ALL, &["Up", "k"], false),
    row(Command::Down, "down", "down", "One row down.", ALL, &["Down", "j"], false),
    row(Command::HalfPageUp, "half-page-up", "half page up", "Half a page up.", ALL, &["Ctrl-u"], false),
    row(Command::HalfPageDown, "half-page-down", "half page down", "Half a page down.", ALL, &["Ctrl-d"], false),
    row(Command::PageUp, "page-up", "page up", "A page up.", ALL, &["PgUp"], false),
    row(Command::PageDown, "page-down", "page down", "A page down.", ALL, &["PgDn"], false),
    row(Command::First, "first", "first", "The first row.", ALL, &["Home", "g"], false),
    row(Command::Last, "last", "last", "The last row.", ALL, &["End", "G"], false),
    row(Command::Unfold, "unfold", "unfold", "Show what is inside.", &[Checklist, Card], &["Right", "l"], false),
    row(Command::Fold, "fold", "fold", "Fold what is inside.", &[Checklist, Card], &["Left", "h"], false),
    row(Command::Publish, "publish", "declare public", "Declare the release public.", IN_CASE, &[], false),
    row(
        Command::Expose,
        "expose",
        "begin exposing",
        "Exposing begins: from now on public traces of the fix are no leak.",
        IN_CASE,
        &[],
        false,
    ),
    row(
        Command::SlowDown,
        "slow-down",
        "slow down",
        "Put off all deadlines, where the process allows it.",
        IN_CASE,
        &[],
        false,
    ),
    row(Command::CloseLeak, "close-leak", "close the leak", "The leak has been dealt with.", IN_CASE, &[], false),
    row(Command::HandOver, "hand-over", "hand over", "Hand the case over to another lead.", IN_CASE, &[], false),
    row(Command::Accept, "accept", "accept", "Take over a case that was handed to you.", IN_CASE, &[], false),
    row(Command::Switch, "switch", "switch process", "Go on with another process.", IN_CASE, &[], false),
    row(Command::CloseCase, "close", "close the case", "The case ends.", IN_CASE, &[], false),
    row(
        Command::ArchiveCase,
        "archive-case",
        "archive the case",
        "Out of the way, but kept; again takes it out.",
        IN_CASE,
        &[],
        false,
    ),
    row(
        Command::SetField,
        "set",
        "set a field",
        "Set any field of the case by its path, such as vulnerability.V1.cve.",
        IN_CASE,
        &[],
        false,
    ),
    row(Command::ScoreVector, "score", "score", "Enter a CVSS vector.", IN_CASE, &["3"], false),
    row(Command::Escape, "escape", "close", "Close what is open; never loses text.", ALL, &["Esc"], false),
    row(Command::Palette, "palette", "all", "All commands.", ALL, &[":"], true),
    row(Command::Help, "help", "keys", "The keys of this place.", ALL, &["?"], true),
    row(Command::Back, "back", "back", "Back; at home, leave.", ALL, &["q"], true),
    row(Command::Redraw, "redraw", "redraw", "Draw everything anew.", ALL, &["Ctrl-l"], false),
    row(Command::Suspend, "suspend", "suspend", "Suspend; fg brings it back.", ALL, &["Ctrl-z"], false),
    row(
        Command::Interrupt,
        "interrupt",
        "leave",
        "As Esc; twice in two seconds saves and leaves.",
        ALL,
        &["Ctrl-c"],
        false,
    ),
];

/// The row of a command.
#[must_use]
pub fn row_of(command: Command) -> Option<&'static CommandRow> {
    COMMANDS.iter().find(|row| row.command == command)
}

/// What a key means in a place.
#[must_use]
pub fn command_for(key: Key, place: Place) -> Option<Command> {
    let bound =
        |row: &&CommandRow| row.places.contains(&place) && row.keys.iter().any(|text| Key::parse(text) == Some(key));
    COMMANDS.iter().find(bound).map(|row| row.command)
}

#[cfg(test)]
mod tests {
    use super::*;
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
                assert!(!"[]{}\\|~@".chars().any(|c| key == Key::plain(super::super::key::Code::Char(c))), "{key}");
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
