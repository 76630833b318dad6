//! The program as it begins: its state out of the world, and what each update is given.

use super::calculator::last_version;
use super::world::{self, World};
use crate::app::App;
use crate::app::keymap::KeyMap;
use crate::app::message::Tools;

/// The program as it begins in this world, with everything that is wrong with the settings.
#[must_use]
pub fn app(world: &World) -> App {
    let mut app = App::new(world.now(), world.me(), world.zones(None));
    // A drill asks for nothing that would be kept.
    app.ask_me = world.config.me.is_none() && world.notices.is_empty() && world.drill.is_none();
    app.cvss_version = last_version(&world.data_dir);
    app.playbooks = playbook_names(world);
    app.projects = world.project_names();
    app.drill.clone_from(&world.drill);
    let (keys, faults) = KeyMap::with(&world.config.keys);
    app.keys = keys;
    let lines = world.notices.iter().flat_map(|notice| notice.lines().map(str::to_owned));
    app.notices = lines.chain(faults.iter().map(|fault| format!("config.toml:{fault}"))).collect();
    if !world.notices.is_empty() && world.config.me.is_none() {
        app.notices.push(format!("until that is mended the defaults hold, and you act as {}", world.me()));
    }
    app
}

/// What an update is given.
#[must_use]
pub fn tools(world: &World) -> Tools {
    Tools { now: world.now(), find_zone: world::find_zone, new_id: world::event_id }
}

/// Ids and names of the processes; one that is faulty shows its id.
#[must_use]
pub fn playbook_names(world: &World) -> Vec<(String, String)> {
    let name = |id: String| {
        let name = world.playbook_name(&id).unwrap_or_else(|| id.clone());
        (id, name)
    };
    world.playbook_ids().into_iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::runtime::world::Given;

    #[test]
    fn who_acts_is_told_where_the_settings_can_not_be_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name| Some(folder.path().join(name));
        let world = || World::find(Given { data_dir: path("data"), config_dir: path("config"), now: None }).unwrap();
        assert_eq!(app(&world()).notices, Vec::<String>::new());
        fs::create_dir(folder.path().join("config")).unwrap();
        fs::write(folder.path().join("config/config.toml"), "me = \"Ada\"\nzones = [").unwrap();
        let told = app(&world()).notices;
        let last = format!("until that is mended the defaults hold, and you act as {}", world().me());
        assert_eq!(told.last(), Some(&last));
    }
}
