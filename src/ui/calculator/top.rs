//! The top of the calculator: the score, what it is made of, the vector; in a case also what is recorded.

use ratatui::text::Line;

use super::standing::Standing;
use super::words::rated;
use crate::app::calculator::Calculator;
use crate::case::Scored;
use crate::cvss::{Draft, Nomenclature, Version};
use crate::text::width;
use crate::ui::lines::{Part, line, part, split_line, total_width};
use crate::ui::{Role, Screen};

/// On less rows there is no room for the vector.
const WITH_VECTOR: usize = 10;

/// On less columns the score stands without its title.
const WITH_TITLE: usize = 30;

impl Screen<'_> {
    /// The score and, below or beside it, the vector; as few lines as that takes.
    pub(super) fn calculator_top(&self, calculator: &Calculator, columns: usize, rows: usize) -> Vec<Line<'static>> {
        let draft = calculator.draft();
        let standing = self.app.open.as_ref().and_then(|open| Standing::of(open, &draft));
        let mut left = self.score_parts(&draft, standing.as_ref(), columns);
        let fits = |left: &[Part], right: &str| total_width(left) + width(right) + 4 <= columns;
        // By itself the vector stands beside the score, where there is room for all of it from the first choice on.
        let whole = draft.open().fold(draft, |draft, metric| draft.with(metric, Some(0))).to_string();
        let right = match &standing {
            Some(standing) => standing.place().into_iter().find(|right| fits(&left, right)),
            None => Some(draft.to_string()).filter(|_| fits(&left, &whole)),
        };
        let beside = right.is_some();
        let right = right.unwrap_or_default();
        for more in self.score_details(&draft, standing.as_ref()) {
            let mut longer = left.clone();
            longer.push(more);
            if fits(&longer, &right) {
                left = longer;
            }
        }
        let first = if beside {
            split_line(left, vec![part(&format!("{right} "), self.style(Role::Plain))], columns)
        } else {
            line(left, columns)
        };
        let vector = draft.to_string();
        let wrapped = wrap_at_slashes(&vector, columns.saturating_sub(5));
        let is_shown = rows >= WITH_VECTOR && wrapped.len() <= rows / 3;
        if !is_shown || (beside && standing.is_none()) {
            return vec![first];
        }
        std::iter::once(first).chain(self.vector_lines(&wrapped, standing.as_ref(), columns)).collect()
    }

    /// The vector; behind its end what is recorded, in as many words as there is room for. Where it is something else
    /// than the vector, and there is no room, it stands below.
    fn vector_lines(&self, wrapped: &[String], standing: Option<&Standing>, columns: usize) -> Vec<Line<'static>> {
        let plain = |text: &String| part(&format!("   {text}"), self.style(Role::Plain));
        let mut lines: Vec<Line<'static>> = wrapped.iter().map(|text| line(vec![plain(text)], columns)).collect();
        let (Some(standing), Some(last)) = (standing, wrapped.last()) else { return lines };
        let role = if standing.differs() { Role::Look } else { Role::Quiet };
        let room = columns.saturating_sub(width(last) + 7);
        let recorded = standing.recorded(self);
        if let Some(words) = recorded.iter().find(|words| width(words) <= room) {
            lines.pop();
            lines.push(split_line(vec![plain(last)], vec![part(&format!("{words} "), self.style(role))], columns));
        } else if let Some(words) = recorded.iter().find(|words| standing.differs() && width(words) + 4 <= columns) {
            lines.push(split_line(Vec::new(), vec![part(&format!("{words} "), self.style(role))], columns));
        }
        lines
    }

    /// Score, severity, and what the score takes in; as long as metrics are open its range, and how many are.
    fn score_parts(&self, draft: &Draft, standing: Option<&Standing>, columns: usize) -> Vec<Part> {
        let version = draft.version();
        let mut parts = Vec::new();
        if standing.is_some() && columns >= WITH_TITLE {
            parts.push(part(" 3 Score", self.style(Role::Accent)));
        }
        let indent = if columns >= WITH_TITLE { "   " } else { " " };
        parts.push(part(indent, self.style(Role::Plain)));
        let unrecorded = standing.filter(|standing| standing.differs());
        let unrecorded = unrecorded.map(|_| part("   not recorded", self.style(Role::Look)));
        if let Some(score) = draft.score() {
            parts.push(part(&rated(score, version), self.style(Role::Strong)));
            parts.extend(unrecorded);
            let words = format!("   {}", Nomenclature::of(draft).words(version));
            parts.push(part(&words, self.style(Role::Plain)));
            parts.extend(standing.map(|standing| part(&standing.driving_words(draft), self.style(Role::Plain))));
        } else {
            parts.push(part(&draft.range().to_string(), self.style(Role::Strong)));
            parts.extend(unrecorded);
            parts.push(part(&format!("   {}", version_words(version)), self.style(Role::Plain)));
            parts.push(part(&format!("   {} open", draft.open().count()), self.style(Role::Look)));
        }
        parts
    }

    /// What there may be room for: the score of each group where it differs, and the sub-scores.
    fn score_details(&self, draft: &Draft, standing: Option<&Standing>) -> Vec<Part> {
        let Some(scores) = draft.scores() else { return Vec::new() };
        let of_v4 = draft.version() == Version::V4_0;
        let mut details = Vec::new();
        if scores.overall() != scores.base && !standing.is_some_and(Standing::drives) {
            details.push(format!("   {} {}", if of_v4 { "CVSS-B" } else { "base" }, scores.base));
        }
        if let Some(temporal) = scores.temporal.filter(|temporal| *temporal != scores.overall()) {
            details.push(format!("   temporal {temporal}"));
        }
        if let Some(parts) = draft.sub_scores() {
            let impact = parts.modified_impact.unwrap_or(parts.impact);
            let ease = parts.modified_exploitability.unwrap_or(parts.exploitability);
            details.push(format!("   impact {impact}"));
            details.push(format!("   exploitability {ease}"));
        }
        details.iter().map(|text| part(text, self.style(Role::Quiet))).collect()
    }
}

fn version_words(version: Version) -> String {
    if version == Version::V4_0 { "CVSS-B".to_owned() } else { format!("v{version}") }
}

/// «7.5 High» by its base metrics; where the others say something, the score of all as well.
pub(super) fn scored_words(scored: &Scored) -> String {
    let Some(vector) = &scored.vector else { return "no vector".to_owned() };
    let (base, whole) = (vector.base_score(), vector.score());
    let rated = rated(base, vector.version());
    if whole == base { rated } else { format!("{rated}, in all {whole}") }
}

impl Screen<'_> {
    /// «you», or who it is.
    pub(in crate::ui) fn person(&self, by: &str) -> String {
        if by == self.app.me { "you".to_owned() } else { by.to_owned() }
    }
}

/// A vector in lines of at most so many columns, broken behind slashes: it is never cut.
pub(super) fn wrap_at_slashes(vector: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in vector.split_inclusive('/') {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && width(&lines[last]) + width(piece) > columns {
            lines.push(piece.to_owned());
        } else {
            lines[last].push_str(piece);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_is_broken_behind_slashes_and_nothing_of_it_is_lost() {
        let vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
        for columns in 9..60 {
            let lines = wrap_at_slashes(vector, columns);
            assert_eq!(lines.concat(), vector);
            assert!(lines.iter().all(|line| width(line) <= columns), "{lines:?}");
            assert!(lines.iter().rev().skip(1).all(|line| line.ends_with('/')), "{lines:?}");
        }
        assert_eq!(wrap_at_slashes("", 20), [""]);
    }
}
