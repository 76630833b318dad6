//! The rows that the cursor goes through: metrics, and groups that can be folded.

use super::Calculator;
use crate::cvss::{Group, Version};

/// A row that the cursor can be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// A metric, by its place in [`Version::metrics`].
    Metric(usize),
    /// A group that is folded away.
    Group(Group),
}

impl Calculator {
    /// The rows from top to bottom.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let of_group = |group: &Group| -> Vec<Row> {
            if self.is_unfolded(*group) {
                self.draft().of_group(*group).map(|(metric, _)| Row::Metric(metric)).collect()
            } else {
                vec![Row::Group(*group)]
            }
        };
        self.version().groups().iter().flat_map(of_group).collect()
    }

    /// The row under the cursor.
    #[must_use]
    pub fn cursor(&self) -> Row {
        self.cursor
    }

    /// The metric under the cursor.
    #[must_use]
    pub fn metric(&self) -> Option<usize> {
        match self.cursor {
            Row::Metric(metric) => Some(metric),
            Row::Group(_) => None,
        }
    }

    /// Are the metrics of a group shown? Base metrics and the one of 4.0 that tells of exploits always are.
    #[must_use]
    pub fn is_unfolded(&self, group: Group) -> bool {
        !can_fold(group) || self.toggled.get(&group).copied().unwrap_or_else(|| self.all_fit())
    }

    /// Is there room for all groups at once, with a head and a blank line for each section?
    fn all_fit(&self) -> bool {
        let version = self.version();
        self.room >= version.metrics().len() + 2 * version.sections().len() + 2
    }

    /// How many rows of the screen metrics and heads can take.
    pub fn set_room(&mut self, room: usize) {
        self.room = room;
        self.clamp();
    }

    /// Folds or unfolds the group under the cursor; from one that is always shown, the first that can be folded.
    pub fn toggle_group(&mut self) {
        let here = match self.cursor {
            Row::Group(group) => group,
            Row::Metric(metric) => self.version().metrics()[metric].group,
        };
        let first = self.version().groups().iter().copied().find(|group| can_fold(*group));
        let Some(group) = Some(here).filter(|group| can_fold(*group)).or(first) else { return };
        let unfolded = self.is_unfolded(group);
        self.toggled.insert(group, !unfolded);
        if group == here {
            self.cursor = if unfolded { Row::Group(group) } else { self.first_of(group) };
        } else if !unfolded {
            self.cursor = self.first_of(group);
        }
    }

    fn first_of(&self, group: Group) -> Row {
        self.draft().of_group(group).next().map_or(Row::Group(group), |(metric, _)| Row::Metric(metric))
    }

    /// Where the cursor stands among the rows.
    #[must_use]
    pub fn place(&self) -> usize {
        self.rows().iter().position(|row| *row == self.cursor).unwrap_or(0)
    }

    /// Moves the cursor; it stays inside.
    pub fn go_to(&mut self, place: usize) {
        let rows = self.rows();
        if let Some(row) = rows.get(place.min(rows.len().saturating_sub(1))) {
            self.cursor = *row;
        }
    }

    /// Puts the cursor on a metric, unfolding its group.
    pub fn go_to_metric(&mut self, metric: usize) {
        let Some(group) = self.version().metrics().get(metric).map(|metric| metric.group) else { return };
        if !self.is_unfolded(group) {
            self.toggled.insert(group, true);
        }
        self.cursor = Row::Metric(metric);
    }

    /// A group that says something is not folded away by a new vector.
    pub(super) fn unfold_what_says(&mut self) {
        let draft = self.draft();
        for group in self.version().groups() {
            if draft.says_any(*group) && can_fold(*group) {
                self.toggled.insert(*group, true);
            }
        }
    }

    /// The cursor stands on a row that is shown.
    pub(super) fn clamp(&mut self) {
        let rows = self.rows();
        if rows.contains(&self.cursor) {
            return;
        }
        let group = match self.cursor {
            Row::Metric(metric) => self.version().metrics().get(metric).map(|metric| metric.group),
            Row::Group(group) => Some(group),
        };
        let head = group.map(Row::Group).filter(|head| rows.contains(head));
        let first = group.map(|group| self.first_of(group)).filter(|first| rows.contains(first));
        self.cursor = head.or(first).or(rows.last().copied()).unwrap_or(Row::Metric(0));
    }
}

/// Base metrics must be answered; the exploit of 4.0 is one row.
fn can_fold(group: Group) -> bool {
    !matches!(group, Group::Base | Group::Threat)
}

/// The values of a metric from left to right: Not Defined, then worst to mildest.
#[must_use]
pub fn in_order(version: Version, metric: usize) -> Vec<usize> {
    let Some(metric) = version.metrics().get(metric) else { return Vec::new() };
    metric.not_defined().into_iter().chain(metric.worst_to_mildest()).collect()
}
