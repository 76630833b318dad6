//! The page of keys for the documentation, from the same table.

use std::fmt::Write as _;

use super::{COMMANDS, CommandRow, Place};

const HEAD: &str = "# Keys

This page is written from the program's own table of commands (`UPDATE_DOCS=1 cargo test --test screen keys` writes it
anew). On the screen `?` shows the keys of the place one is in, and `:` finds every command by its name.

Your own keys go into `config.toml`, by the id of the command. They replace its defaults; several are separated by
blanks. A key that would mean two things in one place is named when the screen starts, and the default stays.

```toml
[keys]
done = \"Space t\"
undo = \"F5\"
```

Esc and Ctrl-c can't be given away. Nothing is bound by default to Alt, to function keys, to Ctrl-s and Ctrl-q, or to
what terminals, tmux, screen and zellij take for themselves.

What is copied goes to the clipboard of your terminal (OSC 52), also over ssh; tmux passes it on after
`set -g set-clipboard on`. Nothing is ever copied but by this command: by its key, or
chosen by name among all commands.

In the calculator a letter first of all picks the value of the metric that begins with it; only where none does it is a
command. So `y` copies but where it is the Yes of a metric.

The mouse: a click goes to a row, a field or a choice, and does what a key of the last line does; a double click is
Enter; the wheel moves by three rows. Text is selected with Shift held down. `mouse = false` in `config.toml` leaves the
mouse to the terminal.
";

const TYPING: &str = "
## In a text field

| key | does |
|---|---|
| `Enter` | the next field, then the button; a new line in a field of several lines |
| `Tab`, `Shift-Tab` | the next field, the one before; `Enter` on the button carries it out |
| `Esc` | leave; what was typed is kept and comes back |
| `Left` `Right` `Home` `End` | move |
| `Ctrl-w` `Ctrl-u` `Ctrl-k` | delete the word before, the line before, the line behind |
| `Ctrl-/` | undo in the text |
| `Ctrl-x` | edit the text in your own editor, `$VISUAL` or `$EDITOR` |

A paste is text: it never runs as keys. Outside of a field a pasted link belongs to the step under the cursor, and a
pasted CVSS vector, also one out of a mail, goes into the calculator.
";

/// The page, as Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for (title, wanted) in sections() {
        let _ = write!(page, "\n## {title}\n\n| key | id | does |\n|---|---|---|\n");
        for row in COMMANDS.iter().filter(|row| wanted(row)) {
            let keys: Vec<String> = row.keys.iter().map(|key| format!("`{key}`")).collect();
            let _ = writeln!(page, "| {} | `{}` | {} |", keys.join(" "), row.id, row.help);
        }
    }
    page + TYPING
}

/// A head, and which rows stand under it.
type Section = (&'static str, fn(&CommandRow) -> bool);

/// Each row of the table stands in exactly one section.
fn sections() -> [Section; 5] {
    fn everywhere(row: &CommandRow) -> bool {
        row.places.len() == Place::ALL.len()
    }
    fn at_home(row: &CommandRow) -> bool {
        row.places == [Place::Home]
    }
    fn in_each_pane(row: &CommandRow) -> bool {
        let in_case = |place: &Place| !matches!(place, Place::Home | Place::Fleet | Place::Calculator | Place::Score);
        !everywhere(row) && Place::ALL.iter().all(|(place, _)| !in_case(place) || row.places.contains(place))
    }
    fn in_calculator(row: &CommandRow) -> bool {
        row.places.iter().all(|place| matches!(place, Place::Calculator | Place::Score))
    }
    fn in_some(row: &CommandRow) -> bool {
        !everywhere(row) && !at_home(row) && !in_each_pane(row) && !in_calculator(row)
    }
    [
        ("Everywhere", everywhere),
        ("At home only", at_home),
        ("In every pane of a case", in_each_pane),
        ("In the calculator", in_calculator),
        ("Where it has a meaning", in_some),
    ]
}
