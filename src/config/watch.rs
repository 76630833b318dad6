//! `watch.toml`: components whose repositories are compared without a case.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

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

/// The shortest time between two looks.
const SHORTEST: SignedDuration = SignedDuration::from_secs(10);

/// What is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// What is planned for all of it.
    pub planned: Option<Planned>,
    /// How long after a look the next one begins; none where nobody says it.
    pub refresh: Option<SignedDuration>,
    /// In the order of the file.
    pub rows: Vec<WatchRow>,
}

/// A component of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchRow {
    /// What is asked of it, with what is planned where nobody says it.
    pub component: Component,
    /// What is planned for it, before what is planned for all.
    pub planned: Option<Planned>,
}

/// Which divergence is planned, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which.
    pub expected: Expected,
    /// Until when; none is for good.
    pub until: Option<Timestamp>,
}

impl Planned {
    /// Does it count at an instant?
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
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
            let (planned, refresh) = (planned(root), refresh(root));
            let mut rows: Vec<WatchRow> = Vec::new();
            for table in root.tables("component") {
                let row = watched(&table, located);
                let name = &row.component.name;
                if rows.iter().any(|known| known.component.name == *name) && !name.is_empty() {
                    table.fault(table.at(), format!("there are two components {name}"), None);
                }
                rows.push(row);
            }
            Self { planned, refresh, rows }
        })
    }

    /// What is asked of the components at an instant: what is planned for one counts before what is planned for all, and
    /// each only until its end.
    #[must_use]
    pub fn components(&self, now: Timestamp) -> Vec<Component> {
        let asked = |row: &WatchRow| {
            let planned = row.planned.iter().chain(&self.planned).find(|planned| planned.holds(now));
            let component = row.component.clone();
            let Some(planned) = planned else { return component };
            // Where private is to be ahead, what it has is a secret, though nobody names a fix.
            let is_secret = planned.expected == Expected::PrivateAhead;
            Component {
                expected: planned.expected,
                is_embargoed: component.is_embargoed || is_secret,
                has_fixes_elsewhere: component.has_fixes_elsewhere || is_secret,
                ..component
            }
        };
        self.rows.iter().map(asked).collect()
    }

    /// What was planned and is over, one line each.
    #[must_use]
    pub fn over(&self, now: Timestamp) -> Vec<String> {
        let of_one = self.rows.iter().map(|row| (Some(row.component.name.as_str()), row.planned));
        let all = std::iter::once((None, self.planned)).chain(of_one);
        let line = |(name, planned): (Option<&str>, Option<Planned>)| {
            let Planned { expected, until } = planned.filter(|planned| !planned.holds(now))?;
            let word = Expected::ALL.iter().find(|(_, known)| *known == expected).map_or("", |(word, _)| word);
            let of = name.map(|name| format!("{name}: ")).unwrap_or_default();
            Some(format!("{of}{word} was expected until {}, which is over", until?))
        };
        all.filter_map(line).collect()
    }

    /// When what is planned changes next by itself.
    #[must_use]
    pub fn next_end(&self, now: Timestamp) -> Option<Timestamp> {
        let planned = self.rows.iter().filter_map(|row| row.planned).chain(self.planned);
        planned.filter_map(|planned| planned.until).filter(|until| *until > now).min()
    }
}

fn planned(table: &Table<'_>) -> Option<Planned> {
    let expected = table.one_of("expects", &Expected::ALL);
    let until = table.text("until").and_then(|text| instant(table, &text));
    if table.has("until") && !table.has("expects") {
        table.fault(table.at(), "until says when expects ends, and there is no expects beside it", None);
    }
    expected.map(|expected| Planned { expected, until })
}

fn instant(table: &Table<'_>, text: &Text) -> Option<Timestamp> {
    let why = || "until is an instant with its zone, such as 2026-11-26T18:00:00Z".to_owned();
    text.value.parse().map_err(|_| table.fault(text.at, why(), None)).ok()
}

fn refresh(root: &Table<'_>) -> Option<SignedDuration> {
    let text = root.text("refresh")?;
    let refresh = span(root, &text)?;
    if refresh < SHORTEST {
        root.fault(text.at, format!("refresh is at least {}s: a server must not be flooded", SHORTEST.as_secs()), None);
    }
    Some(refresh)
}

fn watched(row: &Table<'_>, located: Located<'_>) -> WatchRow {
    let written = Written::read(row);
    // An empty list may be meant as an embargo, and would be none.
    let (fixes, embargoed) = (row.some("fixes"), row.some("embargoed"));
    let planned = planned(row);
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
        expected: expected(&wanted),
        fixes: wanted,
        may_lag: written.mirror_lag.and_then(|text| span(row, &text)).unwrap_or(MIRROR_LAG),
    };
    WatchRow { component, planned }
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

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

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
        let watch = parse(text).unwrap();
        assert_eq!(watch.components(NOW), [component]);
        assert_eq!((watch.planned, watch.refresh), (None, None));
    }

    #[test]
    fn what_is_not_said_follows_from_the_fixes() {
        let text = |more: &str| {
            let urls = "urls = { canonical = \"a\", security = \"b\" }";
            parse(&format!("[[component]]\nid = \"x\"\n{urls}\n{more}\n")).unwrap().components(NOW).remove(0)
        };
        let (bare, fixed) = (text(""), text("fixes = [\"0123456\"]"));
        assert_eq!((bare.expected, bare.is_embargoed, bare.may_lag), (Expected::Equal, false, MIRROR_LAG));
        assert_eq!((fixed.expected, fixed.is_embargoed), (Expected::Equal, false));
        let embargoed = text("embargoed = [\"0123456\"]");
        assert_eq!((embargoed.expected, embargoed.is_embargoed), (Expected::PrivateAhead, true));
        assert_eq!(embargoed.fixes.len(), 1, "what is embargoed is a fix");
    }

    #[test]
    fn what_is_planned_counts_until_its_end_and_that_of_a_component_before_that_of_all() {
        use Expected::{Equal, InSync, PrivateAhead};
        let text = r#"
expects = "private-ahead"
until = "2026-11-26T18:00:00Z"
refresh = "90s"
[[component]]
id = "a"
urls = { canonical = "x", security = "y" }
[[component]]
id = "b"
urls = { canonical = "x", security = "y" }
expects = "in-sync"
until = "2026-11-25T18:00:00Z"
[[component]]
id = "c"
urls = { canonical = "x", security = "y" }
expects = "equal"
"#;
        let watch = parse(text).unwrap();
        let at = |now: &str| now.parse::<Timestamp>().unwrap();
        let expected = |now: &str| -> Vec<Expected> {
            watch.components(at(now)).iter().map(|component| component.expected).collect()
        };
        assert_eq!(watch.refresh, Some(SignedDuration::from_secs(90)));
        assert_eq!(expected("2026-11-25T17:59:59Z"), [PrivateAhead, InSync, Equal]);
        assert_eq!(expected("2026-11-25T18:00:00Z"), [PrivateAhead, PrivateAhead, Equal], "its end has come");
        assert_eq!(expected("2026-11-26T18:00:00Z"), [Equal, Equal, Equal], "the default counts again");
        let is_secret =
            |now: &str| -> Vec<bool> { watch.components(at(now)).iter().map(Component::keeps_secrets).collect() };
        assert_eq!(is_secret("2026-11-25T17:59:59Z"), [true, false, false], "what private is ahead with is a secret");
        assert_eq!(is_secret("2026-11-26T18:00:00Z"), [false; 3]);
        assert_eq!(watch.next_end(at("2026-11-25T18:00:00Z")), Some(at("2026-11-26T18:00:00Z")));
        assert_eq!(watch.next_end(at("2026-11-26T18:00:00Z")), None);
        assert_eq!(
            watch.over(at("2026-11-25T18:00:00Z")),
            ["b: in-sync was expected until 2026-11-25T18:00:00Z, which is over"]
        );
    }

    #[test]
    fn an_end_without_a_zone_or_without_what_ends_is_a_fault() {
        let told = |text: &str| -> Vec<String> { parse(text).unwrap_err().iter().map(ToString::to_string).collect() };
        assert_eq!(
            told("expects = \"equal\"\nuntil = \"tomorrow\"\nrefresh = \"1s\"\n"),
            [
                "2:9: until is an instant with its zone, such as 2026-11-26T18:00:00Z",
                "3:11: refresh is at least 10s: a server must not be flooded"
            ]
        );
        let alone = "1:1: until says when expects ends, and there is no expects beside it";
        assert_eq!(told("until = \"2026-11-26T18:00:00Z\"\n"), [alone]);
        assert_eq!(told("until = 2026-11-26T18:00:00Z\n")[0], alone);
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
