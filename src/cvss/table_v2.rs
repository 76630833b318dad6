//! The metrics of 2.0: names as the specification has them (section 2), the explanations in the project's own words.

use super::Group::{Base, Environmental, Temporal};
use super::metric::{Metric, Value, metric, value};

const ND: Value = value("ND", "Not Defined", "not said: it changes nothing");

const REQUIREMENT: &[Value] = &[
    value("L", "Low", "losing it would hardly matter here"),
    value("M", "Medium", "as usual: it changes nothing"),
    value("H", "High", "losing it would be a catastrophe here"),
    ND,
];

/// All metrics in the order of the specification, each with its worst value last.
pub(super) const METRICS: &[Metric] = &[
    metric(
        Base,
        ("AV", "Access Vector", "accessVector"),
        &[
            value("L", "Local", "only on the machine: by a shell, or by touching it"),
            value("A", "Adjacent Network", "only from nearby: the same subnet, Wi-Fi or Bluetooth"),
            value("N", "Network", "remotely: from anywhere over a network, such as the internet"),
        ],
        "From where can the attack come?",
        "One request from the internet crashes the server: Network. A local user's command: Local.",
    )
    .worst_last(),
    metric(
        Base,
        ("AC", "Access Complexity", "accessComplexity"),
        &[
            value("H", "High", "it works in rare circumstances only, such as a narrow race"),
            value("M", "Medium", "something has to fit: a common setting, a user who clicks"),
            value("L", "Low", "it works each time it is tried, as far as is known"),
        ],
        "How much has to come together for it to work?",
        "A request that crashes the server each time it is sent: Low.",
    )
    .worst_last(),
    metric(
        Base,
        ("Au", "Authentication", "authentication"),
        &[
            value("M", "Multiple", "two logins or more"),
            value("S", "Single", "one login"),
            value("N", "None", "none: it works before any login (unauthenticated)"),
        ],
        "How often must the attacker log in?",
        "A crash by one request that is sent before any login: None. One by a user who logged in: Single.",
    )
    .worst_last(),
    metric(
        Base,
        ("C", "Confidentiality Impact", "confidentialityImpact"),
        &[
            value("N", "None", "nothing"),
            value("P", "Partial", "much of it, and the attacker can't choose what"),
            value("C", "Complete", "everything on the machine"),
        ],
        "How much that is secret can the attacker read?",
        "A crash by itself shows nothing: None. Reading some of the server's files: Partial.",
    )
    .worst_last(),
    metric(
        Base,
        ("I", "Integrity Impact", "integrityImpact"),
        &[
            value("N", "None", "nothing"),
            value("P", "Partial", "some files or data, and the attacker can't choose which"),
            value("C", "Complete", "everything on the machine"),
        ],
        "How much can the attacker change?",
        "A crash by itself changes nothing: None. Running own code as an administrator: Complete.",
    )
    .worst_last(),
    metric(
        Base,
        ("A", "Availability Impact", "availabilityImpact"),
        &[
            value("N", "None", "not at all"),
            value("P", "Partial", "it gets slower or fails, but not all of it is gone"),
            value("C", "Complete", "it is down altogether for as long as the attacker likes"),
        ],
        "How far can the attacker keep it from working?",
        "A crash of the whole machine: Complete. One of the service alone is mostly scored Partial.",
    )
    .worst_last(),
    metric(
        Temporal,
        ("E", "Exploitability", "exploitability"),
        &[
            value("U", "Unproven", "none is known: it is theory so far"),
            value("POC", "Proof-of-Concept", "code that shows it, not fit for real attacks"),
            value("F", "Functional", "code that works most of the time"),
            value("H", "High", "code that works everywhere, or none is needed"),
            ND,
        ],
        "How good is the code that exploits it, as far as is known?",
        "The reporter's script crashes a test server: Proof-of-Concept.",
    )
    .worst_last(),
    metric(
        Temporal,
        ("RL", "Remediation Level", "remediationLevel"),
        &[
            value("OF", "Official Fix", "the project's release with the fix"),
            value("TF", "Temporary Fix", "the project's own stopgap, such as a setting"),
            value("W", "Workaround", "advice that isn't from the project"),
            value("U", "Unavailable", "there is none, or it can't be applied"),
            ND,
        ],
        "What can people do about it by now?",
        "The fixed release is out: Official Fix.",
    )
    .worst_last(),
    metric(
        Temporal,
        ("RC", "Report Confidence", "reportConfidence"),
        &[
            value("UC", "Unconfirmed", "one source, or sources that disagree"),
            value("UR", "Uncorroborated", "several sources, not the project itself"),
            value("C", "Confirmed", "the project confirms it, or it is seen in the wild"),
            ND,
        ],
        "How sure is it that the flaw is there?",
        "The project reproduced the crash: Confirmed.",
    )
    .worst_last(),
    metric(
        Environmental,
        ("CDP", "Collateral Damage Potential", "collateralDamagePotential"),
        &[
            value("N", "None", "none"),
            value("L", "Low", "slight harm or loss"),
            value("LM", "Low-Medium", "moderate harm or loss"),
            value("MH", "Medium-High", "great harm or loss"),
            value("H", "High", "catastrophic harm or loss"),
            ND,
        ],
        "What harm to people, goods or income may follow here?",
        "The flawed part steers a machine beside people: High.",
    )
    .worst_last(),
    metric(
        Environmental,
        ("TD", "Target Distribution", "targetDistribution"),
        &[
            value("N", "None", "no system here, or one in a laboratory"),
            value("L", "Low", "up to a quarter of the systems here"),
            value("M", "Medium", "a quarter to three quarters"),
            value("H", "High", "more than three quarters"),
            ND,
        ],
        "How many of the systems here have the flaw?",
        "All gateways run the flawed version: High.",
    )
    .worst_last(),
    metric(
        Environmental,
        ("CR", "Confidentiality Requirement", "confidentialityRequirement"),
        REQUIREMENT,
        "How much does secrecy matter here?",
        "A store of health records: High. A public mirror: Low.",
    )
    .worst_last(),
    metric(
        Environmental,
        ("IR", "Integrity Requirement", "integrityRequirement"),
        REQUIREMENT,
        "How much does it matter here that nothing is changed?",
        "A bank's ledger: High. A cache that is filled anew: Low.",
    )
    .worst_last(),
    metric(
        Environmental,
        ("AR", "Availability Requirement", "availabilityRequirement"),
        REQUIREMENT,
        "How much does it matter here that it keeps working?",
        "The gateway before a whole shop: High. A report that runs at night: Low.",
    )
    .worst_last(),
];
