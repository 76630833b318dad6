//! What a project adds to the playbook that it extends.

use std::collections::BTreeMap;

use crate::playbook::Playbook;
use crate::source::{self, Fault, Table, Text, did_you_mean};

/// One `projects/NAME.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Id of the playbook.
    pub extends: String,
    /// What people call it.
    pub title: Option<String>,
    /// IANA names of the zones of the project's people.
    pub zones: Vec<String>,
    /// Where CVE ids are requested, in place of the playbook's authority.
    pub cna: Option<String>,
    /// People by role; the first is next in line.
    pub roster: BTreeMap<String, Vec<String>>,
    /// Addresses by channel, where the playbook has none.
    pub channels: BTreeMap<String, String>,
    /// What the project releases.
    pub components: Vec<ProjectComponent>,
    /// Ids of steps that are settled once for the project.
    pub settled: Vec<String>,
}

/// A component as a project declares it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectComponent {
    /// Short name.
    pub id: String,
    /// Package URL.
    pub purl: Option<String>,
    /// URLs by role of the remote.
    pub urls: BTreeMap<String, String>,
    /// Path of a local clone.
    pub clone: Option<String>,
    /// Branches that get fixes.
    pub branches: Vec<String>,
    /// Pattern of its tags.
    pub tags: Option<String>,
    /// File that pins its version elsewhere.
    pub pin: Option<String>,
    /// How far the mirror may lag.
    pub mirror_lag: Option<String>,
}

impl Project {
    /// Reads `projects/NAME.toml`.
    ///
    /// # Errors
    /// All faults of the text, each with line and column.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        source::read(text, |root| {
            root.integer("schema");
            Self {
                extends: root.required("extends").value,
                title: root.string("title"),
                zones: root.few("zones", super::MAX_ZONES),
                cna: root.string("cna"),
                roster: roster(root),
                channels: root.pairs("channels").into_iter().map(|(id, address)| (id.value, address.value)).collect(),
                components: root.tables("component").iter().map(component).collect(),
                settled: root.strings("settled"),
            }
        })
    }

    /// What the playbook needs and this project has not set, one line each.
    #[must_use]
    pub fn missing(&self, playbook: &Playbook) -> Vec<String> {
        let mut lines = Vec::new();
        for channel in playbook.channels.iter().filter(|channel| channel.address.is_none()) {
            if !self.channels.contains_key(&channel.id) {
                lines.push(format!("address of the channel {}: {}", channel.id, channel.purpose));
            }
        }
        if let Some(stale) = playbook.cve.as_ref().and_then(|cve| cve.stale.as_ref()).filter(|_| self.cna.is_none()) {
            lines.push(format!("cna: {stale}"));
        }
        for role in playbook.roles.iter().filter(|role| role.rotation.is_some()) {
            if !self.roster.contains_key(&role.id) {
                lines.push(format!("roster of {}: {}", role.id, role.rotation.as_deref().unwrap_or_default()));
            }
        }
        lines
    }

    /// Names in the project that the playbook does not know, one line each.
    #[must_use]
    pub fn strangers(&self, playbook: &Playbook) -> Vec<String> {
        let line = |what: &str, id: &String, known: Vec<&str>| {
            (!known.contains(&id.as_str())).then(|| {
                let hint = did_you_mean(id, known).map(|hint| format!(" ({hint})")).unwrap_or_default();
                format!("the playbook {} has no {what} {id}{hint}", playbook.id)
            })
        };
        let channels = || playbook.channels.iter().map(|channel| channel.id.as_str()).collect();
        let roles = || playbook.roles.iter().map(|role| role.id.as_str()).collect();
        let in_channels = self.channels.keys().filter_map(|id| line("channel", id, channels()));
        in_channels.chain(self.roster.keys().filter_map(|id| line("role", id, roles()))).collect()
    }
}

fn roster(root: &Table<'_>) -> BTreeMap<String, Vec<String>> {
    let rows = root.tables("roster");
    rows.iter()
        .map(|row| {
            let entry = (row.required("role").value, row.strings("people"));
            row.finish();
            entry
        })
        .collect()
}

/// A component as it is written, with the place of each value: in a project and among what is watched alike.
pub(super) struct Written {
    pub(super) id: Text,
    pub(super) purl: Option<Text>,
    pub(super) urls: Vec<(Text, Text)>,
    pub(super) clone: Option<Text>,
    pub(super) branches: Vec<Text>,
    pub(super) tags: Option<Text>,
    pub(super) pin: Option<Text>,
    pub(super) mirror_lag: Option<Text>,
}

impl Written {
    /// Asks for the keys of a component. The row may have others beside.
    pub(super) fn read(row: &Table<'_>) -> Self {
        Self {
            id: row.required("id"),
            purl: row.text("purl"),
            urls: row.pairs("urls"),
            clone: row.text("clone"),
            branches: row.texts("branches"),
            tags: row.text("tags"),
            pin: row.text("pin"),
            mirror_lag: row.text("mirror_lag"),
        }
    }
}

fn component(row: &Table<'_>) -> ProjectComponent {
    let written = Written::read(row);
    row.finish();
    let plain = |text: Option<Text>| text.map(|text| text.value);
    ProjectComponent {
        id: written.id.value,
        purl: plain(written.purl),
        urls: written.urls.into_iter().map(|(role, url)| (role.value, url.value)).collect(),
        clone: plain(written.clone),
        branches: written.branches.into_iter().map(|branch| branch.value).collect(),
        tags: plain(written.tags),
        pin: plain(written.pin),
        mirror_lag: plain(written.mirror_lag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::builtin;

    const TEXT: &str = r#"
extends = "emissary"
zones = ["Europe/Berlin"]
[channels]
secalert = "security@project.example"
[[roster]]
role = "fix-lead"
people = ["first", "second"]
[[component]]
id = "emissary"
branches = ["main", "release/v3.9"]
urls = { security = "ssh://host.example/private.git" }
"#;

    #[test]
    fn a_project_is_read_and_tells_what_it_lacks() {
        let project = Project::parse(TEXT).unwrap();
        let playbook = Playbook::parse(builtin("emissary").unwrap()).unwrap();
        assert_eq!(project.components[0].branches, ["main", "release/v3.9"]);
        let missing = project.missing(&playbook).join("\n");
        assert!(missing.contains("cna:"), "{missing}");
        assert!(!missing.contains("secalert"), "{missing}");
        assert!(project.strangers(&playbook).is_empty());
    }

    #[test]
    fn what_the_playbook_does_not_know_is_named() {
        let playbook = Playbook::parse(builtin("emissary").unwrap()).unwrap();
        let project = Project::parse("extends = \"emissary\"\n[channels]\nsecalrt = \"x\"\n").unwrap();
        assert_eq!(
            project.strangers(&playbook),
            ["the playbook emissary has no channel secalrt (did you mean secalert?)"]
        );
    }
}
