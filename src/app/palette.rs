//! All commands of a place by name: what is typed finds them by letters in order, not only by whole words.

use super::App;
use super::command::{Command, CommandRow};
use super::key::{Code, Key};
use super::message::{Effect, Tools};

/// What was typed, and which row is chosen.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// What was typed.
    pub filter: String,
    /// The row under the cursor.
    pub cursor: usize,
}

/// One row: a command, its keys, and why it can't run now.
#[derive(Clone, Debug)]
pub struct PaletteRow {
    /// The command.
    pub row: &'static CommandRow,
    /// Its keys.
    pub keys: Vec<Key>,
    /// Why it can't run now.
    pub unavailable: Option<String>,
}

/// Rows that a page moves by.
const PAGE: usize = 10;

impl App {
    /// The commands of this place that fit what was typed, best first.
    #[must_use]
    pub fn palette_rows(&self, palette: &Palette) -> Vec<PaletteRow> {
        let mut rows: Vec<(i32, PaletteRow)> = self
            .keys
            .rows(self.place())
            .filter_map(|(row, keys)| {
                let unavailable = self.available(row.command).err();
                let rank = rank(&palette.filter, row)?;
                Some((rank, PaletteRow { row, keys: keys.to_vec(), unavailable }))
            })
            .collect();
        rows.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    pub(super) fn palette_key(&mut self, mut palette: Palette, key: Key, tools: &Tools) -> Vec<Effect> {
        let rows = self.palette_rows(&palette);
        let last = rows.len().saturating_sub(1);
        match key.code {
            Code::Esc => return Vec::new(),
            Code::Enter => return self.run_chosen(rows.get(palette.cursor).map(|row| row.row.command), tools),
            Code::Down => palette.cursor = (palette.cursor + 1).min(last),
            Code::Up => palette.cursor = palette.cursor.saturating_sub(1),
            Code::PageDown => palette.cursor = (palette.cursor + PAGE).min(last),
            Code::PageUp => palette.cursor = palette.cursor.saturating_sub(PAGE),
            Code::Home => palette.cursor = 0,
            Code::End => palette.cursor = last,
            Code::Backspace => {
                palette.filter.pop();
                palette.cursor = 0;
            }
            Code::Char('u') if key.ctrl => palette = Palette::default(),
            Code::Char(c) if !key.ctrl && !key.alt => {
                palette.filter.push(c);
                palette.cursor = 0;
            }
            _ => {}
        }
        self.overlay = Some(super::Overlay::Palette(palette));
        Vec::new()
    }

    fn run_chosen(&mut self, chosen: Option<Command>, tools: &Tools) -> Vec<Effect> {
        self.message = None;
        chosen.map(|command| self.run(command, tools)).unwrap_or_default()
    }
}

/// How well a command fits what was typed; none if it does not. Each word typed must be found by itself.
fn rank(typed: &str, row: &CommandRow) -> Option<i32> {
    typed.to_lowercase().split_whitespace().map(|word| rank_word(word, row)).sum()
}

/// Names count for more than the sentence, in which only whole pieces are sought.
fn rank_word(word: &str, row: &CommandRow) -> Option<i32> {
    let by_name = [row.title, row.id].iter().filter_map(|name| subsequence(word, &name.to_lowercase())).max();
    let by_help = || row.help.to_lowercase().contains(word).then_some(1);
    by_name.or_else(by_help)
}

/// Are the letters of a word in a text, in order? Letters at the beginning of words and letters in a row count more.
fn subsequence(word: &str, text: &str) -> Option<i32> {
    let mut rank = 2;
    let mut before: Option<char> = None;
    let mut in_a_row = 0;
    let mut letters = text.chars();
    for wanted in word.chars() {
        loop {
            let letter = letters.next()?;
            let begins = before.is_none_or(|before| !before.is_alphanumeric());
            before = Some(letter);
            if letter == wanted {
                in_a_row += 1;
                rank += in_a_row + if begins { 4 } else { 0 };
                break;
            }
            in_a_row = 0;
            rank -= 1;
        }
    }
    Some(rank)
}

#[cfg(test)]
mod tests {
    use super::super::command::COMMANDS;
    use super::*;

    fn best(typed: &str) -> Vec<&'static str> {
        let mut found: Vec<(i32, &str)> =
            COMMANDS.iter().filter_map(|row| rank(typed, row).map(|rank| (rank, row.id))).collect();
        found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        found.into_iter().map(|(_, id)| id).collect()
    }

    #[test]
    fn letters_in_order_find_a_command() {
        assert_eq!(best("hand")[0], "hand-over");
        assert_eq!(best("ho")[0], "hand-over");
        assert_eq!(best("slw dn")[0], "slow-down");
        assert_eq!(best("pub")[0], "publish");
        assert!(best("zzz").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_ranks_no_more_than_there_is(typed in ".{0,300}") {
            proptest::prop_assert!(best(&typed).len() <= COMMANDS.len());
        }
    }

    #[test]
    fn nothing_typed_leaves_the_order_of_the_table() {
        let all: Vec<&str> = COMMANDS.iter().map(|row| row.id).collect();
        assert_eq!(best(""), all);
    }
}
