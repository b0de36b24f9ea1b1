//! The example program, from outside: exact output, exit codes, and what goes wrong.
#![cfg(all(feature = "jsonl", feature = "rayon"))]

mod boilerplate;
mod compare;
mod dedup;
mod manners;
#[path = "../program/mod.rs"]
mod program;
mod reading;
mod scan;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Output, Stdio};

use assert_cmd::Command;
use program::binary;
use tempfile::TempDir;

const NEWS: &str = "examples/news";

/// More than enough words for a passage.
const STORY: &str = "the river rose by two metres in one night and the mayor of the town had the \
                     old bridge closed before six in the morning while the firemen went from door \
                     to door";
const OTHER: &str = "nobody at the market hall could say on friday who had left the brass clock on \
                     the steps or why it still showed the right time after forty years";

fn doublon(args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Runs in a folder and expects success without a word on standard error.
fn quiet(folder: &Path, args: &[&str]) -> String {
    let output = doublon(args).current_dir(folder).output().unwrap();
    assert_eq!((err(&output), output.status.code()), ("", Some(0)), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs in a folder and gives the exit status and the first line on standard error.
fn complaint(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = doublon(args).current_dir(folder).output().unwrap();
    (output.status.code().unwrap(), err(&output).lines().next().unwrap_or_default().to_owned())
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn line(id: &str, text: &str) -> String {
    format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}\n")
}

/// Two versions of one story and another story.
fn corpus() -> String {
    line("x", STORY) + &line("y", OTHER) + &line("z", &format!("{STORY} again and again"))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}
