//! The six processes that come with the program.

/// Id and text of each built-in playbook.
pub const BUILTIN: [(&str, &str); 6] = [
    ("emissary", include_str!("../../playbooks/emissary.toml")),
    ("gardener", include_str!("../../playbooks/gardener.toml")),
    ("gitlab-critical", include_str!("../../playbooks/gitlab-critical.toml")),
    ("gitlab-non-critical", include_str!("../../playbooks/gitlab-non-critical.toml")),
    ("gitlab-aigw", include_str!("../../playbooks/gitlab-aigw.toml")),
    ("duo-workflow-executor", include_str!("../../playbooks/duo-workflow-executor.toml")),
];

/// The text of a built-in playbook.
#[must_use]
pub fn builtin(id: &str) -> Option<&'static str> {
    BUILTIN.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}
