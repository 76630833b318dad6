//! The end of the screen: nothing that was done is lost.

use std::time::Duration;

use super::{Session, is_input, tools};
use crate::app::SaveState;
use crate::app::message::{Effect, Message};

/// How long the end of the program waits for a disk that does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

impl Session {
    /// Tries once more what could not be saved, and waits until the desk has done all that it was asked for.
    pub(super) async fn finish(&mut self) -> Result<(), String> {
        // Nobody waits for a look any more.
        self.scanner = None;
        self.hear_the_rest();
        for effect in self.app.keep_typing() {
            self.ask(effect);
        }
        if let Some((open, _)) = self.app.unsaved() {
            self.ask(Effect::Save(Box::new(open.mine())));
        }
        while matches!(self.app.open.as_ref().map(|open| &open.save), Some(SaveState::Saving)) {
            match tokio::time::timeout(PATIENCE, self.answers.recv()).await {
                Ok(Some(message)) => self.hear(message),
                _ => break,
            }
        }
        // Without a sender the desk ends after its last effect, and its end closes the answers.
        self.effects = None;
        while let Ok(Some(message)) = tokio::time::timeout(PATIENCE, self.answers.recv()).await {
            self.hear(message);
        }
        let left = self.app.copies.iter().map(|(id, place)| format!("NOT SAVED: {id}{}", copy_of(id, place)));
        match self.app.unsaved() {
            Some((open, why)) => {
                let id = &open.case.record().id;
                let copy = open.copy().map(|place| copy_of(id, place));
                let last = format!("NOT SAVED: {id}: {why}{}", copy.unwrap_or_default());
                Err(left.chain([last]).collect::<Vec<_>>().join("; "))
            }
            None if !self.app.copies.is_empty() => Err(left.collect::<Vec<_>>().join("; ")),
            None if self.app.is_unsaved() => Err("NOT SAVED: the disk did not answer in time".to_owned()),
            None => Ok(()),
        }
    }

    /// The loop may have ended with answers of the desk not taken in. Keys behind the one that left are not for it.
    fn hear_the_rest(&mut self) {
        let rest = std::mem::take(&mut self.waiting);
        rest.into_iter().filter(|message| !is_input(message)).for_each(|message| self.hear(message));
    }

    fn hear(&mut self, message: Message) {
        for effect in self.app.update(message, &tools(&self.world)) {
            self.ask(effect);
        }
    }
}

/// Where a copy is, and how it comes back.
fn copy_of(id: &str, place: &str) -> String {
    format!("; a copy is in {place}; `fixlead case restore {id} --from {}` brings it back", quoted(place))
}

/// A place as a word of the shell.
fn quoted(place: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/-_.".contains(letter);
    if place.chars().all(plain) { place.to_owned() } else { format!("'{}'", place.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Key;
    use crate::runtime::begin::app;
    use crate::runtime::desk::Desk;
    use crate::runtime::look::Look;
    use crate::runtime::world::{Given, World};

    fn press(session: &mut Session, keys: &str) {
        for key in Key::parse_all(keys).unwrap() {
            session.hear(Message::Key(key));
        }
    }

    #[test]
    fn a_place_can_be_pasted_into_a_shell() {
        assert_eq!(quoted("/tmp/a-b.toml"), "/tmp/a-b.toml");
        assert_eq!(quoted("/tmp/my copy"), "'/tmp/my copy'");
        assert_eq!(quoted("/tmp/it's; x"), r"'/tmp/it'\''s; x'");
    }

    #[test]
    fn a_save_that_was_answered_before_the_person_left_is_known_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name| Some(folder.path().join(name));
        let mut world = World::find(Given { data_dir: path("data"), config_dir: path("config"), now: None }).unwrap();
        world.config.me = Some("lead".into());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let desk = Desk::new(world.clone()).unwrap();
            let mut session = Session::new(world.clone(), app(&world), Some(desk), Look::default()).unwrap();
            press(&mut session, "n «A title» Enter Enter Enter");
            while session.app.open.is_none() {
                let answer = session.answers.recv().await.unwrap();
                session.hear(answer);
            }
            press(&mut session, "Space");
            assert!(session.app.is_unsaved());
            while !matches!(session.waiting.back(), Some(Message::Saved(_))) {
                let answer = session.answers.recv().await.unwrap();
                session.waiting.push_back(answer);
            }
            assert_eq!(session.finish().await, Ok(()));
        });
    }
}
