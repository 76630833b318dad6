//! Where a run of the program stands: its folders, its clock, its zones, its processes, and who «me» is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::case::{Action, Case, Event, Refusal};
use crate::config::{Config, Project};
use crate::divergence::Look;
use crate::drill::{Drill, builtin_drill};
use crate::evidence::{self, Sight};
use crate::playbook::{BUILTIN, Playbook, builtin};
use crate::schedule::Zone;
use crate::source::{self, Fault, MAX_BYTES};
use crate::store::{self, Unreadable};
use crate::ui::{THEMES, Theme};

/// The name of the person's settings.
const CONFIG: &str = "config.toml";

/// What a run of the program is told from outside.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// `--data-dir` or `FIXLEAD_DATA_DIR`.
    pub data_dir: Option<PathBuf>,
    /// `--config-dir` or `FIXLEAD_CONFIG_DIR`.
    pub config_dir: Option<PathBuf>,
    /// `--now`: a frozen clock.
    pub now: Option<Timestamp>,
}

/// The surroundings of one run.
#[derive(Clone, Debug)]
pub struct World {
    /// Where cases are kept.
    pub data_dir: PathBuf,
    /// Where settings are kept.
    pub config_dir: PathBuf,
    /// The person's settings; the default where the file is missing or faulty.
    pub config: Config,
    /// What is wrong with the settings, ready to be shown.
    pub notices: Vec<String>,
    /// What is rehearsed, where nothing is real.
    pub drill: Option<Arc<Drill>>,
    frozen: Option<Timestamp>,
}

/// A playbook with its text.
#[derive(Clone, Debug)]
pub struct LoadedPlaybook {
    /// The model.
    pub playbook: Arc<Playbook>,
    /// The text it was read from.
    pub text: String,
    /// SHA-256 of the text.
    pub sha256: String,
}

/// Why something of the surroundings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The machine names no home.
    #[error("no home folder is known: say --data-dir and --config-dir")]
    NoHome,
    /// There is no such playbook.
    #[error("there is no playbook {id}{hint}; «fixlead playbook list» names them")]
    NoPlaybook {
        /// What was asked for.
        id: String,
        /// What was probably meant.
        hint: String,
    },
    /// There is no such theme.
    #[error("there is no theme {name}: take one of {}", known.join(", "))]
    NoTheme {
        /// What was asked for.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// There is no such project.
    #[error("there is no project {name}: {path} does not exist")]
    NoProject {
        /// Its name.
        name: String,
        /// Where it would be.
        path: String,
    },
    /// A file has faults.
    #[error("{}", faulty_text(path, faults))]
    Faulty {
        /// The file.
        path: String,
        /// All of its faults.
        faults: Vec<Fault>,
    },
    /// A file can't be read.
    #[error("{path} can't be used: {why}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        why: Unreadable,
    },
}

fn faulty_text(path: &str, faults: &[Fault]) -> String {
    fault_lines(path, faults).join("; ")
}

/// Each fault behind the file it is in.
#[must_use]
pub fn fault_lines(path: &str, faults: &[Fault]) -> Vec<String> {
    faults.iter().map(|fault| format!("{path}:{fault}")).collect()
}

impl World {
    /// Finds the folders and reads the settings. Faulty settings become notices; the program starts with defaults.
    ///
    /// # Errors
    /// If no folder was given and the machine names no home.
    pub fn find(given: Given) -> Result<Self, WorldError> {
        let standard = directories::ProjectDirs::from("", "", "fixlead");
        let folder = |given: Option<PathBuf>, standard: Option<&Path>| {
            given.or_else(|| standard.map(Path::to_path_buf)).ok_or(WorldError::NoHome)
        };
        let data_dir = folder(given.data_dir, standard.as_ref().map(directories::ProjectDirs::data_dir))?;
        let config_dir = folder(given.config_dir, standard.as_ref().map(directories::ProjectDirs::config_dir))?;
        let mut notices = Vec::new();
        let config = match read_if_there(&config_dir.join(CONFIG)) {
            Ok(None) => Config::default(),
            Ok(Some((path, text))) => Config::parse(&text).unwrap_or_else(|faults| {
                notices.extend(fault_lines(&path, &faults));
                Config::default()
            }),
            Err(error) => {
                notices.push(error.to_string());
                Config::default()
            }
        };
        let mut world = Self { data_dir, config_dir, config, notices, drill: None, frozen: given.now };
        for name in world.config.zones.clone() {
            if find_zone(&name).is_none() {
                world.notices.push(format!("config.toml: there is no time zone {name}"));
            }
        }
        Ok(world)
    }

    /// The instant of now, in whole seconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = self.frozen.unwrap_or_else(Timestamp::now);
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    /// The same settings with a folder and a clock of a drill's own.
    #[must_use]
    pub fn rehearsing(&self, data_dir: PathBuf, drill: Arc<Drill>) -> Self {
        Self { data_dir, frozen: Some(drill.now), drill: Some(drill), ..self.clone() }
    }

    /// Stops the clock at an instant, as a drill does.
    pub fn set_now(&mut self, now: Timestamp) {
        self.frozen = Some(now);
    }

    /// Does the clock stand still?
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }

    /// Who acts: as set, else as in git, else the login name.
    #[must_use]
    pub fn me(&self) -> String {
        let login = || std::env::var("USER").ok().filter(|user| !user.is_empty());
        self.config.me.clone().or_else(crate::git::user_name).or_else(login).unwrap_or_else(|| "lead".to_owned())
    }

    /// The zones that instants are shown in: UTC, the lead's, the project's.
    #[must_use]
    pub fn zones(&self, project: Option<&Project>) -> Vec<Zone> {
        let mut zones = vec![Zone::utc()];
        let named = self.config.zones.iter().chain(project.iter().flat_map(|project| &project.zones));
        for name in named {
            if let Some(zone) = find_zone(name) {
                let zone = Zone::new(name, zone);
                if !zones.iter().any(|known| known.label == zone.label) {
                    zones.push(zone);
                }
            }
        }
        if zones.len() == 1
            && let Some(local) = local_zone()
        {
            zones.push(local);
        }
        zones
    }

    /// A project of the configuration.
    ///
    /// # Errors
    /// If there is none of this name, or its file has faults.
    pub fn project(&self, name: &str) -> Result<Project, WorldError> {
        let path = self.config_dir.join("projects").join(format!("{}.toml", safe_name(name)));
        let missing = || WorldError::NoProject { name: name.to_owned(), path: path.display().to_string() };
        let (path, text) = read_if_there(&path)?.ok_or_else(missing)?;
        Project::parse(&text).map_err(|faults| WorldError::Faulty { path, faults })
    }

    /// What the process of a project needs and the project has not set, one line each.
    #[must_use]
    pub fn gaps(&self, name: &str) -> Vec<String> {
        let project = match self.project(name) {
            Ok(project) => project,
            Err(error) => return vec![error.to_string()],
        };
        let playbook = self.playbook(&project.extends);
        playbook.map(|loaded| project.missing(&loaded.playbook)).unwrap_or_default()
    }

    /// Names of the projects of the configuration.
    #[must_use]
    pub fn project_names(&self) -> Vec<String> {
        toml_names(&self.config_dir.join("projects"))
    }

    /// Ids of all playbooks: the built-in ones, and the person's own, which win.
    #[must_use]
    pub fn playbook_ids(&self) -> Vec<String> {
        self.with_own("playbooks", BUILTIN.iter().map(|(id, _)| *id))
    }

    /// Names of all themes: the built-in ones, and the person's own, which win.
    #[must_use]
    pub fn theme_names(&self) -> Vec<String> {
        self.with_own("themes", THEMES.iter().map(|(name, _)| *name))
    }

    fn with_own<'n>(&self, folder: &str, built_in: impl Iterator<Item = &'n str>) -> Vec<String> {
        let mut names: Vec<String> = built_in.map(str::to_owned).collect();
        for own in toml_names(&self.config_dir.join(folder)) {
            if !names.contains(&own) {
                names.push(own);
            }
        }
        names
    }

    /// A theme by its name.
    ///
    /// # Errors
    /// If there is none, or the person's own one has faults.
    pub fn theme(&self, name: &str) -> Result<Theme, WorldError> {
        let own = self.config_dir.join("themes").join(format!("{}.toml", safe_name(name)));
        match read_if_there(&own)? {
            Some((path, text)) => Theme::parse(&text).map_err(|faults| WorldError::Faulty { path, faults }),
            None => Theme::built_in(name)
                .ok_or_else(|| WorldError::NoTheme { name: name.to_owned(), known: self.theme_names() }),
        }
    }

    /// A playbook by its id.
    ///
    /// # Errors
    /// If there is none, or the person's own one has faults.
    pub fn playbook(&self, id: &str) -> Result<LoadedPlaybook, WorldError> {
        let own = self.config_dir.join("playbooks").join(format!("{}.toml", safe_name(id)));
        let (path, text) = match read_if_there(&own)? {
            Some(found) => found,
            None => match builtin(id) {
                Some(text) => (format!("built-in {id}"), text.to_owned()),
                None => return Err(self.no_playbook(id)),
            },
        };
        let playbook = Playbook::parse(&text).map_err(|faults| WorldError::Faulty { path, faults })?;
        Ok(LoadedPlaybook { playbook: Arc::new(playbook), sha256: store::sha256(&text), text })
    }

    /// The drill of a process: the person's own one, else the built-in one, else one that follows from the process.
    ///
    /// # Errors
    /// If the drill has faults.
    pub fn drill_of(&self, playbook: &Playbook) -> Result<Drill, WorldError> {
        let own = self.config_dir.join("drills").join(format!("{}.toml", safe_name(&playbook.id)));
        let (path, text) = match read_if_there(&own)? {
            Some(found) => found,
            None => match builtin_drill(&playbook.id) {
                Some(text) => (format!("built-in drill {}", playbook.id), text.to_owned()),
                None => return Ok(Drill::generic(playbook)),
            },
        };
        Drill::parse(&text, playbook).map_err(|faults| WorldError::Faulty { path, faults })
    }

    /// What people call a process. Only the head of its text is read: the list of processes has to be quick.
    #[must_use]
    pub fn playbook_name(&self, id: &str) -> Option<String> {
        let own = self.config_dir.join("playbooks").join(format!("{}.toml", safe_name(id)));
        let text = match read_if_there(&own).ok()? {
            Some((_, text)) => text,
            None => builtin(id)?.to_owned(),
        };
        let head = text.split("\n[").next()?;
        let head: toml::Table = source::too_deep(head).is_none().then(|| head.parse().ok())??;
        head.get("name")?.as_str().map(str::to_owned)
    }

    fn no_playbook(&self, id: &str) -> WorldError {
        let ids = self.playbook_ids();
        let hint = crate::source::did_you_mean(id, ids.iter().map(String::as_str));
        let hint = hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
        WorldError::NoPlaybook { id: id.to_owned(), hint }
    }

    /// Remembers who «me» is, so that it is asked once.
    ///
    /// # Errors
    /// If the settings can't be written; the answer then holds for this run only.
    pub fn remember_me(&mut self, me: &str) -> std::io::Result<()> {
        self.config.me = Some(me.to_owned());
        let path = self.config_dir.join(CONFIG);
        let other = |why: WorldError| std::io::Error::other(why.to_string());
        let (_, text) = read_if_there(&path).map_err(other)?.unwrap_or_default();
        if source::too_deep(&text).is_some() {
            return Err(std::io::Error::other(source::too_deep_words()));
        }
        let mut document: toml_edit::DocumentMut = text.parse().map_err(std::io::Error::other)?;
        let mut value = toml_edit::Value::from(me);
        match document.get_mut("me") {
            // Comments around the old name stay.
            Some(toml_edit::Item::Value(old)) => {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
            _ => document["me"] = toml_edit::Item::Value(value),
        }
        store::replace_file(&path, document.to_string().as_bytes())
    }
}

/// A zone of the database inside the program, by its IANA name or by the last part of it.
#[must_use]
pub fn find_zone(name: &str) -> Option<TimeZone> {
    if name.eq_ignore_ascii_case("utc") || name == "Z" {
        return Some(TimeZone::UTC);
    }
    let database = jiff::tz::TimeZoneDatabase::bundled();
    let exact = database.get(name).ok();
    exact.or_else(|| {
        let city = name.replace(' ', "_");
        let full = database
            .available()
            .find(|full| full.as_str().rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(&city)));
        full.and_then(|full| database.get(full.as_str()).ok())
    })
}

fn local_zone() -> Option<Zone> {
    let zone = TimeZone::try_system().ok()?;
    let name = zone.iana_name()?.to_owned();
    (!matches!(name.as_str(), "UTC" | "Etc/UTC")).then(|| Zone::new(&name, zone))
}

/// What the machine looks with at a real case, with the zones of this machine.
#[must_use]
pub fn sight(now: Timestamp, looks: &[Look]) -> Sight<'_> {
    Sight::real(now, &find_zone, looks)
}

/// [`evidence::act`] with the zones and the random ids of this machine, for what does not rest on repositories.
///
/// # Errors
/// As [`Case::act`].
pub fn act(case: &mut Case, action: Action, now: Timestamp, by: &str) -> Result<Event, Refusal> {
    evidence::act(case, action, by, sight(now, &[]), &mut event_id)
}

/// A fresh random id for an event.
#[must_use]
pub fn event_id() -> String {
    format!("{:016x}", fastrand::u64(..))
}

/// A name that can't leave its folder.
fn safe_name(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' }).collect()
}

fn read_if_there(path: &Path) -> Result<Option<(String, String)>, WorldError> {
    let shown = path.display().to_string();
    match store::read_text(path, MAX_BYTES as u64) {
        Ok(text) => Ok(Some((shown, text))),
        Err(Unreadable::Missing) => Ok(None),
        Err(why) => Err(WorldError::Unreadable { path: shown, why }),
    }
}

fn toml_names(folder: &Path) -> Vec<String> {
    let files = store::names_in(folder).into_iter().flatten().map(PathBuf::from);
    let is_toml = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "toml");
    let name = |file: PathBuf| file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut names: Vec<String> = files.filter(is_toml).filter_map(name).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn world(folder: &Path) -> World {
        let given =
            Given { data_dir: Some(folder.join("data")), config_dir: Some(folder.join("config")), ..Given::default() };
        World::find(given).unwrap()
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn who_one_is_goes_into_a_new_file_for_the_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        world(folder.path()).remember_me("Ada").unwrap();
        let file = folder.path().join("config/config.toml");
        assert_eq!(fs::read_to_string(&file).unwrap(), "me = \"Ada\"\n");
        assert_eq!(mode(&file), 0o600);
        assert_eq!(world(folder.path()).me(), "Ada");
        assert_eq!(fs::read_dir(folder.path().join("config")).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn who_one_is_goes_behind_a_link_and_the_rest_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (config, real) = (folder.path().join("config"), folder.path().join("dotfiles.toml"));
        fs::create_dir(&config).unwrap();
        fs::write(&real, "# mine\nme = \"ada\" # for now\n[keys] # own\n\"step.done\" = \"t\"\n").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("../dotfiles.toml", config.join("config.toml")).unwrap();
        world(folder.path()).remember_me("Ada").unwrap();
        let text = fs::read_to_string(&real).unwrap();
        assert_eq!(text, "# mine\nme = \"Ada\" # for now\n[keys] # own\n\"step.done\" = \"t\"\n");
        assert!(fs::symlink_metadata(config.join("config.toml")).unwrap().is_symlink());
        assert_eq!(mode(&real), 0o640);
    }

    #[test]
    fn settings_that_can_not_be_read_are_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config/config.toml");
        fs::create_dir(folder.path().join("config")).unwrap();
        for bytes in [&b"zones = [\"\xE9\"]\n"[..], b"zones = ["] {
            fs::write(&file, "").unwrap();
            let mut world = world(folder.path());
            fs::write(&file, bytes).unwrap();
            assert!(world.remember_me("Ada").is_err());
            assert_eq!(fs::read(&file).unwrap(), bytes);
            assert_eq!(world.me(), "Ada", "it holds for this run");
        }
        fs::remove_file(&file).unwrap();
        symlink("nowhere.toml", &file).unwrap();
        assert!(world(folder.path()).remember_me("Ada").is_err());
        assert!(fs::symlink_metadata(&file).unwrap().is_symlink());
    }
}
