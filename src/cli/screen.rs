//! The screen: which verbs open it, and what is told once it is closed.

use std::io::IsTerminal;

use super::Verb;
use super::cvss::Calculator;
use super::drill::{DrillArgs, rehearse};
use super::failure::{Failure, Kind};
use super::here::Here;
use super::output::tell_aside;
use crate::runtime::look::Look;
use crate::runtime::screen::{self, Begin};
use crate::runtime::world::World;

/// A screen that was asked for and can be shown.
#[derive(Debug)]
pub struct Screen {
    /// What it stands on.
    pub here: Here,
    /// What it begins with.
    pub wanted: Wanted,
    /// The theme, where one was named.
    pub theme: Option<String>,
}

/// What a screen begins with.
#[derive(Debug)]
pub enum Wanted {
    /// The list of cases.
    Home,
    /// A case, by its codename.
    Case(String),
    /// The fleet of a file; none is that of the configuration folder.
    Fleet(Option<String>),
    /// A drill in place of the real cases.
    Drill(DrillArgs),
    /// The calculator by itself.
    Calculator(Calculator),
}

/// What the screen is to show; none if the verb answers with text. What was misspelt is told here, where it was typed,
/// and not on a screen that opens and closes.
///
/// # Errors
/// If there is no such case or process, or what the calculator should begin with is no vector.
pub(super) fn wanted(here: &Here, verb: Option<&Verb>) -> Result<Option<Wanted>, Failure> {
    if let Some(Verb::Cvss(args)) = verb {
        return Ok(args.calculator()?.map(Wanted::Calculator));
    }
    let has_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !has_terminal || here.style.json {
        return Ok(None);
    }
    Ok(match verb {
        None => Some(Wanted::Home),
        Some(Verb::Open { id }) => {
            here.check_case(id)?;
            Some(Wanted::Case(id.clone()))
        }
        Some(Verb::Watch(args)) => Some(Wanted::Fleet(args.check(here)?)),
        Some(Verb::Drill(args)) => {
            args.check(&here.world)?;
            Some(Wanted::Drill(args.clone()))
        }
        Some(_) => None,
    })
}

impl Screen {
    /// Shows the screen until the person leaves, tells what could not be shown or saved, and then the exit code.
    #[must_use]
    pub fn show(self) -> u8 {
        let style = self.here.style;
        self.run().unwrap_or_else(|why| {
            tell_aside(&why, style);
            Kind::Failed.code()
        })
    }

    fn run(self) -> Result<u8, String> {
        let Here { mut world, style } = self.here;
        let look = Look::of(&mut world, self.theme.as_deref(), style.ascii);
        match self.wanted {
            Wanted::Home => cases(world, Begin::Home, look)?,
            Wanted::Case(id) => cases(world, Begin::Case(id), look)?,
            Wanted::Fleet(file) => cases(world, Begin::Fleet(file), look)?,
            Wanted::Drill(args) => rehearse(&world, &args.playbook, args.keep, look)?,
            Wanted::Calculator(calculator) => return calculator.show(world, look, style),
        }
        Ok(0)
    }
}

/// A drill that was asked for at home leads back there.
fn cases(mut world: World, mut begin: Begin, look: Look) -> Result<(), String> {
    while let Some(playbook) = screen::run(world.clone(), std::mem::take(&mut begin), look)?.drill {
        if let Err(why) = rehearse(&world, &playbook, false, look) {
            world.notices = vec![why];
        }
    }
    Ok(())
}
