//! What can lie over the body, and which keys it takes.

use super::key::{Code, Key};
use super::message::{Effect, Tools};
use super::{App, Palette, TroubleCard, Versions};

/// What lies over the body.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The keys of this place, scrolled by so many rows.
    Help(usize),
    /// All commands of this place.
    Palette(Palette),
    /// What stands in the way of a case.
    Trouble(TroubleCard),
    /// The older versions of a case.
    Versions(Versions),
}

impl App {
    pub(super) fn overlay_key(&mut self, key: Key, tools: &Tools) -> Vec<Effect> {
        match self.overlay.take() {
            Some(Overlay::Help(scroll)) => self.overlay = scrolled(scroll, key).map(Overlay::Help),
            Some(Overlay::Palette(palette)) => return self.palette_key(palette, key, tools),
            Some(Overlay::Trouble(card)) => return self.card_key(card, key, tools),
            Some(Overlay::Versions(versions)) => return self.versions_key(versions, key),
            None => {}
        }
        Vec::new()
    }
}

/// Where the list of keys stands after a key; none closes it.
fn scrolled(scroll: usize, key: Key) -> Option<usize> {
    match key.code {
        Code::Down | Code::Char('j') => Some(scroll + 1),
        Code::Up | Code::Char('k') => Some(scroll.saturating_sub(1)),
        Code::PageDown | Code::Char(' ') => Some(scroll + 10),
        Code::PageUp => Some(scroll.saturating_sub(10)),
        Code::Home | Code::Char('g') => Some(0),
        _ => None,
    }
}
