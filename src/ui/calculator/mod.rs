//! The calculator: score and vector above, the metrics with what each choice would bring, and a panel beside or below.

mod bound;
mod compare;
mod explain;
mod history;
mod metrics;
mod other;
mod standing;
mod top;
mod words;

pub(super) use bound::bound_words;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::checklist::SIDE_BY_SIDE;
use super::lines::{line, part, take_bottom, take_top};
use super::rows::Rows;
use super::{Role, Screen};
use crate::app::calculator::{Calculator, Panel, Row};
use metrics::Density;
use standing::Standing;

/// From this many rows on a blank one stands below the vector.
const ROOMY: u16 = 22;

/// The widest that the metrics are drawn: what is wider only parts a value from its name.
const WIDEST: u16 = 100;

/// Rows of a panel below the metrics, its rule included: a question and four values.
const BELOW: u16 = 6;

/// A panel of fewer rows tells nothing; a rule stands above it.
const LEAST_BELOW: u16 = 3;

impl Screen<'_> {
    /// Is the vector complete, and waits for Enter: in a case because it is not recorded?
    pub(super) fn waits_for_enter(&self) -> bool {
        let covered = self.app.form.is_some() || self.app.overlay.is_some();
        let Some(calculator) = self.app.shown_calculator().filter(|_| !covered) else { return false };
        let draft = calculator.draft();
        let unrecorded = |open| Standing::of(open, &draft).is_some_and(|standing| standing.differs());
        draft.is_complete() && self.app.open.as_ref().is_none_or(|open| open.read_only.is_none() && unrecorded(open))
    }

    pub(super) fn calculator(&self, frame: &mut Frame<'_>, area: Rect, calculator: &Calculator) {
        let top = self.calculator_top(calculator, usize::from(area.width), usize::from(area.height));
        let (head, rest) = take_top(area, u16::try_from(top.len()).unwrap_or(area.height));
        frame.render_widget(Rows::new(top), head);
        let (_, rest) = take_top(rest, u16::from(area.height >= ROOMY));
        if rest.height == 0 {
            return;
        }
        if rest.width >= SIDE_BY_SIDE {
            let (left, right) = self.divided(frame, rest, (rest.width * 3 / 5).min(WIDEST));
            self.metrics(frame, left, calculator, Density::loosest(calculator, left.height), true);
            return self.panel(frame, right, calculator);
        }
        let (density, below) = stacked(calculator, rest.height);
        let (lower, upper) = take_bottom(rest, below);
        let place = self.metrics(frame, upper, calculator, density, below == 0).unwrap_or_default();
        if below > 0 {
            let (rule, lower) = take_top(lower, 1);
            let head = self.headed_rule(&panel_title(calculator), &place, usize::from(rule.width));
            frame.render_widget(Rows::one(head), rule);
            self.panel(frame, lower, calculator);
        }
    }

    fn panel(&self, frame: &mut Frame<'_>, area: Rect, calculator: &Calculator) {
        let beside = area.width < frame.area().width;
        let (title, area) = take_top(area, if beside { 2 } else { 0 });
        if beside {
            let text = part(&format!(" {}", panel_title(calculator)), self.style(Role::Accent));
            frame.render_widget(Rows::one(line(vec![text], usize::from(title.width))), title);
        }
        let lines = match calculator.panel {
            Panel::Explain => self.explained(calculator, area),
            Panel::Versions => self.other_version(calculator, area),
            Panel::Compare => self.compared(calculator, area),
            Panel::History => self.score_history(area),
        };
        frame.render_widget(Rows::new(lines), area);
    }
}

/// How closely the metrics stand, and how many rows the panel below them has. It does not depend on the cursor, so that
/// nothing moves as one goes through the metrics.
fn stacked(calculator: &Calculator, rows: u16) -> (Density, u16) {
    let below = match calculator.panel {
        Panel::Explain => BELOW.min(rows / 2),
        // What was asked for comes before the metrics.
        _ => (rows * 3 / 5).max(rows.saturating_sub(2).min(LEAST_BELOW)),
    };
    if below < LEAST_BELOW || (below == LEAST_BELOW && calculator.panel == Panel::Explain) {
        return (Density::loosest(calculator, rows), 0);
    }
    let room = rows - below;
    let density = Density::loosest(calculator, room);
    (density, rows - density.rows(calculator).min(room))
}

fn panel_title(calculator: &Calculator) -> String {
    let version = calculator.version();
    match calculator.panel {
        Panel::Explain => match calculator.cursor() {
            Row::Metric(metric) => version
                .metrics()
                .get(metric)
                .map(|metric| format!("{}  {}", metric.key, metric.name))
                .unwrap_or_default(),
            Row::Group(group) => format!("{group} metrics"),
        },
        Panel::Versions => format!("v{version} beside v{}", calculator.other_version()),
        Panel::Compare => "Beside another vector".to_owned(),
        Panel::History => "Scores so far".to_owned(),
    }
}
