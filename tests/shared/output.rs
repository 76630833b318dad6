//! A strict reader of what the program writes: every byte of it is either text that can be shown, or one of the few
//! sequences that the program needs. What displayable text is stands here anew, so that the program's own notion of it
//! is held against another one.

#![allow(dead_code, reason = "each suite takes what it needs")]

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_width::UnicodeWidthChar;
use vte::{Params, Parser, Perform};

/// Marks that stand on one character at most.
const MOST_MARKS: usize = 3;
/// No screen has more rows or columns.
const MOST_CELLS: u16 = 1_000;

/// What is wrong with a text that a person would see; none if it can be shown as it is.
pub fn fault_of_text(text: &str) -> Option<String> {
    let mut reader = Cells::default();
    text.chars().find_map(|c| reader.fault_of(c)).map(|fault| format!("{fault} in {}", around(text)))
}

/// Asserts that lines of text hold nothing but displayable text and the ends of lines.
#[track_caller]
pub fn assert_lines(bytes: &[u8], what: &str) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    for line in text.split('\n') {
        assert_eq!(fault_of_text(line), None, "{what}");
    }
}

/// Asserts that JSON is one value, and harmless on a terminal: what can't be shown is written as its number.
#[track_caller]
pub fn assert_json(bytes: &[u8], what: &str) -> serde_json::Value {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    for line in text.split('\n') {
        let hidden = line.chars().find(|c| !is_seen(*c));
        assert_eq!(hidden, None, "{what}: {}", around(line));
    }
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{what}: {error}: {}", around(text)))
}

/// Asserts that the bytes of a screen are displayable text and sequences of the list, and that so many texts were handed
/// to the clipboard and the bell rang so often. The end may be cut off, for a program can be killed while it writes.
#[track_caller]
pub fn assert_screen(bytes: &[u8], copies: usize, bells: usize) {
    let faults = faults_of_screen(bytes, copies, bells);
    assert!(faults.is_empty(), "what the program wrote: {faults:#?}");
}

/// What is wrong with the bytes of a screen, at most a dozen.
pub fn faults_of_screen(bytes: &[u8], copies: usize, bells: usize) -> Vec<String> {
    let mut faults = raw_faults(bytes);
    let mut reader = Reader::default();
    Parser::new().advance(&mut reader, bytes);
    if reader.copies != copies {
        faults.push(format!("{} texts were handed to the clipboard, not {copies}", reader.copies));
    }
    if reader.bells != bells {
        faults.push(format!("the bell rang {} times, not {bells}", reader.bells));
    }
    faults.extend(reader.faults);
    faults.truncate(12);
    faults
}

/// What no parser of sequences tells: broken UTF-8, and how a sequence begins. Parsers skip SOS, PM and APC in silence.
fn raw_faults(bytes: &[u8]) -> Vec<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(error) => return vec![format!("{error}")],
    };
    let mut faults = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_control()) {
        let next = text[at + c.len_utf8()..].chars().next();
        let fine = match c {
            // The parser tells of a bell that does not end what goes to the clipboard.
            '\r' | '\n' | '\u{7}' => true,
            '\u{1b}' => matches!(next, None | Some('[' | ']')),
            _ => false,
        };
        if !fine {
            let begin = text[..at].char_indices().rev().nth(20).map_or(0, |(at, _)| at);
            faults.push(format!("{c:?} before {next:?}, behind {:?}", &text[begin..at]));
        }
    }
    faults
}

/// What follows what on a screen.
#[derive(Default)]
struct Reader {
    cells: Cells,
    faults: Vec<String>,
    copies: usize,
    bells: usize,
    alternate: bool,
}

impl Reader {
    fn fault(&mut self, text: String) {
        if self.faults.len() < 12 {
            self.faults.push(text);
        }
    }
}

impl Perform for Reader {
    fn print(&mut self, c: char) {
        if let Some(fault) = self.cells.fault_of(c) {
            self.fault(fault);
        }
    }

    /// Lines end on the main screen only: a frame puts each text into its place.
    fn execute(&mut self, byte: u8) {
        self.cells = Cells::default();
        if byte == 7 {
            self.bells += 1;
        } else if self.alternate || !matches!(byte, b'\r' | b'\n') {
            self.fault(format!("the control character {byte:#04x}"));
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignored: bool, action: char) {
        self.cells = Cells::default();
        let flat: Vec<u16> = params.iter().flatten().copied().collect();
        let simple = params.iter().all(|param| param.len() == 1);
        if ignored || !simple || !is_needed(intermediates, &flat, action) {
            self.fault(format!("CSI {:?} {flat:?} {action}", String::from_utf8_lossy(intermediates)));
        }
        if (intermediates, flat.as_slice()) == (b"?", &[1049]) {
            self.alternate = action == 'h';
        }
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], bell_terminated: bool) {
        self.cells = Cells::default();
        let is_base64 = |text: &[u8]| text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte));
        match params {
            [b"52", b"c", text] if bell_terminated && is_base64(text) => self.copies += 1,
            _ => self.fault(format!(
                "OSC {:?}",
                params.iter().map(|part| part.escape_ascii().to_string()).collect::<Vec<_>>()
            )),
        }
    }

    fn esc_dispatch(&mut self, _: &[u8], _: bool, byte: u8) {
        self.fault(format!("ESC {}", char::from(byte)));
    }

    fn hook(&mut self, _: &Params, _: &[u8], _: bool, action: char) {
        self.fault(format!("DCS {action}"));
    }
}

/// The sequences that the program needs, with the numbers that they take.
fn is_needed(intermediates: &[u8], params: &[u16], action: char) -> bool {
    match (intermediates, action) {
        // The place of the cursor, and the whole screen made blank.
        (b"", 'H') => params.len() <= 2 && params.iter().all(|place| (1..=MOST_CELLS).contains(place)),
        (b"", 'J') => params == [2],
        (b"", 'm') => is_style(params),
        // Alternate screen, cursor, mouse, paste and whole frames.
        (b"?", 'h' | 'l') => matches!(params, [25 | 1000 | 1006 | 1049 | 2004 | 2026]),
        _ => false,
    }
}

/// Weight, underline with its colour taken back, reversed, and colours: the sixteen, one of 256, or one of its own.
fn is_style(params: &[u16]) -> bool {
    match params {
        [] => true,
        [38 | 48, 5, colour, rest @ ..] => *colour < 256 && is_style(rest),
        [38 | 48, 2, red, green, blue, rest @ ..] => [red, green, blue].iter().all(|c| **c < 256) && is_style(rest),
        [0..=4 | 7 | 22..=24 | 27 | 30..=37 | 39..=47 | 49 | 59 | 90..=97 | 100..=107, rest @ ..] => is_style(rest),
        _ => false,
    }
}

/// Characters as they come into cells.
#[derive(Default)]
struct Cells {
    /// Whether a mark may stand on what came last, and how many stand there.
    base: bool,
    marks: usize,
}

impl Cells {
    fn fault_of(&mut self, c: char) -> Option<String> {
        let is_mark = c.width() == Some(0);
        self.marks = if is_mark { self.marks + 1 } else { 0 };
        let fault = if !is_seen(c) {
            Some(format!("U+{:04X}, which can't be seen", u32::from(c)))
        } else if is_mark && !self.base {
            Some(format!("U+{:04X} stands on nothing", u32::from(c)))
        } else if self.marks > MOST_MARKS {
            Some(format!("U+{:04X} is one mark too many", u32::from(c)))
        } else {
            None
        };
        if !is_mark {
            self.base = !c.is_whitespace();
        }
        fault
    }
}

/// Whether a character is there to be seen, by the tables of Unicode: letters, marks, numbers, punctuation, symbols and
/// the plain blanks; never a control, a format, a surrogate, private or unassigned, never the end of a line or paragraph.
pub fn is_seen(c: char) -> bool {
    use GeneralCategory as Category;
    let category = !matches!(
        c.general_category(),
        Category::Control
            | Category::Format
            | Category::Surrogate
            | Category::PrivateUse
            | Category::Unassigned
            | Category::LineSeparator
            | Category::ParagraphSeparator
    );
    category && !is_blank_letter(c)
}

/// Letters and marks without any ink, by their names: fillers, joiners, vowels that are not written, and selectors of a
/// variant.
fn is_blank_letter(c: char) -> bool {
    matches!(
        u32::from(c),
        0x034F | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x3164 | 0xFE00..=0xFE0F | 0xFFA0
            | 0x16FE4 | 0xE0100..=0xE01EF
    )
}

/// A text for a message of a test: escaped, and not too long.
fn around(text: &str) -> String {
    let escaped: String = text.escape_debug().take(300).collect();
    format!("«{escaped}»")
}

#[test]
fn the_reader_takes_what_a_screen_needs() {
    let frame = "\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[2J\x1b[?1000h\x1b[?1006h\x1b[?2026h\x1b[1;1H\x1b[1m\x1b[38;5;14;49m\
                 Žluťoučký 日本 e\u{301} 🦀\x1b[39;49;0m\x1b[?2026l\x1b[?1049l bye\r\n";
    assert_eq!(faults_of_screen(frame.as_bytes(), 0, 0), Vec::<String>::new());
    assert_eq!(faults_of_screen(b"\x1b]52;c;b3duZWQ=\x07", 1, 0), Vec::<String>::new());
    assert_eq!(faults_of_screen(b"\x07", 0, 1), Vec::<String>::new());
    // Killed while it wrote.
    assert_eq!(faults_of_screen(b"\x1b[2J\x1b[38;5", 0, 0), Vec::<String>::new());
    assert_eq!(faults_of_screen(b"\x1b[2J\xe6\x97", 0, 0), Vec::<String>::new());
}

#[test]
fn the_reader_takes_nothing_else() {
    let foreign: [&[u8]; 34] = [
        b"\x1b]0;title\x07",
        b"\x1b]0;title\x1b\\",
        b"\x1b]52;c;b3duZWQ=\x07",
        b"\x1b]52;c;?\x07",
        b"\x1b]8;;https://host.example\x07",
        b"\x1bP1$q\x1b\\",
        b"\x1b_Gq\x1b\\",
        b"\x1b^pm\x1b\\",
        b"\x1bXsos\x1b\\",
        b"\x1bc",
        b"\x1b(0",
        b"\x1b[c",
        b"\x1b[6n",
        b"\x1b[3J",
        b"\x1b[5m",
        b"\x1b[8m",
        b"\x1b[4:3m",
        b"\x1b[38;5;256m",
        b"\x1b[9999;1H",
        b"\x1b[1A",
        b"\x1b[?1003h",
        b"\x1b[?1049h\n",
        b"\x9b31m",
        "\u{9b}31m".as_bytes(),
        b"\x07",
        b"\x08",
        b"\x7f",
        b"\t",
        b"\0",
        b"a\xff",
        "\u{202e}".as_bytes(),
        "a\u{301}\u{301}\u{301}\u{301}".as_bytes(),
        "\x1b[1;1H\u{301}".as_bytes(),
        "\u{378} \u{e000} \u{fdd0} \u{e0041} \u{2028} \u{200b} \u{ad} \u{feff} \u{fff9} \u{fe0e}".as_bytes(),
    ];
    for bytes in foreign {
        assert!(!faults_of_screen(bytes, 0, 0).is_empty(), "{}", bytes.escape_ascii());
    }
}
