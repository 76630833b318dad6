//! A paste is text and never runs as keys: it goes where something is typed; elsewhere a link or a vector finds its form,
//! and all else is refused.

use super::command::Command;
use super::message::Tools;
use super::{App, Overlay};
use crate::text::displayable;

/// The most that is taken of a paste, in bytes. It is far more than a note needs, and little enough for each save.
const MOST: usize = 64 * 1024;
/// The most that a search takes.
const MOST_OF_SEARCH: usize = 200;

impl App {
    pub(super) fn paste(&mut self, text: &str, tools: &Tools) {
        let taken = up_to(text, MOST);
        match (&mut self.overlay, &mut self.form) {
            (Some(Overlay::Palette(palette)), _) => {
                palette.filter.push_str(&sought(taken));
                palette.cursor = 0;
            }
            (Some(_), _) => self.complain("a paste has no meaning here: nothing was done with it"),
            (None, Some(form)) => {
                form.paste(taken);
                if taken.len() < text.len() {
                    self.complain(format!("only the first {} KiB of the paste were taken", MOST / 1024));
                }
            }
            (None, None) if self.filtering => self.set_filter(self.filter().to_owned() + &sought(taken)),
            (None, None) => self.paste_outside(taken.trim(), tools),
        }
    }

    /// What can only be meant in one way opens its form; nothing is done before that is carried out.
    fn paste_outside(&mut self, text: &str, tools: &Tools) {
        let begins = |heads: &[&str]| heads.iter().any(|head| text.starts_with(head));
        if begins(&["https://", "http://"]) {
            self.paste_into(Command::Link, "link", text, tools);
        } else if self.shown_calculator().is_some() {
            self.paste_vector(text);
        } else if self.holds_vector(text) {
            self.paste_vector_into_pane(text);
        } else if begins(&["CVSS:", "cvss:", "AV:"]) {
            self.paste_vector(text);
        } else {
            self.complain("a paste has no meaning here: nothing was done with it");
        }
    }

    fn paste_into(&mut self, command: Command, field: &str, text: &str, tools: &Tools) {
        if self.open.is_none() {
            return self.complain("open a case first: nothing was done with the paste");
        }
        if let Err(why) = self.available(command) {
            return self.complain(why);
        }
        self.ask_for(command, tools);
        let Some(form) = &mut self.form else { return };
        let Some(index) = form.fields.iter().position(|known| known.name() == field) else { return };
        form.focus = index;
        form.fields[index].set("");
        form.paste(text);
    }
}

/// What a search takes of a paste: the beginning of its first line.
fn sought(text: &str) -> String {
    let line = text.trim_start().split(['\n', '\r']).next().unwrap_or_default();
    displayable(up_to(line, MOST_OF_SEARCH).trim_end()).into_owned()
}

/// The beginning of a text, in at most so many bytes.
fn up_to(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}
