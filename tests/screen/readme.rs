//! The pictures in the README are the real screen. `UPDATE_README=1 cargo test --test screen readme` draws them anew.

use fixlead::case::{Action, Context, NO_VERDICTS, NewCase, ReleaseInstant, Tick};
use fixlead::cvss::Draft;
use fixlead::playbook::Value;
use fixlead::runtime::world::act;
use fixlead::store::Store;
use fixlead::ui::Theme;

use super::harness::Program;
use super::svg::svg;

/// A case on its sixth day: what is done, who is waited for, what is next.
pub fn story(program: &Program) {
    let playbook = program.world.playbook("emissary").unwrap();
    let reported = "2026-11-19T16:12:00Z".parse().unwrap();
    let new = NewCase {
        id: "slate-kangaroo".into(),
        title: "Crash on a malformed forwarded header".into(),
        playbook: playbook.playbook,
        sha256: playbook.sha256,
        project: None,
        components: Vec::new(),
        people: Vec::new(),
        facts: vec![("disclosure".into(), Some(Value::Text("private".into())))],
        anchors: vec![("disclosed".into(), ReleaseInstant::Actual, reported)],
    };
    let context = Context { now: reported, by: "you", event_id: "e0", verdicts: NO_VERDICTS };
    let mut case = new.start(&context).unwrap();
    let mut now = "2026-11-20T09:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let mut done = |action: Action| {
        now = now.checked_add(jiff::SignedDuration::from_mins(35)).unwrap();
        act(&mut case, action, now, "you").unwrap_or_else(|refusal| panic!("{refusal}"));
    };
    let word = |text: &str| Some(Value::Text(text.into()));
    done(Action::SetFacts(vec![
        ("affects".into(), word("supported")),
        ("class".into(), word("availability")),
        ("upstream_timeline".into(), Some(Value::Flag(false))),
        ("mitigation".into(), Some(Value::Flag(true))),
    ]));
    let release = "2026-12-01T16:00:00Z".parse().unwrap();
    done(Action::SetAnchor { anchor: "release".into(), which: ReleaseInstant::Target, at: Some(release), why: None });
    done(Action::Score {
        vulnerability: "V1".into(),
        vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H".into(),
        why: None,
        is_final: true,
    });
    let steps = [
        "em.intake.report",
        "em.lead.volunteer",
        "em.lead.schedule",
        "em.lead.affects",
        "em.lead.class",
        "em.lead.blocker",
        "em.team.identify",
        "em.team.cc",
        "em.team.repo",
        "em.team.access",
        "em.fix.cvss",
        "em.fix.cvss-final",
        "em.fix.develop",
        "em.comm.plan",
    ];
    for step in steps {
        done(Action::Do(Tick { attest: Some("seen".into()), ..Tick::of(step) }));
    }
    done(Action::Wait { step: "em.fix.branches".into(), on: "fix team".into() });
    Store::open(&program.world.data_dir).unwrap().create(&case, &playbook.text).unwrap();
}

#[test]
fn the_picture_in_the_readme_is_the_real_screen() {
    let mut program = Program::new(120, 36);
    story(&program);
    program.theme = Theme::built_in("dark").unwrap();
    program.press("r Enter");
    let title = "A case in fixlead: what is next, the checklist, and the other panes beside it";
    is_drawn("docs/screen.svg", &svg(program.buffer(), title));
}

#[test]
fn the_picture_of_the_calculator_in_the_readme_is_the_real_screen() {
    let mut program = Program::new(120, 36);
    program.theme = Theme::built_in("dark").unwrap();
    let crash = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N";
    program.app.calculate_alone(Draft::read(crash).unwrap());
    program.press("Down Down Down");
    let title = "The calculator of fixlead: the metrics of CVSS 4.0, what each value would bring, and why the score is what it is";
    is_drawn("docs/calculator.svg", &svg(program.buffer(), title));
}

/// The picture in the repository is this one, and the README shows it.
fn is_drawn(name: &str, picture: &str) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(name);
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&path, picture).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == picture, "{name} looks different now: draw it anew with UPDATE_README=1");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    assert!(readme.contains(&format!("]({name})")), "the README shows it");
}
