//! The speed of the CVSS engine beside two crates that score as well. Nothing fails here: machines are noisy.

use std::hint::black_box;
use std::time::Instant;

use fixlead::cvss::{Draft, Vector, Version, why};

/// Scored vectors, a thousand of each version.
const PUBLIC: &str = include_str!("../../tests/data/cvss_public.tsv");
/// All groups are set, and it takes two metrics or more to turn the score.
const ALL_SET: [&str; 2] = [
    "CVSS:4.0/AV:A/AC:H/AT:P/PR:L/UI:P/VC:L/VI:L/VA:L/SC:L/SI:L/SA:L/E:P/CR:M/IR:M/AR:M/MAV:A/MAC:H/MAT:P/MPR:L/MUI:P/MVC:L/MVI:L/MVA:L/MSC:L/MSI:L/MSA:L/S:P/AU:Y/R:U/V:C/RE:M/U:Amber",
    "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A/CR:H/IR:H/AR:H/MAV:N/MAC:L/MAT:N/MPR:N/MUI:N/MVC:H/MVI:H/MVA:H/MSC:H/MSI:S/MSA:S/S:P/AU:Y/R:U/V:C/RE:M/U:Amber",
];
/// Each measure is the best of so many rounds.
const ROUNDS: usize = 61;

fn main() {
    for version in Version::ALL {
        let rows = PUBLIC.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
        let rows: Vec<_> = rows.filter(|row| row[1] == version.number()).collect();
        let all: Vec<&str> = rows.iter().map(|row| row[0]).collect();
        // Of 2.0 and 3.x `cvss` has a function for each score: the environmental one takes in everything that is said.
        let environmental: Vec<&str> = rows.iter().filter(|row| !row[4].is_empty()).map(|row| row[0]).collect();
        measure(version, if version == Version::V4_0 { &all } else { &environmental });
        let parse_and_base: [&dyn Fn(); 2] =
            [&|| each(&all, |text| _ = black_box(Vector::parse(text).map(|vector| vector.base_score()))), &|| {
                each(&all, |text| _ = black_box(text.parse::<cvss::Cvss>().map(|vector| vector.score())));
            }];
        // In 4.0 that of `cvss` is the score of all that is said.
        if version != Version::V4_0 {
            let [own, cvss] = best(all.len(), parse_and_base);
            tell(version, "parse, base score", [own, cvss, f64::NAN]);
        }
    }
    for text in ALL_SET {
        let draft = text.parse::<Vector>().expect("valid").draft().to_owned();
        let [reasons] = best(1, [&|| _ = black_box(why(black_box(&draft)))]);
        println!("4.0 why, all groups {:6.1} µs: {}", reasons / 1000.0, draft.range());
    }
    for version in Version::ALL {
        let empty = Draft::new(version);
        // The metric with most values whose answers make an environmental score, which costs most.
        let metric = version.find("MAV").or_else(|| version.find("CDP")).unwrap_or_default();
        let [range, outlook] = best(
            1,
            [&|| _ = black_box(black_box(&empty).range()), &|| _ = black_box(black_box(&empty).outlook(metric))],
        );
        println!("{version} empty draft: range {:7.1} µs, outlook {:7.1} µs", range / 1000.0, outlook / 1000.0);
    }
}

fn measure(version: Version, texts: &[&str]) {
    let own: Vec<Vector> = texts.iter().map(|text| text.parse().expect("valid")).collect();
    let cvss: Vec<cvss::Cvss> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    let poly: Vec<polycvss::Vector> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    assert!([cvss.len(), poly.len()] == [own.len(); 2], "all three read all of them");
    let score: [&dyn Fn(); 3] = [
        &|| own.iter().for_each(|vector| _ = black_box(black_box(vector).score())),
        &|| cvss.iter().for_each(|vector| _ = black_box(everything(black_box(vector)))),
        &|| poly.iter().for_each(|vector| _ = black_box(polycvss::Score::from(*black_box(vector)))),
    ];
    tell(version, "score", best(texts.len(), score));
    let parse_and_score: [&dyn Fn(); 3] = [
        &|| each(texts, |text| _ = black_box(Vector::parse(text).map(|vector| vector.score()))),
        &|| each(texts, |text| _ = black_box(text.parse::<cvss::Cvss>().map(|vector| everything(&vector)))),
        &|| each(texts, |text| _ = black_box(text.parse::<polycvss::Vector>().map(polycvss::Score::from))),
    ];
    tell(version, "parse and score", best(texts.len(), parse_and_score));
    let [reasons] = best(texts.len(), [&|| own.iter().for_each(|vector| _ = black_box(why(vector.draft())))]);
    println!("{version} why               {:6.1} µs", reasons / 1000.0);
}

/// The score of `cvss` that takes in everything that a vector with environmental metrics says.
fn everything(vector: &cvss::Cvss) -> f64 {
    match vector {
        cvss::Cvss::CvssV20(vector) => vector.environmental_score().value(),
        cvss::Cvss::CvssV30(vector) | cvss::Cvss::CvssV31(vector) => vector.environmental_score().value(),
        other => other.score(),
    }
}

fn each(texts: &[&str], work: impl Fn(&str)) {
    for text in texts {
        work(black_box(text));
    }
}

/// Nanoseconds for one of `count`, by each of the works. They take turns, so that a slow moment of the machine is no one's.
fn best<const N: usize>(count: usize, works: [&dyn Fn(); N]) -> [f64; N] {
    let mut best = [f64::INFINITY; N];
    for _ in 0..ROUNDS {
        for (work, best) in works.iter().zip(&mut best) {
            let begin = Instant::now();
            work();
            *best = best.min(begin.elapsed().as_secs_f64() * 1e9);
        }
    }
    best.map(|best| best / f64::from(u32::try_from(count).unwrap_or(u32::MAX)))
}

fn tell(version: Version, what: &str, [own, cvss, poly]: [f64; 3]) {
    let beside = |name: &str, other: f64| {
        if other.is_nan() { String::new() } else { format!("   {name} {other:6.0} ns ({:4.1} times)", other / own) }
    };
    println!("{version} {what:17} {own:6.0} ns{}{}", beside("cvss 3.0.0", cvss), beside("polycvss", poly));
}
