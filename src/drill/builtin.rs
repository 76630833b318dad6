//! The rehearsals that come with the program.

/// Id of the process and text of each built-in drill.
pub const BUILTIN_DRILLS: [(&str, &str); 6] = [
    ("emissary", include_str!("../../drills/emissary.toml")),
    ("gardener", include_str!("../../drills/gardener.toml")),
    ("gitlab-critical", include_str!("../../drills/gitlab-critical.toml")),
    ("gitlab-non-critical", include_str!("../../drills/gitlab-non-critical.toml")),
    ("gitlab-aigw", include_str!("../../drills/gitlab-aigw.toml")),
    ("duo-workflow-executor", include_str!("../../drills/duo-workflow-executor.toml")),
];

/// The text of the built-in drill of a process.
#[must_use]
pub fn builtin_drill(playbook: &str) -> Option<&'static str> {
    BUILTIN_DRILLS.iter().find(|(known, _)| *known == playbook).map(|(_, text)| *text)
}
