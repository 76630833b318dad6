//! Themes: colours and modifiers by what they mean. State never stands by colour alone: each has a word or a mark as well.
//!
//! A theme is a text, `themes/NAME.toml`, read with every fault at its place.

use ratatui::style::{Modifier, Style};

use super::colour;
use crate::source::{self, Fault, Table};

/// What a style means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Running text, and the ground that all others stand on.
    Plain,
    /// Done, later, sources.
    Quiet,
    /// Lines between bands and panes: drawn, never written.
    Rule,
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

impl Role {
    /// All roles with their names in a theme, in the order of their declaration.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::Plain, "plain"),
        (Self::Quiet, "quiet"),
        (Self::Rule, "rule"),
        (Self::Strong, "strong"),
        (Self::Cursor, "cursor"),
        (Self::Accent, "accent"),
        (Self::Good, "good"),
        (Self::Look, "look"),
        (Self::Bad, "bad"),
        (Self::Alarm, "alarm"),
        (Self::Embargo, "embargo"),
    ];
}

/// A style for each role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; Role::ALL.len()],
}

/// Name and text of each theme that comes with the program; the first is the default.
pub const THEMES: [(&str, &str); 5] = [
    ("terminal", include_str!("../../themes/terminal.toml")),
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("plain", include_str!("../../themes/plain.toml")),
];

impl Default for Theme {
    /// The theme `terminal`.
    fn default() -> Self {
        // A built-in text without fault is held by a test; without it everything would be plain text.
        Self::built_in(THEMES[0].0).unwrap_or(Self { styles: [Style::new(); Role::ALL.len()] })
    }
}

impl Theme {
    /// A theme that comes with the program, by its name.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        let (_, text) = THEMES.iter().find(|(known, _)| *known == name)?;
        Self::parse(text).ok()
    }

    /// Reads the text of a theme.
    ///
    /// # Errors
    /// All faults of the text, each with line and column.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        source::read(text, |root| {
            let styles = Role::ALL.map(|(_, name)| style_of(root, name));
            let ground = styles[Role::Plain as usize];
            Self { styles: styles.map(|style| ground.patch(style)) }
        })
    }

    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The same for a terminal that knows 256 colours only.
    #[must_use]
    pub fn in_256_colours(self) -> Self {
        let nearest = |style: Style| Style {
            fg: style.fg.map(colour::nearest_of_256),
            bg: style.bg.map(colour::nearest_of_256),
            ..style
        };
        Self { styles: self.styles.map(nearest) }
    }
}

/// One row of a theme. A role that is left out is a fault: an alarm would else pass for running text.
fn style_of(root: &Table<'_>, role: &'static str) -> Style {
    let Some(row) = root.table(role) else {
        if !root.has(role) {
            root.fault(0, format!("the role {role} is missing"), Some(format!("write {role} = {{}} for plain text")));
        }
        return Style::new();
    };
    let modifiers = [
        ("bold", Modifier::BOLD),
        ("dim", Modifier::DIM),
        ("reversed", Modifier::REVERSED),
        ("underlined", Modifier::UNDERLINED),
    ];
    let style = Style { fg: colour::read(&row, "fg"), bg: colour::read(&row, "bg"), ..Style::new() };
    let style = modifiers
        .into_iter()
        .filter(|(key, _)| row.flag(key))
        .fold(style, |style, (_, modifier)| style.add_modifier(modifier));
    row.finish();
    style
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::*;

    /// The contrast of two fixed colours, from 1 to 21, as WCAG 2 defines it.
    fn contrast(one: Color, other: Color) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(colour: Color) -> f64 {
        let channels = match colour {
            Color::Rgb(red, green, blue) => [red, green, blue],
            Color::Indexed(index) => colour::fixed(index),
            other => panic!("{other} is no fixed colour"),
        };
        let linear = |channel: u8| match f64::from(channel) / 255.0 {
            low if low <= 0.040_45 => low / 12.92,
            high => ((high + 0.055) / 1.055).powf(2.4),
        };
        let [red, green, blue] = channels.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn built_in() -> impl Iterator<Item = (&'static str, Theme)> {
        THEMES.iter().map(|(name, text)| {
            let theme = Theme::parse(text).unwrap_or_else(|faults| panic!("{name}: {}", faults[0]));
            (*name, theme)
        })
    }

    fn named(name: &str) -> Theme {
        Theme::built_in(name).unwrap()
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        let (black, white) = (Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255));
        assert!((contrast(black, white) - 21.0).abs() < 0.001);
        assert!((contrast(Color::Rgb(0x77, 0x77, 0x77), white) - 4.48).abs() < 0.01);
    }

    #[test]
    fn roles_stand_at_their_place() {
        for (index, (role, _)) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, index);
        }
    }

    #[test]
    fn every_fault_of_a_theme_is_named_with_its_place() {
        let rows = "rule = {}\nstrong = {}\ncursor = {}\naccent = {}\ngood = {}\nlook = {}\nbad = {}\nalarm = {}\n";
        let text =
            format!("plain = {{ fg = \"gren\" }}\nquite = {{ dim = true }}\n{rows}embargo = {{ bolt = true }}\n");
        let faults: Vec<String> = Theme::parse(&text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(faults[0], "1:1: the role quiet is missing (write quiet = {} for plain text)");
        assert!(faults[1].starts_with("1:16: fg must be a colour, not gren (did you mean green?"), "{}", faults[1]);
        assert_eq!(faults[2], "2:1: unknown key quite (did you mean quiet?)");
        assert_eq!(faults[3], "11:13: unknown key bolt (did you mean bold?)");
        assert_eq!(faults.len(), 4);
    }

    #[test]
    fn all_colours_of_the_fixed_themes_can_be_read() {
        for (name, least) in [("dark", 4.5), ("light", 4.5), ("high-contrast", 7.0)] {
            for theme in [named(name), named(name).in_256_colours()] {
                for (role, word) in Role::ALL {
                    let style = theme.style(role);
                    assert!(
                        !style.add_modifier.contains(Modifier::DIM),
                        "{name}: {word}: nobody knows how dim that is"
                    );
                    let ratio = contrast(style.fg.unwrap(), style.bg.unwrap());
                    // A rule parts what can be told apart without it.
                    let least = if role == Role::Rule { 1.3 } else { least };
                    assert!(ratio >= least, "{name}: {word} has {ratio:.2} : 1");
                }
            }
        }
    }

    /// Beside their colour these have a mark (evidence) or words (what is due, what could not be looked at).
    const BY_WORD_AND_MARK: [(&str, Role); 2] = [("plain", Role::Good), ("plain", Role::Look)];

    #[test]
    fn every_role_differs_from_running_text() {
        for (name, theme) in built_in() {
            for (role, word) in Role::ALL.into_iter().skip(1) {
                let differs = theme.style(role) != theme.style(Role::Plain);
                assert_eq!(differs, !BY_WORD_AND_MARK.contains(&(name, role)), "{name}: {word}");
            }
        }
    }

    #[test]
    fn an_alarm_looks_like_nothing_else() {
        for (name, theme) in built_in() {
            let alarm = theme.style(Role::Alarm);
            assert!(alarm.bg.is_some() || alarm.add_modifier.contains(Modifier::REVERSED), "{name}: it fills its row");
            for (role, word) in Role::ALL.into_iter().filter(|(role, _)| *role != Role::Alarm) {
                assert_ne!(theme.style(role), alarm, "{name}: {word}");
            }
        }
    }

    #[test]
    fn the_default_keeps_away_from_colours_that_cannot_be_seen() {
        assert_eq!(Theme::default(), named("terminal"));
        for (role, word) in Role::ALL {
            let style = Theme::default().style(role);
            for colour in [style.fg, style.bg].into_iter().flatten() {
                assert!(
                    !matches!(colour, Color::DarkGray | Color::Blue | Color::Rgb(..) | Color::Indexed(_)),
                    "{word}"
                );
            }
        }
        assert_eq!(Theme::default().style(Role::Plain), Style::new(), "the person's own ground");
    }

    #[test]
    fn plain_has_no_colour() {
        for (role, word) in Role::ALL {
            let style = named("plain").style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{word}");
        }
    }
}
