//! Reads the text of a condition: words, then a recursive descent that types as it goes.

use super::condition::{ConditionError, Expr, MAX_BYTES, MAX_DEPTH, Name, Op, Value};
use super::model::{FactDef, FactKind};
use crate::source::did_you_mean;

const SEVERITIES: [&str; 5] = ["none", "low", "medium", "high", "critical"];
const LEAKS: [&str; 3] = ["none", "partial", "full"];
const STATES: [&str; 5] = ["embargo", "releasing", "public", "leaked", "closed"];

pub(super) fn parse(text: &str, facts: &[FactDef]) -> Result<Expr, ConditionError> {
    if text.len() > MAX_BYTES {
        return Err(error(0, "the condition is longer than 1,024 bytes"));
    }
    let words = split(text)?;
    let mut parser = Parser { words, next: 0, end: text.len(), facts };
    if parser.words.is_empty() {
        return Err(error(0, "the condition is empty"));
    }
    let expr = parser.any_of(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => Err(error(parser.here(), "expected the end, and, or")),
    }
}

fn error(at: usize, message: impl Into<String>) -> ConditionError {
    ConditionError { at, message: message.into(), hint: None }
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Name(String),
    Literal(Value),
    Op(Op),
    Open,
    Close,
    ListOpen,
    ListClose,
    Comma,
}

fn split(text: &str) -> Result<Vec<(usize, Word)>, ConditionError> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (word, length) = word_at(text, at, first)?;
        words.push((at, word));
        at += length;
    }
    Ok(words)
}

fn word_at(text: &str, at: usize, first: char) -> Result<(Word, usize), ConditionError> {
    let rest = &text[at..];
    let run = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
    Ok(match first {
        '(' => (Word::Open, 1),
        ')' => (Word::Close, 1),
        '[' => (Word::ListOpen, 1),
        ']' => (Word::ListClose, 1),
        ',' => (Word::Comma, 1),
        '\'' => {
            let length = rest[1..].find('\'').ok_or_else(|| error(at, "the quote is not closed"))?;
            (Word::Literal(Value::Text(rest[1..=length].to_owned())), length + 2)
        }
        '0'..='9' => {
            let length = run(|c| c.is_ascii_digit() || c == '.');
            let number = rest[..length].parse().map_err(|_| error(at, "this is no number"))?;
            (Word::Literal(Value::Number(number)), length)
        }
        'a'..='z' | 'A'..='Z' | '_' => {
            let length = run(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
            let word = match &rest[..length] {
                "true" => Word::Literal(Value::Flag(true)),
                "false" => Word::Literal(Value::Flag(false)),
                name => Word::Name(name.to_owned()),
            };
            (word, length)
        }
        _ => operator_at(rest).ok_or_else(|| error(at, format!("«{first}» has no meaning here")))?,
    })
}

fn operator_at(rest: &str) -> Option<(Word, usize)> {
    let operators = [("==", Op::Eq), ("!=", Op::Ne), ("<=", Op::Le), (">=", Op::Ge), ("<", Op::Lt), (">", Op::Gt)];
    let (sign, op) = operators.into_iter().find(|(sign, _)| rest.starts_with(sign))?;
    Some((Word::Op(op), sign.len()))
}

struct Parser<'f> {
    words: Vec<(usize, Word)>,
    next: usize,
    end: usize,
    facts: &'f [FactDef],
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Word> {
        self.words.get(self.next).map(|(_, word)| word)
    }

    fn here(&self) -> usize {
        self.words.get(self.next).map_or(self.end, |(at, _)| *at)
    }

    fn take(&mut self) -> Option<Word> {
        let word = self.peek().cloned();
        self.next += 1;
        word
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Some(Word::Name(name)) if name == keyword);
        self.next += usize::from(found);
        found
    }

    fn any_of(&mut self, depth: usize) -> Result<Expr, ConditionError> {
        let mut parts = vec![self.all_of(depth)?];
        while self.take_keyword("or") {
            parts.push(self.all_of(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::Or(parts) })
    }

    fn all_of(&mut self, depth: usize) -> Result<Expr, ConditionError> {
        let mut parts = vec![self.one(depth)?];
        while self.take_keyword("and") {
            parts.push(self.one(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) })
    }

    fn one(&mut self, depth: usize) -> Result<Expr, ConditionError> {
        if depth >= MAX_DEPTH {
            return Err(error(self.here(), "more than 32 levels deep"));
        }
        if self.take_keyword("not") {
            return Ok(Expr::Not(Box::new(self.one(depth + 1)?)));
        }
        let at = self.here();
        match self.take() {
            Some(Word::Open) => {
                let inner = self.any_of(depth + 1)?;
                let close = self.here();
                match self.take() {
                    Some(Word::Close) => Ok(inner),
                    _ => Err(error(close, "expected )")),
                }
            }
            Some(Word::Name(name)) => self.comparison(at, &name),
            Some(Word::Literal(Value::Flag(yes))) => Ok(Expr::Constant(yes)),
            Some(Word::Literal(literal)) => self.turned_comparison(at, &literal),
            _ => Err(error(at, "expected a fact, cvss.score, cvss.severity, leak, state, not or (")),
        }
    }

    /// `name op literal`, `name in [ … ]`, or a yes-no fact by itself.
    fn comparison(&mut self, at: usize, name: &str) -> Result<Expr, ConditionError> {
        let name = self.name(at, name)?;
        if self.take_keyword("in") {
            return self.list(&name).map(|values| Expr::In(name, values));
        }
        let Some(Word::Op(op)) = self.peek().cloned() else {
            return match self.kind(&name) {
                Kind::YesNo => Ok(Expr::Flag(name)),
                _ => Err(error(at, format!("compare {name} with a value: it is no yes or no"))),
            };
        };
        let op_at = self.here();
        self.next += 1;
        self.check_op(&name, op, op_at)?;
        let value = self.literal(&name)?;
        Ok(Expr::Compare(name, op, value))
    }

    /// `4.0 <= cvss.score`, turned round.
    fn turned_comparison(&mut self, at: usize, literal: &Value) -> Result<Expr, ConditionError> {
        let op_at = self.here();
        let Some(Word::Op(op)) = self.take() else {
            return Err(error(op_at, "expected a comparison after the value"));
        };
        let name_at = self.here();
        let Some(Word::Name(name)) = self.take() else {
            return Err(error(name_at, "expected a name after the comparison"));
        };
        let name = self.name(name_at, &name)?;
        let turned = match op {
            Op::Lt => Op::Gt,
            Op::Le => Op::Ge,
            Op::Gt => Op::Lt,
            Op::Ge => Op::Le,
            same => same,
        };
        self.check_op(&name, turned, op_at)?;
        self.check_value(&name, literal, at)?;
        Ok(Expr::Compare(name, turned, literal.clone()))
    }

    fn list(&mut self, name: &Name) -> Result<Vec<Value>, ConditionError> {
        let at = self.here();
        if self.take() != Some(Word::ListOpen) {
            return Err(error(at, "expected [ after in"));
        }
        let mut values = vec![self.literal(name)?];
        loop {
            let at = self.here();
            match self.take() {
                Some(Word::Comma) => values.push(self.literal(name)?),
                Some(Word::ListClose) => return Ok(values),
                _ => return Err(error(at, "expected , or ]")),
            }
        }
    }

    fn literal(&mut self, name: &Name) -> Result<Value, ConditionError> {
        let at = self.here();
        match self.take() {
            Some(Word::Literal(value)) => self.check_value(name, &value, at).map(|()| value),
            _ => Err(error(at, "expected a value: 'a text', a number, true or false")),
        }
    }

    fn name(&self, at: usize, text: &str) -> Result<Name, ConditionError> {
        match text {
            "cvss.score" => return Ok(Name::Score),
            "cvss.severity" => return Ok(Name::Severity),
            "leak" => return Ok(Name::Leak),
            "state" => return Ok(Name::State),
            _ => {}
        }
        if self.facts.iter().any(|fact| fact.id == text) {
            return Ok(Name::Fact(text.to_owned()));
        }
        let names = ["cvss.score", "cvss.severity", "leak", "state"];
        let known = self.facts.iter().map(|fact| fact.id.as_str()).chain(names);
        let hint = did_you_mean(text, known);
        Err(ConditionError { at, message: format!("no fact has the id {text}"), hint })
    }

    fn kind(&self, name: &Name) -> Kind<'_> {
        match name {
            Name::Score => Kind::Number,
            Name::Severity => Kind::Words(SEVERITIES.to_vec()),
            Name::Leak => Kind::Words(LEAKS.to_vec()),
            Name::State => Kind::Words(STATES.to_vec()),
            Name::Fact(id) => match self.facts.iter().find(|fact| fact.id == *id).map(|fact| &fact.kind) {
                Some(FactKind::YesNo) => Kind::YesNo,
                Some(FactKind::Number) => Kind::Number,
                Some(FactKind::Choice(choices)) => Kind::Words(choices.iter().map(|(id, _)| id.as_str()).collect()),
                Some(FactKind::Text) | None => Kind::FreeText,
            },
        }
    }

    fn check_op(&self, name: &Name, op: Op, at: usize) -> Result<(), ConditionError> {
        let ordered = matches!(self.kind(name), Kind::Number);
        if ordered || matches!(op, Op::Eq | Op::Ne) {
            return Ok(());
        }
        Err(error(at, format!("{name} has no order: use == or !=")))
    }

    fn check_value(&self, name: &Name, value: &Value, at: usize) -> Result<(), ConditionError> {
        match (self.kind(name), value) {
            (Kind::YesNo, Value::Flag(_)) | (Kind::Number, Value::Number(_)) | (Kind::FreeText, Value::Text(_)) => {
                Ok(())
            }
            (Kind::Words(words), Value::Text(text)) if words.contains(&text.as_str()) => Ok(()),
            (Kind::Words(words), Value::Text(text)) => Err(ConditionError {
                at,
                message: format!("{name} is never '{text}': it is one of {}", words.join(", ")),
                hint: did_you_mean(text, words),
            }),
            (Kind::YesNo, _) => Err(error(at, format!("{name} is a yes or no: compare it with true or false"))),
            (Kind::Number, _) => Err(error(at, format!("{name} is a number"))),
            (Kind::Words(_) | Kind::FreeText, _) => Err(error(at, format!("{name} is a text: put it in 'quotes'"))),
        }
    }
}

enum Kind<'f> {
    YesNo,
    Number,
    Words(Vec<&'f str>),
    FreeText,
}
