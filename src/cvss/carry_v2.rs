//! From 2.0 to the later versions and back: what 2.0 asks in one question, they ask in two or otherwise.

use super::Version;
use super::carry::{Carrier, SPLIT_EXPLOIT};

const LOCAL_OR_TOUCH: &str = "Local of 2.0 is Physical if the device has to be touched";
const EASE_SPLIT: &str = "2.0 asked for luck, settings and a user's help in one question";
const EASE_JOINED: &str = "Medium if it takes a user's help only, High if luck as well";
const WHOSE_LOGIN: &str = "Low if an ordinary user's login is enough, else High";
const HOW_MANY_LOGINS: &str = "Single if one login is enough, Multiple if it takes two";
const PARTIAL: &str = "High if what matters most is lost, else Low";
const HIGH: &str = "Complete if all of the machine is lost, else Partial";
const NOT_ASKED: &str = "2.0 didn't ask what is lost beyond the flawed part";
const NOT_KNOWN: &str = "2.0 looks at the machine with the flaw only";
const CONFIDENCE: &str = "2.0 counts sources, 3.x asks how sure the cause is";

impl Carrier {
    /// From 2.0 to 3.x or 4.0.
    pub(super) fn up_from_v2(&mut self) {
        let to_v4 = self.to.version() == Version::V4_0;
        match self.said("AV") {
            Some("L") => self.choose(&["AV"], LOCAL_OR_TOUCH),
            Some(value) => self.put("AV", value),
            None => {}
        }
        match self.said("AC") {
            // Low asks for no circumstances at all, and so for no user either.
            Some("L") => ["AC:L", "AT:N", "UI:N"].into_iter().for_each(|part| self.put_part(part)),
            Some(_) => self.choose(&["AC", "AT", "UI"], EASE_SPLIT),
            None => {}
        }
        match self.said("Au") {
            Some("N") => self.put("PR", "N"),
            Some(_) => self.choose(&["PR"], WHOSE_LOGIN),
            None => {}
        }
        for loss in ["C", "I", "A"] {
            let key = if to_v4 { format!("V{loss}") } else { loss.to_owned() };
            match self.said(loss) {
                Some("N") => self.put(&key, "N"),
                Some("C") => self.put(&key, "H"),
                Some(_) => self.choose(&[key], PARTIAL),
                None => {}
            }
        }
        self.choose(&["SC", "SI", "SA"], NOT_ASKED);
        if !to_v4 {
            self.choose(&["S"], NOT_ASKED);
        }
        self.copy(&["CR", "IR", "AR"]);
        match (self.said("E"), to_v4) {
            (Some("POC"), _) => self.put("E", "P"),
            (Some("U"), _) => self.put("E", "U"),
            (Some(value), false) => self.put("E", value),
            (Some(_), true) => self.choose(&["E"], SPLIT_EXPLOIT),
            (None, _) => {}
        }
        self.exchange("RL", &[("OF", "O"), ("TF", "T"), ("W", "W"), ("U", "U")]);
        self.confidence();
    }

    /// From 3.x to 2.0, which has no modified metrics.
    pub(super) fn down_to_v2(&mut self) {
        // Local of 2.0 is touching the device as well.
        self.exchange("AV", &[("N", "N"), ("A", "A"), ("L", "L"), ("P", "L")]);
        match (self.said("AC"), self.said("UI")) {
            (Some("L"), Some("N")) => self.put("AC", "L"),
            (Some(_), Some(_)) => self.choose(&["AC"], EASE_JOINED),
            _ => {}
        }
        match self.said("PR") {
            Some("N") => self.put("Au", "N"),
            Some(_) => self.choose(&["Au"], HOW_MANY_LOGINS),
            None => {}
        }
        for loss in ["C", "I", "A"] {
            match (self.said(loss), self.said("S")) {
                (Some("N"), _) => self.put(loss, "N"),
                (Some("L"), Some("U")) => self.put(loss, "P"),
                (Some("H"), Some("U")) => self.choose(&[loss], HIGH),
                (Some(_), Some(_)) => self.choose(&[loss], NOT_KNOWN),
                _ => {}
            }
        }
        self.copy(&["CR", "IR", "AR"]);
        self.exchange("E", &[("U", "U"), ("P", "POC"), ("F", "F"), ("H", "H")]);
        self.exchange("RL", &[("O", "OF"), ("T", "TF"), ("W", "W"), ("U", "U")]);
        self.confidence();
    }

    /// Confirmed is the one value of RC that means the same in both.
    fn confidence(&mut self) {
        match self.said("RC") {
            Some("C") => self.put("RC", "C"),
            Some(_) => self.choose(&["RC"], CONFIDENCE),
            None => {}
        }
    }

    /// Takes a value over under its other name.
    fn exchange(&mut self, key: &str, names: &[(&str, &str)]) {
        let said = self.said(key);
        if let Some((_, other)) = names.iter().find(|(name, _)| Some(*name) == said) {
            self.put(key, other);
        }
    }

    /// Sets a metric as it stands in a vector, if the version has it.
    fn put_part(&mut self, part: &str) {
        if let Some((key, value)) = part.split_once(':') {
            self.put(key, value);
        }
    }
}
