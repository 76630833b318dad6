//! Hostile text, each with its name: what a report, a handed-over case, a playbook or a paste can bring.

#![allow(dead_code, reason = "each suite takes what it needs")]

/// What every text of the corpus begins with, so that a story can tell whether it was shown at all.
pub const SHOWN: &str = "h-";

/// Texts of one line or more; each is valid UTF-8.
const TEXTS: &[(&str, &str)] = &[
    ("colour", "\x1b[31;5mred\x1b[0m"),
    ("clear", "\x1b[2J\x1b[H\x1b[3Jgone"),
    ("reset", "\x1bc\x1b[!p\x1b(0lqk"),
    ("main-screen", "\x1b[?1049l\x1b[?25h\x1b[?2026l"),
    ("title", "\x1b]0;owned\x07 \x1b]2;owned\x1b\\"),
    ("clipboard", "\x1b]52;c;b3duZWQ=\x07"),
    ("link", "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\"),
    ("query", "\x1b[c\x1b[6n\x1b[>q\x05"),
    ("device", "\x1bP$q\"p\x1b\\\x1bP+q544e\x1b\\"),
    ("application", "\x1b_Gf=100;AAAA\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\"),
    ("c1", "\u{9b}31m\u{9d}0;owned\u{9c}\u{90}q\u{9c}\u{85}\u{80}\u{8d}\u{98}\u{9e}\u{9f}"),
    ("bell", "ding\x07"),
    ("overwrite", "good\x08\x08\x08\x08evil\rhidden"),
    ("nul-del", "a\0b\x7fc"),
    ("tab", "a\tb\tc"),
    ("lines", "one\ntwo\r\nthree\x0bfour\x0cfive"),
    ("forged", "x\nfixlead: all is well\nEMBARGO"),
    ("paste-end", "a\x1b[201~q\x1b[200~b"),
    ("shift", "\x0e\x0f\x16\x1a\x18"),
    (
        "bidi",
        "\u{202e}live\u{202c} \u{202a}a\u{202b}b\u{202d}c\u{2066}d\u{2067}e\u{2068}f\u{2069}g\u{200e}\u{200f}\u{61c}h",
    ),
    ("zero-width", "v\u{200b}1\u{200c}.\u{200d}2\u{2060}\u{feff}\u{180e}\u{2061}\u{2064}"),
    ("soft-hyphen", "soft\u{ad}hyphen\u{34f}joiner"),
    ("fillers", "\u{115f}\u{1160}\u{3164}\u{ffa0}\u{17b4}\u{17b5}\u{16fe4}"),
    ("tags", "x\u{e0001}\u{e0065}\u{e006e}\u{e007f}"),
    ("variants", "a\u{fe00}\u{e0100}\u{180b}\u{180f} \u{2764}\u{fe0f} \u{231a}\u{fe0e} \u{fe0f}"),
    ("mark", "e\u{301}a\u{308}"),
    ("marks-first", "\u{301}\u{20dd}a \u{301}"),
    ("separators", "a\u{2028}b\u{2029}c"),
    ("annotation", "\u{fff9}a\u{fffa}b\u{fffb}\u{fffc}"),
    ("format", "\u{600}1\u{6dd}2\u{70f}3\u{110bd}4\u{13430}5\u{1d173}6\u{206a}7"),
    ("wide", "漢字と仮名、ハングル 한국어 ｆｕｌｌ"),
    ("halfwidth", "ｶﾞｷﾞ ￨￩"),
    ("jamo", "\u{1112}\u{1161}\u{11ab} \u{1161}\u{11a8}"),
    ("emoji", "🦀💥🔥 ❤\u{fe0f} ☎"),
    ("family", "👩\u{200d}👩\u{200d}👧\u{200d}👦 🏳\u{fe0f}\u{200d}🌈"),
    ("skin", "👍🏽👋🏿 🏽"),
    ("flags", "🇩🇪🇫🇷🇯 🏴\u{e0067}\u{e0062}\u{e007f}"),
    ("keycap", "1\u{fe0f}\u{20e3} #\u{20e3}"),
    ("ambiguous", "±×°§¶…—“”①②㈠Ωя※■"),
    ("broad", "\u{2e3a}\u{2e3b}\u{17d8}\u{fdfd}\u{1242b}\u{12219}"),
    ("blanks", "a\u{a0}b\u{3000}c\u{2003}d\u{200a}e\u{202f}f\u{1680}g\u{2800}h"),
    ("unassigned", "\u{378}\u{530}\u{1ffff}\u{fffe}\u{fdd0}\u{e0fff}\u{2fffe}"),
    ("private", "\u{e000}\u{f8ff}\u{f0000}\u{10ffff}"),
    ("rtl", "שלום עולם العربية لا"),
    ("indic", "क्षत्रिय নমস্কার தமிழ் ไทยกำ ខ្មែរ မြန်မာ བོད"),
    ("markup", "<script>&lt;%s%n{0}$(id)`id`;|\"'\\"),
    ("looks-escaped", "<1B>[31m<202E>\\x1b\\u202e^["),
];

/// Bytes that are no UTF-8.
pub const BYTES: &[(&str, &[u8])] = &[
    ("lone-continuation", b"h-a\x80\xbfb"),
    ("c1-raw", b"h-\x9b31m\x9d0;owned\x9c\x90\x85"),
    ("overlong", b"h-\xc0\x9b\xe0\x80\x9b\xc1\x81"),
    ("surrogate", b"h-\xed\xa0\x80\xed\xb0\x80"),
    ("too-high", b"h-\xf4\x90\x80\x80\xf8\x88\x80\x80\x80"),
    ("cut", b"h-\xe6\x97"),
    ("latin-1", b"h-\xe9t\xe9 \x1b[31m"),
    ("all-ff", b"h-\xff\xfe\xff"),
];

/// The corpus: names and texts.
pub fn texts() -> Vec<(&'static str, String)> {
    let mut texts: Vec<_> = TEXTS.iter().map(|(name, text)| (*name, format!("{SHOWN}{name} {text} end"))).collect();
    texts.push(("tower", format!("{SHOWN}tower a{}b end", "\u{301}".repeat(10_000))));
    texts.push(("long-word", format!("{SHOWN}long-word {} end", "x".repeat(100_000))));
    texts.push(("long-wide", format!("{SHOWN}long-wide {} end", "漢".repeat(20_000))));
    texts.push(("long-escapes", format!("{SHOWN}long-escapes {} end", "\x1b[31m\u{202e}".repeat(5_000))));
    texts
}

/// Those that are short enough to stand in a list beside others, in arguments and in the names of files.
pub fn short_texts() -> Vec<(&'static str, String)> {
    texts().into_iter().filter(|(_, text)| text.len() < 200).collect()
}

/// The same without NUL, for arguments and the environment can't hold one.
pub fn arguments() -> Vec<(&'static str, String)> {
    short_texts().into_iter().map(|(name, text)| (name, text.replace('\0', ""))).collect()
}

/// Names of files and folders: one part of a path, of at most 255 bytes.
pub fn names() -> Vec<(&'static str, String)> {
    arguments().into_iter().map(|(name, text)| (name, text.replace('/', "|"))).collect()
}

/// A text as TOML writes it, on one line.
pub fn toml_text(text: &str) -> String {
    let written = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        // TOML takes no control as it is; everything else stands there as it would in a hostile file.
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(written).collect::<String>())
}
