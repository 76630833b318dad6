//! A component of a case: where its repositories are, asked in a short form, and the first look at them.

use std::path::Path;

use super::App;
use super::board::scan::{Manner, Scan, Scope};
use super::form::{Field, Form};
use super::message::Effect;
use super::open_case::Pane;
use super::purpose::Purpose;
use crate::case::components;
use crate::config::{check_pattern, check_pin};
use crate::divergence::Url;

/// The fields of the form: what is asked, and where the answer stands in a component.
const FIELDS: [(&str, &str); 8] = [
    ("Name, such as gateway", "name"),
    ("Public repository: a URL or a path", "urls.canonical"),
    ("Private repository, where the fix is made", "urls.security"),
    ("Private repository where releases are built (may stay empty)", "urls.dev"),
    ("Your clone on this machine (may stay empty)", "clone"),
    ("Branches that get the fix, such as main,release-* (empty: all)", "branches"),
    ("Its tags, such as v* (empty: all)", "tags"),
    ("File that pins a version (may stay empty)", "pin"),
];

impl App {
    /// Asks where a component is.
    pub(super) fn ask_component(&mut self) {
        let fields = FIELDS.iter().map(|(label, _)| Field::line(label, "")).collect();
        let lines = vec![
            "It is looked at as soon as it is added. Nothing is ever written to your repositories.".to_owned(),
            "A URL must not hold a password: leave that to a credential helper or to ssh.".to_owned(),
        ];
        self.ask(Form::new("Add a component", fields, Purpose::Component).with_lines(lines));
    }

    /// What was added is shown, and looked at.
    pub(super) fn show_added(&mut self) -> Option<Effect> {
        if let Some(open) = &mut self.open {
            open.show(Pane::Branches);
            open.board.component = open.board.watched.len().saturating_sub(1);
        }
        self.look_at_components()
    }

    /// Looks at the components of the case that is open, without asking anybody for anything.
    pub(super) fn look_at_components(&mut self) -> Option<Effect> {
        let open = self.open.as_ref()?;
        let (scope, components) = (Scope::Case(open.case.record().id.clone()), components(&open.case));
        (!components.is_empty()).then(|| Effect::Scan(Box::new(Scan { scope, components, manner: Manner::Quiet })))
    }
}

impl Form<Purpose> {
    /// What is wrong with what stands in a field, while it is typed.
    #[must_use]
    pub fn fault(&self, field: usize) -> Option<String> {
        if self.purpose != Purpose::Component {
            return None;
        }
        let (_, name) = FIELDS.get(field)?;
        fault_of(name, &self.text(field)).err()
    }

    /// The component as its fields are set.
    pub(super) fn component(&self) -> Result<Vec<(String, String)>, String> {
        let given = FIELDS.iter().enumerate().map(|(index, (_, field))| (*field, self.text(index)));
        let given: Vec<(&str, String)> = given.filter(|(_, text)| !text.trim().is_empty()).collect();
        let Some(name) = given.iter().find(|(field, _)| *field == "name").map(|(_, name)| name.clone()) else {
            return Err("the name is missing".to_owned());
        };
        if !given.iter().any(|(field, _)| field.starts_with("urls.")) {
            return Err("where it is is missing: give the public and the private repository".to_owned());
        }
        for (field, text) in &given {
            fault_of(field, text)?;
        }
        let fields = given.into_iter().filter(|(field, _)| *field != "name");
        Ok(fields.map(|(field, text)| (format!("component.{name}.{field}"), text)).collect())
    }
}

/// What is wrong with the text of a field; blank is right everywhere.
fn fault_of(field: &str, text: &str) -> Result<(), String> {
    match field {
        _ if text.trim().is_empty() => Ok(()),
        "name" if text.contains(['.', '/']) => Err("the name of a component has no dot and no slash in it".to_owned()),
        "branches" => text.split(',').map(str::trim).filter(|one| !one.is_empty()).try_for_each(check_pattern),
        "tags" => check_pattern(text),
        "pin" => check_pin(text),
        "name" => Ok(()),
        "clone" => {
            let is_path = place(text)?.path().is_some();
            is_path.then_some(()).ok_or_else(|| "a clone is a folder on this machine".to_owned())
        }
        _ => place(text).map(|_| ()),
    }
}

/// Where a repository is. Nobody knows from which folder a path on the screen would be counted: it has to be a full one.
fn place(text: &str) -> Result<Url, String> {
    Url::new(text.trim(), Path::new("")).map_err(|why| why.to_string())
}
