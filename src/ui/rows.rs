//! Lines as they come into cells: letter by letter, which is how terminals draw.
//!
//! A cluster of several letters, such as `क्ष` or a flag, is never put into one cell: most terminals would draw it as wide as
//! its letters, the library as wide as the cluster, and all behind it would move or be left on the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use crate::text::{letters, width};

/// Lines one below the other; what has no room is cut off.
#[derive(Debug)]
pub struct Rows {
    lines: Vec<Line<'static>>,
}

impl Rows {
    /// These lines. They are made by [`super::lines::line`], which makes every text displayable.
    #[must_use]
    pub fn new(lines: Vec<Line<'static>>) -> Self {
        Self { lines }
    }

    /// A single line.
    #[must_use]
    pub fn one(line: Line<'static>) -> Self {
        Self::new(vec![line])
    }
}

impl Widget for Rows {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        for (line, y) in self.lines.iter().zip(area.top()..area.bottom()) {
            render(line, Rect { y, height: 1, ..area }, buffer);
        }
    }
}

fn render(line: &Line<'_>, row: Rect, buffer: &mut Buffer) {
    let mut x = row.x;
    for span in &line.spans {
        for letter in letters(&span.content) {
            let columns = u16::try_from(width(letter)).unwrap_or(u16::MAX);
            if columns > row.right() - x {
                return;
            }
            buffer[(x, row.y)].set_symbol(letter).set_style(line.style.patch(span.style));
            x += columns;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &'static str, columns: u16) -> Vec<String> {
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, 1));
        Rows::new(vec![Line::from(text)]).render(buffer.area, &mut buffer);
        buffer.content.iter().map(|cell| cell.symbol().to_owned()).collect()
    }

    #[test]
    fn each_letter_of_a_cluster_has_its_cell() {
        assert_eq!(cells("a\u{915}\u{94D}\u{937}b", 5), ["a", "\u{915}\u{94D}", "\u{937}", "b", " "]);
        assert_eq!(cells("🇩🇪e\u{301}", 3), ["🇩", "🇪", "e\u{301}"]);
    }

    #[test]
    fn what_is_wider_than_the_rest_of_the_row_is_left_out() {
        assert_eq!(cells("漢字", 3), ["漢", " ", " "]);
        assert_eq!(cells("", 1), [" "]);
    }
}
