//! Completions and the manual page, out of the same definitions as the command line itself.

use clap::Command;
use clap_mangen::Man;

use super::failure::{Failure, Kind};
use super::output::Answer;

/// Completions for a shell.
#[must_use]
pub fn completions(shell: clap_complete::Shell, command: &mut Command) -> Answer {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, command, "fixlead", &mut bytes);
    Answer::raw(bytes)
}

/// One page with every verb.
///
/// # Errors
/// Only if memory can't be written.
pub fn man(command: &Command) -> Result<Answer, Failure> {
    let failed = |error: std::io::Error| Failure::new(Kind::Failed, error.to_string(), "");
    let mut command = command.clone();
    command.build();
    let mut page = Vec::new();
    head(&Man::new(command.clone()), &mut page).map_err(failed)?;
    for verb in verbs(&command, "fixlead") {
        let name = verb.get_display_name().unwrap_or_default().to_owned();
        page.extend(format!(".SH \"{}\"\n", name.to_uppercase().replace('-', "\\-")).bytes());
        page.extend(verb_section(&verb).map_err(failed)?);
    }
    Man::new(command).render_extra_section(&mut page).map_err(failed)?;
    Ok(Answer::raw(page))
}

/// All but the list of verbs, which would name pages that do not exist: each verb has its section below.
fn head(man: &Man, page: &mut Vec<u8>) -> std::io::Result<()> {
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)
}

/// Verbs that do something themselves, under their full names.
fn verbs(command: &Command, path: &str) -> Vec<Command> {
    let below = command.get_subcommands().filter(|verb| verb.get_name() != "help");
    below
        .flat_map(|verb| {
            let name = format!("{path} {}", verb.get_name());
            let below = verbs(verb, &name);
            let itself = (!verb.is_subcommand_required_set()).then(|| verb.clone().display_name(name));
            itself.into_iter().chain(below)
        })
        .collect()
}

/// What a verb is for, how it is written, and its own options: the global ones stand at the top of the page.
fn verb_section(verb: &Command) -> std::io::Result<Vec<u8>> {
    let general = |arg: &clap::Arg| arg.is_global_set() || arg.get_id() == "help";
    let own = verb.clone().mut_args(|arg| if general(&arg) { arg.hide(true) } else { arg });
    let man = Man::new(own);
    let mut section = Vec::new();
    man.render_description_section(&mut section)?;
    man.render_synopsis_section(&mut section)?;
    man.render_options_section(&mut section)?;
    let text = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
    // Each part brings the definition of the apostrophe again, which the head of the page has made.
    let lines = text.lines().filter(|line| !line.starts_with(".ie ") && !line.starts_with(".el "));
    Ok(lines.flat_map(|line| [line, "\n"]).collect::<String>().into_bytes())
}
