//! The speed of the CVSS engine beside two crates that score as well. Nothing fails here: machines are noisy.

use std::hint::black_box;
use std::time::Instant;

use fixlead::cvss::{Draft, Vector, Version};

/// Scored vectors, a thousand of each version.
const PUBLIC: &str = include_str!("../../tests/data/cvss_public.tsv");
/// Each measure is the best of so many rounds.
const ROUNDS: usize = 41;

fn main() {
    for version in [Version::V2_0, Version::V3_1, Version::V4_0] {
        let rows = PUBLIC.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
        let texts: Vec<&str> = rows.filter(|row| row[1] == version.number()).map(|row| row[0]).collect();
        measure(version, &texts);
    }
    let empty = Draft::new(Version::V4_0);
    let range = best(1, || _ = black_box(black_box(&empty).range()));
    let outlook = best(1, || _ = black_box(black_box(&empty).outlook(0)));
    println!("4.0 range of an empty draft      {range:8.0} ns");
    println!("4.0 outlook of an empty draft    {outlook:8.0} ns");
}

fn measure(version: Version, texts: &[&str]) {
    let own: Vec<Vector> = texts.iter().map(|text| text.parse().expect("valid")).collect();
    let cvss: Vec<cvss::Cvss> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    let poly: Vec<polycvss::Vector> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    tell(
        version,
        "score",
        best(own.len(), || own.iter().for_each(|vector| _ = black_box(black_box(vector).score()))),
        best(cvss.len(), || cvss.iter().for_each(|vector| _ = black_box(black_box(vector).score()))),
        best(poly.len(), || poly.iter().for_each(|vector| _ = black_box(polycvss::Score::from(*black_box(vector))))),
    );
    tell(
        version,
        "parse and score",
        each(texts, |text| _ = black_box(Vector::parse(text).map(|vector| vector.score()))),
        each(texts, |text| _ = black_box(text.parse::<cvss::Cvss>().map(|vector| vector.score()))),
        each(texts, |text| _ = black_box(text.parse::<polycvss::Vector>().map(polycvss::Score::from))),
    );
}

/// Nanoseconds for a text.
fn each(texts: &[&str], work: impl Fn(&str)) -> f64 {
    best(texts.len(), || texts.iter().for_each(|text| work(black_box(text))))
}

/// Nanoseconds for one of `count`.
fn best(count: usize, work: impl Fn()) -> f64 {
    let nanoseconds = (0..ROUNDS).map(|_| {
        let begin = Instant::now();
        work();
        begin.elapsed().as_secs_f64() * 1e9
    });
    nanoseconds.fold(f64::INFINITY, f64::min) / f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn tell(version: Version, what: &str, own: f64, cvss: f64, poly: f64) {
    println!(
        "{version} {what:15}  {own:7.0} ns   cvss 3.0.0 {cvss:7.0} ns ({:5.1} times)   polycvss {poly:7.0} ns ({:5.1} times)",
        cvss / own,
        poly / own
    );
}
