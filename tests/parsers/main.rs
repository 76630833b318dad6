//! What holds for whatever is read: no bytes make a parser panic or run on, an error has a place inside of the text and
//! keeps the text of a case to itself, and what was written is read back as it was.

mod limits;
#[path = "../shared/mutated.rs"]
mod mutated;
mod settings;
mod words;
