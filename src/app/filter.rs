//! The filter of a list: only rows that hold every word of what was typed are shown.

use super::App;
use super::key::{Code, Key};
use super::message::{Effect, Tools};

/// Does a text hold every word that was typed? Nothing typed fits everything.
#[must_use]
pub fn fits(filter: &str, text: &str) -> bool {
    if filter.is_empty() {
        return true;
    }
    let text = text.to_lowercase();
    filter.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

impl App {
    /// What the list that is shown is filtered by.
    #[must_use]
    pub fn filter(&self) -> &str {
        match &self.open {
            Some(open) => &open.filter,
            None if self.shows_fleet() => self.fleet.filter_shown(),
            None => &self.home.filter,
        }
    }

    pub(super) fn set_filter(&mut self, filter: String) {
        let shows_fleet = self.shows_fleet();
        match &mut self.open {
            Some(open) => open.set_filter(filter),
            None if shows_fleet => self.fleet.set_filter(filter),
            None => self.home.set_filter(filter),
        }
    }

    /// A key while the filter is typed. What moves goes to the list.
    pub(super) fn filter_key(&mut self, key: Key, tools: &Tools) -> Vec<Effect> {
        let mut filter = self.filter().to_owned();
        match key.code {
            Code::Esc => {
                self.filtering = false;
                filter.clear();
            }
            Code::Enter => self.filtering = false,
            Code::Backspace => drop(filter.pop()),
            Code::Char('u') if key.ctrl => filter.clear(),
            Code::Char(c) if !key.ctrl && !key.alt => filter.push(c),
            _ => {
                let command = self.keys.command(key, self.place());
                return command.map(|command| self.run(command, tools)).unwrap_or_default();
            }
        }
        self.set_filter(filter);
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fits;

    #[test]
    fn every_word_is_sought_in_any_order() {
        assert!(fits("", "anything"));
        assert!(fits("notice DRAFT", "Draft the forthcoming notice"));
        assert!(!fits("notice merge", "Draft the forthcoming notice"));
    }

    proptest! {
        #[test]
        fn a_text_fits_its_own_words_and_nothing_panics(text in "\\PC{0,40}", typed in any::<String>()) {
            prop_assert!(fits(&text, &text));
            prop_assert!(text.split_whitespace().all(|word| fits(word, &text)));
            let _ = fits(&typed, &text);
        }
    }
}
