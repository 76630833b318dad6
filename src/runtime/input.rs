//! From the events of the terminal to the program's own keys.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::app::key::{Code, Key};
use crate::app::message::Message;

/// What an event means. One event can be several keys.
#[must_use]
pub fn messages(event: Event) -> Vec<Message> {
    match event {
        Event::Key(event) => keys(event).into_iter().map(Message::Key).collect(),
        Event::Paste(text) => vec![Message::Paste(text)],
        Event::Resize(columns, rows) => vec![Message::Size(columns, rows)],
        Event::FocusGained | Event::FocusLost | Event::Mouse(_) => Vec::new(),
    }
}

fn keys(event: KeyEvent) -> Vec<Key> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let Some(code) = code(event.code) else { return Vec::new() };
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    if event.modifiers.contains(KeyModifiers::ALT) && !ctrl {
        // Esc and a letter that arrive in one read look like Alt with the letter. Nothing is bound to Alt.
        return vec![Key::plain(Code::Esc), Key::plain(code)];
    }
    vec![Key { code, ctrl, alt: false }]
}

fn code(code: KeyCode) -> Option<Code> {
    Some(match code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::F(number),
        _ => return None,
    })
}
