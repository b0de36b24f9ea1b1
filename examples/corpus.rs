//! The overlapping articles of a folder, and which of each cluster to keep.

use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/news");
    let mut articles = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "txt") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            articles.push((name, fs::read_to_string(&path)?));
        }
    }
    // A folder has no order of its own; a report is about texts in the order of the input.
    articles.sort();
    let texts: Vec<&str> = articles.iter().map(|(_, text)| text.as_str()).collect();

    let report = doublon::find(&texts)?;
    for cluster in report.clusters() {
        println!("keep {}", articles[cluster.keep().index()].0);
        for found in cluster.matches() {
            let (a, b) = (&articles[found.a().index()], &articles[found.b().index()]);
            println!("  {} {} {}", a.0, found.relation(), b.0);
            for passage in found.passages() {
                let first = a.1[passage.a()].lines().next().unwrap_or_default();
                println!("    {} words: {first}", passage.tokens());
            }
        }
    }
    let kept = articles.len() - report.removable().count();
    println!("{kept} of {} articles say it all", articles.len());
    Ok(())
}
