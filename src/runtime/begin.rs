//! The program as it begins: its state out of the world, and what each update is given.

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
    app.playbooks = playbook_names(world);
    app.projects = world.project_names();
    app.drill.clone_from(&world.drill);
    let (keys, faults) = KeyMap::with(&world.config.keys);
    app.keys = keys;
    let lines = world.notices.iter().flat_map(|notice| notice.lines().map(str::to_owned));
    app.notices = lines.chain(faults.iter().map(|fault| format!("config.toml:{fault}"))).collect();
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
