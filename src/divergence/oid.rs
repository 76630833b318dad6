//! Ids of git objects.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The full id of a git object, of SHA-1 or SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid {
    /// SHA-1 fills twenty of them; the rest is zero.
    bytes: [u8; 32],
    length: u8,
}

/// A text is no full object id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a full object id has 40 or 64 hexadecimal digits")]
pub struct NoOid;

impl Oid {
    /// The id with these bytes, twenty or thirty-two of them.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if !matches!(bytes.len(), 20 | 32) {
            return None;
        }
        let mut all = [0; 32];
        all[..bytes.len()].copy_from_slice(bytes);
        Some(Self { bytes: all, length: u8::try_from(bytes.len()).ok()? })
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    /// Its first ten digits, for people.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().chars().take(10).collect()
    }

    /// Is it the id that git gives where there is no object?
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.bytes == [0; 32]
    }
}

impl FromStr for Oid {
    type Err = NoOid;

    fn from_str(text: &str) -> Result<Self, NoOid> {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or(NoOid);
        let mut bytes = [0; 32];
        if !matches!(text.len(), 40 | 64) {
            return Err(NoOid);
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Self::of(&bytes[..text.len() / 2]).ok_or(NoOid)
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Oid {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Oid {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        <Cow<'de, str>>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_full_id_is_one() {
        let (sha1, sha256) = ("0123456789abcdef0123456789abcdef01234567", "f".repeat(64));
        for text in [sha1, &sha256] {
            assert_eq!(text.parse::<Oid>().unwrap().to_string(), text);
        }
        let long = format!("{sha1}0");
        for text in ["", "abc", &sha1[1..], &long, "g123456789abcdef0123456789abcdef01234567", "é".repeat(20).as_str()]
        {
            assert_eq!(text.parse::<Oid>(), Err(NoOid), "{text}");
        }
        assert_eq!(sha1.to_uppercase().parse::<Oid>().unwrap().short(), "0123456789");
        assert!("0".repeat(40).parse::<Oid>().unwrap().is_null());
    }
}
