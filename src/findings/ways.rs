//! What to do about what was found: commands to copy, each whole and quoted. One that makes something public says so.

use super::words::{name, without_secrets};
use crate::divergence::{Component, Leak, Oid, Pair, PairState, Report, Role, Side, TagRow, TrackRow};
use crate::text::displayable;

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// In words.
    pub words: String,
    /// Does it make something public that is not public yet?
    pub exposes: bool,
    /// In this order, each on a line. None where a name in it can't be shown as it is.
    pub commands: Vec<String>,
}

impl Way {
    fn new(words: &str, commands: Option<Vec<String>>) -> Self {
        Self { words: words.to_owned(), exposes: false, commands: commands.unwrap_or_default() }
    }
}

/// What to do about a branch that is not as it should be; none where nothing but its reason helps.
#[must_use]
pub fn of_pair(component: &Component, pair: &Pair) -> Option<Way> {
    let (private, public) = (name(pair.a), name(pair.b));
    let sync = |words: &str| {
        let commands = || moved(component, pair, pair.a, pair.b, &pair.tips[0]);
        match pair.b.is_public() {
            // A command that ends an embargo is none to have at hand.
            true if component.is_embargoed => {
                Way::new(&format!("an embargo is on: leave {public} alone, and look who moved {private}"), None)
            }
            true => Way { exposes: true, ..Way::new(&format!("once that is meant to be, {words}"), commands()) },
            false => Way::new(words, commands()),
        }
    };
    let mirror = |words: &str| Way::new(words, moved(component, pair, pair.b, pair.a, &pair.tips[1]));
    Some(match &pair.state {
        PairState::Unknown(_) | PairState::Equal => return None,
        PairState::SecurityAhead => sync(&format!("move {public} forward")),
        PairState::MissingOnCanonical => sync(&format!("make the branch on {public}")),
        PairState::CanonicalAhead => mirror(&format!("mend the mirror, or move {private} forward")),
        PairState::MissingOnSecurity => mirror(&format!("mend the mirror, or make the branch on {private}")),
        PairState::Unrelated => {
            let both = [pair.a, pair.b].map(|role| seen(component, role, &head(&pair.branch)));
            Way::new("look whether both URLs are of one repository", both.into_iter().collect())
        }
        PairState::DivergedConflict(_) => {
            let words = format!("merge {public} into {private}, decide the paths above, commit, and push");
            Way::new(&words, merged(component, pair))
        }
        PairState::DivergedClean => Way::new(&format!("merge {public} into {private}"), merged(component, pair)),
    })
}

/// What to do about a fix that everybody can see.
#[must_use]
pub fn of_leak(component: &Component, leak: &Leak, case: Option<&str>) -> Way {
    let words = match case {
        Some(_) => "it can't be taken back: follow the leak steps of the case. What everybody sees",
        None => "it can't be taken back: «fixlead leak ID --what -» tells it to its case. What everybody sees",
    };
    Way::new(words, seen(component, Role::Canonical, &leak.reference).map(|command| vec![command]))
}

/// How a tag that only private has comes to public.
#[must_use]
pub fn of_tag(component: &Component, tag: &TagRow) -> Way {
    if component.is_embargoed {
        return Way::new("an embargo is on: leave public alone, and look who made the tag", None);
    }
    let commands = || {
        let object = tag.remotes.get(&Role::Security)?.as_ref()?.object;
        let (git, name) = (git(component)?, format!("refs/tags/{}", tag.name));
        Some(vec![
            format!("{git} fetch {} {}", url(component, Role::Security)?, quoted(&name)?),
            format!("{git} push {} {}", url(component, Role::Canonical)?, quoted(&format!("{object}:{name}"))?),
        ])
    };
    Way { exposes: true, ..Way::new("once that is meant to be, push it to public", commands()) }
}

/// How a fix comes onto a private branch.
#[must_use]
pub fn of_fix(component: &Component, fix: Oid, branch: &str) -> Way {
    let commands = || {
        let (git, url, head) = (git(component)?, url(component, Role::Security)?, head(branch));
        Some(vec![
            format!("{git} fetch {url} {}", quoted(&head)?),
            format!("{git} switch --detach FETCH_HEAD"),
            format!("{git} cherry-pick -x {fix}"),
            format!("{git} push {url} {}", quoted(&format!("HEAD:{head}"))?),
        ])
    };
    Way::new("pick it onto the private branch", commands())
}

/// How a branch of the clone stops going where it must not.
#[must_use]
pub fn of_track(component: &Component, row: &TrackRow, report: &Report) -> Way {
    // A place that nobody has seen is no place to push to.
    if !report.looked_at.iter().any(|looked| looked.remote == Role::Security) {
        return Way::new("let it be pushed to private only, once that can be looked at", None);
    }
    let commands = || {
        let key = quoted(&format!("branch.{}.pushRemote", row.branch))?;
        let git = git(component)?;
        Some(vec![
            format!("{git} config {key} {}", url(component, Role::Security)?),
            format!("{git} config --show-origin --get-regexp '^(url|remote|branch|push)\\.'"),
        ])
    };
    // What follows, mirrors or is rewritten goes there whatever the first one says.
    let words =
        "let it be pushed to private only; if it goes there still, take out what sends it, which the second one lists";
    Way::new(words, commands())
}

/// A branch goes from one remote to another, exactly as far as was looked at.
fn moved(component: &Component, pair: &Pair, from: Role, to: Role, tip: &Side) -> Option<Vec<String>> {
    let Side::Tip(tip) = tip else { return None };
    let (git, head) = (git(component)?, head(&pair.branch));
    Some(vec![
        format!("{git} fetch {} {}", url(component, from)?, quoted(&head)?),
        format!("{git} push {} {}", url(component, to)?, quoted(&format!("{tip}:{head}"))?),
    ])
}

/// The second side is merged into the first, and the first is pushed.
fn merged(component: &Component, pair: &Pair) -> Option<Vec<String>> {
    let [Side::Tip(a), Side::Tip(b)] = &pair.tips else { return None };
    let (git, head) = (git(component)?, head(&pair.branch));
    let fetch = |role: Role| Some(format!("{git} fetch {} {}", url(component, role)?, quoted(&head)?));
    Some(vec![
        fetch(pair.a)?,
        fetch(pair.b)?,
        format!("{git} switch --detach {a}"),
        format!("{git} merge {b}"),
        format!("{git} push {} {}", url(component, pair.a)?, quoted(&format!("HEAD:{head}"))?),
    ])
}

fn seen(component: &Component, role: Role, reference: &str) -> Option<String> {
    Some(format!("git ls-remote {} {}", url(component, role)?, quoted(reference)?))
}

fn head(branch: &str) -> String {
    format!("refs/heads/{branch}")
}

/// Git in the person's clone; without one in whichever the person stands.
fn git(component: &Component) -> Option<String> {
    match &component.clone {
        Some(clone) => Some(format!("git -C {}", quoted(clone)?)),
        None => Some("git".to_owned()),
    }
}

fn url(component: &Component, role: Role) -> Option<String> {
    quoted(&without_secrets(component.urls.get(&role)?))
}

/// A word for a shell. None if it can't be shown as it is: a command that is copied must say what it shows. No name of git holds
/// a backslash: one that does stands for bytes that can't be shown.
fn quoted(word: &str) -> Option<String> {
    if displayable(word) != word || word.contains('\\') {
        return None;
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@%+=,".contains(&byte);
    let plain = !word.is_empty() && word.bytes().all(is_plain);
    Some(if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_a_shell_is_what_it_shows() {
        assert_eq!(quoted("refs/heads/release-1.27").as_deref(), Some("refs/heads/release-1.27"));
        assert_eq!(quoted("a b;$(c)'d").as_deref(), Some("'a b;$(c)'\\''d'"));
        assert_eq!(quoted("").as_deref(), Some("''"));
        assert_eq!(quoted("main\u{202e}"), None);
        assert_eq!(quoted("a\nb"), None);
        assert_eq!(quoted("refs/heads/a\\x9b31m"), None);
    }
}
