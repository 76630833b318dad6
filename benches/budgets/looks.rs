//! From a key to its frame while components are looked at, at 200 by 60: what is told of looks comes in between the keys, as
//! many at a time as the program takes in before a frame. Processor time of the state and the drawing, without a terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use fixlead::app::App;
use fixlead::app::board::Progress;
use fixlead::app::board::scan::{News, Scope, Unreached};
use fixlead::app::key::Key;
use fixlead::app::message::{Effect, FleetRead, Message, Tools};
use fixlead::case::Action;
use fixlead::config::Watch;
use fixlead::divergence::{
    Component, Conflict, FixRow, FixState, Leaks, Look, LookedAt, Oid, Pair, PairState, Plan, Report, Role, Side,
};
use fixlead::runtime::begin::{app, tools};
use fixlead::runtime::desk::Desk;
use fixlead::runtime::world::{World, act};
use fixlead::store::Store;
use fixlead::ui::{self, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{NOW, cpu};

const COMPONENTS: usize = 300;
/// Branches of a component of the fleet, and of one of the case.
const BRANCHES: [usize; 2] = [20, 1_000];
/// Looks that end within one tenth of a second, which is how often the screen is told of them.
const BATCH: usize = 10;
const ROUNDS: usize = 30;
/// Through the list, into a component and each of its views, a filter, and out again.
const FLEET: &str = "j j k G g / a 1 Esc Esc l j v v v v . , q h j";
const CASE: &str = "2 j j k G g PgDn v v v v . , / 9 Esc Enter PgDn q 0 1 j j 6 7";

pub fn of_fleet(world: &World) {
    let mut fleet = Screen::of(world);
    let mut text = "expects = \"private-ahead\"\n".to_owned();
    for number in 0..COMPONENTS {
        let url = format!("https://host.example/part-{number:03}");
        let _ = writeln!(
            text,
            "[[component]]\nid = \"part-{number:03}\"\nurls = {{ canonical = \"{url}\", security = \"{url}-private\" }}"
        );
    }
    let watch = Watch::parse(&text, &|url| Ok(url.to_owned())).expect("no fault");
    fleet.app.watch(None);
    fleet.send(Message::Fleet(Box::new(FleetRead { place: "watch.toml".into(), watch: Ok(watch) })));
    fleet.measure("fleet", &Scope::Fleet, BRANCHES[0], FLEET);
}

pub fn of_case(world: &World, folder: &Path, id: &str) {
    let store = Store::open(&world.data_dir).expect("a data folder");
    let set = (0..3).flat_map(|number| {
        let field = |name: &str| format!("component.part-{number}.urls.{name}");
        let url = folder.join(format!("part-{number}")).display().to_string();
        [(field("canonical"), url.clone()), (field("security"), format!("{url}-private"))]
    });
    let set = Action::Set(set.collect());
    store.edit(id, |case| act(case, set, world.now(), "lead")).expect("saved");
    let mut case = Screen::of(world);
    let opened = case.desk.carry_out(Effect::Open(id.to_owned())).expect("an answer");
    case.send(opened);
    case.measure("case", &Scope::Case(id.to_owned()), BRANCHES[1], CASE);
}

/// The program without its terminal and without what looks.
struct Screen {
    app: App,
    tools: Tools,
    theme: Theme,
    desk: Desk,
    terminal: Terminal<TestBackend>,
}

impl Screen {
    fn of(world: &World) -> Self {
        let desk = Desk::new(world.clone()).expect("a data folder");
        let terminal = Terminal::new(TestBackend::new(200, 60)).expect("a backend");
        let mut app = app(world);
        app.resize(200, 60);
        Self { app, tools: tools(world), theme: Theme::default(), desk, terminal }
    }

    fn send(&mut self, message: Message) {
        // Saves succeed at once, and nobody looks.
        for effect in self.app.update(message, &self.tools) {
            if matches!(effect, Effect::Save { .. })
                && let Some(answer) = self.desk.carry_out(effect)
            {
                self.send(answer);
            }
        }
    }

    fn draw(&mut self) {
        let (app, tools, theme) = (&self.app, &self.tools, &self.theme);
        self.terminal.draw(|frame| drop(ui::draw(frame, app, tools, theme))).expect("a frame");
    }

    /// Keys, and before each of them news: how far a look is, and at every third what some looks found.
    fn measure(&mut self, what: &str, scope: &Scope, branches: usize, keys: &str) {
        let board = match scope {
            Scope::Fleet => &self.app.fleet.board,
            Scope::Case(_) => &self.app.open.as_ref().expect("it is open").board,
        };
        let asked: Vec<Component> = board.watched.iter().map(|watched| watched.asked.clone()).collect();
        let (mut at_keys, mut at_looks, mut at_progress) = (Vec::new(), Vec::new(), Vec::new());
        let keys = Key::parse_all(keys).expect("keys");
        let mut turn = 0;
        for round in 0..ROUNDS {
            for key in &keys {
                turn += 1;
                let component = &asked[turn % asked.len()];
                let begun = cpu();
                self.send(progress(scope, component, turn));
                at_progress.push(cpu() - begun);
                if turn % 3 == 0 {
                    let batch = BATCH.min(asked.len());
                    let news: Vec<Message> = (0..batch)
                        .map(|at| looked(scope, &asked[(turn + at) % asked.len()], branches, round, at + 1 < batch))
                        .collect();
                    let begun = cpu();
                    for one in news {
                        self.send(one);
                    }
                    at_looks.push(cpu() - begun);
                }
                let begun = cpu();
                self.send(Message::Key(*key));
                self.draw();
                at_keys.push(cpu() - begun);
            }
        }
        let size = format!("{} components of {branches} branches", asked.len());
        println!("{what:<15} {size}: key to frame {}, budget 16 ms at p99", told(at_keys));
        println!("{:15} a batch of looks {}; how far one is {}", "", told(at_looks), told(at_progress));
    }
}

/// «0.42 ms at p50, 1.30 at p99, 1.60 at most».
fn told(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[times.len() * share / 100];
    format!("{:.2} ms at p50, {:.2} at p99, {:.2} at most", at(50), at(99), times[times.len() - 1])
}

fn progress(scope: &Scope, component: &Component, turn: usize) -> Message {
    let done = u64::try_from(turn).ok().map(|turn| (turn, 1_000_000));
    let progress = Progress { words: "fetching from private: objects".into(), done };
    Message::Scan(Box::new(News::Progress { scope: scope.clone(), component: component.name.clone(), progress }))
}

fn looked(scope: &Scope, asked: &Component, branches: usize, round: usize, more: bool) -> Message {
    let at = NOW.parse().expect("an instant");
    let look = Box::new(Look { asked: asked.clone(), report: report(asked, branches, round) });
    Message::Scan(Box::new(News::Looked { scope: scope.clone(), look, at, unreached: Unreached::default(), more }))
}

/// Mostly as planned; a tenth are conflicts, which come and go, and one fix is on half of the branches.
fn report(asked: &Component, branches: usize, round: usize) -> Report {
    let at = NOW.parse().expect("an instant");
    let oid = |digit: char| -> Oid { digit.to_string().repeat(40).parse().expect("an id") };
    let name = |number: usize| format!("release/v{number:04}");
    let pairs = (0..branches).map(|number| {
        let conflict = || vec![Conflict { path: "src/authentication/token.rs".into(), kind: "contents".into() }];
        let (state, counts) = match (number + round) % 10 {
            0 => (PairState::DivergedConflict(conflict()), (2, 4)),
            1..5 => (PairState::SecurityAhead, (2, 0)),
            _ => (PairState::Equal, (0, 0)),
        };
        Pair {
            branch: name(number),
            a: Role::Security,
            b: Role::Canonical,
            tips: [Side::Tip(oid('1')), Side::Tip(oid('2'))],
            counts: Some(counts),
            equal_patches: None,
            state,
            flags: [].into(),
            others: None,
            ahead_since: None,
            plan: Plan::Unknown,
        }
    });
    let on_branch = |number: usize| {
        let private = if number.is_multiple_of(2) { FixState::ById(oid('a')) } else { FixState::Absent };
        let sides: BTreeMap<Role, FixState> = [(Role::Security, private), (Role::Canonical, FixState::Absent)].into();
        (name(number), sides)
    };
    let fix = FixRow {
        commit: oid('a'),
        subject: Some("Check the audience of tokens".into()),
        embargoed: true,
        branches: (0..branches).map(on_branch).collect(),
    };
    let mut report = Report {
        pairs: pairs.collect(),
        fixes: vec![fix],
        leaks: Some(Leaks::Looked { refs: branches, found: Vec::new() }),
        looked_at: [Role::Security, Role::Canonical].map(|remote| LookedAt { remote, refs: branches, at }).into(),
        ..Report::blank(&asked.name)
    };
    report.plan(asked, at);
    report
}
