//! A drill on the screen: forms that answer themselves, the simulated clock, and what to press now.

use super::App;
use super::form::{Field, FieldKind, Form};
use super::message::{Effect, Tools};
use super::open_case::{Card, OpenCase, Pane, Row};
use super::purpose::Purpose;
use crate::case::record::State;
use crate::case::{NextKind, Obstacle, ObstacleKind, StepView};
use crate::drill::{Drill, Stop, next_stop};
use crate::playbook::{CheckKind, Verdict};
use crate::schedule::{Zone, stamp};

/// What stands below the body in a drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coach {
    /// What a good lead does here.
    pub advice: String,
    /// The key that leads on.
    pub key: String,
    /// What it does, as a clause.
    pub does: String,
    /// What the report says, as long as it is new.
    pub report: Option<String>,
}

impl Coach {
    fn new(advice: impl Into<String>, key: &str, does: impl Into<String>) -> Self {
        Self { advice: advice.into(), key: key.to_owned(), does: does.into(), report: None }
    }
}

impl App {
    /// What leads on in a drill; none where nothing is rehearsed.
    #[must_use]
    pub fn coach(&self) -> Option<Coach> {
        let drill = self.drill.as_deref()?;
        if self.overlay.is_some() {
            return Some(Coach::new("Every command can be tried: nothing here is real.", "Esc", "goes back"));
        }
        Some(match (&self.form, &self.open) {
            (None, None) if self.opening.is_some() => Coach::new("", "", ""),
            (Some(form), open) => form_coach(form, open.as_ref()),
            (None, None) => {
                Coach::new("The drill's one case: nothing here is real.", "Enter", "opens it; q ends the drill")
            }
            (None, Some(open)) => Coach { report: news(drill, open), ..self.case_coach(drill, open) },
        })
    }

    fn case_coach(&self, drill: &Drill, open: &OpenCase) -> Coach {
        if open.case.record().state == State::Closed {
            return Coach::new(
                "Look at the timeline: 6 shows what happened when, v there draws it.",
                "q",
                "ends the drill",
            );
        }
        let stop = self.stop(open).0;
        if let Some(card) = &open.card {
            return card_coach(drill, open, card, stop.is_some());
        }
        let (advice, at_hand) = row_advice(drill, open);
        if open.pane == Pane::Score && open.asked_for_score.is_some() {
            let advice =
                "Each metric is a question: go through them with the arrows, and see what another answer would do.";
            return Coach::new(advice, "Enter", "records the score");
        }
        if !open.pane.lists_steps() {
            return Coach::new("Look around; nothing here is real.", "0", "goes back to what is next");
        }
        if let Some((key, does)) = at_hand {
            return Coach::new(advice, key, does);
        }
        match (open.view.next.first(), stop) {
            (Some(next), _) if next.kind == NextKind::Stuck && !waits_for_time(open, &next.id) => {
                let there = open.selected_step().is_some_and(|(step, _)| step.id == next.id);
                let (key, does) =
                    if there { ("Space", "tries it") } else { ("Enter", "goes to the step that is held up") };
                Coach::new(advice, key, does)
            }
            (Some(next), _) if next.kind != NextKind::Stuck => Coach::new(advice, "0", "goes to what is next"),
            (_, Some(stop)) => {
                let advice = "Nothing can be done right now: others are at it, or it is too early.";
                Coach::new(advice, ">", format!("moves the clock to {}", short(stop.at, self.now)))
            }
            (_, None) => Coach::new(advice, "q", "goes home"),
        }
    }

    /// Where the clock goes next, and what is late already.
    fn stop(&self, open: &OpenCase) -> (Option<Stop>, Option<Stop>) {
        next_stop(&open.view, open.case.record(), &open.played, self.now)
    }

    /// The simulated clock goes to the next instant at which something happens.
    pub(super) fn move_clock(&mut self, tools: &Tools) -> Vec<Effect> {
        let Some((ahead, late)) = self.open.as_ref().map(|open| self.stop(open)) else {
            self.complain("open the case first: the clock goes to its next deadline");
            return Vec::new();
        };
        let Some(stop) = ahead else {
            self.complain("nothing more is due: the clock stays where it is");
            return Vec::new();
        };
        self.now = stop.at;
        if let Some(open) = &mut self.open {
            open.card = None;
            open.refresh(stop.at, &|name| (tools.find_zone)(name));
            if open.pane.lists_steps() {
                open.show(Pane::Overview);
                open.go_to_next();
            }
        }
        let late = late.map(|late| format!("{}, not done; ", late.what)).unwrap_or_default();
        self.say(format!("{}: {late}{}", short(stop.at, stop.at), stop.what));
        vec![Effect::SetClock(stop.at)]
    }

    /// Does «back» end the drill: at home, and once its case is closed?
    pub(super) fn ends_drill(&self) -> bool {
        let closed = |open: &OpenCase| open.case.record().state == State::Closed;
        self.drill.is_some() && self.open.as_ref().is_none_or(closed)
    }

    /// Leaving a drill asks whether it is to be kept.
    pub(super) fn ask_end(&mut self) {
        let options = [("no", "no: it is removed"), ("yes", "yes: it stays in the folder «drills» of the data")];
        let options = options.map(|(id, label)| (id.to_owned(), label.to_owned())).to_vec();
        let fields = vec![Field::choice("Keep this drill?", options, "no")];
        self.form = Some(Form::new("The end of the drill", fields, Purpose::EndDrill));
    }

    /// Which process is rehearsed?
    pub(super) fn ask_drill(&mut self) {
        let lines = vec![
            "A whole release with an invented vulnerability and a simulated clock, in five minutes.".to_owned(),
            "Nothing is sent, and your cases are not touched.".to_owned(),
        ];
        let fields = vec![Field::choice("Process", self.playbooks.clone(), "emissary")];
        self.form = Some(Form::new("Rehearse a release", fields, Purpose::StartDrill).with_lines(lines));
    }

    /// A form that has just opened gets the drill's answers, so that Enter leads on. What somebody typed stays.
    pub(super) fn fill_form(&mut self) {
        let (Some(drill), Some(form)) = (self.drill.as_deref(), self.form.as_mut()) else { return };
        if form.kept.is_some() {
            return;
        }
        let open = self.open.as_ref();
        match &form.purpose {
            Purpose::Fact(id) => {
                let fact = open.and_then(|open| open.case.playbook().fact(id));
                let answer = fact.map(|fact| drill.answer(fact)).unwrap_or_default();
                fill(form, &[&answer]);
            }
            Purpose::Anchor(id) => {
                let at = drill.anchors.get(id).map(ToString::to_string).unwrap_or_default();
                fill(form, &[&at]);
            }
            Purpose::Score { .. } => fill(form, &["", &drill.attest]),
            Purpose::Mitigation(_) => fill(form, &[&drill.mitigation]),
            Purpose::Attest(_) => fill(form, &[&drill.attest, &drill.link]),
            Purpose::Override(..) | Purpose::SetAside(..) => fill(form, &[&drill.because]),
            Purpose::Link(_) => fill(form, &[&drill.link]),
            Purpose::Wait(_) | Purpose::HandOver => fill(form, &[somebody(drill)]),
            Purpose::Grant => fill(form, &[somebody(drill), "the private repository"]),
            Purpose::Person => fill(form, &["a second developer"]),
            Purpose::Close => fill(form, &[]),
            _ => return,
        }
        if form.fields.len() > 1 || matches!(form.purpose, Purpose::Mitigation(_)) {
            form.focus = form.fields.len();
        }
    }
}

fn somebody(drill: &Drill) -> &str {
    let other = drill.people.iter().find(|person| person.id != "reporter");
    other.and_then(|person| person.name.as_deref()).unwrap_or("a developer")
}

/// Puts answers into the fields in their order; a blank one, and a field with text in it, is left alone.
fn fill(form: &mut Form<Purpose>, answers: &[&str]) {
    for (field, answer) in form.fields.iter_mut().zip(answers).filter(|(_, answer)| !answer.is_empty()) {
        let empty = matches!(field.text().as_str(), "" | "https://");
        match &mut field.kind {
            FieldKind::Choice { options, at } => *at = options.iter().position(|(id, _)| id == answer).unwrap_or(*at),
            FieldKind::Line(_) if empty => field.kind = Field::line("", answer).kind,
            FieldKind::Lines(_) if empty => field.kind = Field::lines("", answer).kind,
            FieldKind::Line(_) | FieldKind::Lines(_) => {}
        }
    }
}

fn form_coach(form: &Form<Purpose>, open: Option<&OpenCase>) -> Coach {
    match &form.purpose {
        Purpose::Codename(..) | Purpose::Publish | Purpose::Expose => {
            let id = open.map(|open| open.case.record().id.clone()).unwrap_or_default();
            let advice =
                "The one thing that a drill does not fill in: what can't be taken back is typed by hand, on purpose.";
            if form.text(0) == id {
                return Coach::new(advice, "Enter", "goes ahead");
            }
            Coach::new(advice, &id, "type the codename, then Enter")
        }
        Purpose::EndDrill => {
            Coach::new("A kept drill can be looked at later, with the folder given as --data-dir.", "Enter", "leaves")
        }
        _ => {
            Coach::new("The answer stands ready; it may be changed. Tab goes through the fields.", "Enter", "takes it")
        }
    }
}

/// A refusal: what is missing is filled in, waited for, or passed with a reason.
fn card_coach(drill: &Drill, open: &OpenCase, card: &Card, can_wait: bool) -> Coach {
    let step = open.case.playbook().step(&card.tick.step);
    let advice = step.map(|step| drill.advice(step).into_owned()).unwrap_or_default();
    let fills = [CheckKind::CvssScored, CheckKind::MitigationWritten];
    let fillable = card.missing.iter().any(|missing| fills.iter().any(|kind| missing.text.contains(kind.word())));
    let leads = |missing: &Obstacle| matches!(missing.kind, ObstacleKind::Step | ObstacleKind::Fact);
    if fillable || card.missing.iter().any(leads) {
        return Coach::new(advice, "Enter", "goes to what is missing");
    }
    if can_wait {
        return Coach::new(advice, ">", "moves the clock, until others have answered");
    }
    Coach::new(advice, "O", "goes past it, with a reason that the timeline keeps")
}

/// What came in, until it is logged.
fn news(drill: &Drill, open: &OpenCase) -> Option<String> {
    let is_new = open.view.steps().next().is_some_and(StepView::is_open);
    is_new.then(|| drill.report.replace('\n', " "))
}

/// Can nothing but time open the step?
fn waits_for_time(open: &OpenCase, id: &str) -> bool {
    let step = open.view.step(id);
    step.is_some_and(|step| step.blocked_by.iter().any(|missing| missing.kind == ObstacleKind::NotBefore))
}

/// Advice on the row under the cursor, and the key that does it, where it can be done.
fn row_advice(drill: &Drill, open: &OpenCase) -> (String, Option<(&'static str, &'static str)>) {
    if let Some((step, _)) = open.selected_step() {
        let definition = open.case.playbook().step(&step.id);
        let advice = definition.map(|step| drill.advice(step).into_owned()).unwrap_or_default();
        let facts = &open.case.record().facts;
        let asks = definition.is_some_and(|step| step.asks.iter().any(|fact| !facts.contains_key(fact)));
        let unscored = selected_check(open).is_some_and(|(kind, _)| kind == CheckKind::CvssScored)
            && matches!(step.check, Some((_, Verdict::Fail(_))));
        let key = match step.is_doable() && !step.standing {
            true if asks => Some(("Enter", "answers what the step asks")),
            true if unscored => Some(("Enter", "takes the score")),
            true => Some(("Space", "says that it is done")),
            false => None,
        };
        return (advice, key);
    }
    let (advice, does) = match open.selected_next().map(|next| next.kind) {
        Some(NextKind::Fact) => {
            ("Answer what you know. An open question is better than a guess: much hangs on it.", "answers")
        }
        Some(NextKind::Anchor) => {
            ("An instant needs its hour and zone: deadlines and gates hang on it from now on.", "sets it")
        }
        Some(NextKind::Publish) => {
            ("No clock declares a release: look that everything is out before you say so.", "declares it")
        }
        Some(NextKind::Close) => {
            ("Close when nothing is owed to anybody any more: reporter, users, team.", "closes the case")
        }
        Some(NextKind::Promise) => {
            ("A promised word counts, also when there is nothing new to say.", "says when they hear again")
        }
        Some(NextKind::Accept) => ("Read the note of the one before you first.", "takes it over"),
        _ => return (String::new(), None),
    };
    (advice.to_owned(), matches!(open.row(), Some(Row::Next(_))).then_some(("Enter", does)))
}

/// The check of the step under the cursor, and whether its score must be final.
fn selected_check(open: &OpenCase) -> Option<(CheckKind, bool)> {
    let (step, _) = open.selected_step()?;
    let check = open.case.playbook().step(&step.id)?.check.as_ref()?;
    Some((check.kind, check.is_final))
}

fn short(at: jiff::Timestamp, now: jiff::Timestamp) -> String {
    let utc = Zone::utc();
    stamp(at, now, &utc.zone, &utc.label)
}
