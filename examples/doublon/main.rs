//! `doublon`: what repeats in texts, and which texts overlap. Arguments, reading and printing; all
//! else is the library's.

mod args;
mod audit;
mod certificate;
mod commands;
mod dedup;
mod explain;
mod filter;
mod input;
mod jsonl;
mod notes;
mod output;
mod rewrite;
mod show;
mod source;
mod text;

use std::io;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let check = args.check;
    match commands::run(args) {
        Ok(found) => ExitCode::from(u8::from(check && found)),
        // Whoever reads has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            notes::print(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<io::Error>();
    cause.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
