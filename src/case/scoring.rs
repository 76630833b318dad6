//! The scores of a case: what each vulnerability scores, what it scored before, and which of them drives the process.
//!
//! A vulnerability scores what it was given last in the process's major version of CVSS; once the fix lead has had the last
//! word, only the lead says otherwise. Scores of others after that, and vectors of other versions, are kept and shown, and
//! decide nothing. The highest base score drives the process.

use jiff::Timestamp;

use super::Case;
use super::record::{Record, Score, Vulnerability};
use crate::cvss::{self, Vector, Version};
use crate::playbook::Playbook;

/// The score that drives the process.
#[derive(Clone, Debug, PartialEq)]
pub struct DrivingScore {
    /// Id of the vulnerability it belongs to; of several with the same base score the first.
    pub vulnerability: String,
    /// The vector, whose base score drives.
    pub vector: Vector,
    /// The lead has had the last word on every vulnerability: nothing was given after it.
    pub is_final: bool,
    /// Ids of the vulnerabilities that have no score yet. While there are any, conditions take the score for unknown.
    pub unscored: Vec<String>,
}

impl DrivingScore {
    /// Base score.
    #[must_use]
    pub fn base(&self) -> cvss::Score {
        self.vector.base_score()
    }

    /// The rating of the base score.
    #[must_use]
    pub fn severity(&self) -> cvss::Severity {
        self.vector.base_severity()
    }

    /// Score and severity, as «7.5 High».
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {}", self.base(), self.severity())
    }

    /// «final» or «draft».
    #[must_use]
    pub fn standing(&self) -> &'static str {
        standing(self.is_final)
    }

    /// Which vulnerabilities have no score yet, as «V2 has no score yet»; none if all have one.
    #[must_use]
    pub fn incomplete(&self) -> Option<String> {
        match self.unscored.as_slice() {
            [] => None,
            [one] => Some(format!("{one} has no score yet")),
            several => Some(format!("{} have no score yet", several.join(", "))),
        }
    }
}

/// One vulnerability with its scores.
#[derive(Clone, Debug, PartialEq)]
pub struct VulnerabilityScores {
    /// `V1`, `V2`, ….
    pub id: String,
    /// One sentence.
    pub summary: Option<String>,
    /// CVE id, once known.
    pub cve: Option<String>,
    /// Its score drives the process.
    pub drives: bool,
    /// What it scores; none while it has no score in the process's version.
    pub latest: Option<Scored>,
    /// All that was given, in any version, newest first.
    pub history: Vec<Scored>,
}

/// A score that somebody gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// `S1`, `S2`, ….
    pub id: String,
    /// The vector as it is stored.
    pub text: String,
    /// The vector; none where a hand edit left something that is none.
    pub vector: Option<Vector>,
    /// Who gave it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: Option<String>,
    /// The last word.
    pub is_final: bool,
}

impl Scored {
    /// The rating of its base score; none if it is no vector.
    #[must_use]
    pub fn severity(&self) -> Option<cvss::Severity> {
        self.vector.as_ref().map(Vector::base_severity)
    }

    /// Base score, severity and version, as «7.5 High (v3.1)»; none if it is no vector.
    #[must_use]
    pub fn rated(&self) -> Option<String> {
        let vector = self.vector.as_ref()?;
        Some(format!("{} {} (v{})", vector.base_score(), self.severity()?, vector.version()))
    }

    /// «final» or «draft».
    #[must_use]
    pub fn standing(&self) -> &'static str {
        standing(self.is_final)
    }
}

fn standing(is_final: bool) -> &'static str {
    if is_final { "final" } else { "draft" }
}

impl From<&Score> for Scored {
    fn from(score: &Score) -> Self {
        let Score { id, vector, by, at, why, is_final } = score.clone();
        Self { id, vector: Vector::parse(&vector).ok(), text: vector, by, at, why, is_final }
    }
}

impl Case {
    /// The scores of each vulnerability, in the order of the case.
    #[must_use]
    pub fn scoring(&self) -> Vec<VulnerabilityScores> {
        let version = self.playbook().cvss_version();
        let driving = driving_score(self.record(), self.playbook()).map(|score| score.vulnerability);
        let scores = |entry: &Vulnerability| VulnerabilityScores {
            id: entry.id.clone(),
            summary: entry.summary.clone(),
            cve: entry.cve.clone(),
            drives: driving.as_ref() == Some(&entry.id),
            latest: latest(entry, version, self.record().lead.as_deref()).map(|(score, _)| Scored::from(score)),
            history: entry.score.iter().rev().map(Scored::from).collect(),
        };
        self.record().vulnerability.iter().map(scores).collect()
    }
}

/// The highest base score in the playbook's major version of CVSS.
#[must_use]
pub fn driving_score(record: &Record, playbook: &Playbook) -> Option<DrivingScore> {
    let version = playbook.cvss_version();
    let mut scored = Vec::new();
    let mut unscored = Vec::new();
    for entry in &record.vulnerability {
        match latest(entry, version, record.lead.as_deref()) {
            Some((score, vector)) => scored.push((entry, score, vector)),
            None => unscored.push(entry.id.clone()),
        }
    }
    let is_final = unscored.is_empty() && scored.iter().all(|(_, score, _)| score.is_final);
    // Of several highest the last would be taken, so that it is looked for from behind.
    let (entry, _, vector) = scored.iter().rev().max_by_key(|(_, _, vector)| vector.base_score())?;
    Some(DrivingScore { vulnerability: entry.id.clone(), vector: *vector, is_final, unscored })
}

/// What a vulnerability was given last in the major version of the process; after the last word, by the lead.
fn latest<'a>(entry: &'a Vulnerability, version: Version, lead: Option<&str>) -> Option<(&'a Score, Vector)> {
    let newest_first = entry.score.iter().rev();
    let read = newest_first.filter_map(|score| Some((score, Vector::parse(&score.vector).ok()?)));
    let mut read = read.filter(|(_, vector)| vector.version().major() == version.major());
    let is_settled = lead.is_some() && read.clone().any(|(score, _)| score.is_final);
    read.find(|(score, _)| !is_settled || score.is_final || Some(score.by.as_str()) == lead)
}

#[cfg(test)]
mod tests {
    use super::super::Action;
    use super::super::tests::{Story, at};
    use super::*;

    const HIGH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"; // 7.5
    const LOW: &str = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:N"; // 3.7
    const HIGH_4: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N"; // 8.7

    fn scored(story: &mut Story, id: &str, vector: &str, why: &str, is_final: bool) {
        let why = Some(why.to_owned());
        story.act(Action::Score { vulnerability: id.into(), vector: vector.into(), why, is_final }).unwrap();
    }

    fn two_vulnerabilities() -> Story {
        let mut story = Story::new("emissary");
        story.act(Action::set("vulnerability.V2.summary", "Another one")).unwrap();
        story
    }

    fn driving(story: &Story) -> Option<DrivingScore> {
        driving_score(story.case.record(), story.case.playbook())
    }

    #[test]
    fn the_history_is_newest_first_with_who_when_and_why() {
        let mut story = Story::new("emissary");
        scored(&mut story, "V1", LOW, "as reported", false);
        story.wait(2);
        scored(&mut story, "V1", HIGH, "one request is enough", true);
        let scoring = story.case.scoring();
        let history = &scoring[0].history;
        let of = |scored: &Scored| (scored.id.clone(), scored.why.clone().unwrap(), scored.standing());
        assert_eq!(of(&history[0]), ("S2".into(), "one request is enough".into(), "final"));
        assert_eq!(of(&history[1]), ("S1".into(), "as reported".into(), "draft"));
        assert_eq!((history[0].by.as_str(), history[0].at), ("lead", at("2026-11-19T18:12:00Z")));
        assert_eq!(scoring[0].latest.as_ref(), Some(&history[0]));
        assert_eq!(history[0].vector.as_ref().map(|vector| vector.base_score().to_string()).as_deref(), Some("7.5"));
    }

    #[test]
    fn the_highest_of_several_vulnerabilities_drives_and_of_equal_ones_the_first() {
        let mut story = two_vulnerabilities();
        scored(&mut story, "V1", LOW, "", true);
        scored(&mut story, "V2", HIGH, "", true);
        let drives = |story: &Story| story.case.scoring().iter().map(|entry| entry.drives).collect::<Vec<_>>();
        assert_eq!(drives(&story), [false, true]);
        assert_eq!(
            driving(&story).map(|score| (score.vulnerability.clone(), score.base().tenths())),
            Some(("V2".into(), 75))
        );
        scored(&mut story, "V1", HIGH, "", true);
        assert_eq!(drives(&story), [true, false]);
    }

    #[test]
    fn a_vector_of_another_version_is_kept_and_decides_nothing() {
        let mut story = two_vulnerabilities();
        scored(&mut story, "V1", LOW, "", true);
        scored(&mut story, "V1", HIGH_4, "for the notice", false);
        scored(&mut story, "V2", HIGH_4, "", true);
        let scoring = story.case.scoring();
        assert_eq!(
            (scoring[0].history.len(), scoring[0].latest.as_ref().map(|score| score.text.as_str())),
            (2, Some(LOW))
        );
        assert!(scoring[1].latest.is_none() && scoring[0].drives && !scoring[1].drives);
        let driving = driving(&story).unwrap();
        assert_eq!((driving.base().tenths(), driving.incomplete().as_deref()), (37, Some("V2 has no score yet")));
    }

    #[test]
    fn the_last_word_holds_until_another_score_is_given() {
        let mut story = two_vulnerabilities();
        scored(&mut story, "V1", HIGH, "", true);
        assert_eq!(driving(&story).unwrap().standing(), "draft", "V2 has none");
        scored(&mut story, "V2", LOW, "", true);
        assert_eq!(driving(&story).unwrap().standing(), "final");
        scored(&mut story, "V2", LOW, "the reporter disagrees", false);
        assert_eq!(driving(&story).unwrap().standing(), "draft");
    }

    #[test]
    fn what_a_hand_edit_made_of_a_vector_is_shown_and_decides_nothing() {
        let mut story = Story::new("emissary");
        scored(&mut story, "V1", LOW, "", true);
        let mut record = story.case.record().clone();
        let scores = &mut record.vulnerability[0].score;
        scores.push(Score { vector: "9.8 or so".into(), ..scores[0].clone() });
        let scoring = Case::new(record, story.case.playbook().clone()).scoring();
        assert_eq!((scoring[0].history[0].text.as_str(), &scoring[0].history[0].vector), ("9.8 or so", &None));
        assert_eq!(scoring[0].latest.as_ref().map(|score| score.text.as_str()), Some(LOW));
    }
}
