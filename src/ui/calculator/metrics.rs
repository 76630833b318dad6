//! The metrics as rows: their values from worst to mildest, and below the row under the cursor what each would bring.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::words::{change, counts_as, labelled, name, system, word};
use crate::app::Target;
use crate::app::calculator::{Calculator, Row, in_order};
use crate::cvss::{Draft, Group, Metric, Outlook, Section, Version};
use crate::text::width;
use crate::ui::lines::{Part, beside, first_row_ahead, line, part, split_line, total_width};
use crate::ui::rows::Rows;
use crate::ui::{Mark, Role, Screen};

/// Columns of a metric's key and name.
const KEY: usize = 5;
const NAME: usize = 22;

/// On less columns there are no names.
const WITH_NAMES: usize = 56;

/// Where names begin, and what a row unfolds to.
const INDENT: usize = 4 + KEY;

/// Which way the values go.
const DIRECTION: &str = "worst ◂ ▸ mildest";

/// How closely the rows stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Density {
    /// Heads, and a blank row between sections.
    Airy,
    /// Heads only.
    Close,
    /// No heads; folded groups share a row, and a row unfolds to one more instead of two.
    Tight,
}

impl Density {
    /// The loosest that fits; the closest if none does, and then the rows scroll.
    pub(super) fn loosest(calculator: &Calculator, rows: u16) -> Self {
        let fits = |density: &Self| density.rows(calculator) <= rows;
        [Self::Airy, Self::Close].into_iter().find(fits).unwrap_or(Self::Tight)
    }

    /// Rows that all metrics take.
    pub(super) fn rows(self, calculator: &Calculator) -> u16 {
        let slots = slots(calculator, self).len() + self.unfolds_to();
        u16::try_from(slots).unwrap_or(u16::MAX)
    }

    fn unfolds_to(self) -> usize {
        if self == Self::Tight { 1 } else { 2 }
    }
}

/// What a line shows.
enum Slot {
    Blank,
    Head(&'static str),
    /// A metric, and which row it is.
    Metric(usize, usize),
    /// Groups that are folded away, each with its row.
    Groups(Vec<(Group, usize)>),
}

/// The lines without what the row under the cursor unfolds to.
fn slots(calculator: &Calculator, density: Density) -> Vec<Slot> {
    let sections = calculator.version().sections();
    let begins = |metric: usize| sections.iter().find(|section: &&Section| section.first == metric);
    let mut slots: Vec<Slot> = Vec::new();
    for (row, what) in calculator.rows().into_iter().enumerate() {
        let is_after_group = matches!(slots.last(), Some(Slot::Groups(_)));
        match what {
            Row::Metric(metric) => {
                if let Some(section) = begins(metric).filter(|_| density != Density::Tight) {
                    slots.extend((density == Density::Airy && row > 0).then_some(Slot::Blank));
                    slots.push(Slot::Head(section.asks));
                }
                slots.push(Slot::Metric(metric, row));
            }
            Row::Group(group) => match slots.last_mut() {
                Some(Slot::Groups(groups)) if density == Density::Tight => groups.push((group, row)),
                _ => {
                    slots.extend((density == Density::Airy && !is_after_group).then_some(Slot::Blank));
                    slots.push(Slot::Groups(vec![(group, row)]));
                }
            },
        }
    }
    slots
}

/// A line, and what a click on some of its columns reaches; the first that holds the column counts.
#[derive(Default)]
struct Drawn {
    line: Line<'static>,
    targets: Vec<(Range<usize>, Target)>,
}

impl From<Line<'static>> for Drawn {
    fn from(line: Line<'static>) -> Self {
        Self { line, targets: Vec::new() }
    }
}

impl Screen<'_> {
    /// Draws the rows; where there are more than fit, they scroll with the cursor, and where it stands comes back. Where
    /// no rule stands below to say it, the last row with room does.
    pub(super) fn metrics(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        calculator: &Calculator,
        density: Density,
        says_place: bool,
    ) -> Option<String> {
        let (columns, room) = (usize::from(area.width), usize::from(area.height));
        let mut drawn: Vec<Drawn> = Vec::new();
        let mut cursor = 0;
        for slot in slots(calculator, density) {
            match slot {
                Slot::Blank => drawn.push(Drawn::default()),
                Slot::Head(asks) => {
                    drawn.push(line(vec![part(&format!("   {asks}"), self.style(Role::Strong))], columns).into());
                }
                Slot::Metric(metric, row) => {
                    let mut line = self.metric_row(calculator, metric, row, columns);
                    // Without heads nothing else tells the losses of 4.0 apart but a letter.
                    if density == Density::Tight {
                        self.say_at_right(&mut line, system(&calculator.version().metrics()[metric]), columns);
                    }
                    drawn.push(line);
                    if calculator.metric() == Some(metric) {
                        cursor = drawn.len() - 1;
                        drawn.extend(self.unfolded(calculator, metric, density, columns));
                    }
                }
                Slot::Groups(groups) => {
                    if groups.iter().any(|(group, _)| calculator.cursor() == Row::Group(*group)) {
                        cursor = drawn.len();
                    }
                    drawn.push(self.group_row(calculator, &groups, columns));
                }
            }
        }
        let first = first_row_ahead(cursor, drawn.len(), room);
        let scrolls = drawn.len() > room;
        let place = scrolls.then(|| format!("{} of {}", calculator.place() + 1, calculator.rows().len()));
        let mut shown: Vec<Drawn> = drawn.into_iter().skip(first).take(room).collect();
        if let Some(first) = shown.first_mut() {
            self.say_at_right(first, DIRECTION, columns);
        }
        if let Some(place) = place.as_ref().filter(|_| says_place) {
            let has_room = |drawn: &&mut Drawn| drawn.line.width() + width(place) + 3 <= columns;
            if let Some(last) = shown.iter_mut().rev().find(has_room) {
                self.say_at_right(last, place, columns);
            }
        }
        for (y, drawn) in (area.y..area.bottom()).zip(&shown) {
            for (range, target) in &drawn.targets {
                let [begin, end] =
                    [range.start, range.end].map(|at| u16::try_from(at.min(columns)).unwrap_or(area.width));
                self.target(Rect { x: area.x + begin, y, width: end - begin, height: 1 }, *target);
            }
        }
        frame.render_widget(Rows::new(shown.into_iter().map(|drawn| drawn.line).collect()), area);
        place
    }

    /// Words at the right of a line, where there is room.
    fn say_at_right(&self, drawn: &mut Drawn, words: &str, columns: usize) {
        let room = columns.saturating_sub(drawn.line.width());
        if !words.is_empty() && width(words) + 3 <= room {
            let words = split_line(Vec::new(), vec![part(&format!("{words} "), self.style(Role::Quiet))], room);
            drawn.line = beside(std::mem::take(&mut drawn.line), words);
        }
    }

    /// Key, name, values with the chosen one in brackets, and what that is called.
    fn metric_row(&self, calculator: &Calculator, metric: usize, row: usize, columns: usize) -> Drawn {
        let (draft, definition) = (calculator.draft(), &calculator.version().metrics()[metric]);
        let selected = calculator.metric() == Some(metric);
        let role = if selected { Role::Cursor } else { Role::Plain };
        let mark = if calculator.choice(metric).is_some() { self.mark(Mark::Attention) } else { " " };
        let mut parts = vec![
            part(&format!(" {}", if selected { self.mark(Mark::Cursor) } else { " " }), self.style(Role::Strong)),
            part(&format!("{mark} "), self.style(Role::Look)),
        ];
        let has_names = columns >= WITH_NAMES;
        let title =
            if has_names { format!("{:KEY$}{}", definition.key, name(definition)) } else { definition.key.to_owned() };
        let gap = if has_names { KEY + NAME } else { KEY }.saturating_sub(width(&title));
        parts.extend([part(&title, self.style(role)), part(&" ".repeat(gap), self.style(Role::Plain))]);
        let chosen = shown_as_chosen(&draft, metric);
        let mut at = total_width(&parts);
        let mut targets = Vec::new();
        for value in in_order(draft.version(), metric) {
            let key = definition.values[value].key;
            let is_chosen = chosen == Some(value);
            let text = if is_chosen { format!("[{key}]") } else { format!(" {key} ") };
            targets.push((at..at + width(&text), Target::Value { metric, value }));
            at += width(&text);
            parts.push(part(&text, self.style(if is_chosen { Role::Strong } else { Role::Plain })));
        }
        targets.push((0..columns, Target::Row(row)));
        parts.extend(self.chosen_words(&draft, metric, definition));
        Drawn { line: line(parts, columns), targets }
    }

    /// What the chosen value is called, in a column of its own; of what is not set also what it counts as.
    fn chosen_words(&self, draft: &Draft, metric: usize, definition: &Metric) -> [Part; 2] {
        let gap = values_columns(draft.version()).saturating_sub(columns_of_values(definition));
        let gap = part(&" ".repeat(gap.max(2)), self.style(Role::Plain));
        let (text, role) = match draft.value(metric) {
            Some(value) if !value.not_defined => (word(value), Role::Plain),
            None if definition.mandatory() => ("open".to_owned(), Role::Plain),
            _ => {
                let counts = counts_as(draft, definition).map(|counts| format!(", {counts}"));
                (format!("not set{}", counts.unwrap_or_default()), Role::Quiet)
            }
        };
        [gap, part(&text, self.style(role))]
    }

    /// Below the row under the cursor: its values by name, and what would come of each.
    fn unfolded(&self, calculator: &Calculator, metric: usize, density: Density, columns: usize) -> Vec<Drawn> {
        let draft = calculator.draft();
        let room = columns.saturating_sub(INDENT);
        let cells = cells(&draft, metric);
        if draft.version().metrics()[metric].group == Group::Supplemental {
            return self.unfolded_aside(&cells, density, metric, columns);
        }
        if density == Density::Tight {
            let outlooks = cells.iter().map(|cell| (cell.value, cell.in_a_row(room, &cells)));
            return vec![self.cell_line(outlooks, metric, 3, Role::Plain, columns)];
        }
        // Where the names don't fit they stand in the explanation.
        let columns_of = |label: fn(&Cell) -> String| -> Vec<usize> {
            cells.iter().map(|cell| width(&label(cell)).max(width(&cell.outlook()) + 1)).collect()
        };
        let named = columns_of(Cell::label);
        let label = if named.iter().sum::<usize>() + named.len() <= room { Cell::label } else { Cell::letter };
        let widths = columns_of(label);
        let padded =
            |text: String, columns: usize| format!("{text}{}", " ".repeat(columns.saturating_sub(width(&text))));
        let labels = cells.iter().zip(&widths).map(|(cell, columns)| (cell.value, padded(label(cell), *columns)));
        let outlooks = cells
            .iter()
            .zip(&widths)
            .map(|(cell, columns)| (cell.value, padded(format!(" {}", cell.outlook()), *columns)));
        vec![
            self.cell_line(labels, metric, 1, Role::Plain, columns),
            self.cell_line(outlooks, metric, 1, Role::Strong, columns),
        ]
    }

    /// A supplemental metric changes no score.
    fn unfolded_aside(&self, cells: &[Cell], density: Density, metric: usize, columns: usize) -> Vec<Drawn> {
        let labels = cells.iter().map(|cell| (cell.value, cell.label()));
        let mut drawn = vec![self.cell_line(labels, metric, 1, Role::Plain, columns)];
        if density != Density::Tight {
            let text = format!("{} it never changes the score", " ".repeat(INDENT));
            drawn.push(line(vec![part(&text, self.style(Role::Quiet))], columns).into());
        }
        drawn
    }

    /// Cells side by side, each of which chooses its value.
    fn cell_line(
        &self,
        cells: impl Iterator<Item = (usize, String)>,
        metric: usize,
        gap: usize,
        role: Role,
        columns: usize,
    ) -> Drawn {
        let mut parts =
            vec![part(&" ".repeat(if columns >= WITH_NAMES { INDENT } else { 4 }), self.style(Role::Plain))];
        let mut targets = Vec::new();
        let mut at = total_width(&parts);
        for (value, text) in cells {
            targets.push((at..at + width(&text), Target::Value { metric, value }));
            at += width(&text) + gap;
            parts.push(part(&format!("{text}{}", " ".repeat(gap)), self.style(role)));
        }
        Drawn { line: line(parts, columns), targets }
    }

    /// Groups that are folded away, with how much is set in them.
    fn group_row(&self, calculator: &Calculator, groups: &[(Group, usize)], columns: usize) -> Drawn {
        let draft = calculator.draft();
        let mut parts = Vec::new();
        let mut targets = Vec::new();
        for (group, row) in groups {
            let selected = calculator.cursor() == Row::Group(*group);
            let begin = total_width(&parts);
            let (set, count) = (
                draft.of_group(*group).filter(|(metric, _)| draft.says(*metric)).count(),
                draft.of_group(*group).count(),
            );
            let never =
                if *group == Group::Supplemental && groups.len() == 1 { ", they never change the score" } else { "" };
            let cursor = if selected { self.mark(Mark::Cursor) } else { " " };
            parts.extend([
                part(&format!(" {cursor}+ "), self.style(Role::Strong)),
                part(&group.to_string(), self.style(if selected { Role::Cursor } else { Role::Plain })),
                part(&format!("  {set} of {count} set{never}   "), self.style(Role::Quiet)),
            ]);
            targets.push((begin..total_width(&parts), Target::Row(*row)));
        }
        Drawn { line: line(parts, columns), targets }
    }
}

/// Columns that the values of a metric take by their keys.
fn columns_of_values(metric: &Metric) -> usize {
    metric.values.iter().map(|value| width(value.key) + 2).sum()
}

/// Columns of the values of a version, and a gap; values that are spelled out reach beyond them.
fn values_columns(version: Version) -> usize {
    const MOST: usize = 22;
    version.metrics().iter().map(columns_of_values).filter(|columns| *columns <= MOST).max().unwrap_or(MOST) + 2
}

/// The value that stands in brackets: what is not set is Not Defined.
fn shown_as_chosen(draft: &Draft, metric: usize) -> Option<usize> {
    draft.place(metric).or(draft.version().metrics()[metric].not_defined())
}

/// A value of the metric under the cursor, and what would come of it.
struct Cell {
    value: usize,
    key: &'static str,
    named: String,
    is_chosen: bool,
    score: String,
    change: String,
    /// The severity, where it would be another one.
    severity: String,
}

/// The values of a metric from worst to mildest.
fn cells(draft: &Draft, metric: usize) -> Vec<Cell> {
    let definition = &draft.version().metrics()[metric];
    let outlooks = draft.outlook(metric);
    let severity = draft.severity();
    let chosen = shown_as_chosen(draft, metric);
    let cell = |outlook: &Outlook| {
        let becomes = outlook.range.one().map(|score| score.severity(draft.version()));
        let is_other = severity.is_some() && becomes != severity;
        let value = &definition.values[outlook.value];
        Cell {
            value: outlook.value,
            key: value.key,
            named: labelled(value),
            is_chosen: chosen == Some(outlook.value),
            score: outlook.range.to_string(),
            change: outlook.change.map(change).unwrap_or_default(),
            severity: becomes.filter(|_| is_other).map(|severity| severity.to_string()).unwrap_or_default(),
        }
    };
    let in_order = in_order(draft.version(), metric);
    in_order.iter().filter_map(|value| outlooks.iter().find(|outlook| outlook.value == *value)).map(cell).collect()
}

impl Cell {
    fn label(&self) -> String {
        if self.is_chosen { format!("[{}]", self.named) } else { format!(" {} ", self.named) }
    }

    fn letter(&self) -> String {
        if self.is_chosen { format!("[{}]", self.key) } else { format!(" {} ", self.key) }
    }

    /// «6.9 -1.8 Medium».
    fn outlook(&self) -> String {
        joined(&[&self.score, &self.change, &self.severity])
    }

    /// With its letter, in as many words as there is room for beside all others.
    fn in_a_row(&self, room: usize, all: &[Self]) -> String {
        let full = |cell: &Self| joined(&[cell.key, &cell.score, &cell.change, &cell.severity]);
        let plain = |cell: &Self| joined(&[cell.key, &cell.score, &cell.change]);
        let short = |cell: &Self| joined(&[cell.key, &cell.score]);
        let fits =
            |words: &dyn Fn(&Self) -> String| all.iter().map(|cell| width(&words(cell)) + 3).sum::<usize>() <= room + 3;
        if fits(&full) {
            full(self)
        } else if fits(&plain) {
            plain(self)
        } else {
            short(self)
        }
    }
}

fn joined(words: &[&str]) -> String {
    words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ")
}
