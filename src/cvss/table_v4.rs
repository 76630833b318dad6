//! The metrics of 4.0: names as the specification has them (sections 2 to 5), the explanations in the project's own words.
//!
//! «Here» means in one installation; «behind it» means in systems other than the flawed one, such as the host of a container.

use super::Group::{Base, Environmental, Supplemental, Threat};
use super::metric::{Metric, Value, metric, value};

const X: Value = value("X", "Not Defined", "not said: it counts as the worst");
/// A modified metric that isn't set takes the answer of its base metric.
const AS_BASE: Value = value("X", "Not Defined", "as in the base metrics");
/// What a supplemental metric says when nothing is said.
const UNSAID: Value = value("X", "Not Defined", "not said");

const NETWORK: Value = value("N", "Network", "over a network, a link too; not by a file a victim has to open");
const ADJACENT: Value = value("A", "Adjacent", "only from nearby: the same subnet, VPN, Wi-Fi or Bluetooth");
const LOCAL: Value = value("L", "Local", "on the machine: a shell, a container, a file somebody opens");
const PHYSICAL: Value = value("P", "Physical", "only by touching the device, such as plugging in a stick");

const EASY: Value = value("L", "Low", "no: it works each time it is tried, as far as is known");
const HARD: Value = value("H", "High", "yes: shuffled memory, or a secret that has to be found first");

const ANYWHERE: Value = value("N", "None", "no, or nothing is said of it: it works in nearly every one");
const SOMETIMES: Value = value("P", "Present", "yes: a race to win, a rare setting, a place on the line");

const NO_RIGHTS: Value = value("N", "None", "nothing: no account, no login (unauthenticated)");
const USER_RIGHTS: Value = value("L", "Low", "an ordinary user: a login, a shell or container without root");
const ADMIN_RIGHTS: Value = value("H", "High", "what an administrator may do");

const NO_USER: Value = value("N", "None", "nobody: it works with no one at the screen");
const PASSIVE: Value = value("P", "Passive", "somebody only does the usual, such as look at a changed page");
const ACTIVE: Value = value("A", "Active", "somebody has to do more: click a sent link, import a file");

const READ_ALL: Value = value("H", "High", "all, or what matters most: passwords, keys, private messages");
const READ_SOME: Value = value("L", "Low", "some of it, and the attacker can't choose what");
const READ_NONE: Value = value("N", "None", "nothing");
const READ_NEXT_TO_NOTHING: Value = value("N", "Negligible", "nothing, or next to nothing");

const CHANGE_ALL: Value = value("H", "High", "anything, or what does real harm, such as setting a password");
const CHANGE_SOME: Value = value("L", "Low", "some of it, without serious harm");
const CHANGE_NONE: Value = value("N", "None", "nothing");
const CHANGE_NEXT_TO_NOTHING: Value = value("N", "Negligible", "nothing, or next to nothing");

const STOP_ALL: Value = value("H", "High", "it crashes or stops for as long as the attacker likes");
const STOP_SOME: Value = value("L", "Low", "it gets slower or stumbles, but what matters goes on working");
const STOP_NONE: Value = value("N", "None", "not at all");
const STOP_NEXT_TO_NOTHING: Value = value("N", "Negligible", "not at all, or hardly");

const SAFETY: Value = value("S", "Safety", "people can be hurt by it");

const MUCH: Value = value("H", "High", "losing it would be a catastrophe here");
const AS_USUAL: Value = value("M", "Medium", "losing it would be serious here");
const LITTLE: Value = value("L", "Low", "losing it would hardly matter here");

/// All metrics in the order of the specification, which is the only order that a vector may have.
pub(super) const METRICS: &[Metric] = &[
    metric(
        Base,
        ("AV", "Attack Vector", "attackVector"),
        &[NETWORK, ADJACENT, LOCAL, PHYSICAL],
        "From where can the attack come?",
        "One request crashes a server: Network. A document that is mailed and has to be opened: Local.",
    ),
    metric(
        Base,
        ("AC", "Attack Complexity", "attackComplexity"),
        &[EASY, HARD],
        "Must it get past a defence that is there to stop it?",
        "A request that crashes the server each time it is sent: Low. A login counts under PR, not here.",
    ),
    metric(
        Base,
        ("AT", "Attack Requirements", "attackRequirements"),
        &[ANYWHERE, SOMETIMES],
        "Does it work only where circumstances happen to fit?",
        "A crash of every server as it is installed: None. Only if two requests meet in time: Present.",
    ),
    metric(
        Base,
        ("PR", "Privileges Required", "privilegesRequired"),
        &[NO_RIGHTS, USER_RIGHTS, ADMIN_RIGHTS],
        "What must the attacker be allowed to do before the attack?",
        "A crash by one request that is sent before any login: None. One by a user who logged in: Low.",
    ),
    metric(
        Base,
        ("UI", "User Interaction", "userInteraction"),
        &[NO_USER, PASSIVE, ACTIVE],
        "Does somebody else have to do something for it?",
        "A request to a server, a setting made before: None. A page a victim looks at anyway: Passive.",
    ),
    metric(
        Base,
        ("VC", "Vulnerable System Confidentiality Impact", "vulnConfidentialityImpact"),
        &[READ_ALL, READ_SOME, READ_NONE],
        "How much that is secret can be read in the attacked system?",
        "Reading any file: High. A script in a visitor's browser counts as SC, not here. A crash: None.",
    ),
    metric(
        Base,
        ("VI", "Vulnerable System Integrity Impact", "vulnIntegrityImpact"),
        &[CHANGE_ALL, CHANGE_SOME, CHANGE_NONE],
        "How much can be changed in the attacked system?",
        "Own code, writing any file: High. A script in a browser counts as SI, not here. A crash: None.",
    ),
    metric(
        Base,
        ("VA", "Vulnerable System Availability Impact", "vulnAvailabilityImpact"),
        &[STOP_ALL, STOP_SOME, STOP_NONE],
        "How far can the attacked system be kept from working?",
        "A crash by each request, own code, writing any file: High. Reading, a script in a page: None.",
    ),
    metric(
        Base,
        ("SC", "Subsequent System Confidentiality Impact", "subConfidentialityImpact"),
        &[READ_ALL, READ_SOME, READ_NONE],
        "How much that is secret can be read in other systems behind it?",
        "A guest that reads its host: High. A script in a visitor's browser: Low. The crash alone: None.",
    ),
    metric(
        Base,
        ("SI", "Subsequent System Integrity Impact", "subIntegrityImpact"),
        &[CHANGE_ALL, CHANGE_SOME, CHANGE_NONE],
        "How much can be changed in other systems behind it?",
        "A script that runs in the browsers of its visitors: Low. A crash of the server alone: None.",
    ),
    metric(
        Base,
        ("SA", "Subsequent System Availability Impact", "subAvailabilityImpact"),
        &[STOP_ALL, STOP_SOME, STOP_NONE],
        "How far can other systems behind it be kept from working?",
        "A guest that stops its host: High. A script in a browser, a crash of the server alone: None.",
    ),
    metric(
        Threat,
        ("E", "Exploit Maturity", "exploitMaturity"),
        &[
            X,
            value("A", "Attacked", "attacks were seen, or a tool makes them easy"),
            value("P", "POC", "code that shows it is public, no attack is known"),
            value("U", "Unreported", "neither public code nor an attack is known"),
        ],
        "Is it exploited, as far as is known?",
        "Only the reporter and the project know of it: Unreported.",
    ),
    metric(
        Environmental,
        ("CR", "Confidentiality Requirement", "confidentialityRequirement"),
        &[X, MUCH, AS_USUAL, LITTLE],
        "How much does secrecy matter here?",
        "A store of health records: High. A public mirror: Low.",
    ),
    metric(
        Environmental,
        ("IR", "Integrity Requirement", "integrityRequirement"),
        &[X, MUCH, AS_USUAL, LITTLE],
        "How much does it matter here that nothing is changed?",
        "A bank's ledger: High. A cache that is filled anew: Low.",
    ),
    metric(
        Environmental,
        ("AR", "Availability Requirement", "availabilityRequirement"),
        &[X, MUCH, AS_USUAL, LITTLE],
        "How much does it matter here that it keeps working?",
        "The gateway before a whole shop: High. A report that runs at night: Low.",
    ),
    metric(
        Environmental,
        ("MAV", "Modified Attack Vector", "modifiedAttackVector"),
        &[AS_BASE, NETWORK, ADJACENT, LOCAL, PHYSICAL],
        "From where can the attack come here?",
        "The server stands in an office network without a way in: Adjacent.",
    ),
    metric(
        Environmental,
        ("MAC", "Modified Attack Complexity", "modifiedAttackComplexity"),
        &[AS_BASE, EASY, HARD],
        "Must it get past a defence here?",
        "Memory is shuffled on all machines here: High.",
    ),
    metric(
        Environmental,
        ("MAT", "Modified Attack Requirements", "modifiedAttackRequirements"),
        &[AS_BASE, ANYWHERE, SOMETIMES],
        "Does it work here only where circumstances happen to fit?",
        "The rare setting that it needs is on everywhere here: None.",
    ),
    metric(
        Environmental,
        ("MPR", "Modified Privileges Required", "modifiedPrivilegesRequired"),
        &[AS_BASE, NO_RIGHTS, USER_RIGHTS, ADMIN_RIGHTS],
        "What must the attacker be allowed to do here before the attack?",
        "A login of its own stands before the server here: Low.",
    ),
    metric(
        Environmental,
        ("MUI", "Modified User Interaction", "modifiedUserInteraction"),
        &[AS_BASE, NO_USER, PASSIVE, ACTIVE],
        "Does somebody else have to do something for it here?",
        "Here a robot opens each file by itself: None.",
    ),
    metric(
        Environmental,
        ("MVC", "Modified Vulnerable System Confidentiality", "modifiedVulnConfidentialityImpact"),
        &[AS_BASE, READ_ALL, READ_SOME, READ_NONE],
        "How much that is secret can be read in the attacked system here?",
        "This server holds nothing but public pages: None.",
    ),
    metric(
        Environmental,
        ("MVI", "Modified Vulnerable System Integrity", "modifiedVulnIntegrityImpact"),
        &[AS_BASE, CHANGE_ALL, CHANGE_SOME, CHANGE_NONE],
        "How much can be changed in the attacked system here?",
        "Its disk is read-only here: None.",
    ),
    metric(
        Environmental,
        ("MVA", "Modified Vulnerable System Availability", "modifiedVulnAvailabilityImpact"),
        &[AS_BASE, STOP_ALL, STOP_SOME, STOP_NONE],
        "How far can the attacked system be kept from working here?",
        "Ten of them share the load, and each restarts at once: Low.",
    ),
    metric(
        Environmental,
        ("MSC", "Modified Subsequent System Confidentiality", "modifiedSubConfidentialityImpact"),
        &[AS_BASE, READ_ALL, READ_SOME, READ_NEXT_TO_NOTHING],
        "How much that is secret can be read in systems behind it here?",
        "Nothing stands behind it here: Negligible.",
    ),
    metric(
        Environmental,
        ("MSI", "Modified Subsequent System Integrity", "modifiedSubIntegrityImpact"),
        &[AS_BASE, SAFETY, CHANGE_ALL, CHANGE_SOME, CHANGE_NEXT_TO_NOTHING],
        "How much can be changed in systems behind it here?",
        "It sets the doses of a pump: Safety.",
    ),
    metric(
        Environmental,
        ("MSA", "Modified Subsequent System Availability", "modifiedSubAvailabilityImpact"),
        &[AS_BASE, SAFETY, STOP_ALL, STOP_SOME, STOP_NEXT_TO_NOTHING],
        "How far can systems behind it be kept from working here?",
        "The brakes of a vehicle fail with it: Safety.",
    ),
    metric(
        Supplemental,
        ("S", "Safety", "Safety"),
        &[UNSAID, value("N", "Negligible", "at most a scratch"), value("P", "Present", "people can be hurt")],
        "Can people be hurt?",
        "A flaw in the control of a lift: Present.",
    )
    .worst_last(),
    metric(
        Supplemental,
        ("AU", "Automatable", "Automatable"),
        &[
            UNSAID,
            value("N", "No", "some step has to be done by hand for each target"),
            value("Y", "Yes", "a program can find and attack one target after the other"),
        ],
        "Can an attack on many be done by a program alone?",
        "One request that each server answers alike: Yes.",
    )
    .worst_last(),
    metric(
        Supplemental,
        ("R", "Recovery", "Recovery"),
        &[
            UNSAID,
            value("A", "Automatic", "it is back by itself"),
            value("U", "User", "somebody has to bring it back"),
            value("I", "Irrecoverable", "it can't be brought back"),
        ],
        "How does the system come back after the attack?",
        "The crashed server is started again by its supervisor: Automatic.",
    )
    .worst_last(),
    metric(
        Supplemental,
        ("V", "Value Density", "valueDensity"),
        &[
            UNSAID,
            value("D", "Diffuse", "one target holds little"),
            value("C", "Concentrated", "one target holds much"),
        ],
        "How much does an attacker gain with one target?",
        "A phone: Diffuse. A mail server: Concentrated.",
    )
    .worst_last(),
    metric(
        Supplemental,
        ("RE", "Vulnerability Response Effort", "vulnerabilityResponseEffort"),
        &[
            UNSAID,
            value("L", "Low", "little: a setting, an ordinary update"),
            value("M", "Moderate", "some: an update with a short outage"),
            value("H", "High", "much: hardware, or people who have to travel"),
        ],
        "How much work is it to do something about it?",
        "An ordinary update of a package: Low.",
    )
    .worst_last(),
    metric(
        Supplemental,
        ("U", "Provider Urgency", "providerUrgency"),
        &[
            UNSAID,
            value("Clear", "Clear", "none: it is told for information"),
            value("Green", "Green", "little"),
            value("Amber", "Amber", "some"),
            value("Red", "Red", "the most: act at once"),
        ],
        "How urgent does the project itself think it is?",
        "Attacks are under way: Red.",
    )
    .worst_last(),
];
