//! One of each action: every front has to have a way to it.

use fixlead::case::record::LeakExtent;
use fixlead::case::{Action, ReleaseInstant, SwitchTo, Tick};
use fixlead::playbook::{Playbook, builtin};

/// One of each.
pub fn all() -> Vec<Action> {
    let text = String::new;
    let at = "2026-11-24T13:00:00Z".parse().unwrap();
    let playbook = std::sync::Arc::new(Playbook::parse(builtin("emissary").unwrap()).unwrap());
    vec![
        Action::Do(Tick::of("x")),
        Action::Observe { step: text(), item: None },
        Action::Start { step: text(), codename: None, override_why: None },
        Action::Reopen { step: text(), item: None },
        Action::Wait { step: text(), on: text() },
        Action::Assign { step: text(), who: text() },
        Action::Note { step: text(), text: text() },
        Action::Rewrite { step: text(), was: None, text: text() },
        Action::Link { step: text(), url: text() },
        Action::SetAside { step: text(), item: None, why: text() },
        Action::SetFacts(Vec::new()),
        Action::SetAnchor { anchor: text(), which: ReleaseInstant::Target, at: None, why: None },
        Action::Move { target: text(), to: at, why: text() },
        Action::SlowDown { until: at, why: text(), discussed: text() },
        Action::Grant { who: text(), what: text() },
        Action::Revoke { who: text(), what: text() },
        Action::HandOver { to: text(), note: None },
        Action::Accept,
        Action::Undo,
        Action::Redo,
        Action::Expose { codename: text() },
        Action::Publish,
        Action::ReportLeak { extent: LeakExtent::Partial, what: text() },
        Action::CloseLeak { why: text() },
        Action::Close { ending: None, why: None },
        Action::Switch(Box::new(SwitchTo { playbook, sha256: text() })),
        Action::Archive,
        Action::Unarchive,
        Action::set(text(), text()),
        Action::Resolve(Vec::new()),
        Action::Restore { of: None },
        Action::Score { vulnerability: text(), vector: text(), why: None, is_final: false },
    ]
}
