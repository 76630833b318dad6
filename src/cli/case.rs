//! Verbs of a case.

use clap::Subcommand;

use super::failure::Failure;
use super::here::Here;
use super::output::Answer;
use super::{
    case_components, case_end, case_facts, case_list, case_new, case_people, case_scores, case_show, case_steps,
    case_time, case_timeline, case_ways,
};

/// What can be done with cases.
#[derive(Debug, Subcommand)]
pub enum CaseVerb {
    /// Start a case; prints its codename
    New(case_new::New),
    /// List cases, one a line
    List(case_list::List),
    /// Show a case: phases, what is next, what is missing
    Show(OneCase),
    /// What happened, planned against actual
    Timeline(OneCase),
    /// A step is done
    Do(case_steps::Do),
    /// Begin a step
    Start(case_steps::Start),
    /// A step is open again
    Reopen(case_steps::Reopen),
    /// A step waits for somebody
    Wait(case_steps::Wait),
    /// A step is somebody's
    Assign(case_steps::Assign),
    /// A note on a step
    Note(case_steps::Note),
    /// A link on a step
    Link(case_steps::Link),
    /// A step does not apply
    Skip(case_steps::Skip),
    /// Answer questions; K=? makes an answer unknown again
    Fact(case_facts::Fact),
    /// An instant becomes known; ANCHOR=? makes it unknown again
    At(case_time::At),
    /// Move the deadline of a step or a phase
    Move(case_time::Move),
    /// Put all deadlines off, where the process allows it
    Slow(case_time::Slow),
    /// Somebody gets access
    Grant(case_people::Access),
    /// Access ends
    Revoke(case_people::Access),
    /// Hand the case over to another lead; prints the bundle to send
    HandOver(case_people::HandOver),
    /// Take over a case that was handed over
    Accept(OneCase),
    /// Receive a bundle; prints the codename
    Import(case_people::Import),
    /// Take the last thing back
    Undo(OneCase),
    /// Do again what was taken back
    Redo(OneCase),
    /// Exposing begins: the case is RELEASING
    Expose(OneCase),
    /// Declare the case public
    Publish(OneCase),
    /// End the case
    Close(case_end::Close),
    /// Go on with another process
    Switch(case_end::Switch),
    /// Put the case out of the way
    Archive(OneCase),
    /// Take the case out of the archive
    Unarchive(OneCase),
    /// Set any field, such as vulnerability.V1.cve=CVE-2026-0001; an empty value removes it
    Set(case_facts::Set),
    /// Say where the repositories of a component are; one that is there is changed
    Component(case_components::ComponentArgs),
    /// Name commits that mend it; they become F1, F2, …
    Fix(case_components::FixArgs),
    /// Score a vulnerability with a CVSS vector
    Score(case_scores::Score),
    /// Put an older version in place: of a damaged case the newest good one
    Restore(case_ways::Restore),
    /// List the older versions of a case
    Versions(OneCase),
    /// Decide what was changed here and elsewhere
    Resolve(case_ways::Resolve),
}

/// A case and nothing else.
#[derive(clap::Args, Debug)]
pub struct OneCase {
    /// Codename of the case
    pub id: String,
}

/// Answers one verb.
///
/// # Errors
/// As the verb fails.
pub fn run(here: &Here, verb: CaseVerb) -> Result<Answer, Failure> {
    match verb {
        CaseVerb::New(args) => case_new::run(here, args),
        CaseVerb::List(args) => case_list::run(here, &args),
        CaseVerb::Show(args) => case_show::run(here, &args.id),
        CaseVerb::Timeline(args) => case_timeline::run(here, &args.id),
        CaseVerb::Do(args) => case_steps::run_do(here, &args),
        CaseVerb::Start(args) => case_steps::start(here, &args),
        CaseVerb::Reopen(args) => case_steps::reopen(here, &args),
        CaseVerb::Wait(args) => case_steps::wait(here, &args),
        CaseVerb::Assign(args) => case_steps::assign(here, &args),
        CaseVerb::Note(args) => case_steps::note(here, &args),
        CaseVerb::Link(args) => case_steps::link(here, &args),
        CaseVerb::Skip(args) => case_steps::skip(here, &args),
        CaseVerb::Fact(args) => case_facts::fact(here, &args),
        CaseVerb::At(args) => case_time::at(here, &args),
        CaseVerb::Move(args) => case_time::move_deadline(here, &args),
        CaseVerb::Slow(args) => case_time::slow(here, &args),
        CaseVerb::Grant(args) => case_people::grant(here, &args),
        CaseVerb::Revoke(args) => case_people::revoke(here, &args),
        CaseVerb::HandOver(args) => case_people::hand_over(here, &args),
        CaseVerb::Accept(args) => case_people::accept(here, &args),
        CaseVerb::Import(args) => case_people::import(here, &args),
        CaseVerb::Undo(args) => case_end::undo(here, &args),
        CaseVerb::Redo(args) => case_end::redo(here, &args),
        CaseVerb::Expose(args) => case_end::expose(here, &args),
        CaseVerb::Publish(args) => case_end::publish(here, &args),
        CaseVerb::Close(args) => case_end::close(here, &args),
        CaseVerb::Switch(args) => case_end::switch(here, &args),
        CaseVerb::Archive(args) => case_end::archive(here, &args),
        CaseVerb::Unarchive(args) => case_end::unarchive(here, &args),
        CaseVerb::Set(args) => case_facts::set(here, &args),
        CaseVerb::Component(args) => case_components::component(here, &args),
        CaseVerb::Fix(args) => case_components::fix(here, &args),
        CaseVerb::Score(args) => case_scores::score(here, &args),
        CaseVerb::Restore(args) => case_ways::restore(here, &args),
        CaseVerb::Versions(args) => case_ways::versions(here, &args),
        CaseVerb::Resolve(args) => case_ways::resolve(here, &args),
    }
}
