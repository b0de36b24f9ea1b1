//! Reports in files: written by `scan --report`, read by `verify`. JSON, as the library has it.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use doublon::Report;

use crate::output;
use crate::source::Source;

/// Where a report goes.
pub struct File(PathBuf);

impl File {
    /// Fails for a place that will not do, before anything is read.
    pub fn new(out: &Path, sources: &[Source]) -> Result<Self> {
        check_build()?;
        let path = output::path(out, sources)?;
        ensure!(!path.is_dir(), "{}: is a folder; a report is a file", out.display());
        Ok(Self(path))
    }

    /// Writes a report; the file appears when it is complete.
    pub fn write(&self, report: &Report) -> Result<()> {
        output::complete(&self.0, |file| write(file, report))
    }
}

/// A report from a file. Nothing it says is known to be true.
pub fn read(path: &Path) -> Result<Report> {
    check_build()?;
    parse(path)
}

fn check_build() -> Result<()> {
    ensure!(cfg!(feature = "serde"), UNBUILT);
    Ok(())
}

const UNBUILT: &str =
    "this program was built without reports in files; build it with --features serde";

#[cfg(feature = "serde")]
fn write(file: &std::fs::File, report: &Report) -> Result<()> {
    use std::io::{BufWriter, Write};

    use anyhow::Context;

    let mut out = BufWriter::with_capacity(1 << 16, file);
    serde_json::to_writer(&mut out, report).context("report")?;
    out.write_all(b"\n").and_then(|()| out.flush()).context("report")
}

#[cfg(feature = "serde")]
fn parse(path: &Path) -> Result<Report> {
    use anyhow::{Context, anyhow};

    let name = path.display();
    let json = std::fs::read(path).with_context(|| name.to_string())?;
    serde_json::from_slice(&json).map_err(|error| anyhow!("{name}: is no report: {error}"))
}

#[cfg(not(feature = "serde"))]
fn write(_: &std::fs::File, _: &Report) -> Result<()> {
    anyhow::bail!(UNBUILT)
}

#[cfg(not(feature = "serde"))]
fn parse(_: &Path) -> Result<Report> {
    anyhow::bail!(UNBUILT)
}
