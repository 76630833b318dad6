//! Each process from its first step to its last, once by verbs and once by keys in a pseudo-terminal; both end in the
//! same case, but for ids and instants.

use serde_json::Value;

use crate::house::{House, RELEASE, REPORTED};
use crate::terminal::Terminal;

/// How a process is answered so that all of its usual course is walked.
struct Course {
    playbook: &'static str,
    facts: &'static [(&'static str, &'static str)],
    scored: bool,
}

const COURSES: [Course; 6] = [
    Course {
        playbook: "emissary",
        facts: &[
            ("disclosure", "private"),
            ("reporter", "agrees"),
            ("affects", "supported"),
            ("class", "availability"),
            ("upstream_timeline", "no"),
            ("mitigation", "yes"),
        ],
        scored: true,
    },
    Course {
        playbook: "gardener",
        facts: &[
            ("disclosure", "private"),
            ("reporter", "agrees"),
            ("upstream_timeline", "yes"),
            ("mitigation", "yes"),
        ],
        scored: true,
    },
    Course {
        playbook: "gitlab-critical",
        facts: &[("severity", "S1"), ("priority", "P1"), ("release_in_progress", "no")],
        scored: false,
    },
    Course { playbook: "gitlab-non-critical", facts: &[("severity", "S2"), ("priority", "P3")], scored: false },
    Course {
        playbook: "gitlab-aigw",
        facts: &[
            ("issue_visibility", "confidential"),
            ("exploitable", "yes"),
            ("change", "fix"),
            ("conflict", "yes"),
            ("psirt_public", "no"),
            ("very_low_severity", "no"),
        ],
        scored: false,
    },
    Course { playbook: "duo-workflow-executor", facts: &[("patch_release_open", "yes")], scored: false },
];

const VECTOR: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";

/// What the lead enters beside the steps: anchor that ends the embargo, other anchors, fields.
fn end_anchor(playbook: &str) -> &'static str {
    if playbook == "duo-workflow-executor" { "published" } else { "release" }
}

/// The next thing to do, as both ways see it: kind, and id.
fn next(show: &Value) -> (String, String) {
    let first = &show["next"][0];
    let text = |key: &str| first[key].as_str().unwrap_or_default().to_owned();
    match text("kind") {
        kind if kind == "close" || kind.is_empty() => {
            blocked_step(show).map_or((kind, String::new()), |id| ("step".into(), id))
        }
        // What is held up yields to an override only.
        kind if kind == "stuck" => ("step".into(), text("id")),
        kind => (kind, text("id")),
    }
}

/// The first step that is still open although nothing is next: it yields to an override only.
fn blocked_step(show: &Value) -> Option<String> {
    let phases = show["phases"].as_array()?;
    let mut steps = phases.iter().flat_map(|phase| phase["steps"].as_array().into_iter().flatten());
    let open = steps.find(|step| step["state"] == "blocked");
    open.and_then(|step| step["id"].as_str()).map(str::to_owned)
}

fn answer<'c>(course: &'c Course, fact: &str) -> &'c str {
    let known = course.facts.iter().find(|(id, _)| *id == fact);
    known.map_or_else(|| panic!("{}: the walk has no answer to {fact}", course.playbook), |(_, value)| *value)
}

fn by_verbs(course: &Course) -> (House, String) {
    let house = House::new();
    let start = house.json(&["playbook", "show", course.playbook])["anchors"].clone();
    let start = start.as_array().and_then(|anchors| anchors.iter().find(|anchor| anchor["marks"] == "start"));
    let start = format!("{}={REPORTED}", start.and_then(|anchor| anchor["id"].as_str()).expect("a start"));
    let id = house.done(&["case", "new", "--playbook", course.playbook, "--title", "Walked", "--at", &start]);
    house.done(&["case", "at", &id, &format!("{}={RELEASE}", end_anchor(course.playbook))]);
    house.done(&["case", "set", &id, "vulnerability.V1.mitigation=Set a limit"]);
    house.done(&["case", "set", &id, "component.api.branches=main, stable/1"]);
    if course.scored {
        house.done(&["case", "score", &id, VECTOR, "--final"]);
    }
    for _ in 0..120 {
        let (kind, target) = next(&house.show(&id));
        match kind.as_str() {
            "fact" => drop(house.done(&["case", "fact", &id, &format!("{target}={}", answer(course, &target))])),
            "anchor" => drop(house.done(&["case", "at", &id, &format!("{target}={RELEASE}")])),
            "step" => do_step(&house, &id, &target),
            "publish" => drop(house.done(&["case", "publish", &id])),
            "close" => {
                house.done(&["case", "close", &id]);
                return (house, id);
            }
            other => panic!("{}: {other} {target} is next", course.playbook),
        }
    }
    panic!("{}: the walk does not end", course.playbook);
}

/// Plainly, else attested, else past what is missing, with a reason.
fn do_step(house: &House, id: &str, step: &str) {
    if house.code(&["case", "do", id, step]) == 0 {
        return;
    }
    if house.code(&["case", "do", id, step, "--attest", "seen by hand"]) == 0 {
        return;
    }
    house.done(&["case", "do", id, step, "--override", "walked on purpose"]);
}

fn by_keys(course: &Course) -> (House, String) {
    let house = House::new();
    let mut screen = Terminal::start(&house, 60, 200);
    screen.wait_for("No case yet");
    let place = fixlead::playbook::BUILTIN.iter().position(|(id, _)| *id == course.playbook).expect("built in");
    screen.type_text("nWalked\r");
    screen.wait_for("Process");
    screen.type_text(&"j".repeat(place));
    screen.type_text("\r");
    screen.wait_for("When did the report come in?");
    screen.type_text(&format!("\u{15}{REPORTED}\r"));
    screen.wait_for("Next for you");
    let id = house.only_case();
    prepare_by_keys(&house, &mut screen, course, &id);
    for _ in 0..120 {
        let (kind, target) = next(&house.show(&id));
        match kind.as_str() {
            "fact" => answer_by_keys(&house, &mut screen, course, &id, &target),
            "anchor" => {
                let before = events(&house, &id);
                screen.go_to_top();
                screen.type_text("\r");
                screen.wait_for("Why (where it moves)");
                screen.type_text(&format!("{RELEASE}\r\r"));
                screen.wait_until(&target, || events(&house, &id) > before);
            }
            "step" => step_by_keys(&house, &mut screen, &id, &target),
            "publish" => {
                screen.go_to_top();
                screen.type_text("\r");
                screen.wait_for("Codename of the case");
                screen.type_text(&format!("{id}\r"));
                screen.wait_until("public", || house.show(&id)["state"] == "public");
            }
            "close" => {
                screen.go_to_top();
                screen.type_text("\r");
                screen.wait_for("Close the case");
                screen.type_text("\r\r");
                screen.wait_until("closed", || house.show(&id)["state"] == "closed");
                screen.leave();
                return (house, id);
            }
            other => panic!("{}: {other} {target} is next", course.playbook),
        }
    }
    panic!("{}: the walk does not end", course.playbook);
}

fn prepare_by_keys(house: &House, screen: &mut Terminal, course: &Course, id: &str) {
    let playbook = house.json(&["playbook", "show", course.playbook]);
    let facts = playbook["facts"].as_array().expect("facts").len();
    let anchors = playbook["anchors"].as_array().expect("anchors");
    let end = anchors.iter().position(|anchor| anchor["marks"] == "embargo_end").expect("an end");
    let before = events(house, id);
    screen.type_text("7g");
    screen.type_text(&"j".repeat(facts + end));
    screen.wait_for(&format!("{} of", facts + end + 1));
    screen.type_text("\r");
    screen.wait_for("Which");
    screen.type_text(&format!("{RELEASE}\r\r\r"));
    screen.wait_until("the release date", || events(house, id) > before);
    screen.type_text("1");
    fill(house, screen, id, "set a field", "vulnerability.V1.mitigation\rSet a limit\r");
    fill(house, screen, id, "set a field", "component.api.branches\rmain, stable/1\r");
    if course.scored {
        score_by_keys(house, screen, id);
    }
}

/// Pastes the vector into the calculator and says that it is the last word.
fn score_by_keys(house: &House, screen: &mut Terminal, id: &str) {
    let before = events(house, id);
    screen.type_text("3");
    screen.wait_for("3 Score");
    screen.type_text(&format!("\u{1b}[200~{VECTOR}\u{1b}[201~"));
    screen.wait_for(VECTOR);
    screen.type_text("\r");
    screen.wait_for("Record the score");
    screen.type_text("j\r\r");
    screen.wait_until("the score", || events(house, id) > before);
    screen.type_text("1");
}

/// Opens a form through the palette and fills it in.
fn fill(house: &House, screen: &mut Terminal, id: &str, command: &str, typed: &str) {
    let before = events(house, id);
    screen.type_text(&format!(":{command}"));
    screen.wait_for(&format!(": {command}"));
    screen.type_text("\r");
    screen.wait_for("[ Do it ]");
    screen.type_text(typed);
    screen.wait_until(command, || events(house, id) > before);
}

fn events(house: &House, id: &str) -> usize {
    house.case_file(id).matches("[[event]]").count()
}

fn answer_by_keys(house: &House, screen: &mut Terminal, course: &Course, id: &str, fact: &str) {
    let playbook = house.json(&["playbook", "show", course.playbook]);
    let definition = playbook["facts"].as_array().and_then(|facts| facts.iter().find(|known| known["id"] == *fact));
    let definition = definition.expect("the fact").clone();
    let options: Vec<String> = match &definition["choices"] {
        Value::Array(choices) if !choices.is_empty() => {
            choices.iter().map(|choice| choice["id"].as_str().expect("an id").to_owned()).collect()
        }
        Value::Object(choices) if !choices.is_empty() => choices.keys().cloned().collect(),
        _ => vec!["yes".into(), "no".into()],
    };
    let place = |id: &str| options.iter().position(|option| option == id);
    // Without an answer to offer, the choice stands on «not known yet», the last one; below it the list begins anew.
    let from = definition["default"].as_str().and_then(place);
    let to = place(answer(course, fact)).expect("a choice");
    let before = events(house, id);
    screen.go_to_top();
    screen.type_text("\r");
    screen.wait_for("Answer");
    let moves = match from {
        Some(from) if to < from => "\u{1b}[A".repeat(from - to),
        Some(from) => "\u{1b}[B".repeat(to - from),
        None => "\u{1b}[B".repeat(to + 1),
    };
    screen.type_text(&moves);
    screen.type_text("\r");
    screen.wait_until(fact, || events(house, id) > before);
}

/// Space on the step, and then what the program asks: how one knows, the reason, the codename.
fn step_by_keys(house: &House, screen: &mut Terminal, id: &str, step: &str) {
    let before = events(house, id);
    let done = || events(house, id) > before;
    screen.go_to_step(step);
    screen.type_text(" ");
    let questions = ["How do you know", "goes to the first thing that is missing", "Codename of the case"];
    let codename = format!("{id}\r");
    loop {
        match screen.wait_for_any(&questions, &done) {
            None => return,
            Some(0) => screen.type_text("seen by hand\r\r"),
            Some(1) => {
                screen.type_text("O");
                screen.wait_for("Reason");
                screen.type_text("walked on purpose\r");
            }
            _ => screen.type_text(&codename),
        }
        screen.wait_for_none_of(&questions, &done);
    }
}

/// What two walks must have in common: everything but ids and instants.
fn comparable(house: &House, id: &str) -> Value {
    let mut show = house.show(id);
    strip(&mut show, id);
    show
}

fn strip(value: &mut Value, codename: &str) {
    match value {
        Value::Object(table) => {
            for key in
                ["id", "at", "due", "since", "done_at", "anchors", "after", "before", "planned", "not_before", "ended"]
            {
                if key != "id" || table.get("kind").is_some() {
                    table.remove(key);
                }
            }
            table.values_mut().for_each(|inner| strip(inner, codename));
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| strip(inner, codename)),
        Value::String(text) if text.contains(codename) => *text = text.replace(codename, "CODENAME"),
        _ => {}
    }
}

fn walk_both_ways(course: &Course) {
    let (verbs, by_verb) = by_verbs(course);
    let shown = verbs.show(&by_verb);
    assert_eq!(shown["state"], "closed");
    for step in
        shown["phases"].as_array().expect("phases").iter().flat_map(|phase| phase["steps"].as_array().expect("steps"))
    {
        let state = step["state"].as_str().expect("a state");
        // A standing watch holds for as long as its phase lasts, and is never ticked.
        let settled = matches!(state, "done" | "hidden") || step["standing"] == true;
        assert!(settled, "{}: {} is {state}", course.playbook, step["id"]);
    }
    let (keys, by_key) = by_keys(course);
    let (left, right) = (comparable(&verbs, &by_verb), comparable(&keys, &by_key));
    for key in ["state", "facts", "phases", "gates", "rules", "people", "grants", "timeline"] {
        assert_eq!(left[key], right[key], "{}: {key} differs", course.playbook);
    }
}

#[test]
fn emissary_is_walked_by_verbs_and_by_keys() {
    walk_both_ways(&COURSES[0]);
}

#[test]
fn gardener_is_walked_by_verbs_and_by_keys() {
    walk_both_ways(&COURSES[1]);
}

#[test]
fn gitlab_critical_is_walked_by_verbs_and_by_keys() {
    walk_both_ways(&COURSES[2]);
}

#[test]
fn gitlab_non_critical_is_walked_by_verbs_and_by_keys() {
    walk_both_ways(&COURSES[3]);
}

#[test]
fn gitlab_aigw_is_walked_by_verbs_and_by_keys() {
    walk_both_ways(&COURSES[4]);
}

#[test]
fn duo_workflow_executor_is_walked_by_verbs_and_by_keys() {
    walk_both_ways(&COURSES[5]);
}
