//! `watch.toml`: components whose repositories are compared without a case.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::project::Written;
use crate::divergence::{Component, Expected, MIRROR_LAG, Role, Wanted};
use crate::playbook::Span;
use crate::source::{self, Fault, Table, Text, did_you_mean};

/// The layout of `watch.toml` that this program reads.
const SCHEMA: i64 = 1;

/// The fewest digits by which a commit is named.
const FEWEST_DIGITS: usize = 7;

/// The longest pattern or path, in bytes.
const LONGEST: usize = 1024;

/// What is watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// In the order of the file.
    pub components: Vec<Watched>,
}

/// A component that is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// What is asked of it.
    pub component: Component,
    /// The divergence that is planned, where the file says it; else it follows from whether something is embargoed.
    pub expects: Option<Expected>,
}

/// Where a repository is, as it is asked; or why it can't be asked.
type Located<'l> = &'l dyn Fn(&str) -> Result<String, String>;

impl Watch {
    /// Reads `watch.toml`. `located` makes a URL, or a path from the folder of the file, one to ask.
    ///
    /// # Errors
    /// All faults of the text, each with line and column.
    pub fn parse(text: &str, located: Located<'_>) -> Result<Self, Vec<Fault>> {
        source::read(text, |root| {
            if root.integer("schema").is_some_and(|schema| schema > SCHEMA) {
                root.fault(0, format!("this program reads schema {SCHEMA}"), None);
            }
            let mut components: Vec<Watched> = Vec::new();
            for row in root.tables("component") {
                let watched = watched(&row, located);
                let name = &watched.component.name;
                if components.iter().any(|known| known.component.name == *name) && !name.is_empty() {
                    row.fault(row.at(), format!("there are two components {name}"), None);
                }
                components.push(watched);
            }
            Self { components }
        })
    }
}

fn watched(row: &Table<'_>, located: Located<'_>) -> Watched {
    let written = Written::read(row);
    // An empty list may be meant as an embargo, and would be none.
    let (fixes, embargoed) = (row.some("fixes"), row.some("embargoed"));
    let expects = row.one_of("expects", &Expected::ALL);
    row.finish();
    let note = |text: &Text, checked: Result<(), String>| {
        if let Err(why) = checked {
            row.fault(text.at, why, None);
        }
    };
    written.branches.iter().chain(&written.tags).for_each(|text| note(text, check_pattern(&text.value)));
    fixes.iter().chain(&embargoed).for_each(|text| note(text, check_commit(&text.value)));
    written.pin.iter().for_each(|text| note(text, check_pin(&text.value)));
    let wanted = wanted(&plain(&fixes), &plain(&embargoed));
    let component = Component {
        name: written.id.value,
        urls: urls(row, &written.urls, located),
        clone: written.clone.and_then(|text| place(row, &text, located)),
        branches: plain(&written.branches),
        tags: plain(written.tags.as_slice()),
        pin: written.pin.map(|pin| pin.value),
        memory: String::new(),
        has_fixes_elsewhere: false,
        is_embargoed: wanted.iter().any(|fix| fix.is_embargoed),
        expected: expects.unwrap_or_else(|| expected(&wanted)),
        fixes: wanted,
        may_lag: written.mirror_lag.and_then(|text| span(row, &text)).unwrap_or(MIRROR_LAG),
    };
    Watched { component, expects }
}

fn plain(texts: &[Text]) -> Vec<String> {
    texts.iter().map(|text| text.value.clone()).collect()
}

fn urls(row: &Table<'_>, written: &[(Text, Text)], located: Located<'_>) -> BTreeMap<Role, String> {
    let mut urls = BTreeMap::new();
    for (word, url) in written {
        let Some(role) = Role::of(&word.value) else {
            let words = Role::ALL.map(|(word, _)| word);
            let hint = did_you_mean(&word.value, words);
            row.fault(word.at, format!("a repository is one of {}", words.join(", ")), hint);
            continue;
        };
        urls.extend(place(row, url, located).map(|url| (role, url)));
    }
    let has = |role: Role| written.iter().any(|(word, _)| word.value == role.word());
    for role in [Role::Canonical, Role::Security].into_iter().filter(|role| !has(*role)) {
        row.fault(row.at(), format!("urls.{} is missing", role.word()), None);
    }
    urls
}

fn place(row: &Table<'_>, text: &Text, located: Located<'_>) -> Option<String> {
    located(&text.value).map_err(|why| row.fault(text.at, why, None)).ok()
}

fn span(row: &Table<'_>, text: &Text) -> Option<SignedDuration> {
    let span = Span::parse(&text.value).map_err(|error| row.fault(text.at, error.to_string(), None)).ok()?;
    Some(SignedDuration::from_secs(span.seconds()))
}

/// Is this a pattern of branches or tags?
///
/// # Errors
/// What is wrong with it.
pub fn check_pattern(text: &str) -> Result<(), String> {
    if text.is_empty() || text.len() > LONGEST {
        return Err("a pattern is a name such as release-*, with * for anything".to_owned());
    }
    if text.starts_with("refs/") {
        return Err(format!("«{text}» is no pattern: leave refs/heads/ or refs/tags/ away"));
    }
    // None of these can stand in a name of git, so that nothing would ever be compared.
    let is_strange = |c: char| c.is_control() || c.is_whitespace() || "?[\\^~:".contains(c);
    match text.chars().find(|c| is_strange(*c)) {
        Some(_) => Err(format!("«{text}» is no pattern: only * stands for anything, and no name of git holds ?[\\^~:")),
        None => Ok(()),
    }
}

/// Is this the id of a commit, or the beginning of one?
///
/// # Errors
/// What is wrong with it.
pub fn check_commit(text: &str) -> Result<(), String> {
    let is_id = (FEWEST_DIGITS..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let why = || format!("«{text}» is no commit: give its id, or the first {FEWEST_DIGITS} digits of it or more");
    is_id.then_some(()).ok_or_else(why)
}

/// Is this the path of a file in a repository?
///
/// # Errors
/// What is wrong with it.
pub fn check_pin(text: &str) -> Result<(), String> {
    let is_path = !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control);
    let is_below = !text.split('/').any(|part| matches!(part, "" | "." | ".."));
    let why =
        || format!("«{text}» is no path in a repository: write it from its top, such as VERSION or deploy/pin.txt");
    (is_path && is_below).then_some(()).ok_or_else(why)
}

/// The fixes that are looked for; each embargoed one is one of them.
#[must_use]
pub fn wanted(fixes: &[String], embargoed: &[String]) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for (commit, is_embargoed) in embargoed.iter().map(|id| (id, true)).chain(fixes.iter().map(|id| (id, false))) {
        let commit = commit.to_ascii_lowercase();
        if !wanted.iter().any(|known| known.commit == commit) {
            wanted.push(Wanted { commit, is_embargoed });
        }
    }
    wanted
}

/// What is planned where nobody says it: the private side ahead while something is embargoed, else both the same.
#[must_use]
pub fn expected(wanted: &[Wanted]) -> Expected {
    if wanted.iter().any(|fix| fix.is_embargoed) { Expected::PrivateAhead } else { Expected::Equal }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Watch, Vec<Fault>> {
        Watch::parse(text, &|url| match url {
            "bad" => Err("that can't be asked".to_owned()),
            url => Ok(format!("/base/{url}")),
        })
    }

    #[test]
    fn every_key_of_a_watched_component_is_read() {
        let text = r#"
schema = 1
[[component]]
id = "gateway"
urls = { canonical = "public.git", security = "private.git", dev = "dev.git" }
clone = "gateway"
branches = ["main", "release-*"]
tags = "v*"
pin = "deploy/VERSION"
mirror_lag = "2h"
fixes = ["0123456789ABCDEF", "89abcdef"]
embargoed = ["0123456789abcdef"]
expects = "in-sync"
"#;
        let wanted = |commit: &str, is_embargoed| Wanted { commit: commit.into(), is_embargoed };
        let urls = Role::ALL.map(|(word, role)| (role, format!("/base/{}.git", word.replace("security", "private"))));
        let urls = urls.map(|(role, url)| (role, url.replace("canonical", "public")));
        let component = Component {
            name: "gateway".into(),
            urls: urls.into(),
            clone: Some("/base/gateway".into()),
            branches: vec!["main".into(), "release-*".into()],
            tags: vec!["v*".into()],
            pin: Some("deploy/VERSION".into()),
            fixes: vec![wanted("0123456789abcdef", true), wanted("89abcdef", false)],
            memory: String::new(),
            has_fixes_elsewhere: false,
            is_embargoed: true,
            expected: Expected::InSync,
            may_lag: SignedDuration::from_hours(2),
        };
        let watched = Watched { component, expects: Some(Expected::InSync) };
        assert_eq!(parse(text), Ok(Watch { components: vec![watched] }));
    }

    #[test]
    fn what_is_not_said_follows_from_the_fixes() {
        let text = |more: &str| {
            let urls = "urls = { canonical = \"a\", security = \"b\" }";
            parse(&format!("[[component]]\nid = \"x\"\n{urls}\n{more}\n")).unwrap().components.remove(0).component
        };
        let (bare, fixed) = (text(""), text("fixes = [\"0123456\"]"));
        assert_eq!((bare.expected, bare.is_embargoed, bare.may_lag), (Expected::Equal, false, MIRROR_LAG));
        assert_eq!((fixed.expected, fixed.is_embargoed), (Expected::Equal, false));
        let embargoed = text("embargoed = [\"0123456\"]");
        assert_eq!((embargoed.expected, embargoed.is_embargoed), (Expected::PrivateAhead, true));
        assert_eq!(embargoed.fixes.len(), 1, "what is embargoed is a fix");
    }

    #[test]
    fn an_empty_list_of_commits_is_no_embargo() {
        let urls = "urls = { canonical = \"a\", security = \"b\" }";
        let faults = parse(&format!("[[component]]\nid = \"x\"\n{urls}\nfixes = []\nembargoed = []\n")).unwrap_err();
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let words = "is empty: leave it away if there is none";
        assert_eq!(told, [format!("4:9: fixes {words}"), format!("5:13: embargoed {words}")]);
    }

    #[test]
    fn all_faults_are_told_at_once_each_at_its_place() {
        let text = r#"
schema = 2
[[component]]
urls = { canonical = "bad", securty = "x" }
branches = ["release-[12]", "refs/heads/main"]
tags = ["v*"]
pin = "../VERSION"
mirror_lag = "2mo"
fixes = ["main"]
expects = "ahead"
colour = 1
[[component]]
id = "a"
urls = { canonical = "x", security = "y" }
[[component]]
id = "a"
urls = { canonical = "x", security = "y" }
"#;
        let told: Vec<String> = parse(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "1:1: this program reads schema 1",
                "3:1: id is missing",
                "3:1: urls.security is missing",
                "4:22: that can't be asked",
                "4:29: a repository is one of security, canonical, dev (did you mean security?)",
                "5:13: «release-[12]» is no pattern: only * stands for anything, and no name of git holds ?[\\^~:",
                "5:29: «refs/heads/main» is no pattern: leave refs/heads/ or refs/tags/ away",
                "6:8: tags must be a text, not a list",
                "7:7: «../VERSION» is no path in a repository: write it from its top, such as VERSION or deploy/pin.txt",
                "8:14: months and years differ in length: write days or weeks, as in 30d or 4w",
                "9:10: «main» is no commit: give its id, or the first 7 digits of it or more",
                "10:11: expects must be one of equal, private-ahead, in-sync",
                "11:1: unknown key colour",
                "15:1: there are two components a",
            ]
        );
    }
}
