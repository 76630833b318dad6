//! Colours of a theme: how they are written, and which of 256 comes nearest.

use ratatui::style::Color;

use crate::source::{Table, did_you_mean};

/// The sixteen colours that the person's own terminal defines.
const NAMES: [(&str, Color); 16] = [
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

/// The colour under a key: one of the sixteen by its name, or a fixed one as `#rrggbb`.
pub(super) fn read(row: &Table<'_>, key: &'static str) -> Option<Color> {
    let text = row.text(key)?;
    let found =
        rgb(&text.value).or_else(|| NAMES.iter().find(|(name, _)| *name == text.value).map(|(_, colour)| *colour));
    if found.is_none() {
        let hint = did_you_mean(&text.value, NAMES.map(|(name, _)| name))
            .unwrap_or_else(|| "write #rrggbb, or a name such as red or bright-red".to_owned());
        row.fault(text.at, format!("{key} must be a colour, not {}", text.value), Some(hint));
    }
    found
}

fn rgb(text: &str) -> Option<Color> {
    let digits = text
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some(Color::Rgb(red, green, blue))
}

/// The nearest colour of the 256 that nearly every terminal knows: a cube of 6 × 6 × 6, and 24 greys. The first sixteen
/// are the person's own and are never taken. What is no fixed colour stays as it is.
#[must_use]
pub(super) fn nearest_of_256(colour: Color) -> Color {
    let Color::Rgb(red, green, blue) = colour else { return colour };
    let wanted = [red, green, blue];
    let nearest = (16..=255).min_by_key(|index| distance(wanted, fixed(*index))).unwrap_or(16);
    Color::Indexed(nearest)
}

/// What a colour of the 256 looks like, from the seventeenth on.
pub(super) fn fixed(index: u8) -> [u8; 3] {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    if index >= 232 {
        return [8 + 10 * (index - 232); 3];
    }
    let place = usize::from(index.saturating_sub(16));
    [STEPS[place / 36], STEPS[place / 6 % 6], STEPS[place % 6]]
}

fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_one_of_the_256_is_nearest_to_itself() {
        for index in 16..=255 {
            let [red, green, blue] = fixed(index);
            let Color::Indexed(nearest) = nearest_of_256(Color::Rgb(red, green, blue)) else { panic!("one of 256") };
            assert_eq!(fixed(nearest), fixed(index));
        }
    }

    #[test]
    fn the_nearest_is_taken_from_cube_and_greys() {
        let nearest = |red, green, blue| nearest_of_256(Color::Rgb(red, green, blue));
        assert_eq!(nearest(255, 0, 0), Color::Indexed(196));
        assert_eq!(nearest(0x12, 0x16, 0x1c), Color::Indexed(233));
        assert_eq!(nearest(0x6f, 0xc3, 0xdf), Color::Indexed(74));
        assert_eq!(nearest_of_256(Color::Cyan), Color::Cyan);
    }

    #[test]
    fn what_is_no_six_digits_is_no_fixed_colour() {
        assert_eq!(rgb("#0aF29c"), Some(Color::Rgb(0x0a, 0xf2, 0x9c)));
        for text in ["", "#", "0af29c", "#0af29", "#0af29cc", "#+12345", "#ä123", "#0af 9c"] {
            assert_eq!(rgb(text), None, "{text}");
        }
    }
}
