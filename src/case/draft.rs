//! What was typed into a form of the screen and not carried out yet: one draft a field.

use jiff::Timestamp;

use super::Case;
use super::record::Draft;

/// The kind of a draft that belongs to a field of a form.
const FIELD: &str = "field";

impl Draft {
    /// Is it what somebody is typing, rather than a message?
    #[must_use]
    pub fn is_typed(&self) -> bool {
        self.kind == FIELD
    }
}

/// What was typed into a form, field by field, in the order in which it was kept.
pub fn kept_draft<'a>(drafts: &'a [Draft], form: &str) -> impl Iterator<Item = (&'a str, &'a Draft)> {
    drafts.iter().filter_map(move |draft| field_of(draft, form).map(|field| (field, draft)))
}

/// Keeps what was typed into the fields of a form, in place of what was kept of it before; no fields drop it. A form is
/// named such as `note/em.fix.develop`, a field by one word. False if nothing changed by that.
pub fn keep_draft(drafts: &mut Vec<Draft>, form: &str, fields: &[(String, String)], at: Timestamp) -> bool {
    let old: Vec<Draft> = kept_draft(drafts, form).map(|(_, draft)| draft.clone()).collect();
    let draft = |(field, text): &(String, String)| {
        let id = format!("{form}/{field}");
        let same = old.iter().find(|old| old.id == id && old.text == *text).cloned();
        let new = || Draft { id, kind: FIELD.to_owned(), text: text.clone(), why: None, at: Some(at) };
        same.unwrap_or_else(new)
    };
    let new: Vec<Draft> = fields.iter().map(draft).collect();
    if old == new {
        return false;
    }
    drafts.retain(|draft| field_of(draft, form).is_none());
    drafts.extend(new);
    true
}

/// The field that a draft belongs to, if it is one of this form.
fn field_of<'a>(draft: &'a Draft, form: &str) -> Option<&'a str> {
    let (of, field) = draft.id.rsplit_once('/')?;
    (draft.kind == FIELD && of == form).then_some(field)
}

impl Case {
    /// As [`keep_draft`], in the case. Typing is not an act: no event tells of it, and undo leaves it alone.
    pub fn keep_draft(&mut self, form: &str, fields: &[(String, String)], at: Timestamp) -> bool {
        keep_draft(&mut self.record.draft, form, fields, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(texts: &[(&str, &str)]) -> Vec<(String, String)> {
        texts.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn kept<'a>(drafts: &'a [Draft], form: &str) -> Vec<(&'a str, &'a str, Option<Timestamp>)> {
        kept_draft(drafts, form).map(|(field, draft)| (field, draft.text.as_str(), draft.at)).collect()
    }

    #[test]
    fn a_field_keeps_the_instant_at_which_it_was_typed_in() {
        let mut drafts = Vec::new();
        assert!(keep_draft(&mut drafts, "grant", &typed(&[("who", "bob")]), at(1)));
        assert!(keep_draft(&mut drafts, "grant", &typed(&[("who", "bob"), ("to", "repo")]), at(2)));
        assert_eq!(kept(&drafts, "grant"), [("who", "bob", Some(at(1))), ("to", "repo", Some(at(2)))]);
        assert!(!keep_draft(&mut drafts, "grant", &typed(&[("who", "bob"), ("to", "repo")]), at(3)), "nothing new");
    }

    #[test]
    fn what_is_carried_out_or_emptied_goes_and_all_else_stays() {
        let correction = Draft { id: "correction-1".into(), kind: "correction".into(), ..Draft::default() };
        let mut drafts = vec![correction.clone()];
        keep_draft(&mut drafts, "note/em.a", &typed(&[("note", "one")]), at(1));
        keep_draft(&mut drafts, "note/em.b", &typed(&[("note", "two")]), at(1));
        assert!(keep_draft(&mut drafts, "note/em.a", &[], at(2)));
        assert_eq!(kept(&drafts, "note/em.a"), []);
        assert_eq!(kept(&drafts, "note/em.b").len(), 1);
        assert_eq!(drafts[0], correction);
        assert!(!keep_draft(&mut drafts, "note", &[], at(2)), "a form is not what its name begins with");
    }
}
