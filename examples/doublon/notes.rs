//! What goes to standard error: what cannot be used, and progress.

use std::io::{self, Write};
use std::time::Duration;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::show::printable;

/// Complaints that are printed; those after them are only counted.
const SHOWN: u64 = 20;

/// Prints a line, with nothing in it that a terminal would obey. If nobody listens, so be it.
pub fn print(line: &str) {
    let _ = writeln!(io::stderr(), "{}", printable(line));
}

/// Complaints about the input and the progress of reading it.
pub struct Notes {
    strict: bool,
    complaints: u64,
    /// Counts bytes; hidden unless asked for.
    pub bar: ProgressBar,
}

impl Notes {
    pub fn new(strict: bool, progress: bool) -> Self {
        let bar = if progress { ProgressBar::no_length() } else { ProgressBar::hidden() };
        Self { strict, complaints: 0, bar }
    }

    /// Shows how much of so many bytes has been read; of an unknown number, how much it was.
    pub fn reading(&self, total: Option<u64>) {
        let style = if total.is_some() {
            "reading {wide_bar} {bytes} of {total_bytes}"
        } else {
            "{spinner} reading, {bytes}"
        };
        self.bar.set_style(ProgressStyle::with_template(style).expect("a valid template"));
        self.bar.set_length(total.unwrap_or_default());
    }

    /// Shows that the time is spent on `what`, until the bar is cleared.
    pub fn spin(&self, what: String) {
        self.bar
            .set_style(ProgressStyle::with_template("{spinner} {msg}").expect("a valid template"));
        self.bar.set_message(what);
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }

    /// Says that something cannot be used as it stands; an error if that must not be.
    pub fn complain(&mut self, complaint: String) -> Result<()> {
        if self.strict {
            bail!(complaint);
        }
        self.complaints += 1;
        if self.complaints <= SHOWN {
            self.bar.suspend(|| print(&complaint));
        }
        Ok(())
    }

    /// Says how many complaints were not printed.
    pub fn finish(&self) {
        if self.complaints > SHOWN {
            self.bar.suspend(|| print(&format!("and {} more", self.complaints - SHOWN)));
        }
    }
}
