//! From one version to another: what means the same is taken over, the rest is a person's choice.

use super::metric::Metric;
use super::{Draft, Group, Version};

/// What came of a draft in another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The draft, with everything that means the same.
    pub draft: Draft,
    /// What a person has to choose, or should look at, in the order of the specification.
    pub choices: Vec<Choice>,
    /// The metrics that said something and stayed behind, for the new version doesn't ask for it; in the order of the old one.
    pub dropped: Vec<&'static Metric>,
}

/// A metric that could not be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The place of the metric in the new version.
    pub metric: usize,
    /// Why it isn't clear.
    pub why: &'static str,
}

const SPLIT_COMPLEXITY: &str = "one question is now two: a defence (AC), circumstances (AT)";
const SPLIT_USER: &str = "Required is Passive if the usual suffices, else Active";
const SPLIT_SCOPE: &str = "Changed mixed losses in the system with those behind it";
pub(super) const SPLIT_EXPLOIT: &str = "working code is not an attack yet: Attacked only if one was seen";
const JOINED_EXPLOIT: &str = "Attacked doesn't say how good the code is: High or Functional";
const UNFINISHED: &str = "what it is joined with was not chosen yet";

/// A draft in another version. Between 3.0 and 3.1 nothing is lost; between the others what means the same is taken over.
#[must_use]
pub fn carry(draft: &Draft, to: Version) -> Carried {
    let mut carrier = Carrier { from: *draft, to: Draft::new(to), choices: Vec::new() };
    match (draft.version().major(), to.major()) {
        (from, to) if from == to => carrier.same(),
        (3, 4) => carrier.up(),
        (4, 3) => carrier.down(),
        (2, _) => carrier.up_from_v2(),
        (4, _) => {
            // What 4.0 splits 3.x has joined, as 2.0 has.
            carrier.from = carry(draft, Version::V3_1).draft;
            carrier.down_to_v2();
            if carrier.said("E").is_none() && draft.get("E") == Some("A") {
                carrier.choose(&["E"], JOINED_EXPLOIT);
            }
        }
        _ => carrier.down_to_v2(),
    }
    carrier.choices.sort_by_key(|choice| choice.metric);
    carrier.choices.dedup_by_key(|choice| choice.metric);
    Carried { draft: carrier.to, choices: carrier.choices, dropped: dropped(draft, to) }
}

/// The metrics that say something for which another version has no question: 2.0 has no modified metrics, 3.x no CDP and TD,
/// 4.0 no RL and RC, and nothing but 4.0 has supplemental metrics and asks whether people can be hurt.
fn dropped(draft: &Draft, to: Version) -> Vec<&'static Metric> {
    if draft.version().major() == to.major() {
        return Vec::new();
    }
    let is_asked = |metric: &Metric, value: &str| match metric.group {
        Group::Base => true,
        Group::Supplemental => false,
        Group::Environmental if metric.key.starts_with('M') => to != Version::V2_0 && value != "S",
        _ => to.find(metric.key).is_some(),
    };
    let metrics = draft.version().metrics().iter().enumerate();
    let said = metrics.filter(|(place, _)| draft.says(*place));
    let dropped = said.filter(|(place, metric)| draft.value(*place).is_some_and(|value| !is_asked(metric, value.key)));
    dropped.map(|(_, metric)| metric).collect()
}

/// What a base metric of the new version says. The modified ones are asked the same, each with an M before its name.
struct Answer {
    key: String,
    /// The base metrics of the old version that it follows from.
    from: Vec<String>,
    says: Says,
}

#[derive(Clone, Copy)]
enum Says {
    Value(&'static str),
    Choice(&'static str),
    /// It is still open in the old version.
    Nothing,
}

impl Says {
    fn what(value: Option<&'static str>) -> Self {
        value.map_or(Self::Nothing, Self::Value)
    }
}

fn answer(key: &str, from: &[&str], says: Says) -> Answer {
    Answer { key: key.to_owned(), from: from.iter().map(|key| (*key).to_owned()).collect(), says }
}

/// A draft on its way into another version.
pub(super) struct Carrier {
    from: Draft,
    pub(super) to: Draft,
    choices: Vec<Choice>,
}

impl Carrier {
    fn same(&mut self) {
        for metric in 0..self.from.version().metrics().len() {
            self.to.set(metric, self.from.place(metric));
        }
    }

    fn up(&mut self) {
        self.answer(answers_up);
        match self.said("E") {
            Some(value @ ("P" | "U")) => self.put("E", value),
            Some(_) => self.choose(&["E"], SPLIT_EXPLOIT),
            None => {}
        }
    }

    fn down(&mut self) {
        self.answer(answers_down);
        match self.said("E") {
            Some(value @ ("P" | "U")) => self.put("E", value),
            Some(_) => self.choose(&["E"], JOINED_EXPLOIT),
            None => {}
        }
    }

    /// Answers what 3.x and 4.0 ask twice: for the flaw itself, and for one installation.
    ///
    /// What is so in an installation follows from all that holds there, modified or not: one question may have been split
    /// into several, of which only one is modified.
    fn answer(&mut self, answers: fn(&Draft) -> Vec<Answer>) {
        for Answer { key, says, .. } in answers(&self.from) {
            match says {
                Says::Value(value) => self.put(&key, value),
                Says::Choice(why) => self.choose(&[key], why),
                Says::Nothing => {}
            }
        }
        for Answer { key, from, says } in answers(&in_force(&self.from)) {
            let key = format!("M{key}");
            let is_modified = from.iter().any(|key| self.said(&format!("M{key}")).is_some());
            match says {
                _ if !is_modified => {}
                Says::Value(value) => self.put(&key, value),
                Says::Choice(why) => self.choose(&[key], why),
                Says::Nothing => self.choose(&[key], UNFINISHED),
            }
        }
        self.copy(&["CR", "IR", "AR"]);
    }

    /// What a metric says; open and Not Defined is nothing.
    pub(super) fn said(&self, key: &str) -> Option<&'static str> {
        said(&self.from, key)
    }

    pub(super) fn copy(&mut self, keys: &[&str]) {
        for key in keys {
            if let Some(value) = self.said(key) {
                self.put(key, value);
            }
        }
    }

    pub(super) fn put(&mut self, key: &str, value: &str) {
        self.to = self.to.with_named(key, value);
    }

    /// Leaves metrics open for a person, those of them that the version has.
    pub(super) fn choose<K: AsRef<str>>(&mut self, keys: &[K], why: &'static str) {
        let version = self.to.version();
        self.choices.extend(keys.iter().filter_map(|key| Some(Choice { metric: version.find(key.as_ref())?, why })));
    }
}

fn said(draft: &Draft, key: &str) -> Option<&'static str> {
    let metric = draft.version().find(key)?;
    draft.value(metric).filter(|value| !value.not_defined).map(|value| value.key)
}

/// The base metrics as they hold in one installation: modified, where the modified metric says something. Safety, which
/// only modified metrics have, is High there.
fn in_force(draft: &Draft) -> Draft {
    let modified = |metric: &Metric| said(draft, &format!("M{}", metric.key));
    draft.of_group(Group::Base).fold(*draft, |in_force, (_, metric)| match modified(metric) {
        Some("S") => in_force.with_named(metric.key, "H"),
        Some(value) => in_force.with_named(metric.key, value),
        None => in_force,
    })
}

/// From 3.x to 4.0. An unchanged scope says that nothing behind the system is lost; a changed one that the losses are the
/// worst of both.
fn answers_up(draft: &Draft) -> Vec<Answer> {
    let said = |key| said(draft, key);
    let split = |value: Option<&'static str>, mild: &str, milder: &'static str, why| match value {
        Some(value) if value == mild => Says::Value(milder),
        Some(_) => Says::Choice(why),
        None => Says::Nothing,
    };
    let mut answers = vec![
        answer("AV", &["AV"], Says::what(said("AV"))),
        answer("AC", &["AC"], split(said("AC"), "L", "L", SPLIT_COMPLEXITY)),
        answer("AT", &["AC"], split(said("AC"), "L", "N", SPLIT_COMPLEXITY)),
        answer("PR", &["PR"], Says::what(said("PR"))),
        answer("UI", &["UI"], split(said("UI"), "N", "N", SPLIT_USER)),
    ];
    for loss in ["C", "I", "A"] {
        let (in_it, behind) = match (said(loss), said("S")) {
            (Some("N"), _) => (Says::Value("N"), Says::Value("N")),
            (Some(value), Some("U")) => (Says::Value(value), Says::Value("N")),
            (Some(_), Some(_)) => (Says::Choice(SPLIT_SCOPE), Says::Choice(SPLIT_SCOPE)),
            _ => (Says::Nothing, Says::Nothing),
        };
        answers.push(answer(&format!("V{loss}"), &[loss, "S"], in_it));
        answers.push(answer(&format!("S{loss}"), &[loss, "S"], behind));
    }
    answers
}

/// From 4.0 to 3.x. Losses behind the system mean a changed scope, under which the worse of both counts.
fn answers_down(draft: &Draft) -> Vec<Answer> {
    let said = |key: &str| said(draft, key);
    let complexity = match (said("AC"), said("AT")) {
        (Some("H"), _) | (_, Some("P")) => Says::Value("H"),
        (Some("L"), Some(_)) => Says::Value("L"),
        _ => Says::Nothing,
    };
    let behind = ["SC", "SI", "SA"].map(said);
    let scope = if behind.iter().flatten().any(|value| *value != "N") {
        Says::Value("C")
    } else if behind.iter().all(Option::is_some) {
        Says::Value("U")
    } else {
        Says::Nothing
    };
    let mut answers = vec![
        answer("AV", &["AV"], Says::what(said("AV"))),
        answer("AC", &["AC", "AT"], complexity),
        answer("PR", &["PR"], Says::what(said("PR"))),
        answer("UI", &["UI"], Says::what(said("UI").map(|value| if value == "N" { "N" } else { "R" }))),
        answer("S", &["SC", "SI", "SA"], scope),
    ];
    for loss in ["C", "I", "A"] {
        let (in_it, behind) = (format!("V{loss}"), format!("S{loss}"));
        let worse = match (said(&in_it), said(&behind)) {
            (Some("H"), _) | (_, Some("H")) => Says::Value("H"),
            (Some("L"), Some(_)) | (Some(_), Some("L")) => Says::Value("L"),
            (Some(_), Some(_)) => Says::Value("N"),
            _ => Says::Nothing,
        };
        answers.push(answer(loss, &[&in_it, &behind], worse));
    }
    answers
}
