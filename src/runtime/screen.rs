//! The loop of the screen: waits for something to happen, updates the state, draws once.
//!
//! Nothing is drawn, and nothing wakes up, while nothing happens, but for the minute in which a countdown changes.

use std::future::poll_fn;
use std::io;
use std::sync::mpsc as effects_queue;
use std::time::Duration;

use crossterm::event::EventStream;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{execute, queue};
use futures_core::Stream;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use super::desk::Desk;
use super::world::{self, World};
use super::{input, terminal};
use crate::app::App;
use crate::app::message::{Effect, Message, Tools};
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
    /// The look that was asked for, or that the terminal can show: `NO_COLOR` and a plain terminal count.
    #[must_use]
    pub fn of(theme: Option<&str>, ascii: bool) -> Self {
        let colourless = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let named = theme.and_then(Theme::named);
        let theme = named.unwrap_or(if colourless { Theme::Plain } else { Theme::Terminal });
        let plain_terminal = std::env::var("TERM").is_ok_and(|term| term == "linux" || term == "dumb");
        Self { ascii: ascii || plain_terminal, theme }
    }
}

/// Shows the screen until the person leaves.
///
/// # Errors
/// If the data folder can't be used, or the terminal does not answer; in words for the person.
pub fn run(world: World, case: Option<String>, look: Look) -> Result<(), String> {
    let desk = Desk::new(world.clone()).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the screen can't be started: {error}"))?;
    terminal::give_back_on_panic(world.data_dir.display().to_string());
    if std::env::var_os("NO_COLOR").is_some() {
        // The theme is colourless by itself; the library's own handling would lose reversed text.
        crossterm::style::force_color_output(true);
    }
    let mut screen = terminal::take().map_err(|error| format!("the terminal does not answer: {error}"))?;
    let result = runtime.block_on(async {
        let mut session = Session::new(world, desk, look)?;
        session.begin(case, &screen)?;
        session.go_on(&mut screen).await
    });
    terminal::give_back();
    // Input is read on a thread that may still wait for a key: it must not keep the program from ending.
    runtime.shutdown_background();
    result.map_err(|error| format!("the terminal went away: {error}"))
}

/// Everything that can wake the loop.
struct Session {
    app: App,
    world: World,
    look: Look,
    effects: effects_queue::Sender<Effect>,
    answers: mpsc::UnboundedReceiver<Message>,
    hangup: mpsc::UnboundedReceiver<()>,
    ends: [Signal; 3],
    resumed: Signal,
}

/// What woke the loop.
enum Wake {
    Input(Option<io::Result<crossterm::event::Event>>),
    Answer(Message),
    Time,
    End,
    Resumed,
}

impl Session {
    fn new(world: World, desk: Desk, look: Look) -> io::Result<Self> {
        let mut app = App::new(world.now(), world.me(), world.zones(None));
        app.ascii = look.ascii;
        app.ask_me = world.config.me.is_none();
        app.playbooks = playbook_names(&world);
        app.projects = world.project_names();
        if let Some(notice) = world.notices.first() {
            app.complain(notice.lines().next().unwrap_or_default());
        }
        let (effects, answers) = spawn_desk(desk);
        let ends = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
        let [terminate, interrupt, hangup] = ends.map(signal);
        Ok(Self {
            app,
            world,
            look,
            effects,
            answers,
            hangup: watch_hangup(),
            ends: [terminate?, interrupt?, hangup?],
            resumed: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
        })
    }

    fn begin(&mut self, case: Option<String>, screen: &terminal::Screen) -> io::Result<()> {
        let size = screen.size()?;
        self.app.size = (size.width, size.height);
        let _ = self.effects.send(Effect::LoadHome);
        if let Some(id) = case {
            let _ = self.effects.send(Effect::Open(id));
        }
        Ok(())
    }

    async fn go_on(&mut self, screen: &mut terminal::Screen) -> io::Result<()> {
        let mut events = EventStream::new();
        self.draw(screen)?;
        loop {
            let wake = self.wait(&mut events).await;
            let mut messages = match wake {
                Wake::Input(Some(Ok(event))) => input::messages(event),
                Wake::Input(Some(Err(error))) => return Err(error),
                Wake::Input(None) | Wake::End => return self.finish().await,
                Wake::Answer(message) => vec![message],
                Wake::Time => vec![Message::Tick],
                Wake::Resumed => {
                    *screen = terminal::take()?;
                    screen.clear()?;
                    Vec::new()
                }
            };
            while let Ok(message) = self.answers.try_recv() {
                messages.push(message);
            }
            for message in messages {
                if !self.update(message, screen)? {
                    return self.finish().await;
                }
            }
            self.draw(screen)?;
        }
    }

    async fn wait(&mut self, events: &mut EventStream) -> Wake {
        let sleep = self.next_change().map(Duration::from_secs);
        let [terminate, interrupt, hangup] = &mut self.ends;
        tokio::select! {
            event = poll_fn(|context| Pin::new(&mut *events).poll_next(context)) => Wake::Input(event),
            Some(message) = self.answers.recv() => Wake::Answer(message),
            () = tokio::time::sleep(sleep.unwrap_or(Duration::MAX)), if sleep.is_some() => Wake::Time,
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

    /// Takes a message in. False once the program is to end.
    fn update(&mut self, message: Message, screen: &mut terminal::Screen) -> io::Result<bool> {
        if matches!(message, Message::Key(_)) && self.app.open.is_some() {
            let _ = self.effects.send(Effect::Look);
        }
        let tools = tools(&self.world);
        for effect in self.app.update(message, &tools) {
            match effect {
                Effect::Quit => return Ok(false),
                Effect::Redraw => screen.clear()?,
                Effect::Suspend => {
                    terminal::give_back();
                    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
                }
                other => drop(self.effects.send(other)),
            }
        }
        Ok(true)
    }

    fn draw(&mut self, screen: &mut terminal::Screen) -> io::Result<()> {
        let tools = tools(&self.world);
        let (app, theme) = (&self.app, self.look.theme);
        // A terminal that knows synchronized updates shows the frame at once; others ignore it.
        queue!(screen.backend_mut(), BeginSynchronizedUpdate)?;
        screen.draw(|frame| ui::draw(frame, app, &tools, theme))?;
        execute!(screen.backend_mut(), EndSynchronizedUpdate)
    }

    /// Waits for what is still being saved; the disk may take its time, but not for ever.
    async fn finish(&mut self) -> io::Result<()> {
        let tools = tools(&self.world);
        while matches!(self.app.open.as_ref().map(|open| &open.save), Some(crate::app::SaveState::Saving)) {
            match tokio::time::timeout(Duration::from_secs(2), self.answers.recv()).await {
                Ok(Some(message)) => drop(self.app.update(message, &tools)),
                _ => break,
            }
        }
        let _ = self.effects.send(Effect::Release);
        Ok(())
    }
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
