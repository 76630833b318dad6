//! Who may use whom: every path to another room is read from the source, and any edge that is not listed fails.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, and for each the rooms that it may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("source", &["text"]),
    ("cvss", &["text"]),
    ("divergence", &["text"]),
    ("playbook", &["text", "source", "cvss"]),
    ("config", &["text", "source", "divergence", "playbook"]),
    ("schedule", &["text", "playbook", "cvss", "config"]),
    ("findings", &["text", "divergence", "playbook", "schedule"]),
    ("case", &["text", "source", "divergence", "playbook", "cvss", "config", "schedule", "findings"]),
    ("evidence", &["text", "divergence", "playbook", "cvss", "config", "schedule", "findings", "case"]),
    ("drill", &["text", "source", "playbook", "schedule", "case", "evidence"]),
    ("store", &["text", "source", "divergence", "playbook", "cvss", "config", "schedule", "case", "evidence"]),
    ("git", &["text", "divergence", "playbook", "config", "schedule", "case", "evidence"]),
    ("look", &["text", "divergence", "git"]),
    (
        "app",
        &[
            "text",
            "source",
            "divergence",
            "playbook",
            "cvss",
            "config",
            "schedule",
            "findings",
            "case",
            "evidence",
            "drill",
        ],
    ),
    (
        "ui",
        &[
            "text",
            "source",
            "divergence",
            "playbook",
            "cvss",
            "config",
            "schedule",
            "findings",
            "case",
            "evidence",
            "drill",
            "app",
        ],
    ),
    (
        "runtime",
        &[
            "text",
            "source",
            "divergence",
            "playbook",
            "cvss",
            "config",
            "schedule",
            "findings",
            "case",
            "evidence",
            "drill",
            "store",
            "git",
            "look",
            "app",
            "ui",
        ],
    ),
    (
        "cli",
        &[
            "text",
            "source",
            "divergence",
            "playbook",
            "cvss",
            "config",
            "schedule",
            "findings",
            "case",
            "evidence",
            "drill",
            "store",
            "git",
            "look",
            "app",
            "ui",
            "runtime",
        ],
    ),
];

/// Rooms that know no terminal, file, network, process or clock.
const PURE: &[&str] = &[
    "text",
    "source",
    "cvss",
    "divergence",
    "playbook",
    "config",
    "schedule",
    "findings",
    "case",
    "evidence",
    "drill",
    "app",
    "ui",
];

/// What a pure room must not speak of. `app` and `ui` may use the text area and the frame, but no terminal.
const FORBIDDEN: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "std::io::",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "tokio",
    "crossterm",
    "rustix",
    "Mutex",
    "RwLock",
    "TimeZoneDatabase",
    "TimeZone::get",
    "TimeZone::system",
    "fastrand",
];

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the source is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The source of each room without its tests and comments, by file.
fn source_by_room() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut by_room = BTreeMap::new();
    for entry in fs::read_dir(&source).expect("the source is there").flatten().filter(|entry| entry.path().is_dir()) {
        let room = entry.file_name().to_string_lossy().into_owned();
        let files = source_files(&entry.path()).into_iter().filter(|path| !path.ends_with("tests.rs"));
        let read = |path: PathBuf| {
            let text = fs::read_to_string(&path).expect("the source can be read");
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            (path, code.join("\n"))
        };
        by_room.insert(room, files.map(read).collect());
    }
    by_room
}

/// The rooms that a text names by `crate::room`, also inside of `crate::{…}`.
fn used(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for tail in code.split("crate::").skip(1) {
        if let Some(group) = tail.strip_prefix('{') {
            let group = group.split('}').next().unwrap_or_default();
            used.extend(group.split(',').map(|name| first_word(name.trim())));
        } else {
            used.push(first_word(tail));
        }
    }
    used
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn every_folder_is_a_listed_room() {
    let listed: Vec<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    for room in source_by_room().keys() {
        assert!(listed.contains(&room.as_str()), "src/{room} is not listed in tests/layers.rs and ARCHITECTURE.md");
    }
}

#[test]
fn rooms_use_only_the_rooms_they_may_use() {
    for (room, files) in source_by_room() {
        for (path, code) in &files {
            assert!(!code.contains("super::super"), "{}: another room is named by crate::room", path.display());
        }
        let Some((_, may)) = ROOMS.iter().find(|(name, _)| *name == room) else { continue };
        for (path, code) in files {
            for other in used(&code) {
                let is_room = ROOMS.iter().any(|(name, _)| *name == other);
                assert!(
                    !is_room || other == room || may.contains(&other.as_str()),
                    "{}: {room} must not use {other}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn pure_rooms_touch_no_world() {
    for (room, files) in source_by_room().into_iter().filter(|(room, _)| PURE.contains(&room.as_str())) {
        for (path, code) in files {
            for word in FORBIDDEN {
                assert!(!code.contains(word), "{}: the pure room {room} speaks of {word}", path.display());
            }
        }
    }
}

#[test]
fn nothing_opens_a_connection() {
    for (room, files) in source_by_room() {
        for (path, code) in files {
            for word in ["std::net", "os::unix::net", "tokio::net", "TcpStream", "UdpSocket", "UnixStream"] {
                assert!(!code.contains(word), "{}: {room} speaks of {word}", path.display());
            }
        }
    }
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("it is there");
    assert!(!manifest.contains("\"net\""), "no dependency is asked for its part that opens connections");
}

#[test]
fn main_only_chooses() {
    let main = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs")).expect("main.rs is there");
    assert!(main.lines().count() <= 60, "main.rs chooses the mode and the exit code, nothing else");
}

/// What puts text before a person, and the only files that may: each makes it displayable, or writes none from outside.
const EDGES: &[(&str, &[&str])] = &[
    ("print!", &[]),
    ("println!", &[]),
    ("dbg!", &[]),
    ("stdout()", &["cli/output.rs", "cli/mod.rs", "runtime/terminal.rs", "runtime/screen.rs", "runtime/editor.rs"]),
    ("stderr()", &["cli/output.rs", "cli/free_text.rs", "cli/fault.rs"]),
    ("Answer::raw", &["cli/manual.rs"]),
    ("Span::styled", &["ui/lines.rs"]),
    ("Span::raw", &["ui/lines.rs"]),
    ("Line::from", &["ui/lines.rs"]),
    ("Line::raw", &[]),
    ("Text::", &[]),
    ("Paragraph", &[]),
    ("Block::bordered", &[]),
    (".set_symbol(", &["ui/rows.rs"]),
    (".set_char(", &["ui/marks.rs"]),
    (".set_string", &[]),
    (".set_line(", &[]),
    (".set_span(", &[]),
    ("SetTitle", &[]),
    ("\\x1b", &["runtime/terminal.rs"]),
    ("\\u{1b}", &[]),
];

#[test]
fn text_reaches_a_person_through_few_doors_only() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (path, code) in source_by_room().into_values().flatten() {
        let file = path.strip_prefix(&source).expect("below the source").to_string_lossy().into_owned();
        for (word, doors) in EDGES {
            let mut found = code.match_indices(word).map(|(at, _)| code[..at].chars().next_back());
            // `eprintln!` is found as `println!` is; the end of a longer name is another name.
            let found = found.any(|before| word.starts_with('.') || !before.is_some_and(|c| c == '_' || c == ':'));
            assert!(!found || doors.contains(&file.as_str()), "{file}: {word} is for {doors:?} only");
        }
    }
}
