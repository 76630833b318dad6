//! One case, for people and for programs.

use super::case_ways::{trouble_aside, trouble_json};
use super::failure::Failure;
use super::here::{Here, notices};
use super::output::Answer;
use super::{case_json, case_text};

/// Shows a case.
///
/// # Errors
/// If there is none of this id, or it can't be read.
pub fn run(here: &Here, id: &str) -> Result<Answer, Failure> {
    let loaded = here.load(id)?;
    let view = here.view(&loaded.case);
    let trouble = here.store()?.trouble(&loaded);
    let answer = if here.style.json {
        let mut value = case_json::case(&loaded.case, &view);
        value["trouble"] = trouble_json(trouble.as_ref(), id, here.now());
        Answer::json(value)
    } else {
        Answer::text(case_text::case(here, &loaded.case, &view))
    };
    Ok(answer.with_asides(notices(&loaded)).with_asides(trouble_aside(trouble.as_ref(), id)))
}
