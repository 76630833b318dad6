//! Short words for the calculator: names that fit a column, and what a metric that is not set counts as.

use crate::cvss::{Draft, Group, Metric, Score, Value, Version, signed};

/// The name of a metric in its section, without what the head above it says. A modified impact tells in which systems.
pub(super) fn name(metric: &Metric) -> String {
    let modified = metric.name.strip_prefix("Modified ");
    let name = modified.unwrap_or(metric.name);
    let of_system = ["Vulnerable System ", "Subsequent System "].iter().find_map(|system| name.strip_prefix(system));
    let name = of_system.unwrap_or(name);
    let name = [" Impact", " Requirement", " Potential"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let name = sentence(name.strip_prefix("Vulnerability ").unwrap_or(name));
    if modified.is_some() && of_system.is_some() { format!("{name} ({})", &metric.key[1..]) } else { name }
}

/// Where the loss is that a metric of 4.0 asks for; empty for all others, and where the name tells it.
pub(super) fn system(metric: &Metric) -> &'static str {
    match metric.key {
        "VC" | "VI" | "VA" => "attacked system",
        "SC" | "SI" | "SA" => "systems behind",
        _ => "",
    }
}

/// «Attack vector» for «Attack Vector».
pub(super) fn sentence(name: &str) -> String {
    let begin = name.chars().next().map_or(0, char::len_utf8);
    format!("{}{}", &name[..begin], name[begin..].to_lowercase())
}

/// What a value says, in a word: «network», «POC», «not set».
pub(super) fn word(value: &Value) -> String {
    if value.not_defined { "not set".to_owned() } else { value.in_a_sentence() }
}

/// A value with its letter: «N network». One that is spelled out in a vector is not said twice.
pub(super) fn labelled(value: &Value) -> String {
    if value.key == value.name { value.key.to_owned() } else { format!("{} {}", value.key, word(value)) }
}

/// What a metric that is not set counts as, where the specification says so: «counts as A», «as AV: N».
pub(super) fn counts_as(draft: &Draft, metric: &Metric) -> Option<String> {
    let base = metric.key.strip_prefix('M').filter(|_| metric.group == Group::Environmental);
    if let Some(base) = base.filter(|base| draft.version().find(base).is_some()) {
        return Some(format!("as {base}: {}", draft.get(base)?));
    }
    let value = match (metric.group, draft.version()) {
        (Group::Base | Group::Supplemental, _) | (_, Version::V2_0) => return None,
        // Of the requirements of 3.x Medium changes nothing; all else counts as the worst.
        (Group::Environmental, Version::V3_0 | Version::V3_1) => metric.find("M")?,
        _ => *metric.worst_to_mildest().first()?,
    };
    Some(format!("counts as {}", metric.values[value].key))
}

/// «7.5 High».
pub(super) fn rated(score: Score, version: Version) -> String {
    format!("{score} {}", score.severity(version))
}

/// «+1.1» or «-0.4»; nothing where nothing changes.
pub(super) fn change(tenths: i16) -> String {
    if tenths == 0 { String::new() } else { signed(tenths) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(version: Version, key: &str) -> &'static Metric {
        &version.metrics()[version.find(key).unwrap()]
    }

    #[test]
    fn names_leave_out_what_the_head_says_and_differ_within_a_section() {
        for version in Version::ALL {
            for section in version.sections() {
                let mut names: Vec<String> = section.metrics(version).iter().map(name).collect();
                assert!(names.iter().all(|name| name.len() <= 21), "{names:?}");
                let count = names.len();
                names.sort_unstable();
                names.dedup();
                assert_eq!(names.len(), count, "{version} {}", section.asks);
            }
        }
        assert_eq!(name(metric(Version::V4_0, "VC")), "Confidentiality");
        assert_eq!(name(metric(Version::V4_0, "MSA")), "Availability (SA)");
        assert_eq!(name(metric(Version::V4_0, "MAT")), "Attack requirements");
        assert_eq!(name(metric(Version::V4_0, "RE")), "Response effort");
        assert_eq!(name(metric(Version::V2_0, "CDP")), "Collateral damage");
    }

    #[test]
    fn what_is_not_set_counts_as_the_specification_says() {
        let counts = |version, key, vector: &str| {
            counts_as(&Draft::read(vector).unwrap_or(Draft::new(version)), metric(version, key))
        };
        assert_eq!(counts(Version::V4_0, "E", "CVSS:4.0/").as_deref(), Some("counts as A"));
        assert_eq!(counts(Version::V4_0, "CR", "CVSS:4.0/").as_deref(), Some("counts as H"));
        assert_eq!(counts(Version::V4_0, "MAV", "CVSS:4.0/AV:L").as_deref(), Some("as AV: L"));
        assert_eq!(counts(Version::V4_0, "MAV", "CVSS:4.0/"), None);
        assert_eq!(counts(Version::V4_0, "AU", "CVSS:4.0/"), None);
        assert_eq!(counts(Version::V3_1, "RL", "CVSS:3.1/").as_deref(), Some("counts as U"));
        assert_eq!(counts(Version::V3_1, "CR", "CVSS:3.1/").as_deref(), Some("counts as M"));
        assert_eq!(counts(Version::V2_0, "E", ""), None);
    }

    #[test]
    fn changes_have_their_sign_and_one_decimal() {
        assert_eq!([11, -4, 0, -100].map(change), ["+1.1", "-0.4", "", "-10.0"]);
    }
}
