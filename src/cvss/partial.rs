//! A draft as text: what is chosen so far, so that it can be kept and taken up again.

use std::fmt;

use super::{Draft, Version};

impl Draft {
    /// Reads what a draft displays as. What is no metric or no value there is left out; `None` if there is no version.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let prefixed = Version::ALL.into_iter().rev().find(|version| {
            let prefix = version.prefix();
            !prefix.is_empty() && text.starts_with(prefix)
        });
        let version = prefixed.or((!text.starts_with("CVSS:")).then_some(Version::V2_0))?;
        let parts = text[version.prefix().len()..].split('/').filter_map(|part| part.split_once(':'));
        Some(parts.fold(Self::new(version), |draft, (key, value)| draft.with_named(key, value)))
    }
}

/// As a vector, with what is chosen so far: `CVSS:3.1/AV:N/AC:L`.
impl fmt::Display for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let metrics = self.version().metrics().iter().enumerate();
        let chosen = metrics.filter_map(|(place, metric)| Some(format!("{}:{}", metric.key, self.value(place)?.key)));
        f.pad(&format!("{}{}", self.version().prefix(), chosen.collect::<Vec<_>>().join("/")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_so_far_is_read_again() {
        for text in ["", "AV:N/C:P", "CVSS:3.0/AV:N", "CVSS:3.1/", "CVSS:3.1/AV:N/AC:L/E:X", "CVSS:4.0/AV:P/VC:H/E:A"] {
            assert_eq!(Draft::read(text).map(|draft| draft.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Draft::read("CVSS:3.1/AV:Z/so/AC:L").unwrap().to_string(), "CVSS:3.1/AC:L");
        assert_eq!(Draft::read("CVSS:5.0/AV:N"), None);
    }
}
