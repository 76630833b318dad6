//! Refs of a remote: how a server lists them, and where they are kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::divergence::{Oid, Role, TagAt};

/// How many refs of one remote are taken in.
pub(super) const MOST: usize = 1_000_000;
/// How long the name of one may be, in bytes.
const LONGEST: usize = 1024;

/// The refs of a remote by their full names there, and `HEAD`. A name that is not UTF-8 has each such byte as `\xff`, and each
/// of a control character: git allows no backslash in names.
pub type Refs = BTreeMap<String, TagAt>;

/// Puts a line of `git ls-remote` among the refs.
///
/// # Errors
/// If it is none that a repository could have; a server that lists such a thing is not to be believed in the rest.
pub(super) fn take(refs: &mut Refs, line: &[u8]) -> Result<(), String> {
    let tab = line.iter().position(|byte| *byte == b'\t').ok_or("a line without a name")?;
    let object: Oid = std::str::from_utf8(&line[..tab]).ok().and_then(|id| id.parse().ok()).ok_or("no object id")?;
    let name = name(&line[tab + 1..]);
    if let Some(name) = name.strip_suffix("^{}") {
        refs.get_mut(name).ok_or("what a tag stands for, without the tag")?.commit = Some(object);
        return Ok(());
    }
    if !is_name(&name) {
        return Err(format!("the name of a ref, «{}»", crate::text::cap(&crate::text::displayable(&name), 80)));
    }
    if refs.len() >= MOST {
        return Err(format!("over {MOST} refs"));
    }
    let length = refs.first_key_value().map_or(object.as_bytes().len(), |(_, first)| first.object.as_bytes().len());
    if length != object.as_bytes().len() {
        return Err("object ids of two kinds".to_owned());
    }
    refs.insert(name, TagAt { object, commit: Some(object) });
    Ok(())
}

/// Could a repository have a ref of this name? Git itself looks at it before it writes one; this is what has to hold before
/// a name is handed to git or shown.
fn is_name(name: &str) -> bool {
    let is_odd = |c: char| c.is_control() || matches!(c, ' ' | '~' | '^' | ':' | '?' | '*' | '[');
    let is_full = name == "HEAD" || name.strip_prefix("refs/").is_some_and(|rest| !rest.is_empty());
    is_full && name.len() <= LONGEST && !name.contains(is_odd) && !name.contains("..") && !name.ends_with('/')
}

/// Text of git: each byte that is no UTF-8 as `\xff`, and so each of a control character that git allows in a name, where a
/// terminal would obey it.
pub(super) fn name(bytes: &[u8]) -> String {
    let mut name = String::new();
    let told = |name: &mut String, bytes: &[u8]| bytes.iter().for_each(|byte| _ = write!(name, "\\x{byte:02x}"));
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if matches!(c, '\u{80}'..='\u{9f}') {
                told(&mut name, c.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                name.push(c);
            }
        }
        told(&mut name, chunk.invalid());
    }
    name
}

/// What `name` was made of.
pub(super) fn bytes_of(name: &str) -> Vec<u8> {
    let mut parts = name.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        bytes.extend(u8::from_str_radix(digits, 16));
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}

/// The part of the names that is fetched as one: `heads` of `refs/heads/main`; the name itself where there is no such part.
pub(super) fn family(name: &str) -> &str {
    let rest = name.strip_prefix("refs/").unwrap_or(name);
    rest.split_once('/').map_or(name, |(family, _)| family)
}

/// Where a ref of a remote is kept.
pub(super) fn kept(role: Role, name: &str) -> String {
    let role = role.word();
    match name.strip_prefix("refs/") {
        None => format!("refs/at/{role}/head"),
        Some(rest) if rest.starts_with("heads/") || rest.starts_with("tags/") => format!("refs/at/{role}/{rest}"),
        Some(rest) => format!("refs/at/{role}/other/{rest}"),
    }
}

/// The ref of a remote that a line of `git for-each-ref` tells of: object and type, the same of what a tag stands for, name.
pub(super) fn of_kept(role: Role, line: &[u8]) -> Option<(String, TagAt)> {
    let line = name(line);
    let mut words = line.splitn(5, ' ');
    let (object, kind) = (words.next()?.parse().ok()?, words.next()?);
    let (behind, kind_behind, kept) = (words.next()?, words.next()?, words.next()?);
    let commit = match (kind, kind_behind) {
        ("tag", "commit") => behind.parse().ok(),
        // A git before 2.45 looks behind one tag only.
        ("tag", _) => None,
        _ => Some(object),
    };
    let rest = kept.strip_prefix("refs/at/")?.strip_prefix(role.word())?.strip_prefix('/')?;
    let name = match rest.strip_prefix("other/") {
        Some(other) => format!("refs/{other}"),
        None if rest == "head" => "HEAD".to_owned(),
        None => format!("refs/{rest}"),
    };
    Some((name, TagAt { object, commit }))
}

/// The names of which something else is kept than is listed, or that only one of the two has.
pub(super) fn changed<'a>(listed: &'a Refs, kept: &'a Refs, wanted: impl Fn(&str) -> bool) -> BTreeSet<&'a str> {
    let differs = |name: &str| listed.get(name).map(|at| at.object) != kept.get(name).map(|at| at.object);
    let names = listed.keys().chain(kept.keys()).map(String::as_str);
    names.filter(|name| wanted(family(name)) && differs(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(lines: &[&[u8]]) -> Result<Refs, String> {
        let mut refs = Refs::new();
        lines.iter().try_for_each(|line| take(&mut refs, line)).map(|()| refs)
    }

    fn line(digit: char, name: &str) -> Vec<u8> {
        format!("{}\t{name}", digit.to_string().repeat(40)).into_bytes()
    }

    #[test]
    fn a_listing_is_taken_in_with_what_its_tags_stand_for() {
        let tag = [line('a', "HEAD"), line('b', "refs/tags/v1"), line('a', "refs/tags/v1^{}")];
        let refs = taken(&tag.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
        let oid = |digit: char| digit.to_string().repeat(40).parse().unwrap();
        assert_eq!(refs["refs/tags/v1"], TagAt { object: oid('b'), commit: Some(oid('a')) });
        assert_eq!(refs["HEAD"].commit, Some(oid('a')));
        let mut odd = line('a', "refs/heads/");
        odd.push(0xff);
        assert_eq!(taken(&[&odd]).unwrap().keys().next().unwrap(), "refs/heads/\\xff");
        // Git allows the control characters of the second half, and a terminal may obey them.
        let obeyed = line('a', "refs/heads/a\u{9b}31m\u{e9}");
        assert_eq!(taken(&[&obeyed]).unwrap().keys().next().unwrap(), "refs/heads/a\\xc2\\x9b31m\u{e9}");
        assert_eq!(bytes_of(&name(&obeyed)), obeyed);
    }

    #[test]
    fn what_no_repository_could_list_spoils_the_whole() {
        for name in ["-x", "x", "refs/", "refs/heads/a b", "refs/heads/\u{1b}[0m", "refs/a..b", "refs/a/", "refs/*", ""]
        {
            assert!(taken(&[&line('a', name)]).is_err(), "{name:?}");
        }
        assert!(taken(&[&line('a', "refs/tags/v1^{}")]).is_err());
        assert!(taken(&[b"abc\trefs/heads/x"]).is_err());
        assert!(taken(&[b""]).is_err());
        assert!(taken(&[&line('a', &format!("refs/heads/{}", "x".repeat(LONGEST)))]).is_err());
        let long = format!("{}\trefs/heads/b", "a".repeat(64));
        assert!(taken(&[&line('a', "refs/heads/a"), long.as_bytes()]).is_err());
    }

    #[test]
    fn each_ref_has_a_place_of_its_own_and_comes_back_from_it() {
        for name in
            ["HEAD", "refs/heads/main", "refs/heads/a/b", "refs/tags/v1", "refs/pull/7/head", "refs/stash", "refs/head"]
        {
            let line = format!("{} commit   {}", "a".repeat(40), kept(Role::Canonical, name));
            let (back, _) = of_kept(Role::Canonical, line.as_bytes()).unwrap();
            assert_eq!(back, name);
            assert_eq!(of_kept(Role::Security, line.as_bytes()), None, "it is of another remote");
        }
        assert_eq!(["HEAD", "refs/pull/7/head", "refs/stash"].map(family), ["HEAD", "pull", "refs/stash"]);
    }
}
