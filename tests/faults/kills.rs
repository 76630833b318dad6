//! Killed at any moment, again and again: cases 1 and 20.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::ground::{Ground, ID};
use crate::tally::Tally;

/// How many kills: `FIXLEAD_KILLS=10000` for a long night.
fn kills() -> usize {
    std::env::var("FIXLEAD_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(1000)
}

/// Where the kills fall. A failure names the seed, with which `FIXLEAD_SEED` does the same again.
pub fn random() -> (u64, fastrand::Rng) {
    let seed = std::env::var("FIXLEAD_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    (seed, fastrand::Rng::with_seed(seed))
}

fn number(lead: &str) -> Option<usize> {
    lead.strip_prefix("lead ")?.parse().ok()
}

/// How long a verb takes when nobody disturbs it.
fn usual(ground: &Ground) -> Duration {
    let times = (0..15).map(|_| {
        let start = Instant::now();
        ground.done(&["case", "set", ID, "lead=lead 0"]);
        start.elapsed()
    });
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() / 2]
}

#[test]
#[ignore = "takes a while: --include-ignored"]
fn the_last_acknowledged_save_survives_a_thousand_kills() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    let usual = usual(&ground);
    let (seed, mut random) = random();
    let mut tally = Tally::default();
    let mut acknowledged = 0;
    // A save that was not killed is no fault: it goes on until there were enough kills.
    for attempted in 1.. {
        if tally.total() >= kills() {
            break;
        }
        let mut verb = ground.verb(&["case", "set", ID, &format!("lead=lead {attempted}")]).spawn().expect("it runs");
        // The save is in the second half of a verb.
        thread::sleep(usual.mul_f64(0.4 + random.f64()));
        verb.kill().expect("it can be killed");
        let done = verb.wait().expect("it ended").success();
        if done {
            acknowledged = attempted;
        }
        match ground.lead().map(|lead| number(&lead)) {
            Ok(Some(there)) if there == attempted && done => {}
            Ok(Some(there)) if there == attempted => {
                // It was in place before the kill; from here on it must stay.
                acknowledged = attempted;
                tally.count("killed after the save was in place");
            }
            Ok(Some(there)) if there == acknowledged => tally.count("killed before"),
            other => tally.lost.push(format!("seed {seed}: acknowledged {acknowledged}, there {other:?}")),
        }
        assert!(tally.lost.len() < 10, "{:?}", tally.lost);
    }
    tally.end("killed while saving", kills());
}

/// Two save the same case all the time and one of them is killed: the other one is never stopped by it, and what either
/// was told is saved is there.
#[test]
#[ignore = "takes a while: --include-ignored"]
fn of_two_who_save_at_once_a_killed_one_takes_nothing_from_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    let most = usual(&ground) * 2;
    let rounds = kills() / 10;
    let (seed, mut random) = random();
    let link = |who: &str, number: usize| format!("https://example.org/{who}/{number}");
    let verb = |url: &str| ground.verb(&["case", "link", ID, "em.intake.report", url]);
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            let told = |number: &usize| verb(&link("other", *number)).output().expect("it runs");
            (0..rounds).filter(|number| told(number).status.success()).collect::<Vec<_>>()
        });
        let mut acknowledged = Vec::new();
        for number in 0..rounds {
            let mut killed: Command = verb(&link("killed", number));
            let mut killed = killed.spawn().expect("it runs");
            thread::sleep(most.mul_f64(random.f64()));
            killed.kill().expect("it can be killed");
            if killed.wait().expect("it ended").success() {
                acknowledged.push(number);
            }
        }
        let others = other.join().expect("it ends");
        assert_eq!(others.len(), rounds, "seed {seed}: a kill never keeps the other one from saving");
        let record = ground.record().expect("the case is whole");
        let links: Vec<&String> = record.step.iter().flat_map(|step| &step.links).collect();
        let missing = |who: &str, numbers: &[usize]| {
            let urls = numbers.iter().map(|number| link(who, *number));
            urls.filter(|url| !links.contains(&url)).collect::<Vec<_>>()
        };
        assert_eq!(missing("other", &others), Vec::<String>::new(), "seed {seed}");
        assert_eq!(missing("killed", &acknowledged), Vec::<String>::new(), "seed {seed}");
        println!("two at once: {rounds} kills; {} of the killed were acknowledged before", acknowledged.len());
    });
}
