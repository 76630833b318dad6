//! Text from outside is made displayable, wherever it comes out.

use crate::house::House;

const TITLE: &str = "\u{1b}]0;owned\u{7}\u{1b}[31mred\u{202e}evil\nfixlead: all is well";

fn is_clean(text: &str) -> bool {
    text.chars().all(|c| c == '\n' || !c.is_control()) && !text.contains('\u{202e}')
}

#[test]
fn no_escape_sequence_reaches_the_terminal() {
    let house = House::new();
    let made = house.run_with(&["case", "new", "--playbook", "emissary", "--title", "-"], TITLE).ok();
    let id = made.out.trim().to_owned();
    house.run_with(&["case", "note", &id, "em.intake.report", "-"], TITLE).ok();
    house.run(&["case", "wait", &id, "em.lead.volunteer", "--on", TITLE]).ok();
    house.run(&["case", "grant", &id, TITLE, TITLE]).ok();
    house.run_with(&["leak", &id, "--what", "-"], TITLE).ok();
    house.run(&["case", "do", &id, "em.fix.develop", "--override", TITLE]).ok();
    let verbs: [&[&str]; 7] = [
        &["case", "show", &id],
        &["open", &id],
        &["case", "timeline", &id],
        &["case", "list"],
        &["next"],
        &[],
        &["case", "do", &id, TITLE],
    ];
    for verb in verbs {
        let ran = house.run(verb);
        assert!(is_clean(&ran.out), "{verb:?}: {:?}", ran.out);
        assert!(is_clean(&ran.err), "{verb:?}: {:?}", ran.err);
        let forged = ran.out.lines().chain(ran.err.lines()).any(|line| line == "fixlead: all is well");
        assert!(!forged, "{verb:?}: {}{}", ran.out, ran.err);
    }
    house.run(&["case", "show", &id]).ok().says("<1B>]0;owned<07>");
}

#[test]
fn json_holds_the_text_itself_with_controls_escaped() {
    let house = House::new();
    let made = house.run_with(&["case", "new", "--playbook", "emissary", "--title", "-"], TITLE).ok();
    let id = made.out.trim().to_owned();
    let shown = house.run(&["case", "show", &id, "--json"]).ok();
    assert!(!shown.out.contains('\u{1b}'), "{}", shown.out);
    assert_eq!(shown.json()["title"], TITLE);
}

#[test]
fn an_argument_that_is_no_verb_is_shown_harmless() {
    let house = House::new();
    for args in [&[TITLE][..], &["case", "list", TITLE], &["--data-dir"]] {
        let ran = house.run(args).exits(2);
        assert!(is_clean(&ran.err), "{:?}", ran.err);
    }
}
