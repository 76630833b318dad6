//! What writes: a save, a new case, a restore, and how to tell that each is whole.

use std::fs;

use fixlead::store::{Access, Store};

use crate::ground::{BEFORE, Ground, ID};

/// Something that writes, and how to tell whether it is in place.
pub struct Writing {
    pub name: &'static str,
    pub prepare: fn(&Ground),
    pub verb: &'static [&'static str],
    /// Is it in place, and all else as it was? Otherwise what is lost.
    pub in_place: fn(&Ground) -> Result<bool, String>,
}

pub const SAVE: Writing = Writing {
    name: "a save",
    prepare: |_| {},
    verb: &["case", "set", ID, "lead=lead 1"],
    in_place: |ground| match ground.lead_and_backups()?.as_str() {
        "lead 1" => Ok(true),
        BEFORE => Ok(false),
        other => Err(format!("the lead is {other}")),
    },
};

pub const NEW_CASE: Writing = Writing {
    name: "a new case",
    prepare: |_| {},
    verb: &["case", "new", "--playbook", "gardener", "--title", "Another one"],
    in_place: |ground| {
        let lead = ground.lead_and_backups()?;
        let store = Store::open(&ground.data()).map_err(|error| error.to_string())?;
        let ids = store.ids().map_err(|error| error.to_string())?;
        for id in &ids {
            let loaded = store.load(id).map_err(|error| error.to_string())?;
            if loaded.access != Access::Write || loaded.case.record().title.is_empty() {
                return Err(format!("{id} is not whole"));
            }
        }
        if lead == BEFORE { Ok(ids.len() > 1) } else { Err(format!("the lead of the other case is {lead}")) }
    },
};

pub const RESTORE: Writing = Writing {
    name: "a restore",
    prepare: |ground| {
        ground.done(&["case", "set", ID, "lead=lead 1"]);
        fs::write(ground.case("case.toml"), "half a ca").expect("it is damaged");
    },
    verb: &["case", "restore", ID],
    in_place: |ground| match ground.lead_and_backups() {
        Ok(lead) if lead == BEFORE => {
            let kept = ground.all_texts().iter().any(|text| text == "half a ca");
            if kept { Ok(true) } else { Err("the damaged file was not kept".to_owned()) }
        }
        Err(why) if why.starts_with("case.toml is damaged") && ground.text() == "half a ca" => Ok(false),
        other => Err(format!("{other:?}")),
    },
};
