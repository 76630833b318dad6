//! From the text of a playbook to its model, with every fault at its place.

use std::cell::RefCell;
use std::collections::HashSet;

use super::check::{Check, CheckKind};
use super::condition::{Condition, Value};
use super::deadline::{Deadline, Due, DueCase};
use super::lint;
use super::model::{
    AnchorDef, Block, Channel, CloseAs, CveAuthority, CvssUse, Each, Effect, FactDef, FactKind, Gate, LeakRule, Marks,
    OpenQuestion, Phase, Playbook, ReleaseWindow, Requirement, Role, Rule, Sla, Stamp, Step, Visibility,
};
use super::span::Span;
use crate::source::{self, Fault, Table, Text, did_you_mean};

/// What the program itself does and a gate can keep from happening.
const ACTIONS: [&str; 1] = ["slow-down"];

/// The newest layout of playbooks that this program reads.
pub const SCHEMA: i64 = 1;

/// How many steps a process may have in all its phases.
pub const MAX_STEPS: usize = 300;

impl Playbook {
    /// Reads and checks a playbook.
    ///
    /// # Errors
    /// All faults at once: unknown keys and ids, duplicates, cycles, steps that can never be reached, gates that block
    /// nothing, deadlines with an unknown anchor, bad conditions. Of broken syntax only the first three.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        source::read(text, |root| {
            let loader = Loader::new(root);
            let playbook = loader.playbook(root);
            loader.settle_references(root);
            lint::structure(&playbook, &loader.places.into_inner(), root);
            playbook
        })
    }
}

/// What an id is the id of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Thing {
    Step,
    Phase,
    Role,
    Channel,
    Gate,
    Rule,
    Fact,
    Anchor,
    Sla,
    LeakRule,
}

impl Thing {
    fn word(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Phase => "phase",
            Self::Role => "role",
            Self::Channel => "channel",
            Self::Gate => "gate",
            Self::Rule => "rule",
            Self::Fact => "fact",
            Self::Anchor => "anchor",
            Self::Sla => "SLA",
            Self::LeakRule => "leak rule",
        }
    }
}

/// An id and where it was declared.
pub(super) type Places = Vec<(Thing, String, usize)>;

struct Loader {
    facts: Vec<FactDef>,
    anchors: Vec<AnchorDef>,
    places: RefCell<Places>,
    references: RefCell<Vec<(Thing, Text)>>,
}

impl Loader {
    /// Facts and anchors come first: conditions and deadlines are typed against them.
    fn new(root: &Table<'_>) -> Self {
        let mut loader =
            Self { facts: Vec::new(), anchors: Vec::new(), places: RefCell::default(), references: RefCell::default() };
        loader.facts = root.tables("fact").iter().map(|table| loader.fact(table)).collect();
        loader.anchors = root.tables("anchor").iter().map(|table| loader.anchor(table)).collect();
        loader
    }

    fn playbook(&self, root: &Table<'_>) -> Playbook {
        check_schema(root);
        let all = |key, read: &dyn Fn(&Table<'_>)| root.tables(key).iter().for_each(read);
        // Reserved for capabilities to come: accepted, so that a running case's copy stays readable.
        all("message", &|_| ());
        all("component", &|_| ());
        Playbook {
            id: root.required("id").value,
            name: root.required("name").value,
            summary: root.string("summary").unwrap_or_default(),
            source: root.string("source").unwrap_or_default(),
            facts: self.facts.clone(),
            anchors: self.anchors.clone(),
            roles: each(root, "role", |table| self.role(table)),
            channels: each(root, "channel", |table| self.channel(table)),
            cvss: root.table("cvss").map(|table| self.cvss(&table)),
            cve: root.table("cve").map(|table| cve(&table)),
            release_window: root.table("release_window").and_then(|table| release_window(&table)),
            rules: each(root, "rule", |table| self.rule(table)),
            slas: each(root, "sla", |table| self.sla(table)),
            leak_rules: each(root, "leak_rule", |table| self.leak_rule(table)),
            questions: each(root, "question", question),
            phases: each(root, "phase", |table| self.phase(table)),
            gates: each(root, "gate", |table| self.gate(table)),
        }
    }

    fn declare(&self, thing: Thing, table: &Table<'_>) -> String {
        let id = table.required("id");
        let taken = |known: &(Thing, String, usize)| known.0 == thing && known.1 == id.value;
        if !id.value.is_empty() && self.places.borrow().iter().any(taken) {
            table.fault(id.at, format!("the {} id {} is there twice", thing.word(), id.value), None);
        }
        self.places.borrow_mut().push((thing, id.value.clone(), id.at));
        id.value
    }

    fn refer(&self, thing: Thing, text: Text) -> String {
        let value = text.value.clone();
        self.references.borrow_mut().push((thing, text));
        value
    }

    fn refer_all(&self, thing: Thing, texts: Vec<Text>) -> Vec<String> {
        texts.into_iter().map(|text| self.refer(thing, text)).collect()
    }

    fn settle_references(&self, root: &Table<'_>) {
        let places = self.places.borrow();
        let known: HashSet<(Thing, &str)> = places.iter().map(|(thing, id, _)| (*thing, id.as_str())).collect();
        for (thing, text) in self.references.borrow().iter() {
            if !text.value.is_empty() && !known.contains(&(*thing, text.value.as_str())) && !root.is_full() {
                let ids = places.iter().filter(|(kind, ..)| kind == thing).map(|(_, id, _)| id.as_str());
                let hint = did_you_mean(&text.value, ids);
                root.fault(text.at, format!("no {} has the id {}", thing.word(), text.value), hint);
            }
        }
    }

    fn fact(&self, table: &Table<'_>) -> FactDef {
        let id = self.declare(Thing::Fact, table);
        let choices: Vec<(String, String)> =
            table.pairs("choices").into_iter().map(|(id, label)| (id.value, label.value)).collect();
        let words = [("choice", 0), ("yes-no", 1), ("number", 2), ("text", 3)];
        let kind = match table.one_of("type", &words) {
            Some(1) => FactKind::YesNo,
            Some(2) => FactKind::Number,
            Some(3) => FactKind::Text,
            _ => {
                if choices.len() < 2 {
                    table.fault(table.at(), format!("the fact {id} needs a type, or at least two choices"), None);
                }
                FactKind::Choice(choices)
            }
        };
        let default = table.text("default").and_then(|text| match parse_value(&kind, &text.value) {
            Ok(value) => Some(value),
            Err(message) => {
                table.fault(text.at, message, None);
                None
            }
        });
        let unknown_until = table.text("unknown_until").map(|text| self.refer(Thing::Step, text));
        let fact = FactDef { id, ask: table.required("ask").value, kind, default, unknown_until };
        table.finish();
        fact
    }

    fn anchor(&self, table: &Table<'_>) -> AnchorDef {
        let anchor = AnchorDef {
            id: self.declare(Thing::Anchor, table),
            title: table.required("title").value,
            marks: table.one_of("marks", &[("start", Marks::Start), ("embargo_end", Marks::EmbargoEnd)]),
            ask: table.flag("ask"),
        };
        table.finish();
        anchor
    }

    fn role(&self, table: &Table<'_>) -> Role {
        let id = self.declare(Thing::Role, table);
        let title = table.required("title").value;
        Role { id, title, duties: table.strings("duties"), rotation: table.string("rotation") }
    }

    fn channel(&self, table: &Table<'_>) -> Channel {
        let visible =
            [("public", Visibility::Public), ("private", Visibility::Private), ("embargoed", Visibility::Embargoed)];
        let media = ["email", "slack", "issue", "web", "repo", "social", "other"].map(|word| (word, word));
        Channel {
            id: self.declare(Thing::Channel, table),
            medium: table.one_of("medium", &media).unwrap_or("other").to_owned(),
            address: table.string("address"),
            visibility: table.one_of("visibility", &visible).unwrap_or(Visibility::Private),
            purpose: table.string("use").unwrap_or_default(),
        }
    }

    fn cvss(&self, table: &Table<'_>) -> CvssUse {
        let version = table.one_of("version", &["2.0", "3.0", "3.1", "4.0"].map(|word| (word, word)));
        let final_call = self.refer(Thing::Role, table.required("final_call"));
        table.finish();
        CvssUse { version: version.unwrap_or("3.1").to_owned(), final_call }
    }

    fn rule(&self, table: &Table<'_>) -> Rule {
        let effects = [
            ("asap", Effect::Asap),
            ("may_slow_down", Effect::MaySlowDown),
            ("follow_upstream", Effect::FollowUpstream),
            ("leave_process", Effect::LeaveProcess),
            ("note", Effect::Note),
        ];
        Rule {
            id: self.declare(Thing::Rule, table),
            when: self.condition(table, "when"),
            effect: table.one_of("effect", &effects).unwrap_or(Effect::Note),
            text: table.required("text").value,
            keeps: self.refer_all(Thing::Step, table.texts("keeps")),
            close_as: table.one_of("close_as", &CloseAs::ALL),
            source: table.string("source").unwrap_or_default(),
        }
    }

    fn sla(&self, table: &Table<'_>) -> Sla {
        let id = self.declare(Thing::Sla, table);
        let within = table.text("within").and_then(|text| {
            Span::parse(&text.value).map_err(|error| table.fault(text.at, error.to_string(), None)).ok()
        });
        if !table.flag("asap") && !table.has("within") {
            table.fault(table.at(), format!("the SLA {id} needs within = \"…\" or asap = true"), None);
        }
        Sla {
            id,
            when: self.condition(table, "when"),
            within,
            after: self.refer(Thing::Anchor, table.required("after")),
            text: table.required("text").value,
            example: table.flag("example"),
            earliest: table.flag("earliest"),
            source: table.string("source").unwrap_or_default(),
        }
    }

    fn leak_rule(&self, table: &Table<'_>) -> LeakRule {
        LeakRule {
            id: self.declare(Thing::LeakRule, table),
            text: table.required("text").value,
            forbids: table.string("forbids"),
            source: table.string("source").unwrap_or_default(),
        }
    }

    fn phase(&self, table: &Table<'_>) -> Phase {
        Phase {
            id: self.declare(Thing::Phase, table),
            title: table.required("title").value,
            due: self.due(table).unwrap_or_default(),
            not_before: self.not_before(table),
            expects: table.string("expects"),
            steps: each(table, "step", |step| self.step(step)),
        }
    }

    fn step(&self, table: &Table<'_>) -> Step {
        let id = self.declare(Thing::Step, table);
        let kind = table.one_of("each", &Each::ALL);
        let items = table.texts("items");
        self.check_items(table, &id, kind, &items);
        Step {
            title: table.required("title").value,
            detail: table.string("detail").unwrap_or_default().trim().to_owned(),
            role: self.refer(Thing::Role, table.required("role")),
            due: self.due(table),
            when: self.condition(table, "when"),
            after: self.refer_all(Thing::Step, table.texts("after")),
            optional: table.flag("optional"),
            sets: table.texts("sets").into_iter().map(|text| self.stamp(text)).collect(),
            asks: self.refer_all(Thing::Fact, table.texts("asks")),
            opens: table.string("opens"),
            command: table.string("command"),
            check: table.table("check").and_then(|row| check(&row)),
            source: table.string("source").unwrap_or_default(),
            exposes: table.strings("exposes"),
            not_before: self.not_before(table),
            each: kind,
            items: items.into_iter().map(|text| text.value).collect(),
            leak: table.flag("leak"),
            evidence: evidence(table, &id),
            standing: table.flag("standing"),
            once_per_project: table.one_of("settled", &[("project", true)]).unwrap_or(false),
            id,
        }
    }

    fn check_items(&self, table: &Table<'_>, id: &str, kind: Option<Each>, items: &[Text]) {
        let named = matches!(kind, Some(Each::Environments | Each::Channels | Each::Approvers));
        if named && items.is_empty() {
            table.fault(table.at(), format!("the step {id} needs items = [ … ] for its each"), None);
        }
        if !named && let Some(first) = items.first() {
            table.fault(first.at, "items go with each = environments, channels or approvers only", None);
        }
        if kind == Some(Each::Channels) {
            self.refer_all(Thing::Channel, items.to_vec());
        }
    }

    fn stamp(&self, text: Text) -> Stamp {
        let (anchor, announces) = match text.value.strip_suffix(".announced") {
            Some(anchor) => (anchor.to_owned(), true),
            None => (text.value, false),
        };
        let anchor = self.refer(Thing::Anchor, Text { value: anchor, at: text.at });
        Stamp { anchor, announces }
    }

    fn not_before(&self, table: &Table<'_>) -> Option<String> {
        table.text("not_before").map(|text| self.refer(Thing::Anchor, text))
    }

    fn condition(&self, table: &Table<'_>, key: &'static str) -> Option<Condition> {
        table.text(key).and_then(|text| self.condition_of(table, &text))
    }

    fn condition_of(&self, table: &Table<'_>, text: &Text) -> Option<Condition> {
        // The value starts after its quote; escapes in conditions are not needed, so the offset is exact.
        let report =
            |error: super::condition::ConditionError| table.fault(text.at + 1 + error.at, error.message, error.hint);
        Condition::parse(&text.value, &self.facts).map_err(report).ok()
    }

    /// A deadline: one text, or a list of `{ when, by }`. `"none"` says that there is none.
    fn due(&self, table: &Table<'_>) -> Option<Due> {
        if !table.is_list("due") {
            let text = table.text("due")?;
            if text.value == "none" {
                return Some(Due::default());
            }
            let cases = self.deadline(table, &text).map(|by| DueCase { when: None, by });
            return Some(Due { cases: cases.into_iter().collect() });
        }
        let case = |row: Table<'_>| {
            let when = self.condition(&row, "when");
            let by = self.deadline(&row, &row.required("by"));
            row.finish();
            by.map(|by| DueCase { when, by })
        };
        Some(Due { cases: table.tables("due").into_iter().filter_map(case).collect() })
    }

    fn deadline(&self, table: &Table<'_>, text: &Text) -> Option<Deadline> {
        match Deadline::parse(&text.value) {
            Ok(deadline) => {
                if let Some(anchor) = deadline.anchor() {
                    self.refer(Thing::Anchor, Text { value: anchor.to_owned(), at: text.at });
                }
                Some(deadline)
            }
            Err(error) => {
                table.fault(text.at, error.to_string(), None);
                None
            }
        }
    }

    fn gate(&self, table: &Table<'_>) -> Gate {
        Gate {
            id: self.declare(Thing::Gate, table),
            title: table.required("title").value,
            requires: table.tables("requires").iter().filter_map(|row| self.requirement(row)).collect(),
            blocks: table.tables("blocks").iter().filter_map(|row| self.block(row)).collect(),
            hard: table.boolean("hard").unwrap_or(true),
            reading: table.flag("reading"),
            source: table.string("source").unwrap_or_default(),
        }
    }

    fn requirement(&self, row: &Table<'_>) -> Option<Requirement> {
        let step = row.text("step").map(|text| Requirement::Step(self.refer(Thing::Step, text)));
        let check = row.table("check").and_then(|row| check(&row)).map(Requirement::Check);
        let when = self.condition(row, "when").map(Requirement::When);
        let attest = row.string("attest").map(Requirement::Attest);
        let any = row
            .has("any")
            .then(|| Requirement::Any(row.tables("any").iter().filter_map(|inner| self.requirement(inner)).collect()));
        if !["step", "check", "when", "attest", "any"].iter().any(|key| row.has(key)) {
            row.fault(row.at(), "a requirement needs step, check, when, attest or any", None);
        }
        row.finish();
        step.or(check).or(when).or(attest).or(any)
    }

    fn block(&self, row: &Table<'_>) -> Option<Block> {
        let step = row.text("step").map(|text| Block::Step(self.refer(Thing::Step, text)));
        let phase = row.text("phase").map(|text| Block::Phase(self.refer(Thing::Phase, text)));
        let action = row.one_of("action", &ACTIONS.map(|word| (word, word))).map(|word| Block::Action(word.to_owned()));
        let outside = row.string("outside").map(Block::Outside);
        row.finish();
        let found = step.or(phase).or(action).or(outside);
        if found.is_none() && !row.has("action") {
            row.fault(row.at(), "a block needs step, phase, action or outside", None);
        }
        found
    }
}

fn check_schema(root: &Table<'_>) {
    match root.integer("schema") {
        Some(SCHEMA) => {}
        Some(newer) => root.fault(0, format!("schema {newer} is not known: this program reads schema {SCHEMA}"), None),
        None => root.fault(0, "schema = 1 is missing", None),
    }
}

fn evidence(table: &Table<'_>, id: &str) -> bool {
    let evidence = table.flag("evidence");
    if evidence && !table.has("check") {
        table.fault(table.at(), format!("the step {id} is evidence, but has no check"), None);
    }
    evidence
}

fn check(table: &Table<'_>) -> Option<Check> {
    let kind = table.one_of("kind", &CheckKind::ALL);
    if !table.has("kind") {
        table.fault(table.at(), "kind is missing", None);
    }
    let check = Check {
        kind: kind.unwrap_or(CheckKind::NoLeak),
        by: table.one_of("by", &[("id", "id"), ("patch", "patch")]).map(str::to_owned),
        is_final: table.flag("final"),
        remote: table.string("remote"),
        path: table.string("path"),
        value: table.one_of("value", &[("old", "old"), ("new", "new")]).map(str::to_owned),
        message: table.string("message"),
        expects: table.string("expects"),
    };
    table.finish();
    kind.map(|_| check)
}

/// Reads every table of a list and names its unknown keys.
fn each<T>(table: &Table<'_>, key: &'static str, read: impl Fn(&Table<'_>) -> T) -> Vec<T> {
    let read_one = |row: &Table<'_>| {
        let value = read(row);
        row.finish();
        value
    };
    table.tables(key).iter().map(read_one).collect()
}

fn cve(table: &Table<'_>) -> CveAuthority {
    let cve = CveAuthority {
        authority: table.required("authority").value,
        address: table.string("address"),
        method: table.string("method"),
        fields: table.strings("fields"),
        stale: table.string("stale"),
    };
    table.finish();
    cve
}

fn question(table: &Table<'_>) -> OpenQuestion {
    OpenQuestion {
        ask: table.required("ask").value,
        leaning: table.string("leaning"),
        source: table.string("source").unwrap_or_default(),
    }
}

fn release_window(table: &Table<'_>) -> Option<ReleaseWindow> {
    use jiff::civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let days = [
        ("monday", Monday),
        ("tuesday", Tuesday),
        ("wednesday", Wednesday),
        ("thursday", Thursday),
        ("friday", Friday),
        ("saturday", Saturday),
        ("sunday", Sunday),
    ];
    let time = table.required("time");
    let parsed = time.value.parse::<jiff::civil::Time>().ok();
    if parsed.is_none() {
        table.fault(time.at, format!("«{}» is no hour: write it as 16:00", time.value), None);
    }
    let weekday = |text: Text| {
        let day = days.iter().find(|(word, _)| *word == text.value).map(|(_, day)| *day);
        if day.is_none() {
            let hint = did_you_mean(&text.value, days.iter().map(|(word, _)| *word));
            table.fault(text.at, format!("«{}» is no weekday", text.value), hint);
        }
        day
    };
    let weekdays = table.texts("weekdays").into_iter().filter_map(weekday).collect();
    let zone = table.required("zone").value;
    table.finish();
    parsed.map(|time| ReleaseWindow { time, zone, weekdays })
}

/// Reads an answer to a fact, as `--fact ID=VALUE` and the screen take it.
///
/// # Errors
/// What answers there are.
pub fn parse_value(kind: &FactKind, text: &str) -> Result<Value, String> {
    let text = text.trim();
    match kind {
        FactKind::YesNo => match text {
            "yes" | "y" | "true" => Ok(Value::Flag(true)),
            "no" | "n" | "false" => Ok(Value::Flag(false)),
            _ => Err(format!("«{text}» is no answer: say yes or no")),
        },
        FactKind::Number => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Number(number)),
            _ => Err(format!("«{text}» is no number")),
        },
        FactKind::Text => Ok(Value::Text(text.to_owned())),
        FactKind::Choice(choices) => {
            if choices.iter().any(|(id, _)| id == text) {
                return Ok(Value::Text(text.to_owned()));
            }
            let ids: Vec<&str> = choices.iter().map(|(id, _)| id.as_str()).collect();
            let hint = did_you_mean(text, ids.iter().copied()).map(|hint| format!(" ({hint})")).unwrap_or_default();
            Err(format!("«{text}» is none of {}{hint}", ids.join(", ")))
        }
    }
}
