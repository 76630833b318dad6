//! When: instants, deadlines, slow-downs.

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::acted;
use super::case_facts::pair;
use super::failure::Failure;
use super::free_text::{self, ASK};
use super::here::Here;
use super::output::{Answer, shown};
use super::words::instant_words;
use crate::case::record::AnchorTime;
use crate::case::{Action, Case, ReleaseInstant};
use crate::evidence;
use crate::playbook::{Marks, Playbook};
use crate::runtime::world::find_zone;
use crate::schedule::{Zone, stamp};

/// `case at`
#[derive(Args, Debug)]
pub struct At {
    /// Codename of the case
    id: String,
    /// Anchor and instant; release.announced=… and release.actual=… for what was promised and what happened
    #[arg(value_name = "ANCHOR=INSTANT")]
    anchor: String,
    /// Why
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = ASK)]
    why: Option<String>,
}

/// `case move`
#[derive(Args, Debug)]
pub struct Move {
    /// Codename of the case
    id: String,
    /// Id of a step or a phase
    #[arg(value_name = "STEP|PHASE")]
    target: String,
    /// The new deadline
    #[arg(long, value_name = "INSTANT")]
    to: String,
    /// Why
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = ASK)]
    why: Option<String>,
}

/// `case slow`
#[derive(Args, Debug)]
pub struct Slow {
    /// Codename of the case
    id: String,
    /// No deadline that runs for a span comes before this
    #[arg(long, value_name = "INSTANT")]
    until: String,
    /// Why
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = ASK)]
    why: Option<String>,
    /// Where it was discussed
    #[arg(long, value_name = "WHERE", num_args = 0..=1, default_missing_value = ASK)]
    discussed: Option<String>,
}

/// An anchor with the instant that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchored {
    /// Id of the anchor.
    pub anchor: String,
    /// Which of the three instants of a release.
    pub which: ReleaseInstant,
    /// The instant; none makes it unknown.
    pub at: Option<Timestamp>,
}

/// Reads `disclosed=2h ago` or `release.announced=2026-12-01T16:00:00Z`.
///
/// # Errors
/// If there is no such instant of a release, or the text is no instant.
pub fn anchored(here: &Here, given: &str) -> Result<Anchored, Failure> {
    let (name, text) = pair(given)?;
    let (anchor, which) = match name.split_once('.') {
        None => (name.as_str(), ReleaseInstant::Target),
        Some((anchor, word)) => {
            let known = ReleaseInstant::ALL.iter().find(|(known, _)| *known == word).map(|(_, which)| *which);
            let what = || {
                Failure::usage(format!("«{name}» is no instant"), "write target, announced or actual behind the dot")
            };
            (anchor, known.ok_or_else(what)?)
        }
    };
    let at = if text.trim() == "?" { None } else { Some(here.instant(&text)?) };
    Ok(Anchored { anchor: anchor.to_owned(), which, at })
}

/// Only the end of the embargo has more than one instant.
///
/// # Errors
/// If another anchor was given with a dot.
pub fn check_three(playbook: &Playbook, anchored: &Anchored) -> Result<(), Failure> {
    let definition = playbook.anchor(&anchored.anchor);
    let single = definition.is_some_and(|anchor| anchor.marks != Some(Marks::EmbargoEnd));
    if single && anchored.which != ReleaseInstant::Target {
        return Err(Failure::usage(
            format!("{} has one instant only", anchored.anchor),
            "leave out the dot and what follows",
        ));
    }
    Ok(())
}

/// An instant becomes known, or moves.
///
/// # Errors
/// As [`Here::act`].
pub fn at(here: &Here, args: &At) -> Result<Answer, Failure> {
    let anchored = anchored(here, &args.anchor)?;
    let why = free_text::optional(args.why.as_deref(), "--why", "Why?")?;
    let before = here.load(&args.id)?.case;
    check_three(before.playbook(), &anchored)?;
    let Anchored { anchor, which, at } = anchored.clone();
    let acted = here.act(&args.id, |_| Ok(Action::SetAnchor { anchor, which, at, why }))?;
    let (was, is) = (instant_of(&before, &anchored), instant_of(&acted.case, &anchored));
    let zones = here.zones(&acted.case);
    let lines = vec![
        format!("before: {}", instant_or_not_set(was, here, &zones)),
        format!("now: {}", instant_or_not_set(is, here, &zones)),
    ];
    let outside = outside_window(here, &acted.case, &anchored);
    let window = outside.as_ref().map_or(Value::Null, |(why, next)| json!({ "why": why, "next": texts(next) }));
    let keys = [("before", json!(text(was))), ("after", json!(text(is))), ("outside_window", window)];
    let asides = outside.map(|(why, next)| outside_words(here, &why, &next));
    Ok(acted::answer_with(here, &acted, lines, &keys).with_asides(asides))
}

fn texts(instants: &[Timestamp]) -> Vec<String> {
    instants.iter().map(ToString::to_string).collect()
}

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

fn instant_of(case: &Case, anchored: &Anchored) -> Option<Timestamp> {
    match case.record().anchors.get(&anchored.anchor)? {
        AnchorTime::At(at) => Some(*at),
        AnchorTime::Release(times) => match anchored.which {
            ReleaseInstant::Target => times.target,
            ReleaseInstant::Announced => times.announced,
            ReleaseInstant::Actual => times.actual,
        },
    }
}

fn instant_or_not_set(at: Option<Timestamp>, here: &Here, zones: &[Zone]) -> String {
    at.map_or_else(|| "not known".to_owned(), |at| instant_words(at, here.now(), zones))
}

/// Why a planned release is outside of the window of its process, with the next three instants inside.
fn outside_window(here: &Here, case: &Case, anchored: &Anchored) -> Option<(String, Vec<Timestamp>)> {
    let ends = case.playbook().embargo_end().is_some_and(|anchor| anchor.id == anchored.anchor);
    let at = anchored.at.filter(|_| ends && anchored.which != ReleaseInstant::Actual)?;
    let window = case.playbook().release_window.as_ref().and_then(|own| evidence::window(own, &find_zone))?;
    let why = window.why_not(at)?;
    Some((why, evidence::next_windows(case, at.max(here.now()), &find_zone)))
}

fn outside_words(here: &Here, why: &str, next: &[Timestamp]) -> String {
    let utc = Zone::utc();
    let next: Vec<String> = next.iter().map(|at| stamp(*at, here.now(), &utc.zone, &utc.label)).collect();
    let reason = why.split("; the next are").next().unwrap_or(why);
    shown(&format!("outside the release window: {reason}; the next three are {}", next.join(", ")))
}

/// The deadline of a step or a phase moves.
///
/// # Errors
/// As [`Here::act`].
pub fn move_deadline(here: &Here, args: &Move) -> Result<Answer, Failure> {
    let to = here.instant(&args.to)?;
    let why = free_text::required(args.why.as_deref(), "--why", "Why does it move?")?;
    let target = args.target.clone();
    let acted = here.act(&args.id, |_| Ok(Action::Move { target, to, why }))?;
    let lines = vec![format!("until: {}", instant_words(to, here.now(), &here.zones(&acted.case)))];
    Ok(acted::answer_with(here, &acted, lines, &[("to", json!(to.to_string()))]))
}

/// All deadlines that run for a span are put off.
///
/// # Errors
/// As [`Here::act`].
pub fn slow(here: &Here, args: &Slow) -> Result<Answer, Failure> {
    let until = here.instant(&args.until)?;
    let why = free_text::required(args.why.as_deref(), "--why", "Why slow down?")?;
    let discussed = free_text::required(args.discussed.as_deref(), "--discussed", "Where was it discussed?")?;
    let acted = here.act(&args.id, |_| Ok(Action::SlowDown { until, why, discussed }))?;
    let lines = vec![format!("until: {}", instant_words(until, here.now(), &here.zones(&acted.case)))];
    Ok(acted::answer_with(here, &acted, lines, &[("until", json!(until.to_string()))]))
}
