//! What a person reads: mended vectors, why a score is what it is, comparisons, other versions, JSON.

use fixlead::cvss::{
    Draft, JsonError, Mend, Vector, VectorError, Version, carry, compare, from_json, markdown, mend, to_json, why,
};
use serde_json::json;

const CRASH_3: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
const CRASH_4: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N";

fn vector(text: &str) -> Vector {
    text.parse().unwrap()
}

#[test]
fn a_fault_is_named_with_its_place_and_what_is_expected() {
    let says = |metrics: &str| Vector::parse(&format!("CVSS:3.1/{metrics}")).unwrap_err().to_string();
    assert_eq!(says("AV:N/AC:M"), "AC:M at byte 17 is unknown: AC takes L, H");
    assert_eq!(says("AV:N/AC:L/AV:N"), "AV stands twice, at bytes 9 and 19: expected once");
    assert_eq!(says("AV:N/AC:L/ZZ:N"), "ZZ at byte 19 is unknown: expected one of PR, UI, S, C, I, A");
    assert_eq!(says("AV:N/AC:L/PR:N/UI:N/C:H/I:H/A:H"), "S is missing after byte 40: expected S with one of C, U");
    assert_eq!(
        says("AV:N//AC:L"),
        "«» at byte 14 is no metric with a value, as AV:N is: expected one of AC, PR, UI, S, C, I, A"
    );
    let late = Vector::parse(&CRASH_4.replace("AC:L/AT:N", "AT:N/AC:L")).unwrap_err().to_string();
    assert_eq!(late, "AC at byte 19 comes too late: expected it before AT, for 4.0 has one order only");
    let bare = Vector::parse(&CRASH_3[9..]).unwrap_err().to_string();
    assert_eq!(bare, "the prefix is missing at byte 0: expected CVSS:3.1/");
}

#[test]
fn what_an_error_repeats_is_displayable_and_short() {
    let text = format!("CVSS:3.1/AV:\u{202E}\u{1B}{}", "x".repeat(99));
    let Err(VectorError::UnknownValue { value, position, .. }) = Vector::parse(&text) else {
        panic!("the value is unknown");
    };
    assert!(value.starts_with("<202E><1B>x") && value.chars().count() == 24, "{value}");
    assert_eq!(position, 12);
}

#[test]
fn a_pasted_vector_is_mended_and_told_what_was() {
    let score = || Mend::Score { text: "7.5".to_owned() };
    let lower = CRASH_3.to_lowercase();
    let crossed = CRASH_4.replace("AC:L/AT:N", "AT:N/AC:L");
    let wrapped = CRASH_3.replace("/S:", "/\r\n> S:");
    let cases = [
        (CRASH_3.to_owned(), vec![]),
        (format!("  {CRASH_3}\n"), vec![Mend::Blanks]),
        (format!("({CRASH_3})"), vec![Mend::Brackets]),
        (format!("7.5/{CRASH_3}"), vec![score()]),
        (lower, vec![Mend::Prefix, Mend::Case]),
        (format!("{CRASH_3}/"), vec![Mend::Slashes]),
        (CRASH_3.replace('/', " "), vec![Mend::Prefix, Mend::Blanks, Mend::Slashes]),
        (format!("We think it is {CRASH_3}. What do you say: yes?"), vec![Mend::Surroundings]),
        (format!("> Score: 7.5/{wrapped}\r\n>\r\n> Regards"), vec![score(), Mend::Surroundings, Mend::Blanks]),
        (format!("{CRASH_3}, and once more {CRASH_3}"), vec![Mend::Surroundings]),
        (format!("{CRASH_3}\n\nQ: sure?\nA: yes\nE: me@example.org"), vec![Mend::Surroundings]),
        (format!("{CRASH_3}\nA: yes"), vec![Mend::Surroundings]),
    ];
    for (text, mends) in cases {
        let mended = mend(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((mended.vector.to_string().as_str(), mended.mends), (CRASH_3, mends), "{text}");
    }
    let mended = mend(&crossed).unwrap();
    assert_eq!((mended.vector.to_string().as_str(), mended.mends), (CRASH_4, vec![Mend::Order]));
    let old = mend("(av:n/ac:l/au:n/c:n/i:n/a:c)").unwrap();
    assert_eq!(old.vector.to_string(), "AV:N/AC:L/Au:N/C:N/I:N/A:C");
    assert_eq!(mend(&format!("{CRASH_4}/u:RED")).unwrap().vector.value("U"), Some("Red"));
}

#[test]
fn what_could_be_meant_in_two_ways_is_not_mended() {
    let refused = |text: &str| mend(text).unwrap_err();
    assert!(matches!(refused(&format!("{CRASH_3} or {CRASH_4}")), VectorError::Several { position: 48 }));
    assert!(matches!(refused(&CRASH_3[9..]), VectorError::NoPrefix { .. }));
    assert!(matches!(refused(&format!("{CRASH_3}/A:H")), VectorError::Duplicate { metric: "A", .. }));
    assert!(matches!(refused(&format!("{CRASH_3} A:L")), VectorError::Duplicate { metric: "A", .. }));
    assert!(matches!(refused(&format!("{CRASH_3} E:POC")), VectorError::UnknownValue { metric: "E", .. }));
    assert!(matches!(refused(&CRASH_3.replace('/', " ").replace("C:N", "C:Q")), VectorError::UnknownValue { .. }));
    assert!(matches!(refused(&CRASH_3.replace("AC:L", "AC:")), VectorError::Shape { position: 14, .. }));
    assert!(matches!(refused(&CRASH_3.replace("C:N", "C:P")), VectorError::UnknownValue { metric: "C", .. }));
    let long = format!("{}{CRASH_3}", " ".repeat(64 * 1024));
    assert!(matches!(refused(&long), VectorError::TooLong { max: 65_536, .. }));
    assert!(mend("9.8").is_err() && mend("HIGH").is_err() && mend("").is_err());
}

#[test]
fn of_two_vectors_none_is_taken_whichever_stands_first_and_whatever_its_version() {
    const CRASH_2: &str = "AV:N/AC:L/Au:N/C:N/I:N/A:C";
    let old_first = format!("{{\"cvssMetricV2\": \"{CRASH_2}\", \"cvssMetricV31\": \"{CRASH_3}\"}}");
    let unfinished = format!("was {} now {CRASH_3}", &CRASH_3.replace("AV:N", "AV:L")[9..]);
    for text in [format!("{CRASH_2} and {CRASH_3}"), format!("{CRASH_3} and {CRASH_2}"), old_first, unfinished] {
        assert!(matches!(mend(&text), Err(VectorError::Several { .. })), "{text}");
    }
    let twice = mend(&format!("({CRASH_2}), ({CRASH_2})")).unwrap();
    assert_eq!(twice.vector.to_string(), CRASH_2);
}

#[test]
fn an_unknown_version_is_not_read_as_2_0() {
    const CRASH_2: &str = "AV:N/AC:L/Au:N/C:N/I:N/A:C";
    for (label, number) in [("CVSS:5.0/", "5.0"), ("cvss v3 ", "3"), ("CVSS3#", "3"), ("CVSS:4.0.1/", "4.0.1")] {
        let refused = mend(&format!("{label}{CRASH_2}")).unwrap_err();
        assert!(matches!(&refused, VectorError::UnknownVersion { found, .. } if found == number), "{label} {refused}");
    }
    for label in ["CVSS2#", "CVSS v2 (", "CVSS:2.0/", "CVSSv2: ", "CVSS base score 7.8 ", "CVSS 7.8 (", "CVSS: "] {
        let read = mend(&format!("{label}{CRASH_2}")).map(|read| read.vector.to_string());
        assert_eq!(read.as_deref(), Ok(CRASH_2), "{label}");
    }
}

#[test]
fn a_metric_behind_a_vector_is_never_left_out_as_text_around_it() {
    for (tail, metric) in
        [(",E:P", "E"), (",E:POC", "E"), (";E:P/RL:O", "E"), ("-E:P", "E"), (", rl: o", "RL"), (") (E:P)", "E")]
    {
        let refused = mend(&format!("{CRASH_3}{tail}")).unwrap_err();
        assert!(matches!(refused, VectorError::Apart { metric: found, .. } if found == metric), "{tail} {refused}");
    }
    let refused = mend(&format!("{CRASH_3},E:P")).unwrap_err().to_string();
    assert_eq!(refused, "E at byte 45 may belong to the vector or not: expected a slash before it, or nothing");
    for tail in [", E: me@example.org", ". A: yes", " (E: none)", ", see CVE:P"] {
        assert!(mend(&format!("{CRASH_3}{tail}")).is_ok(), "{tail}");
    }
}

/// Severity, score and what brings them, worse first; then what nothing near brings.
fn turns(text: &str) -> Vec<String> {
    let vector = vector(text);
    let why = why(vector.draft()).unwrap();
    let turns =
        why.turns.iter().map(|turn| format!("{} {}: {}", turn.severity, turn.score, turn.words(vector.version())));
    turns.chain(why.far.iter().map(|severity| format!("{severity}: far"))).collect()
}

#[test]
fn why_names_what_the_score_is_made_of_and_what_would_turn_it() {
    let four = why(vector(CRASH_4).draft()).unwrap();
    let classes: Vec<&str> = four.reasons.iter().map(|reason| reason.value.as_str()).collect();
    assert_eq!(classes, ["0", "0", "1", "2", "0", "0"]);
    assert_eq!(four.reasons[0].words, "from the network, no login, no user");
    assert_eq!(
        turns(CRASH_4),
        ["Critical 9.2: SC, SI or SA high", "Medium 6.9: AV local, PR high, UI active or VA low"]
    );
    assert_eq!(turns(CRASH_3), ["Critical 9.1: C or I high", "Medium 6.5: AV adjacent, PR low or UI required"]);
    let three = why(vector(CRASH_3).draft()).unwrap();
    let words: Vec<String> =
        three.reasons.iter().map(|reason| format!("{} {}, {}", reason.name, reason.value, reason.words)).collect();
    assert_eq!(
        words,
        [
            "Impact 3.6, how bad it is, of at most 5.9: it can be stopped",
            "Exploitability 3.9, how easy it is, of at most 3.9: from the network, works every time, no login, no user",
        ]
    );
    assert_eq!(why(&Draft::new(Version::V2_0)), None);
}

#[test]
fn what_the_groups_make_of_a_score_is_told_with_it() {
    let said = vector(&format!("{CRASH_3}/E:P/AR:L/MAV:A"));
    let words: Vec<String> = why(said.draft())
        .unwrap()
        .reasons
        .iter()
        .map(|reason| format!("{} {}, {}", reason.name, reason.value, reason.words))
        .collect();
    assert_eq!(
        words,
        [
            "Impact 1.8, how bad it is, of at most 5.9: it can be stopped, availability weighs less here",
            "Exploitability 2.8, how easy it is, of at most 3.9: from nearby, works every time, no login, no user",
            "Temporal -0.2, E proof-of-concept",
            "Environmental -2.6, AR low, MAV adjacent",
        ]
    );
}

#[test]
fn where_no_single_answer_turns_a_score_two_do_or_it_is_told_that_none_do() {
    let local = "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N";
    assert_eq!(turns(local), ["High 7.1: S changed and C high", "Low 3.3: PR low or UI required"]);
    let losing_all = "CVSS:3.1/AV:A/AC:L/PR:H/UI:R/S:U/C:H/I:H/A:H";
    assert_eq!(turns(losing_all), ["High 7.4: PR low", "Low: far"]);
    // That nothing is lost is only told where there is nothing else to turn.
    assert_eq!(turns("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"), ["Medium 4.4: I or A high", "None 0.0: C none"]);
    assert_eq!(turns("AV:N/AC:L/Au:N/C:C/I:C/A:C").len(), 1);
}

#[test]
fn a_comparison_names_each_metric_with_what_it_is_worth() {
    let theirs = vector("CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:N/I:L/A:H/E:X/RL:O");
    let differences = compare(&vector(CRASH_3), &theirs).unwrap();
    let told: Vec<_> = differences
        .iter()
        .map(|difference| {
            let key = |value: Option<&fixlead::cvss::Value>| value.map_or("-", |value| value.key);
            let metric = Version::V3_1.metrics()[difference.metric].key;
            (metric, key(difference.first), key(difference.second), difference.score.to_string(), difference.change)
        })
        .collect();
    let expected = [("AV", "N", "A", "6.5", -10), ("I", "N", "L", "8.2", 7), ("RL", "-", "O", "7.2", -3)];
    assert_eq!(told, expected.map(|(metric, a, b, score, change)| (metric, a, b, score.to_owned(), change)));
    assert!(compare(&vector(CRASH_3), &vector(CRASH_4)).is_err());
    assert_eq!(compare(&theirs, &theirs.canonical()), Ok(vec![]));
}

fn carried(text: &str, to: Version) -> (String, Vec<&'static str>) {
    let carried = carry(vector(text).draft(), to);
    let said = to.metrics().iter().enumerate();
    let said = said.filter_map(|(place, metric)| Some(format!("{}:{}", metric.key, carried.draft.value(place)?.key)));
    let choices = carried.choices.iter().map(|choice| to.metrics()[choice.metric].key).collect();
    (said.collect::<Vec<_>>().join("/"), choices)
}

#[test]
fn what_means_the_same_is_carried_over_and_the_rest_is_a_choice() {
    assert_eq!(carried(CRASH_3, Version::V4_0), (CRASH_4[9..].to_owned(), vec![]));
    assert_eq!(carried(CRASH_4, Version::V3_1), (CRASH_3[9..].to_owned(), vec![]));
    let hard = "CVSS:3.1/AV:N/AC:H/PR:L/UI:R/S:C/C:H/I:N/A:L/E:F/RL:O/CR:H/MAV:L";
    assert_eq!(
        carried(hard, Version::V4_0),
        ("AV:N/PR:L/VI:N/SI:N/CR:H/MAV:L".to_owned(), vec!["AC", "AT", "UI", "VC", "VA", "SC", "SA", "E"])
    );
    let behind = "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:L/VI:N/VA:N/SC:N/SI:H/SA:N/E:A";
    assert_eq!(carried(behind, Version::V3_1), ("AV:N/AC:H/PR:N/UI:R/S:C/C:L/I:H/A:N".to_owned(), vec!["E"]));
    assert_eq!(carried(CRASH_3, Version::V3_0), (CRASH_3[9..].to_owned(), vec![]));
}

#[test]
fn what_is_so_in_one_installation_follows_from_all_that_holds_there() {
    // The losses behind the system are in question as soon as one installation changes the scope.
    let (said, choices) = carried("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N/MS:C", Version::V4_0);
    assert_eq!(said, "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N/MVA:N/MSA:N");
    assert_eq!(choices, ["MVC", "MVI", "MSC", "MSI"]);
    let (said, choices) = carried("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:N/MS:U", Version::V4_0);
    assert!(said.ends_with("/MVC:H/MVI:N/MVA:N/MSC:N/MSI:N/MSA:N"), "{said}");
    assert_eq!(choices, ["VC", "SC"]);
    let down = |metrics: &str, changes: &str| {
        let base = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N";
        let base = metrics.split(' ').fold(base.to_owned(), |base, part| {
            let key = part.split(':').next().unwrap();
            let at = base.find(&format!("/{key}:")).unwrap() + key.len() + 2;
            format!("{}{}{}", &base[..at], &part[key.len() + 1..], &base[at + 1..])
        });
        let (said, choices) = carried(&format!("{base}/{changes}"), Version::V3_1);
        assert_eq!(choices, Vec::<&str>::new());
        said.split_once("/A:").unwrap().1[2..].to_owned()
    };
    assert_eq!(down("SC:H", "MVC:L"), "MC:H");
    assert_eq!(down("VC:L", "MSC:H"), "MS:C/MC:H");
    assert_eq!(down("VC:L SC:H", "MSC:N"), "MS:U/MC:L");
    assert_eq!(down("AC:H", "MAC:L"), "MAC:L");
    assert_eq!(down("AT:P", "MAT:N"), "MAC:L");
    assert_eq!(down("AT:P", "MAC:L"), "MAC:H");
    assert_eq!(down("VC:L", "MSI:S"), "MS:C/MI:H");
}

#[test]
fn what_the_other_version_does_not_ask_is_named() {
    let dropped = |text: &str, to| {
        let carried = carry(vector(text).draft(), to);
        carried.dropped.iter().map(|metric| metric.key).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(dropped(&format!("{CRASH_3}/E:P/RL:O/RC:U/MAV:L"), Version::V4_0), "RL RC");
    assert_eq!(dropped(&format!("{CRASH_3}/E:P/RL:O/RC:U/MAV:L/MS:C"), Version::V2_0), "MAV MS");
    assert_eq!(dropped(&format!("{CRASH_3}/RL:O/MAV:L"), Version::V3_0), "");
    assert_eq!(dropped(&format!("{CRASH_4}/E:P/MAV:L/MSI:S/S:P/AU:Y"), Version::V3_1), "MSI S AU");
    assert_eq!(dropped(&format!("{CRASH_4}/MAV:L/S:P/AU:N/R:X"), Version::V2_0), "MAV S AU");
    assert_eq!(dropped("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:POC/RL:OF/RC:C/CDP:H/TD:ND/AR:H", Version::V4_0), "RL RC CDP");
    let refusal = compare(&vector(&format!("{CRASH_3}/RL:O")), &vector(CRASH_4)).unwrap_err().to_string();
    assert!(refusal.ends_with(&format!("; in 4.0 the first one is {CRASH_4}, without RL")), "{refusal}");
}

#[test]
fn what_means_the_same_in_2_0_is_carried_over_and_the_rest_is_a_choice() {
    let (said, choices) = carried(&format!("{CRASH_3}/E:F/RL:T/RC:R/MAV:L"), Version::V2_0);
    assert_eq!((said.as_str(), choices), ("AV:N/AC:L/Au:N/C:N/I:N/E:F/RL:TF", vec!["A", "RC"]));
    let crash_2 = "AV:N/AC:L/Au:N/C:N/I:N/A:C/E:POC/RL:OF/RC:C/CDP:H/AR:H";
    assert_eq!(
        carried(crash_2, Version::V3_1),
        ("AV:N/AC:L/PR:N/UI:N/C:N/I:N/A:H/E:P/RL:O/RC:C/AR:H".to_owned(), vec!["S"])
    );
    assert_eq!(
        carried(crash_2, Version::V4_0),
        ("AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/E:P/AR:H".to_owned(), vec!["SC", "SI", "SA"])
    );
    let unclear = "AV:L/AC:M/Au:S/C:P/I:N/A:N/E:H";
    assert_eq!(carried(unclear, Version::V3_0), ("I:N/A:N/E:H".to_owned(), vec!["AV", "AC", "PR", "UI", "S", "C"]));
    let (said, choices) = carried("CVSS:4.0/AV:P/AC:L/AT:N/PR:L/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N/E:A", Version::V2_0);
    assert_eq!((said.as_str(), choices), ("AV:L/AC:L/C:P/I:N/A:N", vec!["Au", "E"]));
}

#[test]
fn vectors_of_two_versions_are_not_compared_but_carried_over_for_it() {
    let says = |first: &str, second: &str| compare(&vector(first), &vector(second)).unwrap_err().to_string();
    assert!(says(CRASH_3, CRASH_4).ends_with(&format!("; in 4.0 the first one is {CRASH_4}")));
    let unclear = CRASH_3.replace("AC:L", "AC:H");
    assert!(says(&unclear, CRASH_4).ends_with("; to carry the first one over to 4.0, AC, AT have to be chosen"));
    let unclear_here = format!("{CRASH_3}/MS:C");
    assert!(says(&unclear_here, CRASH_4).ends_with("; to carry the first one over to 4.0, MVA, MSA have to be chosen"));
}

#[test]
fn the_json_form_is_that_of_the_schemas_and_is_read_back() {
    let json = to_json(&vector(&format!("{CRASH_3}/E:P/MAV:A")));
    assert_eq!(
        json,
        json!({
            "version": "3.1", "vectorString": format!("{CRASH_3}/E:P/MAV:A"),
            "attackVector": "NETWORK", "attackComplexity": "LOW", "privilegesRequired": "NONE", "userInteraction": "NONE",
            "scope": "UNCHANGED", "confidentialityImpact": "NONE", "integrityImpact": "NONE", "availabilityImpact": "HIGH",
            "exploitCodeMaturity": "PROOF_OF_CONCEPT", "modifiedAttackVector": "ADJACENT_NETWORK",
            "baseScore": 7.5, "baseSeverity": "HIGH", "temporalScore": 7.1, "temporalSeverity": "HIGH",
            "environmentalScore": 6.2, "environmentalSeverity": "MEDIUM",
        })
    );
    for text in [CRASH_3, CRASH_4, "AV:N/AC:L/Au:N/C:N/I:N/A:C/E:POC/TD:ND"] {
        assert_eq!(from_json(&to_json(&vector(text))), Ok(vector(text)));
    }
    let mut wrong = to_json(&vector(CRASH_4));
    wrong["baseScore"] = json!(9.9);
    assert!(matches!(from_json(&wrong), Err(JsonError::Contradiction { key: "baseScore", .. })));
    let unreported = vector(&format!("{CRASH_4}/E:U"));
    let mut of_base = to_json(&unreported);
    assert_eq!((of_base["baseScore"].clone(), of_base["baseSeverity"].clone()), (json!(6.6), json!("MEDIUM")));
    (of_base["baseScore"], of_base["baseSeverity"]) = (json!(8.7), json!("HIGH"));
    assert_eq!(from_json(&of_base), Ok(unreported));
    let mut more = to_json(&vector(CRASH_4));
    more["exploitMaturity"] = json!("ATTACKED");
    assert!(matches!(from_json(&more), Err(JsonError::Contradiction { key: "exploitMaturity", .. })));
    assert_eq!(from_json(&json!({})), Err(JsonError::NoVector));
}

#[test]
fn one_line_of_markdown_holds_score_and_vector() {
    assert_eq!(markdown(&vector(CRASH_4)), format!("**8.7 High** (CVSS-B) `{CRASH_4}`"));
    assert_eq!(markdown(&vector(CRASH_3)), format!("**7.5 High** (v3.1 base) `{CRASH_3}`"));
}
