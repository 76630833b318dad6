//! How long, how deep and how many: what is over a limit is refused with its place, before work is put into it.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::Faults;

/// The largest text that is read, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;

/// How many tables and lists may lie in each other in any TOML that is read, the parts of a dotted key counted too.
pub const MAX_DEPTH: usize = 64;

/// How many keys and entries of lists a text may have in all.
pub const MAX_VALUES: usize = 10_000;

/// How many keys one table, or entries one list, may have.
pub const MAX_IN_ONE: usize = 500;

/// The longest single value, in bytes.
pub const MAX_TEXT: usize = 16 * 1024;

/// The longest key or id, in bytes.
pub const MAX_KEY: usize = 128;

/// Where a TOML text goes deeper than [`MAX_DEPTH`], as a byte offset.
///
/// This looks at its signs only and needs no stack, so that it comes before every parser: theirs bound brackets and the
/// parts of each key, but not both together, and whatever walks over the result would have to go as deep.
#[must_use]
pub fn too_deep(text: &str) -> Option<usize> {
    let mut depth = Depth::default();
    Source::new(text).lex().find(|token| depth.after(token.kind()) > MAX_DEPTH).map(|token| token.span().start())
}

/// How deep a place lies: below the header of its table, the brackets around it, and the parts of their keys.
#[derive(Default)]
struct Depth {
    header: usize,
    in_header: bool,
    /// For each open bracket the levels it lies below the one before.
    open: Vec<usize>,
    above: usize,
    /// Dots since the key began.
    dots: usize,
    /// Has the line something in it already?
    in_line: bool,
}

impl Depth {
    fn after(&mut self, kind: TokenKind) -> usize {
        let began = std::mem::replace(&mut self.in_line, !matches!(kind, TokenKind::Newline));
        match kind {
            TokenKind::Whitespace | TokenKind::Comment => self.in_line = began,
            TokenKind::LeftSquareBracket if self.open.is_empty() && (!began || self.in_header) => {
                (self.in_header, self.header, self.dots) = (true, 1, 0);
            }
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => {
                self.open.push(self.dots + 1);
                self.above += self.dots + 1;
                self.dots = 0;
            }
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                self.above -= self.open.pop().unwrap_or_default();
                self.dots = 0;
            }
            TokenKind::Dot if self.in_header => self.header += 1,
            TokenKind::Dot => self.dots += 1,
            TokenKind::Comma => self.dots = 0,
            TokenKind::Newline if self.open.is_empty() => (self.in_header, self.dots) = (false, 0),
            _ => {}
        }
        self.header + self.above + self.dots
    }
}

/// Notes what is too long and what there is too much of.
pub(super) fn check(root: &DeTable<'_>, faults: &Faults<'_>) {
    let mut left = MAX_VALUES;
    check_table(root, 0, faults, &mut left);
}

fn check_table(table: &DeTable<'_>, at: usize, faults: &Faults<'_>, left: &mut usize) {
    if table.len() > MAX_IN_ONE {
        faults.add(at, format!("a table has at most {MAX_IN_ONE} keys, this one has {}", table.len()), None);
    }
    for (key, value) in table {
        if key.get_ref().len() > MAX_KEY {
            faults.add(key.span().start, format!("a key has at most {MAX_KEY} bytes"), None);
        }
        check_value(value, faults, left);
    }
}

fn check_value(value: &Spanned<DeValue<'_>>, faults: &Faults<'_>, left: &mut usize) {
    let at = value.span().start;
    *left = left.saturating_sub(1);
    if *left == 0 || faults.is_full() {
        if !faults.is_full() {
            faults.add(at, format!("a file has at most {MAX_VALUES} values, and here are more"), None);
            faults.close();
        }
        return;
    }
    match value.get_ref() {
        DeValue::String(text) if text.len() > MAX_TEXT => {
            faults.add(at, format!("a text has at most {} KiB", MAX_TEXT / 1024), Some("shorten it".to_owned()));
        }
        DeValue::Array(list) => {
            if list.len() > MAX_IN_ONE {
                faults.add(at, format!("a list has at most {MAX_IN_ONE} entries, this one has {}", list.len()), None);
            }
            list.iter().for_each(|entry| check_value(entry, faults, left));
        }
        DeValue::Table(table) => check_table(table, at, faults, left),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_headers_keys_and_brackets_together() {
        let deep = |levels: usize| vec!["a"; levels].join(".");
        for text in [
            format!("a = {}1{}\n", "[".repeat(64), "]".repeat(64)),
            format!("[{}]\n", deep(64)),
            format!("[[{}]]\n", deep(64)),
            format!("[{}]\nb = [[1.5, 1.5], [\"[[[[\", '''....''']] # [[[[\n", deep(61)),
            format!("[{}]\n{} = {{ {} = [1] }}\n", deep(20), deep(20), deep(20)),
            "a = 1.5\n".repeat(1_000),
            "a = [\n[1.5, 2.5],\n]\n[b]\n".repeat(1_000),
        ] {
            assert_eq!(too_deep(&text), None, "{text}");
        }
        for (text, at) in [
            (format!("a = {}", "[".repeat(100_000)), 68),
            (format!("a = {}", "{a=".repeat(100_000)), 196),
            (format!("[{}]\n", deep(100_000)), 128),
            (format!("{} = 1\n", deep(100_000)), 129),
            (format!("[{}]\n{} = {{ {} = {{", deep(20), deep(20), deep(25)), 138),
            (format!("a = [\n[1],\n{}", "[\n".repeat(100)), 137),
        ] {
            assert_eq!(too_deep(&text), Some(at), "{}", &text[..100]);
        }
    }
}
