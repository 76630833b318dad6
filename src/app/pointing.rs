//! The mouse: a click goes to what lies under it, a double click is Enter, the wheel moves.

use super::command::Command;
use super::form::FieldKind;
use super::key::{Code, Key};
use super::message::{Effect, Tools};
use super::{App, Overlay};

/// What can lie under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A row of the list that is shown, by its index.
    Row(usize),
    /// A command of the palette, or an older version, by its place in the list.
    Found(usize),
    /// A way out of what stands in the way, by its place on the card.
    Way(usize),
    /// A field of the form.
    Field(usize),
    /// A choice of a field of the form.
    Choice(usize, usize),
    /// The button of the form.
    Button,
    /// A value of a metric in the calculator, both by their places.
    Value {
        /// The metric.
        metric: usize,
        /// The value.
        value: usize,
    },
    /// A command that stands somewhere by its key.
    Command(Command),
}

/// Rows that one notch of the wheel moves by.
const NOTCH: usize = 3;

impl App {
    /// What was drawn there when it was clicked may be gone by now: then nothing happens.
    pub(super) fn click(&mut self, target: Target, twice: bool, tools: &Tools) -> Vec<Effect> {
        self.interrupted = None;
        self.leaving = None;
        match (target, self.overlay.take()) {
            (Target::Found(found), Some(Overlay::Palette(mut palette))) => {
                palette.cursor = found;
                if twice {
                    return self.palette_key(palette, Key::plain(Code::Enter), tools);
                }
                self.overlay = Some(Overlay::Palette(palette));
            }
            (Target::Found(found), Some(Overlay::Versions(mut versions))) => {
                versions.cursor = found.min(versions.rows.len().saturating_sub(1));
                if twice {
                    return self.versions_key(versions, Key::plain(Code::Enter));
                }
                self.overlay = Some(Overlay::Versions(versions));
            }
            (Target::Way(way), Some(Overlay::Trouble(card))) => {
                let key = card.ways().get(way).map(|way| Key::plain(Code::Char(way.key)));
                match key {
                    Some(key) => return self.card_key(card, key, tools),
                    None => self.overlay = Some(Overlay::Trouble(card)),
                }
            }
            (_, overlay @ Some(_)) => self.overlay = overlay,
            (Target::Field(_) | Target::Choice(..) | Target::Button, None) => {
                return self.click_form(target, twice, tools);
            }
            (Target::Row(row), None) if self.form.is_none() => {
                self.message = None;
                self.filtering = false;
                self.go(|_, _| row);
                if let Some(calculator) = self.calculator_mut() {
                    // Here Enter takes the vector, which a row must never do; one of a folded group shows its metrics.
                    if calculator.metric().is_none() {
                        calculator.toggle_group();
                    }
                } else if twice {
                    return self.run(Command::Open, tools);
                }
            }
            (Target::Value { metric, value }, None) if self.form.is_none() => {
                self.message = None;
                if let Some(calculator) = self.calculator_mut() {
                    calculator.go_to_metric(metric);
                    calculator.choose(metric, Some(value));
                }
            }
            (Target::Command(command), None) if self.form.is_none() => {
                self.message = None;
                return self.run(command, tools);
            }
            (_, None) => {}
        }
        Vec::new()
    }

    fn click_form(&mut self, target: Target, twice: bool, tools: &Tools) -> Vec<Effect> {
        let Some(form) = &mut self.form else { return Vec::new() };
        form.error = None;
        match target {
            Target::Field(field) if field < form.fields.len() => form.focus = field,
            Target::Choice(field, option) => {
                let Some(FieldKind::Choice { options, at }) = form.fields.get_mut(field).map(|field| &mut field.kind)
                else {
                    return Vec::new();
                };
                *at = option.min(options.len().saturating_sub(1));
                form.focus = field;
                form.typed = true;
                if twice {
                    return self.form_key(Key::plain(Code::Enter), tools);
                }
            }
            Target::Button => return self.submit(tools),
            _ => {}
        }
        self.keep_typing()
    }

    /// The wheel never changes what was entered into a form.
    pub(super) fn wheel(&mut self, down: bool, tools: &Tools) -> Vec<Effect> {
        if self.overlay.is_some() {
            let key = Key::plain(if down { Code::Down } else { Code::Up });
            return (0..NOTCH).flat_map(|_| self.overlay_key(key, tools)).collect();
        }
        if self.form.is_none() {
            self.go(|row, _| if down { row + NOTCH } else { row.saturating_sub(NOTCH) });
        }
        Vec::new()
    }
}
