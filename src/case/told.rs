//! Events and answers in words, as a timeline tells them.

use super::Case;
use super::event::{Event, EventKind};
use crate::playbook::{FactDef, FactKind};

impl Case {
    /// What happened, to what and why: «Draft the plan — done: seen».
    #[must_use]
    pub fn told(&self, event: &Event) -> String {
        let why = event.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        format!("{} — {}{why}", self.subject(event), event.kind.says())
    }

    /// The answer to a question, by its label; none while it is not known.
    #[must_use]
    pub fn answer(&self, fact: &FactDef) -> Option<String> {
        let value = self.record().facts.get(&fact.id)?.to_string();
        let label = match &fact.kind {
            FactKind::Choice(choices) => choices.iter().find(|(id, _)| *id == value).map(|(_, label)| label.clone()),
            _ => None,
        };
        Some(label.unwrap_or(value))
    }

    /// What an event is about: the step, the instant, the answers.
    fn subject(&self, event: &Event) -> String {
        let playbook = self.playbook();
        let target = event.target.as_str();
        let (id, item) = target.split_once('@').map_or((target, None), |(id, item)| (id, Some(item)));
        let exposed = event.kind == EventKind::Override && event.after.contains_key("state");
        let beside = if exposed { ", exposing begun" } else { "" };
        let title = match event.kind {
            EventKind::AnchorSet => playbook.anchor(id).map(|anchor| anchor.title.clone()),
            EventKind::FactSet => Some(self.answers(event)),
            EventKind::Leaked if target == "full" => Some("Everything got out".to_owned()),
            EventKind::Leaked => Some("Something got out".to_owned()),
            _ => {
                let step = playbook.step(id).map(|step| step.title.clone());
                step.or_else(|| playbook.phase(id).map(|phase| phase.title.clone()))
            }
        };
        let item = item.map(|item| format!(", {item}")).unwrap_or_default();
        format!("{}{item}{beside}", title.unwrap_or_else(|| event.target.clone()))
    }

    /// Each question that was answered, with its answer.
    fn answers(&self, event: &Event) -> String {
        let answer = |id: &str| {
            let ask = self.playbook().fact(id).map_or(id, |fact| fact.ask.as_str());
            let given = event.after.get(&format!("facts/{id}")).map(|value| match value {
                toml::Value::String(text) => text.clone(),
                toml::Value::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
                other => other.to_string(),
            });
            format!("{ask} {}", given.unwrap_or_else(|| "not known yet".to_owned()))
        };
        event.target.split(", ").map(answer).collect::<Vec<_>>().join("   ")
    }
}
