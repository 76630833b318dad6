//! A frame as a picture: SVG with a text for each run of one style, set to its columns whatever font there is.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// Points of a column and of a row, and the margin around all of them.
const COLUMN: f32 = 8.4;
const ROW: f32 = 18.0;
const MARGIN: f32 = 14.0;

/// Draws a frame of a theme with fixed colours. `title` is for those who can't see it.
pub fn svg(frame: &Buffer, title: &str) -> String {
    let ground = frame[(0, 0)].bg;
    let width = 2.0 * MARGIN + COLUMN * f32::from(frame.area.width);
    let height = 2.0 * MARGIN + ROW * f32::from(frame.area.height);
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\" \
         font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\">\n\
         <title>{}</title>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n",
        escaped(title),
        hex(ground)
    );
    let mut top = MARGIN;
    for row in frame.content.chunks(usize::from(frame.area.width)) {
        let mut left = MARGIN;
        for run in row.chunk_by(look_the_same) {
            picture.push_str(&drawn(run, left, top, ground));
            left += wide(run.len());
        }
        top += ROW;
    }
    picture + "</svg>\n"
}

/// Of one style, and one sign or both ASCII: marks may come from another font than letters.
fn look_the_same(one: &Cell, other: &Cell) -> bool {
    let kin = one.symbol() == other.symbol() || (one.symbol().is_ascii() && other.symbol().is_ascii());
    kin && one.style() == other.style()
}

/// The ground of a run where it is another, and what stands on it.
fn drawn(run: &[Cell], left: f32, top: f32, ground: Color) -> String {
    let (mut ink, mut behind) = (run[0].fg, run[0].bg);
    if run[0].modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut ink, &mut behind);
    }
    let (ink, wide) = (hex(ink), wide(run.len()));
    let mut drawn = String::new();
    if behind != ground {
        let at = format!("x=\"{left:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{ROW:.1}\"");
        let _ = writeln!(drawn, "<rect {at} fill=\"{}\"/>", hex(behind));
    }
    // Rules are drawn: no font joins them for sure.
    let (middle, centre) = (top + ROW / 2.0, left + COLUMN / 2.0);
    let _ = match run[0].symbol() {
        "─" => writeln!(drawn, "<path d=\"M{left:.1} {middle:.1}h{wide:.1}\" stroke=\"{ink}\"/>"),
        "│" => writeln!(drawn, "<path d=\"M{centre:.1} {top:.1}v{ROW:.1}\" stroke=\"{ink}\"/>"),
        _ => write!(drawn, "{}", words(run, left, top, &format!("fill=\"{ink}\"{}", weight(run[0].modifier)))),
    };
    drawn
}

/// The text of a run. Blanks of more than one column are left out rather than trusted to a font.
fn words(run: &[Cell], left: f32, top: f32, style: &str) -> String {
    let text: String = run.iter().map(Cell::symbol).collect();
    let baseline = top + ROW * 0.74;
    let mut drawn = String::new();
    let mut column = 0;
    for piece in text.split("  ") {
        let word = piece.trim();
        if !word.is_empty() {
            let x = left + wide(column + piece.chars().take_while(|c| *c == ' ').count());
            let length = wide(word.chars().count());
            let place = format!("x=\"{x:.1}\" y=\"{baseline:.1}\" textLength=\"{length:.1}\"");
            let word = escaped(word);
            let _ = writeln!(drawn, "<text {place} lengthAdjust=\"spacingAndGlyphs\" {style}>{word}</text>");
        }
        column += piece.chars().count() + 2;
    }
    drawn
}

fn weight(modifier: Modifier) -> &'static str {
    match (modifier.contains(Modifier::BOLD), modifier.contains(Modifier::UNDERLINED)) {
        (true, true) => " font-weight=\"bold\" text-decoration=\"underline\"",
        (true, false) => " font-weight=\"bold\"",
        (false, true) => " text-decoration=\"underline\"",
        (false, false) => "",
    }
}

fn wide(columns: usize) -> f32 {
    COLUMN * f32::from(u16::try_from(columns).expect("no terminal is that wide"))
}

fn hex(colour: Color) -> String {
    let Color::Rgb(red, green, blue) = colour else { panic!("{colour} is no fixed colour") };
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn a_frame_becomes_well_formed_text_at_its_columns() {
    let (paper, ink) = (Color::Rgb(1, 2, 3), Color::Rgb(250, 251, 252));
    let mut frame = Buffer::with_lines(["a <b> & \"c\"   d ✓", "─────────────────"]);
    frame.set_style(frame.area, ratatui::style::Style::new().fg(ink).bg(paper));
    frame[(14, 0)].set_bg(ink).set_fg(paper);
    let picture = svg(&frame, "A <title>");
    for part in [
        "<title>A &lt;title&gt;</title>",
        "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#010203\"/>",
        "x=\"14.0\" y=\"27.3\" textLength=\"92.4\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#fafbfc\">a &lt;b&gt; &amp; &quot;c&quot;<",
        "<rect x=\"131.6\" y=\"14.0\" width=\"8.4\" height=\"18.0\" fill=\"#fafbfc\"/>",
        "fill=\"#010203\">d</text>",
        "textLength=\"8.4\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#fafbfc\">✓</text>",
        "<path d=\"M14.0 41.0h142.8\" stroke=\"#fafbfc\"/>",
    ] {
        assert!(picture.contains(part), "{part} is not in\n{picture}");
    }
}
