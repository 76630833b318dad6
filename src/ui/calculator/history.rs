//! The scores that a vulnerability of the case was given so far, newest first.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::top::{scored_words, wrap_at_slashes};
use crate::case::Scored;
use crate::text::width;
use crate::ui::lines::{line, part, split_line, total_width};
use crate::ui::{Role, Screen};

impl Screen<'_> {
    pub(super) fn score_history(&self, area: Rect) -> Vec<Line<'static>> {
        let columns = usize::from(area.width);
        let Some(open) = &self.app.open else { return Vec::new() };
        let all = open.case.scoring();
        let Some(scores) = all.get(open.shown_vulnerability()) else { return Vec::new() };
        if scores.history.is_empty() {
            let text = "No score was recorded yet. Enter records the vector, as a draft or as the last word.";
            return self.text(text, Role::Plain, 1, columns);
        }
        // What has no room can't be seen: no more than that is drawn.
        let newest = scores.history.iter().take(usize::from(area.height));
        let airy = area.height > 12;
        let mut lines: Vec<Line<'static>> = Vec::new();
        for scored in newest {
            lines.extend((airy && !lines.is_empty()).then(Line::default));
            lines.extend(self.scored_lines(scored, columns));
        }
        self.in_rows(lines, area)
    }

    fn scored_lines(&self, scored: &Scored, columns: usize) -> Vec<Line<'static>> {
        let version = scored.vector.as_ref().map(|vector| format!("   v{}", vector.version())).unwrap_or_default();
        let left = vec![
            part(&format!(" {}", scored_words(scored)), self.style(Role::Strong)),
            part(&format!("   {}{version}", scored.standing()), self.style(Role::Plain)),
        ];
        let who = format!("{}, {} ", self.person(&scored.by), self.short_instant(scored.at));
        let mut lines = if total_width(&left) + width(&who) < columns {
            vec![split_line(left, vec![part(&who, self.style(Role::Quiet))], columns)]
        } else {
            std::iter::once(line(left, columns)).chain(self.text(&who, Role::Quiet, 1, columns)).collect()
        };
        let written = wrap_at_slashes(&scored.text, columns.saturating_sub(2));
        lines.extend(written.iter().map(|row| line(vec![part(&format!(" {row}"), self.style(Role::Plain))], columns)));
        if let Some(why) = &scored.why {
            lines.extend(self.text(why, Role::Quiet, 1, columns));
        }
        lines
    }
}
