//! What a person wrote inside of something that the program takes away: it stays at the end of the file, as comments.

use toml::Table as Flat;
use toml_edit::{DocumentMut, Item, Key, TableLike};

use super::document::Entries;
use crate::case::address::join;

/// Comments and unknown keys that would be lost.
pub(super) struct Leftovers<'a> {
    /// What the program knew: all else is a person's.
    known: &'a Flat,
    lines: Vec<String>,
}

impl<'a> Leftovers<'a> {
    pub(super) fn new(known: &'a Flat) -> Self {
        Self { known, lines: Vec::new() }
    }

    /// Before a key is removed: its comments, and what is unknown below it.
    pub(super) fn take_key(&mut self, table: &dyn TableLike, name: &str, path: &str) {
        if let Some((key, item)) = table.get_key_value(name) {
            self.take_decor(key, item);
            if let Some(inner) = item.as_table_like() {
                self.take_table(inner, path);
            }
        }
    }

    /// Before a table is removed: comments inside of it, and keys that the program does not know.
    pub(super) fn take_table(&mut self, table: &dyn TableLike, path: &str) {
        for (name, item) in table.iter() {
            let here = join(path, name);
            if !self.is_known(&here) {
                self.keep_text(name, item);
            } else if let Some((key, item)) = table.get_key_value(name) {
                self.take_decor(key, item);
                if let Some(inner) = item.as_table_like() {
                    self.take_table(inner, &here);
                }
            }
        }
    }

    /// The comments above an entry of a list.
    pub(super) fn take_header(&mut self, entries: &Entries<'_>, index: usize) {
        self.keep_comments(entries.header(index));
    }

    fn is_known(&self, path: &str) -> bool {
        let below = format!("{path}/");
        self.known.contains_key(path) || self.known.keys().any(|address| address.starts_with(&below))
    }

    fn take_decor(&mut self, key: &Key, item: &Item) {
        self.keep_comments(key.leaf_decor().prefix().and_then(|text| text.as_str()));
        match item {
            Item::Value(value) => self.keep_comments(value.decor().suffix().and_then(|text| text.as_str())),
            Item::Table(table) => {
                self.keep_comments(table.decor().prefix().and_then(|text| text.as_str()));
                self.keep_comments(table.decor().suffix().and_then(|text| text.as_str()));
            }
            _ => {}
        }
    }

    fn keep_comments(&mut self, text: Option<&str>) {
        let comments = text.unwrap_or_default().lines().map(str::trim).filter(|line| line.starts_with('#'));
        self.lines.extend(comments.map(str::to_owned));
    }

    fn keep_text(&mut self, name: &str, item: &Item) {
        let mut alone = DocumentMut::new();
        alone.insert(name, item.clone());
        let text = alone.to_string();
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        self.lines.extend(lines.map(|line| format!("# {}", line.trim_start_matches(['#', ' ']))));
    }

    /// Puts all of it at the end of the file.
    pub(super) fn append_to(self, document: &mut DocumentMut) {
        if self.lines.is_empty() {
            return;
        }
        let before = document.trailing().as_str().unwrap_or_default().trim_end().to_owned();
        let gap = if before.is_empty() { "\n" } else { "" };
        let glue = if before.is_empty() { "" } else { "\n" };
        document.set_trailing(format!("{before}{glue}{gap}{}\n", self.lines.join("\n")));
    }
}
