//! How the screen looks: what was asked for, as far as the terminal can show it.

use super::world::{World, WorldError};
use crate::config::OwnTheme;
use crate::ui::Theme;

/// How the screen looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// Marks in ASCII.
    pub ascii: bool,
    /// Colours.
    pub theme: Theme,
}

impl Look {
    /// The look that was asked for, as far as the terminal can show it: `NO_COLOR`, `COLORTERM` and a plain terminal
    /// count. A theme that can't be used becomes a notice of the world, and the default is taken.
    #[must_use]
    pub fn of(world: &mut World, theme: Option<&str>, ascii: bool) -> Self {
        let set = |name: &str, values: &[&str]| std::env::var(name).is_ok_and(|value| values.contains(&value.as_str()));
        let default = if is_without_colour() { "plain" } else { "terminal" };
        let theme = chosen_theme(world, theme, default);
        let theme = if set("COLORTERM", &["truecolor", "24bit"]) { theme } else { theme.in_256_colours() };
        Self { ascii: ascii || set("TERM", &["linux", "dumb"]), theme }
    }
}

/// Is no colour asked for? An empty `NO_COLOR` asks for nothing.
pub(super) fn is_without_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// The theme of the command line, else of the settings, else the default. Without colour, `terminal` is `plain`.
fn chosen_theme(world: &mut World, given: Option<&str>, default: &str) -> Theme {
    let setting = world.config.theme.clone();
    let name = given.or(setting.as_ref().map(|own| own.name.as_str())).unwrap_or(default);
    let name = if name == "terminal" { default } else { name };
    world.theme(name).unwrap_or_else(|error| {
        let place = match (&error, setting) {
            (WorldError::NoTheme { .. }, Some(OwnTheme { line, column, .. })) => {
                format!("config.toml:{line}:{column}: ")
            }
            _ => String::new(),
        };
        world.notices.push(format!("{place}{error}"));
        Theme::built_in(default).unwrap_or_default()
    })
}
