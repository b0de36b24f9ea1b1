//! How texts and numbers look to a person.

use std::env;
use std::fmt::Display;
use std::io::{IsTerminal, stdout};

/// The colours and the width of the output.
pub struct Style {
    colour: bool,
    /// In characters.
    pub width: usize,
}

impl Style {
    /// That of standard output: 80 characters without colours, unless it is a terminal that says
    /// otherwise.
    pub fn of_stdout() -> Self {
        let terminal = stdout().is_terminal();
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let colour =
            terminal && !set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb");
        let columns = env::var("COLUMNS").ok().filter(|_| terminal);
        let width = columns.and_then(|columns| columns.parse().ok()).unwrap_or(80);
        Self { colour, width: width.clamp(40, 120) }
    }

    fn paint(&self, code: &str, text: impl Display) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }

    /// For what a reader looks for: headings, ids.
    pub fn strong(&self, text: impl Display) -> String {
        self.paint("1", text)
    }

    /// For the document that is kept.
    pub fn good(&self, text: impl Display) -> String {
        self.paint("32", text)
    }

    /// For what may be passed over.
    pub fn weak(&self, text: impl Display) -> String {
        self.paint("2", text)
    }
}

/// The text on one line: white space and control characters become single spaces, and what would
/// reorder the line is left out.
fn one_line(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut after_space = true;
    chars
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c })
        .filter(move |&c| {
            let again = after_space && c == ' ';
            after_space = c == ' ';
            !again
        })
}

/// The whole text on one line, with nothing that a terminal would obey.
pub fn printable(text: &str) -> String {
    let mut line: String = one_line(text.chars()).collect();
    line.truncate(line.trim_end().len());
    line
}

/// The first line that is not blank, cut to `width` characters; nothing where there is no room.
pub fn title(text: &str, width: usize) -> String {
    if width < 10 {
        return String::new();
    }
    let line = text.lines().find(|line| one_line(line.chars()).next().is_some());
    let mut title: String = one_line(line.unwrap_or_default().chars()).take(width + 1).collect();
    if title.chars().count() > width {
        title = title.chars().take(width - 3).collect();
        title.truncate(title.trim_end().len());
        title += "...";
    }
    title
}

/// The text in at most two lines of `width` characters: its beginning and, when it is longer than
/// that, its end.
pub fn excerpt(text: &str, width: usize) -> Vec<String> {
    let start: Vec<char> = one_line(text.chars()).take(2 * width).collect();
    let (first, rest) = broken(&start, width);
    if start.len() < 2 * width && rest.chars().count() <= width {
        return [first, rest].into_iter().filter(|line| !line.is_empty()).collect();
    }
    let mut end: Vec<char> = one_line(text.chars().rev()).take(width - 6).collect();
    if let Some(space) = end.iter().rposition(|&c| c == ' ').filter(|&at| at > 0) {
        end.truncate(space);
    }
    vec![first, "[...] ".chars().chain(end.into_iter().rev()).collect()]
}

/// The first line of at most `width` characters, broken at a space if it can be, and the rest.
fn broken(chars: &[char], width: usize) -> (String, String) {
    let mut at = chars.len().min(width);
    if chars.len() > width {
        at = chars[..=width].iter().rposition(|&c| c == ' ').filter(|&at| at > 0).unwrap_or(width);
    }
    let line = |chars: &[char]| chars.iter().collect::<String>().trim().to_owned();
    (line(&chars[..at]), line(&chars[at..]))
}

/// A share as a whole number of per cent; what is not nothing or all does not look so.
pub fn percent(share: f64) -> String {
    match (share * 100.0).round() as u64 {
        0 if share > 0.0 => "<1 %".into(),
        100 if share < 1.0 => ">99 %".into(),
        percent => format!("{percent} %"),
    }
}

/// `1 match`, `2 matches`.
pub fn counted(n: usize, what: &str) -> String {
    let ending = if n == 1 {
        ""
    } else if what.ends_with("ch") {
        "es"
    } else {
        "s"
    };
    format!("{n} {what}{ending}")
}
