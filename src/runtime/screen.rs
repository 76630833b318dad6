//! The loop of the screen: waits for something to happen, updates the state, draws once.
//!
//! Nothing is drawn, and nothing wakes up, while nothing happens, but for the minute in which a countdown changes.

mod asking;
mod finish;

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc as effects_queue;
use std::time::{Duration, Instant};

use crossterm::event::{self, Event, EventStream, MouseEventKind};
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{execute, queue};
use futures_core::Stream;
use jiff::Timestamp;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, watch};

use super::begin::{app, tools};
use super::desk::{self, Desk};
use super::look::{self, Look};
use super::pointer::Pointer;
use super::scanner::Scanner;
use super::world::World;
use super::{editor, fault, input, looking, scanner, terminal};
use crate::app::App;
use crate::app::board::scan::{Manner, Scan};
use crate::app::message::{Effect, Message};
use crate::cvss::Draft;
use crate::schedule::next_change;
use crate::ui::{self, Targets};

/// What is typed is kept at least so often.
const PAUSE: Duration = Duration::from_secs(2);

/// Keys that are taken in before a frame is drawn at the latest.
const KEYS_A_FRAME: usize = 500;

/// Without any patience the library would not even look at what it has read already.
const A_MOMENT: Duration = Duration::from_micros(50);

/// What the screen begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Begin {
    /// The list of cases.
    #[default]
    Home,
    /// A case, by its codename.
    Case(String),
    /// The fleet of a file; none is that of the configuration folder.
    Fleet(Option<String>),
}

/// Shows home, a case or the fleet until the person leaves.
///
/// # Errors
/// If the data folder can't be used, the terminal does not answer, or something could not be saved; in words for the
/// person.
pub fn run(world: World, begin: Begin, look: Look) -> Result<Ending, String> {
    let desk = Desk::new(world.clone()).map_err(|error| error.to_string())?;
    let mut app = app(&world);
    match desk.kept_new_case() {
        Ok(kept) => app.new_case = kept,
        Err(why) => app.notices.push(why),
    }
    editor::clear_leftovers(&world.data_dir);
    let mut first = vec![Effect::LoadHome];
    match begin {
        Begin::Home => {}
        Begin::Case(id) => first.extend(app.open_effects(&id)),
        Begin::Fleet(file) => first.extend(app.watch(file)),
    }
    show(world, app, Some(desk), first, look)
}

/// Shows the calculator by itself until the person leaves.
///
/// # Errors
/// If the terminal does not answer, in words for the person.
pub fn calculate(world: World, begin: Draft, look: Look) -> Result<Ending, String> {
    let mut app = app(&world);
    app.calculate_alone(begin);
    show(world, app, None, Vec::new(), look)
}

/// Shows the program as it begins, and asks its desk for this first. Without a desk nothing is read and nothing is kept.
fn show(world: World, app: App, desk: Option<Desk>, first: Vec<Effect>, look: Look) -> Result<Ending, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the screen can't be started: {error}"))?;
    let watch = fault::Watch::begin();
    let data_dir = world.data_dir.display().to_string();
    if look::is_without_colour() {
        // The theme is colourless by itself; the library's own handling would lose reversed text.
        crossterm::style::force_color_output(true);
    }
    let mut screen =
        terminal::take(world.config.mouse).map_err(|error| format!("the terminal does not answer: {error}"))?;
    let mut session = {
        let _inside = runtime.enter();
        Session::new(world, app, desk, look).map_err(|error| format!("the screen can't be started: {error}"))?
    };
    // Whatever ends the loop, what was done is saved before the program ends.
    let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(session.show(first, &mut screen))));
    let kept = runtime.block_on(session.finish());
    terminal::give_back();
    // Its end would write to a terminal that may be gone, and a failure of that would end the program on the spot.
    std::mem::forget(screen);
    // Input is read on a thread that may still wait for a key: it must not keep the program from ending.
    runtime.shutdown_background();
    if let Some(fault) = watch.told(&data_dir) {
        return kept.and(Err(fault));
    }
    match ended {
        Ok(Err(error)) => kept.and(Err(format!("the terminal went away: {error}"))),
        Ok(Ok(())) | Err(_) => kept.map(|()| session.ending),
    }
}

/// What the person wished for when they left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// A rehearsal of this process.
    pub drill: Option<String>,
    /// The drill that was shown is to be kept.
    pub keep: bool,
    /// The vector that the calculator alone was left with.
    pub taken: Option<String>,
}

/// Everything that can wake the loop.
struct Session {
    app: App,
    world: World,
    look: Look,
    /// What can be clicked on the frame that the person sees.
    seen: Targets,
    pointer: Pointer,
    /// What has come in and was not taken in yet.
    waiting: VecDeque<Message>,
    /// A click that comes after that, and when it was read: it is one on the next frame.
    click: Option<(Event, Instant)>,
    ending: Ending,
    /// None without a desk, and once the program ends.
    effects: Option<effects_queue::Sender<Effect>>,
    answers: mpsc::UnboundedReceiver<Message>,
    /// What looks at repositories; none without a desk, and once the program ends.
    scanner: Option<Scanner>,
    news: mpsc::UnboundedReceiver<Message>,
    hangup: watch::Receiver<()>,
    ends: [Signal; 4],
    resumed: Signal,
    /// When what was typed and is not kept yet is to be kept.
    pause: Option<tokio::time::Instant>,
}

/// What woke the loop.
enum Wake {
    Input(Option<io::Result<Event>>, Instant),
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
    SignIn(Scan),
    Leave,
}

impl Session {
    fn new(world: World, mut app: App, desk: Option<Desk>, look: Look) -> io::Result<Self> {
        app.ascii = look.ascii;
        let (scanner, news) = desk.as_ref().map(|_| Scanner::begin(&world)).unzip();
        let (effects, answers) = desk.map(desk::spawn).unzip();
        let ends = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()];
        let [terminate, hangup, interrupt, quit] = ends.map(signal);
        Ok(Self {
            app,
            world,
            look,
            seen: Targets::default(),
            pointer: Pointer::default(),
            waiting: VecDeque::new(),
            click: None,
            ending: Ending::default(),
            effects,
            answers: answers.unwrap_or_else(|| mpsc::unbounded_channel().1),
            scanner,
            news: news.unwrap_or_else(|| mpsc::unbounded_channel().1),
            hangup: terminal::watch_hangup(),
            ends: [terminate?, hangup?, interrupt?, quit?],
            resumed: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
            pause: None,
        })
    }

    async fn show(&mut self, first: Vec<Effect>, screen: &mut terminal::Screen) -> io::Result<()> {
        let size = screen.size()?;
        self.app.resize(size.width, size.height);
        for effect in first {
            self.ask(effect);
        }
        self.go_on(screen).await
    }

    /// Hands an effect to the desk, or to what looks at repositories.
    fn ask(&self, effect: Effect) {
        if let Some(scanner) = &self.scanner
            && scanner.takes(&effect)
        {
            return;
        }
        if let Some(effects) = &self.effects {
            // If the desk is gone, its end is the next thing that the loop hears of.
            let _ = effects.send(effect);
        }
    }

    async fn go_on(&mut self, screen: &mut terminal::Screen) -> io::Result<()> {
        let mut events = EventStream::new();
        self.draw(screen)?;
        loop {
            let woken = match self.click.take() {
                Some((click, read)) => Wake::Input(Some(Ok(click)), read),
                None => self.wait(&mut events).await,
            };
            let messages = match woken {
                Wake::Input(Some(Ok(event)), read) => self.messages(event, read),
                Wake::Input(Some(Err(error)), _) => return Err(error),
                Wake::Input(None, _) | Wake::End => return Ok(()),
                Wake::Answer(Some(message)) => vec![message],
                Wake::Answer(None) => return Err(io::Error::other("the part that saves has stopped")),
                Wake::Time => vec![Message::Tick],
                Wake::Pause => vec![Message::Pause],
                Wake::Resumed => {
                    *screen = terminal::take(self.world.config.mouse)?;
                    Vec::new()
                }
            };
            self.waiting.extend(messages);
            self.see_what_else_came()?;
            while let Some(message) = self.waiting.pop_front() {
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
                    // This came of a key as well.
                    Next::SignIn(scan) => {
                        if !self.sign_in(scan, screen).await? {
                            return Ok(());
                        }
                    }
                }
            }
            self.draw(screen)?;
        }
    }

    /// Puts what has come in beside that by now into the queue. All of it is taken in before the next frame: on a slow
    /// terminal frames are left out, keys never. A click ends it, for it is on what the keys before it show.
    fn see_what_else_came(&mut self) -> io::Result<()> {
        let most = self.waiting.len() + KEYS_A_FRAME;
        while self.click.is_none() && self.waiting.len() < most && event::poll(A_MOMENT)? {
            let (event, read) = (event::read()?, Instant::now());
            if matches!(&event, Event::Mouse(mouse) if matches!(mouse.kind, MouseEventKind::Down(_))) {
                self.click = Some((event, read));
            } else {
                let messages = self.messages(event, read);
                self.waiting.extend(messages);
            }
        }
        while let Ok(message) = self.answers.try_recv() {
            self.waiting.push_back(message);
        }
        while let Ok(message) = self.news.try_recv() {
            self.waiting.push_back(message);
        }
        Ok(())
    }

    /// What was read behind the key that asked for an editor was typed for the editor, which can't be given it any
    /// more. In the form it could do anything, so it is left out, like what is typed while the editor closes.
    fn forget_typed_ahead(&mut self) -> io::Result<()> {
        self.waiting.retain(|message| !is_input(message));
        self.click = None;
        while event::poll(Duration::ZERO)? {
            event::read()?;
        }
        Ok(())
    }

    async fn wait(&mut self, events: &mut EventStream) -> Wake {
        let sleep = self.next_change().map(Duration::from_secs);
        let pause = self.pause;
        let [terminate, hangup, interrupt, quit] = &mut self.ends;
        tokio::select! {
            event = poll_fn(|context| Pin::new(&mut *events).poll_next(context)) => Wake::Input(event, Instant::now()),
            message = self.answers.recv(), if self.effects.is_some() => Wake::Answer(message),
            Some(message) = self.news.recv() => Wake::Answer(Some(message)),
            () = tokio::time::sleep(sleep.unwrap_or(Duration::MAX)), if sleep.is_some() => Wake::Time,
            () = tokio::time::sleep_until(pause.unwrap_or_else(tokio::time::Instant::now)), if pause.is_some() => Wake::Pause,
            _ = self.hangup.changed() => Wake::End,
            _ = terminate.recv() => Wake::End,
            _ = hangup.recv() => Wake::End,
            _ = interrupt.recv() => Wake::End,
            _ = quit.recv() => Wake::End,
            _ = self.resumed.recv() => Wake::Resumed,
        }
    }

    /// What an event means; one of the mouse, on the frame that the person sees.
    fn messages(&mut self, event: Event, read: Instant) -> Vec<Message> {
        match event {
            Event::Mouse(event) if self.world.config.mouse => {
                self.pointer.message(event, &self.seen, read).into_iter().collect()
            }
            event => input::messages(event),
        }
    }

    /// Seconds until something happens by itself: a text that is shown changes, or a look begins. None while the clock stands
    /// still, and without a desk, for the calculator shows no time.
    fn next_change(&self) -> Option<u64> {
        if self.world.is_frozen() || self.effects.is_none() {
            return None;
        }
        let now = self.world.now();
        let to_look = self.app.next_look().map(|at| at.duration_since(now).as_secs().max(1));
        let to_text = self.next_text(now);
        to_look.into_iter().chain(to_text).min().and_then(|seconds| u64::try_from(seconds).ok())
    }

    /// Seconds until a text that is shown changes.
    fn next_text(&self, now: Timestamp) -> Option<i64> {
        let to_minute = 60 - now.as_second().rem_euclid(60);
        let Some(open) = &self.app.open else { return Some(to_minute) };
        let steps = open.view.steps().filter(|step| step.is_open()).filter_map(|step| step.due.and_then(|due| due.at));
        let instants = steps.chain(open.view.release.effective()).chain(open.view.valid_until);
        instants.filter_map(|at| next_change(at, now)).min().map(|seconds| seconds.max(1))
    }

    /// Takes a message in.
    fn update(&mut self, message: Message, screen: &mut terminal::Screen) -> io::Result<Next> {
        if matches!(message, Message::Fault) {
            return Ok(Next::Leave);
        }
        if let (Message::Key(_) | Message::Click { .. }, Some(open)) = (&message, &self.app.open) {
            self.ask(Effect::Look(open.case.record().id.clone()));
        }
        let is_input = is_input(&message);
        let tools = tools(&self.world);
        let effects = self.app.update(message, &tools);
        self.pause = match self.pause.filter(|_| self.app.is_typing()) {
            None if is_input && self.app.is_typing() => Some(tokio::time::Instant::now() + PAUSE),
            pause => pause,
        };
        let mut next = Next::GoOn;
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(Next::Leave),
                Effect::Take(vector) => {
                    self.ending.taken = Some(vector);
                    return Ok(Next::Leave);
                }
                Effect::Edit(text) => next = Next::Edit(text),
                Effect::Scan(scan) if scan.manner == Manner::Asking => next = Next::SignIn(*scan),
                Effect::StartDrill(playbook) => {
                    self.ending.drill = Some(playbook);
                    return Ok(Next::Leave);
                }
                Effect::KeepDrill => self.ending.keep = true,
                Effect::SetClock(now) => {
                    self.world.set_now(now);
                    self.ask(Effect::SetClock(now));
                }
                Effect::Copy(text) => terminal::copy(&text)?,
                Effect::Bell => terminal::ring()?,
                Effect::Redraw => *screen = terminal::take(self.world.config.mouse)?,
                Effect::Suspend => {
                    terminal::give_back();
                    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
                    // Here again after `fg`, or at once where nobody controls jobs.
                    *screen = terminal::take(self.world.config.mouse)?;
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
        self.take_back(screen).await?;
        Ok(Some(Message::Edited(edited)))
    }

    /// Takes the terminal again after others had it. What was typed for them, and what ended them, was not meant for this
    /// program.
    async fn take_back(&mut self, screen: &mut terminal::Screen) -> io::Result<()> {
        self.forget_typed_ahead()?;
        let [_, _, interrupt, quit] = &mut self.ends;
        let _ = tokio::time::timeout(Duration::ZERO, interrupt.recv()).await;
        let _ = tokio::time::timeout(Duration::ZERO, quit.recv()).await;
        *screen = terminal::take(self.world.config.mouse)?;
        let size = screen.size()?;
        self.app.resize(size.width, size.height);
        Ok(())
    }

    /// Until a signal, or the terminal is gone. Ctrl-c and Ctrl-\ in an editor are the editor's own business.
    async fn told_to_end(&mut self) {
        let [terminate, hangup, _, _] = &mut self.ends;
        tokio::select! {
            _ = self.hangup.changed() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }

    fn draw(&mut self, screen: &mut terminal::Screen) -> io::Result<()> {
        fault::on_purpose(if self.app.form.is_some() { "draw" } else { "" });
        let tools = tools(&self.world);
        let (app, theme) = (&self.app, &self.look.theme);
        // A terminal that knows synchronized updates shows the frame at once; others ignore it.
        queue!(screen.backend_mut(), BeginSynchronizedUpdate)?;
        let seen = &mut self.seen;
        screen.draw(|frame| *seen = ui::draw(frame, app, &tools, theme))?;
        execute!(screen.backend_mut(), EndSynchronizedUpdate)
    }
}

/// Does it come from the person?
fn is_input(message: &Message) -> bool {
    matches!(message, Message::Key(_) | Message::Paste(_) | Message::Click { .. } | Message::Wheel { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::world::Given;

    #[test]
    fn a_minute_wakes_the_screen_only_where_a_time_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name| Some(folder.path().join(name));
        let world = World::find(Given { data_dir: path("data"), config_dir: path("config"), now: None }).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _inside = runtime.enter();
        let session = |desk| Session::new(world.clone(), app(&world), desk, Look::default()).unwrap();
        assert_eq!(session(None).next_change(), None);
        assert!(!folder.path().join("data").exists());
        let home = session(Some(Desk::new(world.clone()).unwrap()));
        assert!(home.next_change().is_some_and(|seconds| (1..=60).contains(&seconds)));
    }
}
