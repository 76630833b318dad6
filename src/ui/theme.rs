//! Colours by what they mean. State never stands by colour alone: each has a word or a mark as well.

use ratatui::style::{Color, Modifier, Style};

/// What a colour means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Running text.
    Plain,
    /// Done, later, sources.
    Quiet,
    /// Next action, codename.
    Strong,
    /// The row under the cursor.
    Cursor,
    /// The focused pane's title, key names.
    Accent,
    /// Verified evidence only.
    Good,
    /// Due in a day, could not look.
    Look,
    /// Late, missing, conflict.
    Bad,
    /// LEAK and NOT SAVED, nothing else.
    Alarm,
    /// EMBARGO, RELEASING.
    Embargo,
}

/// A set of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// The person's own sixteen colours.
    #[default]
    Terminal,
    /// No colours, for `NO_COLOR`: modifiers only.
    Plain,
}

impl Theme {
    /// A theme by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "terminal" => Some(Self::Terminal),
            "plain" => Some(Self::Plain),
            _ => None,
        }
    }

    /// The style of a role.
    #[must_use]
    pub fn style(self, role: Role) -> Style {
        match self {
            Self::Terminal => terminal(role),
            Self::Plain => plain(role),
        }
    }
}

fn terminal(role: Role) -> Style {
    let style = Style::default();
    match role {
        Role::Plain => style,
        // The attribute rather than the eighth colour, which is invisible on some palettes.
        Role::Quiet => style.add_modifier(Modifier::DIM),
        Role::Strong => style.add_modifier(Modifier::BOLD),
        Role::Cursor => style.add_modifier(Modifier::REVERSED),
        Role::Accent => style.fg(Color::Cyan),
        Role::Good => style.fg(Color::Green),
        Role::Look => style.fg(Color::Yellow),
        Role::Bad => style.fg(Color::Red),
        Role::Alarm => style.fg(Color::White).bg(Color::Red).add_modifier(Modifier::BOLD),
        Role::Embargo => style.fg(Color::Magenta).add_modifier(Modifier::BOLD),
    }
}

fn plain(role: Role) -> Style {
    let style = Style::default();
    match role {
        Role::Plain | Role::Good | Role::Look => style,
        Role::Quiet => style.add_modifier(Modifier::DIM),
        Role::Strong | Role::Accent | Role::Bad | Role::Embargo => style.add_modifier(Modifier::BOLD),
        Role::Cursor | Role::Alarm => style.add_modifier(Modifier::REVERSED),
    }
}

/// Marks, with their fall-back in ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says what the mark stands for")]
pub enum Mark {
    Done,
    Open,
    Waiting,
    Blocked,
    NotApplicable,
    Cursor,
    Pass,
    Fail,
    Unknown,
    Attention,
}

impl Mark {
    /// The mark itself.
    #[must_use]
    pub fn sign(self, ascii: bool) -> &'static str {
        let (mark, plain) = match self {
            Self::Done => ("✓", "x"),
            Self::Open => ("◦", "o"),
            Self::Waiting => ("»", ">"),
            Self::Blocked => ("⊘", "#"),
            Self::NotApplicable => ("−", "-"),
            Self::Cursor => ("▸", ">"),
            Self::Pass => ("✓", "ok"),
            Self::Fail => ("✗", "FAIL"),
            Self::Unknown => ("?", "?"),
            Self::Attention => ("!", "!"),
        };
        if ascii { plain } else { mark }
    }
}
