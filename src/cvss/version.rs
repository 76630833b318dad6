//! The versions of the standard, and the groups of their metrics.

use std::fmt;
use std::ops::Range;

use super::metric::{Metric, pack};
use super::{table_v2, table_v3, table_v4};

/// A version of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// CVSS 2.0, whose vectors have no prefix.
    V2_0,
    /// CVSS 3.0.
    V3_0,
    /// CVSS 3.1.
    V3_1,
    /// CVSS 4.0.
    V4_0,
}

impl Version {
    /// All of them, oldest first.
    pub const ALL: [Self; 4] = [Self::V2_0, Self::V3_0, Self::V3_1, Self::V4_0];

    /// Its number, such as `3.1`.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V4_0 => "4.0",
        }
    }

    /// The version of a number, such as `3.1`.
    #[must_use]
    pub fn of(number: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.number() == number)
    }

    /// What its vectors begin with: nothing in 2.0, else such as `CVSS:3.1/`.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::V2_0 => "",
            Self::V3_0 => "CVSS:3.0/",
            Self::V3_1 => "CVSS:3.1/",
            Self::V4_0 => "CVSS:4.0/",
        }
    }

    /// The part before the dot, by which a playbook's version is compared.
    #[must_use]
    pub const fn major(self) -> u8 {
        match self {
            Self::V2_0 => 2,
            Self::V3_0 | Self::V3_1 => 3,
            Self::V4_0 => 4,
        }
    }

    /// Its metrics in the order of the specification. All that speaks of a metric by number means its place here.
    #[must_use]
    pub const fn metrics(self) -> &'static [Metric] {
        match self {
            Self::V2_0 => table_v2::METRICS,
            Self::V3_0 | Self::V3_1 => table_v3::METRICS,
            Self::V4_0 => table_v4::METRICS,
        }
    }

    /// The places of the metrics of a group, which follow each other; the base metrics are the first ones.
    pub(super) const fn places(self, group: Group) -> Range<usize> {
        match (self, group) {
            (Self::V2_0, Group::Base) => 0..6,
            (Self::V2_0, Group::Temporal) => 6..9,
            (Self::V2_0, Group::Environmental) => 9..14,
            (Self::V3_0 | Self::V3_1, Group::Base) => 0..8,
            (Self::V3_0 | Self::V3_1, Group::Temporal) => 8..11,
            (Self::V3_0 | Self::V3_1, Group::Environmental) => 11..22,
            (Self::V4_0, Group::Base) => 0..11,
            (Self::V4_0, Group::Threat) => 11..12,
            (Self::V4_0, Group::Environmental) => 12..26,
            (Self::V4_0, Group::Supplemental) => 26..32,
            _ => 0..0,
        }
    }

    /// The groups of its metrics, in order.
    #[must_use]
    pub const fn groups(self) -> &'static [Group] {
        match self {
            Self::V4_0 => &[Group::Base, Group::Threat, Group::Environmental, Group::Supplemental],
            _ => &[Group::Base, Group::Temporal, Group::Environmental],
        }
    }

    /// The place of a metric by its name in a vector.
    #[must_use]
    pub fn find(self, key: &str) -> Option<usize> {
        let packed = pack(key.as_bytes());
        self.metrics().iter().position(|metric| metric.is(packed))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.number())
    }
}

/// A group of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What the flaw is by itself; mandatory.
    Base,
    /// 2.0 and 3.x: what changes as time goes on.
    Temporal,
    /// 4.0: whether it is exploited.
    Threat,
    /// What is so in one installation.
    Environmental,
    /// 4.0: what is told beside the score and never changes it.
    Supplemental,
}

impl Group {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Base => "Base",
            Self::Temporal => "Temporal",
            Self::Threat => "Threat",
            Self::Environmental => "Environmental",
            Self::Supplemental => "Supplemental",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
