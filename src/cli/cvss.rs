//! Scores by themselves: no case is read or made.

use clap::{Args, Subcommand};

use super::failure::{Failure, Kind};
use super::free_text::expanded;
use super::here::Here;
use super::output::{Answer, Style, put_json, put_row, tell_aside};
use super::{cvss_batch, cvss_json, cvss_text};
use crate::cvss::{Draft, Mend, Mended, Vector, VectorError, compare, from_json, mend};
use crate::runtime::look::Look;
use crate::runtime::world::World;
use crate::runtime::{calculator, terminal};
use crate::text::cap;

/// `cvss`
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option by itself")]
pub struct CvssArgs {
    #[command(subcommand)]
    verb: Option<CvssVerb>,
    /// CVSS vectors of version 2.0, 3.0, 3.1 or 4.0, or FIRST's JSON form of one; also - or @FILE
    #[arg(value_name = "VECTOR")]
    vectors: Vec<String>,
    /// Open the calculator, with this vector if one is named, as no vector at all does. Enter prints what was chosen
    #[arg(short, long, conflicts_with_all = ["explain", "batch"])]
    interactive: bool,
    /// What each metric says, and why the score is what it is
    #[arg(long)]
    explain: bool,
    /// Take a vector out of a mail, in lower case, in brackets; tells what was mended
    #[arg(long)]
    lenient: bool,
    /// Read vectors from standard input, one a line; write lines of vector, version, base, temporal or threat,
    /// environmental, severity with tabs between them, or vector, error, reason
    #[arg(long, conflicts_with_all = ["vectors", "explain"])]
    batch: bool,
}

/// What can be done with two vectors.
#[derive(Debug, Subcommand)]
enum CvssVerb {
    /// Name the metrics in which two vectors differ, and what each is worth
    Compare(Compare),
}

/// `cvss compare`
#[derive(Args, Debug)]
struct Compare {
    /// A vector, or FIRST's JSON form of one; also - or @FILE
    #[arg(value_name = "A")]
    first: String,
    /// Another vector of the same version; also - or @FILE
    #[arg(value_name = "B")]
    second: String,
    /// Take a vector out of a mail, in lower case, in brackets; tells what was mended
    #[arg(long)]
    lenient: bool,
}

/// What the calculator begins with.
#[derive(Debug)]
pub struct Calculator {
    begin: Option<Draft>,
    /// What was mended in it.
    asides: Vec<String>,
}

impl CvssArgs {
    /// The calculator, if it was asked for: by its option, or by nothing to score.
    ///
    /// # Errors
    /// If what it should begin with is no vector, or there is no terminal to show it on.
    pub fn calculator(&self) -> Result<Option<Calculator>, Failure> {
        let is_bare = self.verb.is_none() && self.vectors.is_empty() && !self.batch && !self.explain;
        if !self.interactive && !is_bare {
            return Ok(None);
        }
        let calculator = match self.vectors.as_slice() {
            [] => Calculator { begin: None, asides: Vec::new() },
            [one] => Calculator::begin(one, self.lenient)?,
            _ => return Err(refused("the calculator takes one vector".to_owned())),
        };
        if terminal::is_there() {
            return Ok(Some(calculator));
        }
        Err(match calculator.begin {
            None => no_vector("name one, give --batch to read them from standard input, or run it on a terminal"),
            Some(_) => refused("the calculator needs a terminal".to_owned()),
        })
    }
}

impl Calculator {
    /// Begins with a vector, or with one in which nothing is wrong but that metrics are still open.
    fn begin(given: &str, lenient: bool) -> Result<Self, Failure> {
        let text = expanded(given)?;
        if let Some(draft) = Draft::read(&text).filter(|draft| !text.is_empty() && draft.to_string() == text) {
            return Ok(Self { begin: Some(draft), asides: Vec::new() });
        }
        let read = vector_of(&text, lenient)?;
        Ok(Self { begin: Some(*read.vector.draft()), asides: mends_of(&[read]) })
    }

    /// Shows it until the person leaves, prints the vector that they took, and tells the exit code.
    ///
    /// # Errors
    /// If the terminal does not answer, or the vector can't be printed; in words for the person.
    pub fn show(self, world: World, look: Look, style: Style) -> Result<u8, String> {
        for aside in world.notices.iter().cloned().chain(self.asides) {
            tell_aside(&aside, style);
        }
        let Some(vector) = calculator::run(world, self.begin, look)? else { return Ok(Kind::Failed.code()) };
        let text = vector.to_string();
        let printed = if style.json {
            put_json(&cvss_json::scored(&Mended { vector, mends: Vec::new() }, false))
        } else {
            put_row(std::slice::from_ref(&text))
        };
        // Whoever chose a dozen values does not want to lose them.
        printed.map(|()| 0).map_err(|error| format!("the vector can't be printed ({error}): {text}"))
    }
}

/// Answers one verb.
///
/// # Errors
/// If a text is no vector; then nothing is printed.
pub fn run(here: &Here, args: &CvssArgs) -> Result<Answer, Failure> {
    if let Some(CvssVerb::Compare(args)) = &args.verb {
        return compared(here, args);
    }
    if args.batch {
        return cvss_batch::run(here.style, args.lenient);
    }
    if args.vectors.is_empty() {
        return Err(no_vector("name one, or give --batch to read them from standard input"));
    }
    let read: Vec<Mended> = args.vectors.iter().map(|given| taken(given, args.lenient)).collect::<Result<_, _>>()?;
    if here.style.json {
        return Ok(Answer::json_lines(read.iter().map(|read| cvss_json::scored(read, args.explain)).collect()));
    }
    let vectors: Vec<Vector> = read.iter().map(|read| read.vector).collect();
    let lines = if args.explain { cvss_text::explained(&vectors) } else { cvss_text::scored(&vectors) };
    Ok(Answer::text(lines).with_asides(mends_of(&read)))
}

fn compared(here: &Here, args: &Compare) -> Result<Answer, Failure> {
    let (first, second) = (taken(&args.first, args.lenient)?, taken(&args.second, args.lenient)?);
    let differences = compare(&first.vector, &second.vector).map_err(|error| refused(error.to_string()))?;
    if here.style.json {
        return Ok(Answer::json(cvss_json::compared(&first, &second, &differences)));
    }
    let lines = cvss_text::compared(&first.vector, &second.vector, &differences);
    Ok(Answer::text(lines).with_asides(mends_of(&[first, second])))
}

/// The vector that was named.
fn taken(given: &str, lenient: bool) -> Result<Mended, Failure> {
    vector_of(&expanded(given)?, lenient)
}

fn vector_of(text: &str, lenient: bool) -> Result<Mended, Failure> {
    /// How many characters of a text that is no vector are told.
    const SHOWN: usize = 200;
    if let Some(form) = json_form(text) {
        let vector = from_json(&form).map_err(|error| refused(format!("this JSON holds no vector: {error}")))?;
        return Ok(Mended { vector, mends: Vec::new() });
    }
    read(text, lenient).map_err(|error| refused(format!("«{}» is no vector: {error}", cap(text, SHOWN))))
}

/// FIRST's JSON form, if the text is a JSON object with a vector of its own.
fn json_form(text: &str) -> Option<serde_json::Value> {
    let form: serde_json::Value = serde_json::from_str(text).ok().filter(|_| text.trim_start().starts_with('{'))?;
    form.get("vectorString").is_some().then_some(form)
}

/// Reads a vector strictly, or as a person pasted it.
pub fn read(text: &str, lenient: bool) -> Result<Mended, VectorError> {
    if lenient { mend(text) } else { Vector::parse(text).map(|vector| Mended { vector, mends: Vec::new() }) }
}

fn no_vector(then: &str) -> Failure {
    Failure { kept: "", ..Failure::usage("a vector is missing", then) }
}

fn refused(what: String) -> Failure {
    Failure { kept: "", ..Failure::usage(what, "") }
}

/// What was mended, for standard error.
fn mends_of(read: &[Mended]) -> Vec<String> {
    let words = |read: &Mended| read.mends.iter().map(Mend::to_string).collect::<Vec<_>>().join(", ");
    read.iter().filter(|read| !read.mends.is_empty()).map(|read| format!("{}: {}", read.vector, words(read))).collect()
}
