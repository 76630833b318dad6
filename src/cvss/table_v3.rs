//! The metrics of 3.0 and 3.1, which have the same: names as the specification has them (sections 2, 3 and 4), the
//! explanations in the project's own words.

use super::Group::{Base, Environmental, Temporal};
use super::metric::{Metric, Value, metric, value};

const X: Value = value("X", "Not Defined", "not said: it changes nothing");

const NETWORK: Value = value("N", "Network", "over a network, a link too; not by a file a victim has to open");
const ADJACENT: Value = value("A", "Adjacent", "only from nearby: the same subnet, Wi-Fi or Bluetooth");
const LOCAL: Value = value("L", "Local", "on the machine: a shell, a container, a file somebody opens");
const PHYSICAL: Value = value("P", "Physical", "only by touching the device, such as plugging in a stick");

const EASY: Value = value("L", "Low", "it works whenever it is tried, as far as is known");
const HARD: Value = value("H", "High", "luck or preparation: a race, a rare setting, an unknown secret");

const NO_RIGHTS: Value = value("N", "None", "nothing: no account, no login (unauthenticated)");
const USER_RIGHTS: Value = value("L", "Low", "an ordinary user: a login, a shell or container without root");
const ADMIN_RIGHTS: Value = value("H", "High", "what an administrator may do");

const NO_USER: Value = value("N", "None", "nobody: it works with no one at the screen");
const USER: Value = value("R", "Required", "somebody else has to open, click or install for each attack");

const CHANGED: Value = value("C", "Changed", "beyond its rights: out of a sandbox or guest, into a browser");
const UNCHANGED: Value = value("U", "Unchanged", "what it may do anyway: its users' data, its own user's rights");

const READ_ALL: Value = value("H", "High", "all, or what matters most: passwords, keys, private messages");
const READ_SOME: Value = value("L", "Low", "some of it, and the attacker can't choose what");
const READ_NONE: Value = value("N", "None", "nothing");

const CHANGE_ALL: Value = value("H", "High", "anything, or what does real harm, such as setting a password");
const CHANGE_SOME: Value = value("L", "Low", "some of it, without serious harm");
const CHANGE_NONE: Value = value("N", "None", "nothing");

const STOP_ALL: Value = value("H", "High", "it crashes or stops for as long as the attacker likes");
const STOP_SOME: Value = value("L", "Low", "it gets slower or stumbles, but what matters goes on working");
const STOP_NONE: Value = value("N", "None", "not at all");

const MUCH: Value = value("H", "High", "losing it would be a catastrophe here");
const AS_USUAL: Value = value("M", "Medium", "as usual: it changes nothing");
const LITTLE: Value = value("L", "Low", "losing it would hardly matter here");

/// All metrics in the order of the specification.
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
        "Apart from a victim's click: does it take luck or preparation?",
        "A request that crashes the server each time it is sent: Low. One that has to win a race: High.",
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
        &[NO_USER, USER],
        "Does somebody else have to do something for it?",
        "A request to a server, a setting made before: None. A link a victim has to click: Required.",
    ),
    metric(
        Base,
        ("S", "Scope", "scope"),
        &[CHANGED, UNCHANGED],
        "Does the harm reach beyond what the flawed part is allowed to do?",
        "A crash, own code, a user who becomes root: Unchanged. A script in a visitor's browser: Changed.",
    ),
    metric(
        Base,
        ("C", "Confidentiality", "confidentialityImpact"),
        &[READ_ALL, READ_SOME, READ_NONE],
        "How much that is secret can the attacker read?",
        "Reading any file, or all a victim may read: High. A script in a page (XSS): Low. A crash: None.",
    ),
    metric(
        Base,
        ("I", "Integrity", "integrityImpact"),
        &[CHANGE_ALL, CHANGE_SOME, CHANGE_NONE],
        "How much can the attacker change?",
        "Own code, writing any file: High. A script in a page (XSS): Low. Reading, a crash: None.",
    ),
    metric(
        Base,
        ("A", "Availability", "availabilityImpact"),
        &[STOP_ALL, STOP_SOME, STOP_NONE],
        "How far can the attacker keep it from working?",
        "A crash by each request, own code, writing any file: High. Reading, a script in a page: None.",
    ),
    metric(
        Temporal,
        ("E", "Exploit Code Maturity", "exploitCodeMaturity"),
        &[
            X,
            value("H", "High", "code that works everywhere, or none is needed"),
            value("F", "Functional", "code that works most of the time"),
            value("P", "Proof-of-Concept", "code that shows it, not fit for real attacks"),
            value("U", "Unproven", "none is known: it is theory so far"),
        ],
        "How good is the code that exploits it, as far as is known?",
        "The reporter's script crashes a test server: Proof-of-Concept.",
    ),
    metric(
        Temporal,
        ("RL", "Remediation Level", "remediationLevel"),
        &[
            X,
            value("U", "Unavailable", "there is none, or it can't be applied"),
            value("W", "Workaround", "advice that isn't from the project"),
            value("T", "Temporary Fix", "the project's own stopgap, such as a setting"),
            value("O", "Official Fix", "the project's release with the fix"),
        ],
        "What can people do about it by now?",
        "The fixed release is out: Official Fix. A limit to set until then: Temporary Fix.",
    ),
    metric(
        Temporal,
        ("RC", "Report Confidence", "reportConfidence"),
        &[
            X,
            value("C", "Confirmed", "it was reproduced, or the project confirms it"),
            value("R", "Reasonable", "much speaks for it, the cause isn't sure"),
            value("U", "Unknown", "there are hints only, or they disagree"),
        ],
        "How sure is it that the flaw is there?",
        "The project reproduced the crash: Confirmed.",
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
        &[X, NETWORK, ADJACENT, LOCAL, PHYSICAL],
        "From where can the attack come here?",
        "The server stands in an office network without a way in: Adjacent.",
    ),
    metric(
        Environmental,
        ("MAC", "Modified Attack Complexity", "modifiedAttackComplexity"),
        &[X, EASY, HARD],
        "Does it work each time here, or does it take luck or preparation?",
        "A setting that few have makes it possible, and it is on here: Low.",
    ),
    metric(
        Environmental,
        ("MPR", "Modified Privileges Required", "modifiedPrivilegesRequired"),
        &[X, NO_RIGHTS, USER_RIGHTS, ADMIN_RIGHTS],
        "What must the attacker be allowed to do here before the attack?",
        "A login of its own stands before the server here: Low.",
    ),
    metric(
        Environmental,
        ("MUI", "Modified User Interaction", "modifiedUserInteraction"),
        &[X, NO_USER, USER],
        "Does somebody else have to do something for it here?",
        "Here a robot opens each file by itself: None.",
    ),
    metric(
        Environmental,
        ("MS", "Modified Scope", "modifiedScope"),
        &[X, CHANGED, UNCHANGED],
        "Does the harm reach beyond the flawed part here?",
        "It runs alone on its machine, with nothing behind it: Unchanged.",
    ),
    metric(
        Environmental,
        ("MC", "Modified Confidentiality", "modifiedConfidentialityImpact"),
        &[X, READ_ALL, READ_SOME, READ_NONE],
        "How much that is secret can the attacker read here?",
        "This server holds nothing but public pages: None.",
    ),
    metric(
        Environmental,
        ("MI", "Modified Integrity", "modifiedIntegrityImpact"),
        &[X, CHANGE_ALL, CHANGE_SOME, CHANGE_NONE],
        "How much can the attacker change here?",
        "Its disk is read-only here: None.",
    ),
    metric(
        Environmental,
        ("MA", "Modified Availability", "modifiedAvailabilityImpact"),
        &[X, STOP_ALL, STOP_SOME, STOP_NONE],
        "How far can the attacker keep it from working here?",
        "Ten of them share the load, and each restarts at once: Low.",
    ),
];
