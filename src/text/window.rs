//! Which part of a text is shown where not all of it can be, with the cursor in it. Places are counted in characters.

use std::ops::Range;

use super::columns::columns_of;

/// The part of one line that fits into so many columns and holds the cursor, which may stand behind the last character.
///
/// A few columns behind the cursor stay in sight where the line goes on.
#[must_use]
pub fn window(line: &str, cursor: usize, columns: usize) -> Range<usize> {
    let widths: Vec<usize> = line.chars().map(columns_of).collect();
    let cursor = cursor.min(widths.len());
    // The cursor takes a column of its own at the end.
    let all: usize = widths.iter().sum::<usize>() + usize::from(cursor == widths.len());
    if all <= columns {
        return 0..widths.len();
    }
    let ahead = (columns / 8).min(4);
    let behind = (cursor + ahead + 1).min(widths.len());
    let mut start = 0;
    let mut used: usize = widths[..behind].iter().sum::<usize>() + usize::from(cursor == widths.len());
    while used > columns && start < cursor {
        used -= widths[start];
        start += 1;
    }
    let mut end = start;
    let mut room = columns;
    while let Some(width) = widths.get(end).filter(|width| **width <= room) {
        room -= width;
        end += 1;
    }
    start..end.max(cursor)
}

/// A line broken between words into rows of so many columns, with a column left for the cursor; blanks stay where they
/// were typed. There is always a row.
#[must_use]
pub fn rows(line: &str, columns: usize) -> Vec<Range<usize>> {
    let chars: Vec<char> = line.chars().collect();
    let columns = columns.max(3) - 1;
    let (mut rows, mut start) = (Vec::new(), 0);
    loop {
        let mut used = 0;
        let fits = |c: &&char| {
            used += columns_of(**c);
            used <= columns
        };
        let end = start + chars[start..].iter().take_while(fits).count();
        if end == chars.len() {
            rows.push(start..end);
            return rows;
        }
        let word = chars[start..end].iter().rposition(|c| *c == ' ').map(|blank| start + blank + 1);
        let end = word.unwrap_or(end.max(start + 1));
        rows.push(start..end);
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_fits_is_shown_whole() {
        assert_eq!(window("four", 4, 5), 0..4);
        assert_eq!(window("four", 0, 4), 0..4);
        assert_eq!(window("", 0, 1), 0..0);
    }

    #[test]
    fn a_long_line_shows_the_cursor_and_what_comes_behind_it() {
        let line = "abcdefghijklmnopqrstuvwxyz";
        assert_eq!(window(line, 0, 10), 0..10);
        assert_eq!(window(line, 26, 10), 17..26, "one column is the cursor's");
        assert_eq!(window(line, 12, 10), 4..14);
        assert_eq!(window("日本語日本語", 6, 7), 3..6);
    }

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(rows("one two three", 9), [0..8, 8..13]);
        assert_eq!(rows("unbreakable", 5), [0..4, 4..8, 8..11]);
        assert_eq!(rows("", 5), vec![0..0; 1]);
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_inside_and_nothing_is_wider_than_the_room(
            line in "[a 日\u{301}]{0,40}", at in 0_usize..41, columns in 2_usize..20,
        ) {
            let cursor = at.min(line.chars().count());
            let part = window(&line, cursor, columns);
            prop_assert!(part.start <= cursor && cursor <= part.end);
            let shown: usize = line.chars().skip(part.start).take(part.len()).map(columns_of).sum();
            prop_assert!(shown <= columns + 1);
        }

        #[test]
        fn rows_hold_every_character_once(line in "[a 日\u{301}]{0,60}", columns in 0_usize..20) {
            let rows = rows(&line, columns);
            prop_assert_eq!(rows[0].start, 0);
            prop_assert_eq!(rows.last().unwrap().end, line.chars().count());
            prop_assert!(rows.windows(2).all(|two| two[0].end == two[1].start));
        }
    }
}
