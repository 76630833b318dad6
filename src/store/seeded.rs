//! Four bugs of saves, sown on purpose, so that the suite of faults can show that it would find each of them. A build
//! without the feature `seeded-bugs` has none of this; with it one of them has to be asked for by name.

/// A bug that loses what was acknowledged, or what somebody else wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bug {
    /// The new file is not made durable before it takes its place.
    NoFileSync,
    /// The folder is not made durable before the save is acknowledged.
    NoFolderSync,
    /// The new file takes its place before it is written.
    RenameFirst,
    /// What lies there is looked at, then written over.
    CheckThenRename,
}

/// Was this bug asked for?
#[cfg(feature = "seeded-bugs")]
pub(super) fn has(bug: Bug) -> bool {
    let name = match bug {
        Bug::NoFileSync => "no-file-sync",
        Bug::NoFolderSync => "no-folder-sync",
        Bug::RenameFirst => "rename-first",
        Bug::CheckThenRename => "check-then-rename",
    };
    std::env::var_os("FIXLEAD_SEEDED_BUG").is_some_and(|asked| asked == name)
}

#[cfg(not(feature = "seeded-bugs"))]
pub(super) const fn has(_bug: Bug) -> bool {
    false
}
