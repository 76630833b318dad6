//! The order in which a person is asked: the metrics of a version under the questions that they answer together.

use super::{Group, Metric, Version};

/// Metrics that answer one question together. They follow each other in [`Version::metrics`] and are of one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The group of its metrics.
    pub group: Group,
    /// What they ask together, in the project's own words.
    pub asks: &'static str,
    /// The place of its first metric.
    pub first: usize,
    /// How many metrics it has.
    pub count: usize,
}

const fn section(group: Group, asks: &'static str, first: usize, count: usize) -> Section {
    Section { group, asks, first, count }
}

const EASE: &str = "Can it be attacked, and how easily?";
const LOSS: &str = "What is lost?";
const BY_NOW: &str = "How do things stand by now?";
const MATTERS: &str = "How much does each loss matter in one installation?";
const DIFFERENT: &str = "What is different in one installation?";

const V2: &[Section] = &[
    section(Group::Base, EASE, 0, 3),
    section(Group::Base, LOSS, 3, 3),
    section(Group::Temporal, BY_NOW, 6, 3),
    section(Group::Environmental, "How far does the harm go in one installation?", 9, 2),
    section(Group::Environmental, MATTERS, 11, 3),
];

const V3: &[Section] = &[
    section(Group::Base, EASE, 0, 5),
    section(Group::Base, LOSS, 5, 3),
    section(Group::Temporal, BY_NOW, 8, 3),
    section(Group::Environmental, MATTERS, 11, 3),
    section(Group::Environmental, DIFFERENT, 14, 8),
];

const V4: &[Section] = &[
    section(Group::Base, EASE, 0, 5),
    section(Group::Base, "What is lost in the attacked system?", 5, 3),
    section(Group::Base, "What is lost in systems behind it?", 8, 3),
    section(Group::Threat, "Is it exploited?", 11, 1),
    section(Group::Environmental, MATTERS, 12, 3),
    section(Group::Environmental, DIFFERENT, 15, 11),
    section(Group::Supplemental, "What else is worth telling? It never changes the score.", 26, 6),
];

impl Version {
    /// The sections of its metrics, in order; each metric stands in one of them.
    #[must_use]
    pub const fn sections(self) -> &'static [Section] {
        match self {
            Self::V2_0 => V2,
            Self::V3_0 | Self::V3_1 => V3,
            Self::V4_0 => V4,
        }
    }
}

impl Section {
    /// The places of its metrics.
    #[must_use]
    pub const fn places(&self) -> std::ops::Range<usize> {
        self.first..self.first + self.count
    }

    /// Its metrics, of the version that it is a section of.
    #[must_use]
    pub fn metrics(&self, version: Version) -> &'static [Metric] {
        version.metrics().get(self.places()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_stands_in_one_section_in_the_order_of_the_specification() {
        for version in Version::ALL {
            let places = version.sections().iter().flat_map(Section::places);
            assert!(places.eq(0..version.metrics().len()), "{version}");
        }
    }

    #[test]
    fn a_section_has_metrics_of_its_group_only() {
        for version in Version::ALL {
            for section in version.sections() {
                let metrics = section.metrics(version);
                assert!(metrics.iter().all(|metric| metric.group == section.group), "{version} {}", section.asks);
            }
        }
    }

    #[test]
    fn each_head_asks_and_fits_half_a_wide_screen() {
        for section in Version::ALL.into_iter().flat_map(Version::sections) {
            assert!(section.asks.contains('?') && section.asks.chars().count() <= 60, "{}", section.asks);
        }
    }
}
