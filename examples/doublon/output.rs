//! Files that are written.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tempfile::Builder;

use crate::source::Source;

/// Where an output goes; an error when that is an input, or nowhere.
pub fn path(out: &Path, sources: &[Source]) -> Result<PathBuf> {
    // Through links, so that what they point to is replaced.
    let path = out.canonicalize().unwrap_or_else(|_| out.to_owned());
    let is_input = |source: &Source| {
        source.path().is_some_and(|input| input.canonicalize().is_ok_and(|input| input == path))
    };
    let name = out.display();
    ensure!(!sources.iter().any(is_input), "{name}: is an input; name another output");
    let parent = parent(&path);
    ensure!(parent.is_dir(), "{}: no such folder", parent.display());
    Ok(path)
}

/// Writes a file that appears when it is complete.
pub fn complete(path: &Path, write: impl FnOnce(&File) -> Result<()>) -> Result<()> {
    let file = temporary(0o666).tempfile_in(parent(path)).context("output")?;
    write(file.as_file())?;
    file.as_file().sync_all().context("output")?;
    file.persist(path).with_context(|| path.display().to_string())?;
    Ok(())
}

/// The folder a file is in.
pub fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Names for what is not complete; it is removed unless it is given its own.
pub fn temporary(mode: u32) -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".doublon-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    builder
}
