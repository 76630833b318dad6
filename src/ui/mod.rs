//! Drawing only: a frame is a pure function of the state.
//!
//! Four bands: header, body, message, keys, with one thin rule between them and no boxes.

mod branches;
mod calculator;
mod checklist;
mod coach;
mod colour;
mod detail;
mod facts;
mod field;
mod fleet;
mod footer;
mod form;
mod header;
mod home;
mod ink;
mod lane;
mod lines;
mod list;
mod marks;
mod next;
mod overlay;
mod overview;
mod people;
mod picture;
mod rows;
mod scale;
mod summaries;
mod targets;
mod theme;
mod timeline;
mod trouble;
mod versions;
mod when;

pub use marks::Mark;
pub use targets::Targets;
pub use theme::{Role, THEMES, Theme};

use std::cell::RefCell;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::command::Command;
use crate::app::message::Tools;
use crate::app::{App, OpenCase, Pane, Target};
use lines::{line, part, take_bottom, take_top};
use rows::Rows;

/// Below this nothing useful can be shown.
const SMALLEST: (u16, u16) = (20, 5);

/// What is at hand while a frame is drawn.
pub(crate) struct Screen<'a> {
    pub(crate) app: &'a App,
    pub(crate) tools: &'a Tools,
    pub(crate) theme: &'a Theme,
    pub(crate) targets: RefCell<Targets>,
}

/// Draws the whole screen; tells what can be clicked on it.
pub fn draw(frame: &mut Frame<'_>, app: &App, tools: &Tools, theme: &Theme) -> Targets {
    let screen = Screen { app, tools, theme, targets: RefCell::default() };
    let area = frame.area();
    // A theme with colours of its own fills its ground; all else is written on it.
    frame.buffer_mut().set_style(area, theme.style(Role::Plain));
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let text = if app.drill.is_some() { "DRILL" } else { "fixlead needs more room" };
        let text = line(vec![part(text, theme.style(Role::Plain))], usize::from(area.width));
        frame.render_widget(Rows::one(text), area);
        return Targets::default();
    }
    screen.draw(frame, area);
    marks::finish(frame.buffer_mut(), app.ascii);
    screen.targets.into_inner()
}

impl Screen<'_> {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect) {
        let header = self.marked_header(usize::from(area.width));
        let alarm = self.alarm(usize::from(area.width));
        let height = u16::try_from(header.len()).unwrap_or(2) + u16::from(alarm.is_some());
        let (top, rest) = take_top(area, height);
        let (head, banner) = take_top(top, u16::try_from(header.len()).unwrap_or(2));
        frame.render_widget(Rows::new(header), head);
        if let Some(alarm) = alarm {
            frame.render_widget(Rows::one(alarm), banner);
            self.target(banner, Target::Command(Command::Leak));
        }
        let tall = area.height >= 10;
        let (rule, rest) = take_top(rest, u16::from(tall));
        let (keys, rest) = take_bottom(rest, 1);
        let told = self.message(usize::from(area.width), tall);
        let (message, rest) = take_bottom(rest, u16::try_from(told.len()).unwrap_or(1));
        let rest = self.coach_band(frame, rest, area.height);
        // A message of two rows takes that of the rule, so that the body stands still.
        let (lower_rule, body) = take_bottom(rest, u16::from(tall && told.len() == 1));
        self.rule(frame, rule);
        self.rule(frame, lower_rule);
        self.place_in_list(frame, lower_rule, body);
        self.body(frame, body);
        frame.render_widget(Rows::new(told), message);
        self.keys(frame, keys);
    }

    fn body(&self, frame: &mut Frame<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        if let Some(overlay) = &self.app.overlay {
            return self.overlay(frame, area, overlay);
        }
        if let Some(form) = &self.app.form {
            return self.form(frame, area, form);
        }
        if let Some(calculator) = self.app.shown_calculator() {
            return self.calculator(frame, area, calculator);
        }
        match &self.app.open {
            Some(open) => self.pane(frame, area, open),
            None if self.app.shows_fleet() && self.app.fleet.inside => self.component(frame, area),
            None if self.app.shows_fleet() => self.fleet(frame, area),
            None => self.home(frame, area),
        }
    }

    fn pane(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        match open.pane {
            Pane::Overview => self.overview(frame, area, open),
            Pane::Checklist => self.checklist_pane(frame, area, open),
            // Without a vulnerability there is nothing to score; the pane can't be reached then.
            Pane::Score => {}
            Pane::Branches => self.branches(frame, area, open),
            Pane::People => self.people(frame, area, open),
            Pane::Timeline if open.shows_other_view() => self.picture(frame, area, open),
            Pane::Timeline => self.timeline(frame, area, open),
            Pane::Facts => self.facts(frame, area, open),
        }
    }

    pub(crate) fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    pub(crate) fn mark(&self, mark: Mark) -> &'static str {
        mark.sign(self.app.ascii)
    }

    fn rule(&self, frame: &mut Frame<'_>, area: Rect) {
        if area.height > 0 {
            let columns = usize::from(area.width);
            let rule = line(vec![part(&"─".repeat(columns), self.style(Role::Rule))], columns);
            frame.render_widget(Rows::one(rule), area);
        }
    }

    /// Where the cursor stands in a checklist that is longer than the room for it, said on the rule below.
    fn place_in_list(&self, frame: &mut Frame<'_>, rule: Rect, body: Rect) {
        let Some(open) = self.app.open.as_ref().filter(|open| open.pane == Pane::Checklist) else { return };
        let covered = self.app.form.is_some() || self.app.overlay.is_some();
        let rows = open.rows().len();
        if covered || rule.height == 0 || rows <= usize::from(checklist::list_area(body).height) {
            return;
        }
        let text = format!(" {} of {rows} ", open.cursor() + 1);
        let room = u16::try_from(text.len()).unwrap_or(rule.width).min(rule.width);
        let place = Rect { x: rule.x + 2.min(rule.width - room), width: room, ..rule };
        let text = line(vec![part(&text, self.style(Role::Quiet))], usize::from(room));
        frame.render_widget(Rows::one(text), place);
    }
}
