//! Conditions: a closed grammar over facts, score, leak and state, with three truth values.
//!
//! A condition is typed against the playbook's facts when it is read, so that a misspelt choice is an error with its
//! place and never a silent «false». What is not known yet makes a condition [`Truth::Undecided`].

use std::fmt;

use super::condition_parser;
use super::model::FactDef;

/// The longest condition, in bytes.
pub const MAX_BYTES: usize = 1024;
/// The deepest nesting of parentheses and `not`.
pub const MAX_DEPTH: usize = 32;

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// It depends on something that is not known yet.
    Undecided,
}

impl Truth {
    /// From a plain yes or no.
    #[must_use]
    pub fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Undecided => Self::Undecided,
        }
    }

    /// Kleene's «and»: one No decides, whatever else is unknown.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Undecided,
        }
    }

    /// Kleene's «or»: one Yes decides, whatever else is unknown.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.negated().and(other.negated()).negated()
    }
}

/// What a condition may speak of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Name {
    /// A fact of the playbook, by id.
    Fact(String),
    /// `cvss.score`: the base score of the highest vulnerability.
    Score,
    /// `cvss.severity`: none, low, medium, high or critical.
    Severity,
    /// `leak`: none, partial or full.
    Leak,
    /// `state` of the case: embargo, releasing, public, leaked or closed.
    State,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fact(id) => id,
            Self::Score => "cvss.score",
            Self::Severity => "cvss.severity",
            Self::Leak => "leak",
            Self::State => "state",
        })
    }
}

/// A value of a fact, or a literal in a condition.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text, or the id of a choice.
    Text(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(if *flag { "yes" } else { "no" }),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// What is known when a condition is asked.
pub trait Known {
    /// The value behind a name, if it is known.
    fn value(&self, name: &Name) -> Option<Value>;

    /// Does a score that is not known count as standing exactly at the bound it is compared with?
    ///
    /// True for a public report only: nobody may gain time by leaving it unscored.
    fn unscored_is_at_bound(&self) -> bool {
        false
    }
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Op {
    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Constant(bool),
    Flag(Name),
    Compare(Name, Op, Value),
    In(Name, Vec<Value>),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
}

/// A condition that was read and typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    text: String,
    expr: Expr,
}

/// What is wrong in a condition, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConditionError {
    /// Byte offset in the condition.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub hint: Option<String>,
}

impl Condition {
    /// Reads a condition and types it against the facts that are declared.
    ///
    /// # Errors
    /// The first thing that is wrong: syntax, an unknown name, a choice that does not exist, a comparison that has no
    /// meaning for the type, more than 1 KiB or 32 levels.
    pub fn parse(text: &str, facts: &[FactDef]) -> Result<Self, ConditionError> {
        let expr = condition_parser::parse(text, facts)?;
        Ok(Self { text: text.to_owned(), expr })
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Does it hold?
    #[must_use]
    pub fn truth(&self, known: &dyn Known) -> Truth {
        truth(&self.expr, known)
    }

    /// The names it speaks of whose value is not known yet, each once, in the order of the text.
    #[must_use]
    pub fn unknown(&self, known: &dyn Known) -> Vec<Name> {
        let mut names = Vec::new();
        collect_names(&self.expr, &mut names);
        names.retain(|name| known.value(name).is_none());
        names
    }

    /// Does any one comparison in it come out otherwise for these two, whatever the rest of the condition says?
    #[must_use]
    pub fn tells_apart(&self, one: &dyn Known, other: &dyn Known) -> bool {
        tells_apart(&self.expr, one, other)
    }

    /// All names it speaks of, each once.
    #[must_use]
    pub fn names(&self) -> Vec<Name> {
        let mut names = Vec::new();
        collect_names(&self.expr, &mut names);
        names
    }
}

fn truth(expr: &Expr, known: &dyn Known) -> Truth {
    match expr {
        Expr::Constant(yes) => Truth::of(*yes),
        Expr::Flag(name) => match known.value(name) {
            Some(Value::Flag(yes)) => Truth::of(yes),
            _ => Truth::Undecided,
        },
        Expr::Compare(name, op, literal) => compare(name, *op, literal, known),
        Expr::In(name, literals) => match known.value(name) {
            Some(value) => Truth::of(literals.contains(&value)),
            None => Truth::Undecided,
        },
        Expr::Not(inner) => truth(inner, known).negated(),
        Expr::And(parts) => parts.iter().fold(Truth::Yes, |so_far, part| so_far.and(truth(part, known))),
        Expr::Or(parts) => parts.iter().fold(Truth::No, |so_far, part| so_far.or(truth(part, known))),
    }
}

fn tells_apart(expr: &Expr, one: &dyn Known, other: &dyn Known) -> bool {
    match expr {
        Expr::Not(inner) => tells_apart(inner, one, other),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(|part| tells_apart(part, one, other)),
        single => truth(single, one) != truth(single, other),
    }
}

fn compare(name: &Name, op: Op, literal: &Value, known: &dyn Known) -> Truth {
    let Some(value) = known.value(name) else {
        let at_bound = *name == Name::Score && known.unscored_is_at_bound();
        return if at_bound { Truth::of(op.holds(std::cmp::Ordering::Equal)) } else { Truth::Undecided };
    };
    let order = match (&value, literal) {
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Flag(left), Value::Flag(right)) => Some(left.cmp(right)),
        _ => None,
    };
    order.map_or(Truth::Undecided, |order| Truth::of(op.holds(order)))
}

fn collect_names(expr: &Expr, names: &mut Vec<Name>) {
    match expr {
        Expr::Constant(_) => {}
        Expr::Flag(name) | Expr::Compare(name, ..) | Expr::In(name, _) => {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        Expr::Not(inner) => collect_names(inner, names),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| collect_names(part, names)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::model::FactKind;
    use std::collections::BTreeMap;

    struct Table(BTreeMap<&'static str, Value>, bool);

    impl Known for Table {
        fn value(&self, name: &Name) -> Option<Value> {
            self.0.get(name.to_string().as_str()).cloned()
        }
        fn unscored_is_at_bound(&self) -> bool {
            self.1
        }
    }

    fn facts() -> Vec<FactDef> {
        let fact =
            |id: &str, kind| FactDef { id: id.into(), ask: "?".into(), kind, default: None, unknown_until: None };
        let choices =
            |ids: &[&str]| FactKind::Choice(ids.iter().map(|id| ((*id).to_owned(), (*id).to_owned())).collect());
        vec![
            fact("disclosure", choices(&["private", "public"])),
            fact("severity", choices(&["S1", "S2", "S3"])),
            fact("mitigation", FactKind::YesNo),
            fact("customers", FactKind::Number),
        ]
    }

    fn ask(text: &str, known: &[(&'static str, Value)]) -> Truth {
        let condition = Condition::parse(text, &facts()).unwrap_or_else(|error| panic!("{text}: {error}"));
        condition.truth(&Table(known.iter().cloned().collect(), false))
    }

    fn word(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn what_is_known_decides() {
        let known =
            [("disclosure", word("public")), ("cvss.score", Value::Number(4.0)), ("mitigation", Value::Flag(true))];
        assert_eq!(ask("disclosure == 'public' and cvss.score >= 4.0", &known), Truth::Yes);
        assert_eq!(ask("cvss.score < 4.0", &known), Truth::No);
        assert_eq!(ask("4.0 <= cvss.score", &known), Truth::Yes);
        assert_eq!(ask("not mitigation", &known), Truth::No);
        assert_eq!(ask("disclosure in ['private', 'public']", &known), Truth::Yes);
        assert_eq!(ask("mitigation == false or (disclosure != 'private')", &known), Truth::Yes);
    }

    #[test]
    fn what_is_unknown_stays_undecided_unless_the_rest_decides() {
        assert_eq!(ask("mitigation", &[]), Truth::Undecided);
        assert_eq!(ask("not mitigation", &[]), Truth::Undecided);
        assert_eq!(ask("mitigation and disclosure == 'public'", &[("disclosure", word("private"))]), Truth::No);
        assert_eq!(ask("mitigation or disclosure == 'private'", &[("disclosure", word("private"))]), Truth::Yes);
        assert_eq!(ask("severity in ['S1']", &[]), Truth::Undecided);
    }

    #[test]
    fn a_public_report_without_a_score_stands_at_the_bound() {
        let condition = Condition::parse("disclosure == 'public' and cvss.score >= 4.0", &facts()).unwrap();
        let public = Table([("disclosure", word("public"))].into_iter().collect(), true);
        assert_eq!(condition.truth(&public), Truth::Yes);
        let slow = Condition::parse("cvss.score < 4.0", &facts()).unwrap();
        assert_eq!(slow.truth(&public), Truth::No);
    }

    #[test]
    fn a_mistake_is_an_error_with_its_place_and_a_suggestion() {
        let error = |text: &str| Condition::parse(text, &facts()).unwrap_err();
        let unknown = error("mitigation and disclosur == 'public'");
        assert_eq!((unknown.at, unknown.hint.as_deref()), (15, Some("did you mean disclosure?")));
        let choice = error("disclosure == 'pubic'");
        assert_eq!((choice.at, choice.hint.as_deref()), (14, Some("did you mean public?")));
        assert!(error("disclosure >= 'public'").message.contains("=="));
        assert!(error("cvss.score == 'high'").message.contains("number"));
        assert!(error("disclosure").message.contains("compare"));
        assert!(error("mitigation mitigation").message.contains("end"));
        assert!(error("(mitigation").message.contains(')'));
        assert!(error("").message.contains("empty"));
        assert!(error("cvss.score >= 'x").message.contains("quote"));
        assert!(error(&format!("{}mitigation", "not ".repeat(40))).message.contains("deep"));
        assert!(error(&"mitigation and ".repeat(90)).message.contains("1,024"));
    }

    #[test]
    fn names_that_are_missing_are_told() {
        let condition = Condition::parse("mitigation and disclosure == 'public' or mitigation", &facts()).unwrap();
        let none = Table(BTreeMap::new(), false);
        let names: Vec<String> = condition.unknown(&none).iter().map(ToString::to_string).collect();
        assert_eq!(names, ["mitigation", "disclosure"]);
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "[a-z .()'<>=!0-9]{0,80}|\\PC{0,40}") {
            let _ = Condition::parse(&text, &facts());
        }
    }
}
