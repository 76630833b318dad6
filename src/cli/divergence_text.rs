//! What was found of components, for people: what needs them first, with its evidence and what to do next.

use super::divergence_sheet::Sheet;
use super::output::shown;
use super::words::columns;
use crate::divergence::{Component, FixRow, FixState, LookedAt, Offered, Report, Role};
use crate::findings::ways::of_fix;
use crate::findings::{Finding, Way, findings, fix_words, name, outcome_words, well};
use crate::text::wrap;

/// The least width that lines are made for.
const NARROWEST: usize = 80;

/// Where the words of a finding begin, and its commands.
const WORDS: usize = 17;
const COMMANDS: usize = 6;

/// Where the states of a fix begin.
const CELLS: usize = 13;

/// How many names of branches are told where nothing is wrong with them.
const FEW: usize = 6;

/// All components, the worst first; those with nothing to tell have a line each, at the end.
#[must_use]
pub fn lines(components: &[Component], reports: &[Report], sheet: Sheet<'_>) -> Vec<String> {
    let mut all: Vec<(&Component, &Report, Vec<Finding>)> = components
        .iter()
        .zip(reports)
        .map(|(component, report)| (component, report, findings(component, report, sheet.reader)))
        .collect();
    all.sort_by_key(|(_, report, _)| std::cmp::Reverse(report.outcome()));
    let is_quiet = |report: &Report, findings: &[Finding]| {
        reports.len() > 1 && findings.is_empty() && report.fixes.is_empty() && report.offered.is_empty()
    };
    let (quiet, loud): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, report, found)| is_quiet(report, found));
    let mut lines = Vec::new();
    for (component, report, findings) in loud {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(block(component, report, &findings, sheet));
    }
    if !lines.is_empty() && !quiet.is_empty() {
        lines.push(String::new());
    }
    let row = |(component, report, _): &(&Component, &Report, _)| {
        vec![format!("✓ {}", shown(&report.name)), well(component, report, sheet.reader).join("; ")]
    };
    lines.extend(columns(&quiet.iter().map(row).collect::<Vec<_>>()));
    lines
}

fn block(component: &Component, report: &Report, findings: &[Finding], sheet: Sheet<'_>) -> Vec<String> {
    let mut lines = vec![format!("{}   {}", shown(&report.name), outcome_words(report.outcome()))];
    lines.extend(findings.iter().flat_map(|finding| finding_lines(finding, sheet)));
    lines.extend(well(component, report, sheet.reader).iter().flat_map(|line| hanging("  ✓ ", line, 4, sheet)));
    lines.extend(fixes(component, report, sheet));
    lines.extend(offered(report, sheet));
    let looked =
        |looked: &LookedAt| format!("{} {} refs {}", name(looked.remote), looked.refs, sheet.reader.clock(looked.at));
    let looked: Vec<String> = report.looked_at.iter().map(looked).collect();
    if !looked.is_empty() {
        lines.extend(hanging("  ", &format!("looked at: {}", looked.join(", ")), 4, sheet));
    }
    lines
}

fn finding_lines(finding: &Finding, sheet: Sheet<'_>) -> Vec<String> {
    let head = format!("  {} {:<13}", finding.weight.mark(), finding.about);
    let blank = " ".repeat(WORDS);
    let mut lines = hanging(&head, &finding.words, WORDS, sheet);
    lines.extend(finding.details.iter().flat_map(|detail| hanging(&blank, detail, WORDS + 2, sheet)));
    lines.extend(finding.way.iter().flat_map(|way| way_lines(way, WORDS, sheet)));
    lines
}

/// Commands are never broken: they are there to be copied.
fn way_lines(way: &Way, indent: usize, sheet: Sheet<'_>) -> Vec<String> {
    let colon = if way.commands.is_empty() { "" } else { ":" };
    // A command that names no clone works only where the person stands in one.
    let place = if way.commands.iter().any(|one| one.starts_with("git fetch")) { ", in a clone of both" } else { "" };
    let mut lines = hanging(&" ".repeat(indent), &format!("next: {}{place}{colon}", way.words), indent + 2, sheet);
    if way.exposes && !way.commands.is_empty() {
        lines.push(format!("{}THIS MAKES IT PUBLIC:", " ".repeat(COMMANDS)));
    }
    lines.extend(way.commands.iter().map(|command| format!("{}{command}", " ".repeat(COMMANDS))));
    lines
}

/// A paragraph behind its head; what goes on below stands that far in.
fn hanging(head: &str, text: &str, indent: usize, sheet: Sheet<'_>) -> Vec<String> {
    let Some(width) = sheet.width.map(|width| width.max(NARROWEST)) else { return vec![format!("{head}{text}")] };
    let room = width - indent.max(head.chars().count());
    let wrapped = wrap(text, room);
    let below = " ".repeat(indent);
    let line = |(at, line): (usize, &String)| if at == 0 { format!("{head}{line}") } else { format!("{below}{line}") };
    wrapped.iter().enumerate().map(line).collect()
}

/// The fixes: for each the branches on which it stands alike.
fn fixes(component: &Component, report: &Report, sheet: Sheet<'_>) -> Vec<String> {
    if report.fixes.is_empty() {
        return Vec::new();
    }
    let has = |role: Role| report.fixes.iter().flat_map(|fix| fix.branches.values()).any(|row| row.contains_key(&role));
    let roles: Vec<Role> = Role::ALL.into_iter().map(|(_, role)| role).filter(|role| has(*role)).collect();
    let names: Vec<&str> = roles.iter().map(|role| name(*role)).collect();
    let mut lines = vec![String::new(), format!("  fixes      {}branches", cells(&names))];
    for fix in &report.fixes {
        lines.extend(fix_lines(component, fix, &roles, sheet));
    }
    lines
}

fn fix_lines(component: &Component, fix: &FixRow, roles: &[Role], sheet: Sheet<'_>) -> Vec<String> {
    let embargoed = if fix.embargoed { ", must not be public yet" } else { "" };
    let subject = fix.subject.as_deref().map(|subject| format!(" «{}»", shown(subject))).unwrap_or_default();
    let mut lines = hanging("  ", &format!("{}{subject}{embargoed}", fix.commit.short()), 4, sheet);
    let mut groups: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for (branch, row) in &fix.branches {
        let cells: Vec<&str> = roles.iter().map(|role| row.get(role).map_or("−", fix_words)).collect();
        match groups.iter_mut().find(|(known, _)| *known == cells) {
            Some((_, branches)) => branches.push(branch),
            None => groups.push((cells, vec![branch])),
        }
    }
    for (states, branches) in &groups {
        let is_well = states.iter().all(|state| matches!(*state, "there" | "adapted"));
        let head = format!("{}{}", " ".repeat(CELLS), cells(states));
        lines.extend(hanging(&head, &names(branches, is_well), head.chars().count(), sheet));
    }
    let lacks = fix.branches.iter().find(|(_, row)| row.get(&Role::Security) == Some(&FixState::Absent));
    // Where all branches are compared, a fix is not meant for each of them.
    if let Some((branch, _)) = lacks.filter(|_| !component.branches.is_empty()) {
        let mut way = of_fix(component, fix.commit, branch);
        way.words = format!("if it belongs there, {} {}", way.words, shown(branch));
        lines.extend(way_lines(&way, COMMANDS - 2, sheet));
    }
    lines
}

/// Cells beside each other, as wide as the longest of their words and a bit.
fn cells(words: &[&str]) -> String {
    words.iter().map(|word| format!("{word:<16}")).collect::<Vec<_>>().concat()
}

/// Names of branches; of those with which nothing is wrong the first few.
fn names(branches: &[&str], is_well: bool) -> String {
    let told = if is_well && branches.len() > FEW + 1 { FEW } else { branches.len() };
    let names: Vec<String> = branches[..told].iter().map(|branch| shown(branch)).collect();
    let more = branches.len() - told;
    if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
}

fn offered(report: &Report, sheet: Sheet<'_>) -> Vec<String> {
    if report.offered.is_empty() {
        return Vec::new();
    }
    let head = "these are on private main and not on public main; name those that are fixes with --embargoed, or --fix";
    let head = match sheet.reader.case {
        Some(id) => format!(
            "these are on private main and not on public main; «fixlead case fix {} COMMIT» tells which are fixes",
            shown(id)
        ),
        None => head.to_owned(),
    };
    let mut lines = vec![String::new()];
    lines.extend(hanging("  ", &head, 4, sheet));
    let row = |one: &Offered| format!("{}  {}", one.commit, shown(&one.subject));
    lines.extend(report.offered.iter().flat_map(|one| hanging("    ", &row(one), 6, sheet)));
    lines
}
