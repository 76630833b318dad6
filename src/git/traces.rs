//! What a change leaves in a file, so that it is found again in a squash, in an evil merge, or beside lines that drifted.
//! White space says nothing here, as it says nothing in a patch id.

use std::collections::HashMap;

use crate::divergence::Oid;

/// The lines of a file that are not empty, without white space, each with its number from 1.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines(Vec<(usize, Vec<u8>)>);

impl Lines {
    pub(super) fn of(text: &[u8]) -> Self {
        let bare = |line: &[u8]| line.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<u8>>();
        let numbered = text.split(|byte| *byte == b'\n').enumerate().map(|(at, line)| (at + 1, bare(line)));
        Self(numbered.filter(|(_, line)| !line.is_empty()).collect())
    }

    /// Do these lines stand in it, one after the other?
    pub(super) fn hold(&self, block: &[Vec<u8>]) -> bool {
        let is_here = |window: &[(usize, Vec<u8>)]| window.iter().zip(block).all(|((_, line), wanted)| line == wanted);
        block.is_empty() || self.0.windows(block.len()).any(is_here)
    }

    /// The lines of a hunk, and as many around them as it takes that the file before did not hold them: a hunk that only
    /// removes leaves no line, and a brace is everywhere. None if there are no such lines.
    fn block(&self, (start, count): (usize, usize), before: &Self) -> Option<Vec<Vec<u8>>> {
        // Where a hunk adds nothing, its place is the line before it.
        let start = if count == 0 { start + 1 } else { start };
        let mut from = self.0.partition_point(|(number, _)| *number < start);
        let mut to = self.0.partition_point(|(number, _)| *number < start + count);
        loop {
            let block: Vec<Vec<u8>> = self.0[from..to].iter().map(|(_, line)| line.clone()).collect();
            if !before.hold(&block) {
                return Some(block);
            }
            if from == 0 && to == self.0.len() {
                return None;
            }
            from = from.saturating_sub(1);
            to = (to + 1).min(self.0.len());
        }
    }
}

/// Where a change left lines in a file: first line and number of lines of each hunk.
pub(super) type Hunks = Vec<(usize, usize)>;

/// The hunks in the output of `git diff-tree -p -U0 --full-index`, by the file before and after.
pub(super) fn hunks(patches: &[u8]) -> HashMap<(Oid, Oid), Hunks> {
    let mut found: HashMap<(Oid, Oid), Hunks> = HashMap::new();
    let mut file = None;
    for line in String::from_utf8_lossy(patches).lines() {
        if line.starts_with("diff --git ") {
            file = None;
        } else if let Some(index) = line.strip_prefix("index ") {
            let ids = index.split(' ').next().and_then(|ids| ids.split_once(".."));
            file = ids.and_then(|(before, after)| Some((before.parse().ok()?, after.parse().ok()?)));
            // The same change of the same file may come again, of another commit.
            found.extend(file.map(|file| (file, Hunks::new())));
        } else if let (Some(file), Some(header)) = (file, line.strip_prefix("@@ ")) {
            let after = header.split(' ').find_map(|word| word.strip_prefix('+'));
            let (start, count) = after.map_or(("", "1"), |after| after.split_once(',').unwrap_or((after, "1")));
            if let (Ok(start), Ok(count)) = (start.parse(), count.parse()) {
                found.entry(file).or_default().push((start, count));
            }
        }
    }
    found
}

/// What a change of a file is known by in the file after it: each hunk as a block.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Trace(Vec<Vec<Vec<u8>>>);

impl Trace {
    /// None where nothing is left that the file did not hold before.
    pub(super) fn of(before: &[u8], after: &[u8], hunks: &Hunks) -> Option<Self> {
        let (before, after) = (Lines::of(before), Lines::of(after));
        let blocks: Vec<_> = hunks.iter().filter_map(|hunk| after.block(*hunk, &before)).collect();
        (!blocks.is_empty()).then_some(Self(blocks))
    }

    /// Is all of it there?
    pub(super) fn is_in(&self, file: &Lines) -> bool {
        self.0.iter().all(|block| file.hold(block))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(before: &str, after: &str, hunk: (usize, usize)) -> Option<Trace> {
        Trace::of(before.as_bytes(), after.as_bytes(), &vec![hunk])
    }

    fn is_in(trace: Option<&Trace>, file: &str) -> bool {
        trace.is_some_and(|trace| trace.is_in(&Lines::of(file.as_bytes())))
    }

    #[test]
    fn added_lines_are_found_between_others_and_in_other_white_space() {
        let check = trace("a\nb\n", "a\nif (x > 1)\n  return;\nb\n", (2, 2));
        assert!(is_in(check.as_ref(), "other\nif (x>1)\n\n\treturn;\nlines\n"));
        assert!(!is_in(check.as_ref(), "a\nif (x > 1)\nb\n"), "half of it is not it");
        assert!(!is_in(check.as_ref(), "a\nif (x > 1)\nlog();\nreturn;\nb\n"), "it is one block");
    }

    #[test]
    fn lines_that_stood_elsewhere_before_are_told_by_what_is_around_them() {
        let brace = trace("f {\n}\ng\n", "f {\n}\ng\n}\n", (4, 1));
        assert!(!is_in(brace.as_ref(), "f {\n}\ng\n"), "the brace was there before");
        assert!(is_in(brace.as_ref(), "g\n}\n"));
    }

    #[test]
    fn a_removed_line_is_told_by_those_that_met() {
        let removed = trace("a\nbad();\nb\n", "a\nb\n", (1, 0));
        assert!(is_in(removed.as_ref(), "0\na\nb\n") && !is_in(removed.as_ref(), "0\na\nbad();\nb\n"));
        assert_eq!(trace("a\n", "a \n", (1, 1)), None, "white space leaves no trace");
    }

    #[test]
    fn hunks_are_read_by_file() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let patch = format!(
            "1\ndiff --git a/x b/x\nindex {a}..{b} 100644\n--- a/x\n+++ b/x\n@@ -30 +30,3 @@ f()\n-x\n+@@ -1 +9 @@\n@@ -50,2 +51,0 @@\n"
        );
        let found = hunks(patch.as_bytes());
        assert_eq!(found[&(a.parse().unwrap(), b.parse().unwrap())], [(30, 3), (51, 0)]);
    }
}
