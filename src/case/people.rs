//! Access, and the case on its way to another lead.

use super::act::{Change, Done};
use super::action::Refusal;
use super::event::EventKind;
use super::record::{Grant, HandOver};

impl Change<'_> {
    pub(super) fn grant(&mut self, who: String, what: String) -> Result<Done, Refusal> {
        let open =
            self.record.grant.iter().any(|grant| grant.who == who && grant.what == what && grant.ended.is_none());
        if open {
            return Err(Refusal::Nothing(format!("{who} has access to {what} already")));
        }
        let id = format!("G{}", self.record.grant.len() + 1);
        let target = format!("{who}: {what}");
        let by = self.context.by.to_owned();
        self.record.grant.push(Grant { id, who, what, at: self.now, by, ended: None, ended_by: None });
        Ok(Done::new(EventKind::Granted, target))
    }

    pub(super) fn revoke(&mut self, who: &str, what: &str) -> Result<Done, Refusal> {
        let open = |grant: &&mut Grant| grant.who == who && grant.what == what && grant.ended.is_none();
        let Some(grant) = self.record.grant.iter_mut().find(open) else {
            return Err(Refusal::NotFound { what: "open access of", id: format!("{who} to {what}"), hint: None });
        };
        grant.ended = Some(self.now);
        grant.ended_by = Some(self.context.by.to_owned());
        Ok(Done::new(EventKind::Revoked, format!("{who}: {what}")))
    }

    pub(super) fn hand_over(&mut self, to: String, note: Option<String>) -> Result<Done, Refusal> {
        if to.trim().is_empty() {
            return Err(Refusal::BadValue("say to whom the case goes".to_owned()));
        }
        let target = to.clone();
        self.record.hand_over = Some(HandOver { to, at: self.now, note, received: false });
        Ok(Done::new(EventKind::HandedOver, target))
    }

    pub(super) fn accept(&mut self) -> Result<Done, Refusal> {
        if self.record.hand_over.take().is_none() {
            return Err(Refusal::Nothing("this case was not handed over: there is nothing to accept".to_owned()));
        }
        self.record.lead = Some(self.context.by.to_owned());
        Ok(Done::new(EventKind::Accepted, self.context.by))
    }
}
