//! Valid texts, spoilt as files are: cut, a byte flipped, a piece of another one put in, a line doubled.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

#[derive(Clone, Debug)]
enum Harm {
    Cut(Index),
    Flip(Index, u8),
    Splice(Index, Index, Index),
    Double(Index),
    Put(Index, String),
}

/// Pieces that mean something to a parser or a terminal.
fn piece() -> impl Strategy<Value = String> {
    let known =
        ["[", "]]", "{", "}", "=", "\"", "'''", "\"\"\"", "\n", "\r", "\0", "\u{1b}]0;", "\u{202e}", "[[step]]\n"];
    let more = ["999999999999999999999999", "-9999-12-31T23:59:60Z", "nan", "0x", "<<<<<<< mine\n", "not not not ("];
    proptest::sample::select([known.as_slice(), more.as_slice()].concat()).prop_map(str::to_owned)
}

fn harm() -> impl Strategy<Value = Harm> {
    prop_oneof![
        any::<Index>().prop_map(Harm::Cut),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Harm::Flip(at, byte)),
        (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(at, from, to)| Harm::Splice(at, from, to)),
        any::<Index>().prop_map(Harm::Double),
        (any::<Index>(), piece()).prop_map(|(at, text)| Harm::Put(at, text)),
    ]
}

fn spoil(bytes: &mut Vec<u8>, other: &[u8], harm: &Harm) {
    let place = |at: &Index, bytes: &[u8]| at.index(bytes.len() + 1);
    match harm {
        Harm::Cut(at) => bytes.truncate(place(at, bytes)),
        Harm::Flip(at, byte) if !bytes.is_empty() => {
            let at = at.index(bytes.len());
            bytes[at] ^= byte;
        }
        Harm::Flip(..) => {}
        Harm::Splice(at, from, to) => {
            let (from, to) = (place(from, other), place(to, other));
            let at = place(at, bytes);
            bytes.splice(at..at, other[from.min(to)..from.max(to)].iter().copied());
        }
        Harm::Double(at) => {
            let at = place(at, bytes);
            let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |found| found + 1);
            let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |found| at + found + 1);
            let line = bytes[start..end].to_vec();
            bytes.splice(end..end, line);
        }
        Harm::Put(at, text) => {
            let at = place(at, bytes);
            bytes.splice(at..at, text.bytes());
        }
    }
}

/// One of these texts, spoilt one to four times.
pub fn mutated(texts: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
    let two = (proptest::sample::select(texts.clone()), proptest::sample::select(texts));
    (two, vec(harm(), 1..5)).prop_map(|((text, other), harms)| {
        let mut bytes = text.into_bytes();
        for harm in &harms {
            spoil(&mut bytes, other.as_bytes(), harm);
        }
        bytes
    })
}
