//! The loop of the screen: waits for something to happen, updates the state, draws once.
//!
//! Nothing is drawn, and nothing wakes up, while nothing happens, but for the minute in which a countdown changes.

use std::future::poll_fn;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc as effects_queue;
use std::time::Duration;

use crossterm::event::EventStream;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{execute, queue};
use futures_core::Stream;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use super::desk::Desk;
use super::world::{self, World, WorldError};
use super::{editor, input, terminal};
use crate::app::keymap::KeyMap;
use crate::app::message::{Effect, Message, Tools};
use crate::app::{App, SaveState};
use crate::config::OwnTheme;
use crate::schedule::next_change;
use crate::ui::{self, Theme};

/// How the screen looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// Marks in ASCII.
    pub ascii: bool,
    /// Colours.
    pub theme: Theme,
}

impl Look {
    /// The look that was asked for, as far as the terminal can show it: `NO_COLOR`, `COLORTERM` and a plain terminal
    /// count. A theme that can't be used becomes a notice of the world, and the default is taken.
    #[must_use]
    pub fn of(world: &mut World, theme: Option<&str>, ascii: bool) -> Self {
        let set = |name: &str, values: &[&str]| std::env::var(name).is_ok_and(|value| values.contains(&value.as_str()));
        let default =
            if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) { "plain" } else { "terminal" };
        let theme = chosen_theme(world, theme, default);
        let theme = if set("COLORTERM", &["truecolor", "24bit"]) { theme } else { theme.in_256_colours() };
        Self { ascii: ascii || set("TERM", &["linux", "dumb"]), theme }
    }
}

/// The theme of the command line, else of the settings, else the default. Without colour, `terminal` is `plain`.
fn chosen_theme(world: &mut World, given: Option<&str>, default: &str) -> Theme {
    let setting = world.config.theme.clone();
    let name = given.or(setting.as_ref().map(|own| own.name.as_str())).unwrap_or(default);
    let name = if name == "terminal" { default } else { name };
    world.theme(name).unwrap_or_else(|error| {
        let place = match (&error, setting) {
            (WorldError::NoTheme { .. }, Some(OwnTheme { line, column, .. })) => {
                format!("config.toml:{line}:{column}: ")
            }
            _ => String::new(),
        };
        world.notices.push(format!("{place}{error}"));
        Theme::built_in(default).unwrap_or_default()
    })
}

/// How long the end of the program waits for a disk that does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was typed is kept once nothing more was typed for so long.
const PAUSE: Duration = Duration::from_secs(2);

/// Shows the screen until the person leaves.
///
/// # Errors
/// If the data folder can't be used, the terminal does not answer, or something could not be saved; in words for the
/// person.
pub fn run(world: World, case: Option<String>, look: Look) -> Result<Ending, String> {
    let desk = Desk::new(world.clone()).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the screen can't be started: {error}"))?;
    terminal::give_back_on_panic(world.data_dir.display().to_string());
    if std::env::var_os("NO_COLOR").is_some() {
        // The theme is colourless by itself; the library's own handling would lose reversed text.
        crossterm::style::force_color_output(true);
    }
    let mut screen = terminal::take().map_err(|error| format!("the terminal does not answer: {error}"))?;
    let mut session = {
        let _inside = runtime.enter();
        Session::new(world, desk, look).map_err(|error| format!("the screen can't be started: {error}"))?
    };
    // Whatever ends the loop, what was done is saved before the program ends.
    let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(session.show(case, &mut screen))));
    let kept = runtime.block_on(session.finish());
    terminal::give_back();
    // Its end would write to a terminal that may be gone, and a failure of that would end the program on the spot.
    std::mem::forget(screen);
    // Input is read on a thread that may still wait for a key: it must not keep the program from ending.
    runtime.shutdown_background();
    match ended {
        Err(_) => Err("the screen stopped by a fault in the program itself".to_owned()),
        Ok(Err(error)) => kept.and(Err(format!("the terminal went away: {error}"))),
        Ok(Ok(())) => kept.map(|()| session.ending),
    }
}

/// What the person wished for when they left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// A rehearsal of this process.
    pub drill: Option<String>,
    /// The drill that was shown is to be kept.
    pub keep: bool,
}

/// Everything that can wake the loop.
struct Session {
    app: App,
    world: World,
    look: Look,
    ending: Ending,
    /// None once the program ends.
    effects: Option<effects_queue::Sender<Effect>>,
    answers: mpsc::UnboundedReceiver<Message>,
    hangup: mpsc::UnboundedReceiver<()>,
    ends: [Signal; 3],
    resumed: Signal,
    /// When what was typed is to be kept, if nothing more is typed until then.
    pause: Option<tokio::time::Instant>,
}

/// What woke the loop.
enum Wake {
    Input(Option<io::Result<crossterm::event::Event>>),
    Answer(Option<Message>),
    Time,
    Pause,
    End,
    Resumed,
}

/// What comes after a message.
enum Next {
    GoOn,
    Edit(String),
    Leave,
}

impl Session {
    fn new(world: World, desk: Desk, look: Look) -> io::Result<Self> {
        let mut app = app(&world);
        app.ascii = look.ascii;
        app.new_case = desk.kept_new_case();
        editor::clear_leftovers(&world.data_dir);
        let (effects, answers) = spawn_desk(desk);
        let ends = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
        let [terminate, interrupt, hangup] = ends.map(signal);
        Ok(Self {
            app,
            world,
            look,
            ending: Ending::default(),
            effects: Some(effects),
            answers,
            hangup: watch_hangup(),
            ends: [terminate?, interrupt?, hangup?],
            resumed: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
            pause: None,
        })
    }

    async fn show(&mut self, case: Option<String>, screen: &mut terminal::Screen) -> io::Result<()> {
        let size = screen.size()?;
        self.app.size = (size.width, size.height);
        self.ask(Effect::LoadHome);
        if let Some(id) = case {
            for effect in self.app.open_effects(&id) {
                self.ask(effect);
            }
        }
        self.go_on(screen).await
    }

    /// Hands an effect to the desk.
    fn ask(&self, effect: Effect) {
        if let Some(effects) = &self.effects {
            // If the desk is gone, its end is the next thing that the loop hears of.
            let _ = effects.send(effect);
        }
    }

    async fn go_on(&mut self, screen: &mut terminal::Screen) -> io::Result<()> {
        let mut events = EventStream::new();
        self.draw(screen)?;
        loop {
            let mut messages = match self.wait(&mut events).await {
                Wake::Input(Some(Ok(event))) => input::messages(event),
                Wake::Input(Some(Err(error))) => return Err(error),
                Wake::Input(None) | Wake::End => return Ok(()),
                Wake::Answer(Some(message)) => vec![message],
                Wake::Answer(None) => return Err(io::Error::other("the part that saves has stopped")),
                Wake::Time => vec![Message::Tick],
                Wake::Pause => vec![Message::Pause],
                Wake::Resumed => {
                    *screen = terminal::take()?;
                    Vec::new()
                }
            };
            while let Ok(message) = self.answers.try_recv() {
                messages.push(message);
            }
            for message in messages {
                match self.update(message, screen)? {
                    Next::GoOn => {}
                    Next::Leave => return Ok(()),
                    Next::Edit(text) => {
                        // The stream of events reads keys only from when it is asked for one until it has one: this
                        // came of a key, so that only the editor reads now. Dropping the stream would wake the next
                        // one, which can lose what is typed at that moment.
                        let Some(edited) = self.edit(&text, screen).await? else { return Ok(()) };
                        self.update(edited, screen)?;
                    }
                }
            }
            self.draw(screen)?;
        }
    }

    async fn wait(&mut self, events: &mut EventStream) -> Wake {
        let sleep = self.next_change().map(Duration::from_secs);
        let pause = self.pause;
        let [terminate, interrupt, hangup] = &mut self.ends;
        tokio::select! {
            event = poll_fn(|context| Pin::new(&mut *events).poll_next(context)) => Wake::Input(event),
            message = self.answers.recv() => Wake::Answer(message),
            () = tokio::time::sleep(sleep.unwrap_or(Duration::MAX)), if sleep.is_some() => Wake::Time,
            () = tokio::time::sleep_until(pause.unwrap_or_else(tokio::time::Instant::now)), if pause.is_some() => Wake::Pause,
            _ = self.hangup.recv() => Wake::End,
            _ = terminate.recv() => Wake::End,
            _ = interrupt.recv() => Wake::End,
            _ = hangup.recv() => Wake::End,
            _ = self.resumed.recv() => Wake::Resumed,
        }
    }

    /// Seconds until a text that is shown changes by itself; none while the clock stands still.
    fn next_change(&self) -> Option<u64> {
        if self.world.is_frozen() {
            return None;
        }
        let now = self.world.now();
        let to_minute = 60 - now.as_second().rem_euclid(60);
        let Some(open) = &self.app.open else { return u64::try_from(to_minute).ok() };
        let steps = open.view.steps().filter(|step| step.is_open()).filter_map(|step| step.due.and_then(|due| due.at));
        let instants = steps.chain(open.view.release.effective()).chain(open.view.valid_until);
        let soonest = instants.filter_map(|at| next_change(at, now)).min();
        soonest.and_then(|seconds| u64::try_from(seconds.max(1)).ok())
    }

    /// Takes a message in.
    fn update(&mut self, message: Message, screen: &mut terminal::Screen) -> io::Result<Next> {
        if let (Message::Key(_), Some(open)) = (&message, &self.app.open) {
            self.ask(Effect::Look(open.case.record().id.clone()));
        }
        let is_input = matches!(message, Message::Key(_) | Message::Paste(_));
        let tools = tools(&self.world);
        let effects = self.app.update(message, &tools);
        if is_input || !self.app.is_typing() {
            self.pause = self.app.is_typing().then(|| tokio::time::Instant::now() + PAUSE);
        }
        let mut next = Next::GoOn;
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(Next::Leave),
                Effect::Edit(text) => next = Next::Edit(text),
                Effect::StartDrill(playbook) => {
                    self.ending.drill = Some(playbook);
                    return Ok(Next::Leave);
                }
                Effect::KeepDrill => self.ending.keep = true,
                Effect::SetClock(now) => {
                    self.world.set_now(now);
                    self.ask(Effect::SetClock(now));
                }
                Effect::Redraw => *screen = terminal::take()?,
                Effect::Suspend => {
                    terminal::give_back();
                    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
                    // Here again after `fg`, or at once where nobody controls jobs.
                    *screen = terminal::take()?;
                }
                other => self.ask(other),
            }
        }
        Ok(next)
    }

    /// The person edits a text with a program of their own, which has the terminal meanwhile. None if this program is to
    /// end before.
    async fn edit(&mut self, text: &str, screen: &mut terminal::Screen) -> io::Result<Option<Message>> {
        terminal::give_back();
        let data_dir = self.world.data_dir.clone();
        let Some(edited) = editor::edit(text, &data_dir, self.told_to_end()).await else { return Ok(None) };
        let [_, interrupt, _] = &mut self.ends;
        let _ = tokio::time::timeout(Duration::ZERO, interrupt.recv()).await;
        *screen = terminal::take()?;
        let size = screen.size()?;
        self.app.size = (size.width, size.height);
        Ok(Some(Message::Edited(edited)))
    }

    /// Until a signal, or the terminal is gone. Ctrl-c in an editor is the editor's own business.
    async fn told_to_end(&mut self) {
        let [terminate, _, hangup] = &mut self.ends;
        tokio::select! {
            _ = self.hangup.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }

    fn draw(&mut self, screen: &mut terminal::Screen) -> io::Result<()> {
        let tools = tools(&self.world);
        let (app, theme) = (&self.app, &self.look.theme);
        // A terminal that knows synchronized updates shows the frame at once; others ignore it.
        queue!(screen.backend_mut(), BeginSynchronizedUpdate)?;
        screen.draw(|frame| ui::draw(frame, app, &tools, theme))?;
        execute!(screen.backend_mut(), EndSynchronizedUpdate)
    }

    /// Tries once more what could not be saved, and waits until the desk has done all that it was asked for.
    async fn finish(&mut self) -> Result<(), String> {
        for effect in self.app.keep_typing() {
            self.ask(effect);
        }
        if let Some((case, _)) = self.app.unsaved_case() {
            self.ask(Effect::Save(Box::new(case.clone())));
        }
        let tools = tools(&self.world);
        while matches!(self.app.open.as_ref().map(|open| &open.save), Some(SaveState::Saving)) {
            match tokio::time::timeout(PATIENCE, self.answers.recv()).await {
                Ok(Some(message)) => {
                    for effect in self.app.update(message, &tools) {
                        self.ask(effect);
                    }
                }
                _ => break,
            }
        }
        // Without a sender the desk ends after its last effect, and its end closes the answers.
        self.effects = None;
        while let Ok(Some(message)) = tokio::time::timeout(PATIENCE, self.answers.recv()).await {
            self.app.update(message, &tools);
        }
        match self.app.unsaved_case() {
            Some((case, why)) => Err(format!("NOT SAVED: {}: {why}", case.record().id)),
            None if self.app.is_unsaved() => Err("NOT SAVED: the disk did not answer in time".to_owned()),
            None => Ok(()),
        }
    }
}

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

fn spawn_desk(mut desk: Desk) -> (effects_queue::Sender<Effect>, mpsc::UnboundedReceiver<Message>) {
    let (effects, incoming) = effects_queue::channel::<Effect>();
    let (outgoing, answers) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        while let Ok(effect) = incoming.recv() {
            if let Some(message) = desk.carry_out(effect)
                && outgoing.send(message).is_err()
            {
                break;
            }
        }
    });
    (effects, answers)
}

/// Tells when the terminal is gone, also where SIGHUP is ignored: a thread that sleeps in `poll` until then.
fn watch_hangup() -> mpsc::UnboundedReceiver<()> {
    let (tell, told) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        use rustix::event::{PollFd, PollFlags, poll};
        let stdin = io::stdin();
        let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
        while let Err(rustix::io::Errno::INTR) = poll(&mut watched, None) {}
        let _ = tell.send(());
    });
    told
}
