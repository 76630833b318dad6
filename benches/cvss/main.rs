//! The speed of the CVSS engine beside two crates that score as well. Nothing fails here: machines are noisy.

use std::hint::black_box;
use std::time::Instant;

use fixlead::cvss::{Draft, Vector, Version, why};

/// Scored vectors, a thousand of each version.
const PUBLIC: &str = include_str!("../../tests/data/cvss_public.tsv");
/// Each measure is the best of so many rounds.
const ROUNDS: usize = 61;

fn main() {
    for version in Version::ALL {
        let rows = PUBLIC.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
        let texts: Vec<&str> = rows.filter(|row| row[1] == version.number()).map(|row| row[0]).collect();
        measure(version, &texts);
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
        &|| cvss.iter().for_each(|vector| _ = black_box(black_box(vector).score())),
        &|| poly.iter().for_each(|vector| _ = black_box(polycvss::Score::from(*black_box(vector)))),
    ];
    tell(version, "score", best(texts.len(), score));
    let parse_and_score: [&dyn Fn(); 3] = [
        &|| each(texts, |text| _ = black_box(Vector::parse(text).map(|vector| vector.score()))),
        &|| each(texts, |text| _ = black_box(text.parse::<cvss::Cvss>().map(|vector| vector.score()))),
        &|| each(texts, |text| _ = black_box(text.parse::<polycvss::Vector>().map(polycvss::Score::from))),
    ];
    tell(version, "parse and score", best(texts.len(), parse_and_score));
    let [reasons] = best(texts.len(), [&|| own.iter().for_each(|vector| _ = black_box(why(vector.draft())))]);
    println!("{version} why              {:7.1} µs", reasons / 1000.0);
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
    println!(
        "{version} {what:15}  {own:7.0} ns   cvss 3.0.0 {cvss:7.0} ns ({:5.1} times)   polycvss {poly:7.0} ns ({:5.1} times)",
        cvss / own,
        poly / own
    );
}
