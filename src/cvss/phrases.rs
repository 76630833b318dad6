//! What each answer of 2.0 and 3.x says, in few words, for «why this score».

use super::{Draft, Group};

/// How easy it is, by the answers that count.
pub(super) fn of_ease(draft: &Draft) -> Vec<&'static str> {
    let phrase = |key| match (key, counting(draft, key)?) {
        ("AV", "N") => Some("from the network"),
        ("AV", "A") => Some("from nearby"),
        ("AV", "L") => Some("on the machine"),
        ("AV", "P") => Some("by touch"),
        // Low and High ask for the same in both versions, Medium is of 2.0.
        ("AC", "L") => Some("works every time"),
        ("AC", "M") => Some("something has to fit"),
        ("AC", "H") => Some("needs luck or preparation"),
        ("Au" | "PR", "N") => Some("no login"),
        ("Au", "S") => Some("one login"),
        ("Au", "M") => Some("two logins"),
        ("PR", "L") => Some("as an ordinary user"),
        ("PR", "H") => Some("as an administrator"),
        ("UI", "N") => Some("no user"),
        ("UI", "R") => Some("a user has to help"),
        _ => None,
    };
    ["AV", "AC", "Au", "PR", "UI"].into_iter().filter_map(phrase).collect()
}

/// How bad it is, by the answers that count, and what weighs more or less in one installation.
pub(super) fn of_impact(draft: &Draft) -> Vec<&'static str> {
    let loss = |key| match (key, counting(draft, key)?) {
        ("C", "H" | "C") => Some("secrets are lost"),
        ("C", "L" | "P") => Some("some secrets are lost"),
        ("I", "H" | "C") => Some("data can be changed at will"),
        ("I", "L" | "P") => Some("some data can be changed"),
        ("A", "H" | "C") => Some("it can be stopped"),
        ("A", "L" | "P") => Some("it can be slowed down"),
        _ => None,
    };
    let weight = |key| match (key, draft.get(key)?) {
        ("CR", "H") => Some("secrecy weighs more here"),
        ("CR", "L") => Some("secrecy weighs less here"),
        ("IR", "H") => Some("integrity weighs more here"),
        ("IR", "L") => Some("integrity weighs less here"),
        ("AR", "H") => Some("availability weighs more here"),
        ("AR", "L") => Some("availability weighs less here"),
        _ => None,
    };
    let weighed =
        [("C", "CR"), ("I", "IR"), ("A", "AR")].into_iter().filter_map(|(key, need)| Some((loss(key)?, weight(need))));
    let mut phrases: Vec<_> = weighed.flat_map(|(loss, weight)| std::iter::once(loss).chain(weight)).collect();
    if phrases.is_empty() {
        phrases.push("nothing is lost");
    } else if is_changed(draft) {
        phrases.push("beyond the flawed part");
    }
    phrases
}

/// Whether the scope that counts is changed.
pub(super) fn is_changed(draft: &Draft) -> bool {
    counting(draft, "S") == Some("C")
}

/// The answer that counts: that of the modified metric, if it says something, else that of the base metric.
fn counting(draft: &Draft, key: &str) -> Option<&'static str> {
    let modified = draft.version().find(&format!("M{key}")).filter(|metric| draft.says(*metric));
    let base = draft.of_group(Group::Base).find(|(_, metric)| metric.key == key).map(|(place, _)| place);
    draft.value(modified.or(base)?).map(|value| value.key)
}
