//! The example program, for the tests that run it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Cargo builds the examples for `cargo test`, next to the tests.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let folder = test.ancestors().nth(2).unwrap();
        let binary =
            folder.join("examples/doublon").with_extension(std::env::consts::EXE_EXTENSION);
        // Built with other features it cannot verify.
        let can = |output: std::process::Output| {
            !cfg!(feature = "serde")
                || !String::from_utf8_lossy(&output.stderr).contains("--features serde")
        };
        let output = Command::new(&binary).args(["verify", "none", "none"]).output();
        if !output.is_ok_and(can) {
            // Not for `cargo test --test cli`.
            let mut cargo = Command::new(env!("CARGO"));
            cargo.args(["build", "--example", "doublon"]).current_dir(env!("CARGO_MANIFEST_DIR"));
            if cfg!(feature = "serde") {
                cargo.args(["--features", "serde"]);
            }
            if !cfg!(debug_assertions) {
                cargo.arg("--release");
            }
            assert!(cargo.status().unwrap().success());
        }
        binary
    })
}
