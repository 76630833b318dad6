//! Lines of text with columns that hold, whatever the text.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::text::{cap, cut, displayable, fit, width};

/// A part of a line: displayable text in a style.
#[derive(Clone, Debug)]
pub struct Part {
    text: String,
    style: Style,
}

/// No screen has so many columns: what is longer is cut before it is looked at.
const LONGEST: usize = 2_000;

/// A part from any text; what could deceive or steer the terminal is made visible.
#[must_use]
pub fn part(text: &str, style: Style) -> Part {
    Part { text: displayable(&cap(text, LONGEST)).into_owned(), style }
}

/// A part of exactly so many columns.
#[must_use]
pub fn column(text: &str, columns: usize, style: Style) -> Part {
    Part { text: fit(&displayable(&cap(text, LONGEST)), columns), style }
}

/// The same, of which the last column stays blank: what stands beside it never touches it.
#[must_use]
pub fn cell(text: &str, columns: usize, style: Style) -> Part {
    let mut cell = column(text, columns.saturating_sub(1), style);
    cell.text.extend((columns > 0).then_some(' '));
    cell
}

/// A line that is cut at the columns there are.
#[must_use]
pub fn line(parts: Vec<Part>, columns: usize) -> Line<'static> {
    let mut left = columns;
    let mut spans = Vec::new();
    for part in parts {
        let text = cut(&part.text, left).into_owned();
        left -= width(&text).min(left);
        spans.push(Span::styled(text, part.style));
    }
    Line::from(spans)
}

/// Columns that some parts take.
#[must_use]
pub fn total_width(parts: &[Part]) -> usize {
    parts.iter().map(|part| width(&part.text)).sum()
}

/// A line with its last parts at the right edge; where there is no room for both, the left is cut.
#[must_use]
pub fn split_line(left: Vec<Part>, right: Vec<Part>, columns: usize) -> Line<'static> {
    let right_width = total_width(&right);
    let room = columns.saturating_sub(right_width + 1);
    let mut spans = line(left, room).spans;
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    let gap = columns.saturating_sub(used + right_width);
    spans.push(Span::raw(" ".repeat(gap)));
    spans.extend(line(right, columns.saturating_sub(used + gap)).spans);
    Line::from(spans)
}

/// A line behind another one.
#[must_use]
pub fn beside(first: Line<'static>, second: Line<'static>) -> Line<'static> {
    Line::from([first.spans, second.spans].concat())
}

/// The first row to show, so that the cursor stays in sight with a row around it where there is room.
#[must_use]
pub fn first_row(cursor: usize, count: usize, rows: usize) -> usize {
    if count <= rows {
        return 0;
    }
    let margin = usize::from(rows > 4) * 2;
    (cursor + margin + 1).saturating_sub(rows).min(count - rows)
}

/// The first row to show, so that the cursor stands in the upper third and what comes after it is in sight.
#[must_use]
pub fn first_row_ahead(cursor: usize, count: usize, rows: usize) -> usize {
    cursor.saturating_sub(rows / 3).min(count.saturating_sub(rows))
}

/// The upper rows of an area, and the rest.
#[must_use]
pub fn take_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// The lower rows of an area, and the rest above.
#[must_use]
pub fn take_bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    let above = Rect { height: area.height - rows, ..area };
    (Rect { y: area.y + above.height, height: rows, ..area }, above)
}
