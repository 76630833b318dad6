//! The person's git settings.

use std::process::{Command, Stdio};

/// The name that the person has set in git, if any. Asked once, to offer it as «me».
#[must_use]
pub fn user_name() -> Option<String> {
    let output = Command::new("git")
        .args(["config", "--get", "user.name"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let name = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}
