//! From the mouse events of the terminal to what was clicked.

use std::time::{Duration, Instant};

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use crate::app::Target;
use crate::app::message::Message;
use crate::ui::Targets;

/// A second click on the same cell within this is a double click, if the same thing still lies there.
const TWICE: Duration = Duration::from_millis(400);

/// Remembers the last click and what lay under it, to know a double one: a click may scroll the list it goes to.
#[derive(Debug, Default)]
pub struct Pointer {
    last: Option<(Instant, (u16, u16), Target)>,
}

impl Pointer {
    /// What a mouse event means on the frame that the person sees; none where it means nothing.
    pub fn message(&mut self, event: MouseEvent, seen: &Targets, now: Instant) -> Option<Message> {
        match event.kind {
            MouseEventKind::ScrollDown => Some(Message::Wheel { down: true }),
            MouseEventKind::ScrollUp => Some(Message::Wheel { down: false }),
            MouseEventKind::Down(MouseButton::Left) => {
                let place = (event.column, event.row);
                let Some(target) = seen.at(event.column, event.row) else {
                    self.last = None;
                    return None;
                };
                let same = |(at, cell, before)| (cell, before) == (place, target) && now.duration_since(at) < TWICE;
                let twice = self.last.is_some_and(same);
                // A third click begins anew.
                self.last = (!twice).then_some((now, place, target));
                Some(Message::Click { target, twice })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyModifiers;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;
    use crate::app::App;
    use crate::ui::{self, Theme};

    fn event(kind: MouseEventKind, column: u16, row: u16) -> MouseEvent {
        MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }
    }

    /// Home without a case: its last row holds keys.
    fn seen() -> Targets {
        let now = "2026-11-24T13:00:00Z".parse().unwrap();
        let app = App::new(now, "lead".into(), Vec::new());
        let tools = crate::app::message::Tools { now, find_zone: |_| None, new_id: String::new };
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        let mut targets = Targets::default();
        terminal.draw(|frame| targets = ui::draw(frame, &app, &tools, &Theme::default())).unwrap();
        targets
    }

    #[test]
    fn a_second_click_at_once_and_there_is_a_double_one() {
        let (seen, mut pointer, begin) = (seen(), Pointer::default(), Instant::now());
        let down = MouseEventKind::Down(MouseButton::Left);
        let mut click = |column, after| {
            let message = pointer.message(event(down, column, 23), &seen, begin + Duration::from_millis(after));
            match message {
                Some(Message::Click { twice, .. }) => Some(twice),
                _ => None,
            }
        };
        assert_eq!([click(3, 0), click(3, 100), click(3, 200)], [Some(false), Some(true), Some(false)]);
        assert_eq!([click(3, 1_000), click(4, 1_100)], [Some(false), Some(false)]);
    }

    #[test]
    fn what_is_no_click_on_something_means_nothing() {
        let (seen, mut pointer, now) = (seen(), Pointer::default(), Instant::now());
        let left = MouseButton::Left;
        let mut means = |kind, row| pointer.message(event(kind, 3, row), &seen, now).is_some();
        assert!(!means(MouseEventKind::Down(left), 5));
        assert!(!means(MouseEventKind::Up(left), 23));
        assert!(!means(MouseEventKind::Moved, 23));
        assert!(!means(MouseEventKind::Down(MouseButton::Right), 23));
        assert!(means(MouseEventKind::ScrollUp, 5));
    }
}
