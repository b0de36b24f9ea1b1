#![allow(missing_docs)]
use std::time::Instant;
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let (mut ids, mut texts) = (vec![], vec![]);
    let t = Instant::now();
    if std::path::Path::new(&args[1]).is_dir() {
        let mut files: Vec<_> = std::fs::read_dir(&args[1])?
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "txt"))
            .collect();
        files.sort();
        for f in files {
            ids.push(f.file_name().unwrap().to_string_lossy().into_owned());
            texts.push(std::fs::read_to_string(&f)?);
        }
    } else {
        for r in doublon::corpus::JsonLines::open(&args[1])? {
            let (id, text) = r?.into_parts();
            ids.push(id);
            texts.push(text);
        }
    }
    let read = t.elapsed();
    let mut b = doublon::Detector::builder();
    let t = Instant::now();
    match args.get(2).map(String::as_str) {
        Some("jaccard") => {
            b.measure(doublon::Measure::Jaccard);
        }
        Some("containment") => {
            b.measure(doublon::Measure::Containment);
        }
        Some("hamming") => {
            b.measure(doublon::Measure::Hamming);
        }
        _ => {}
    }
    if let Some(t) = args.get(3) {
        b.threshold(t.parse()?);
    }
    for a in args.iter().skip(4) {
        match a.as_str() {
            "exact" => {
                b.search(doublon::Search::Exact);
            }
            "connected" => {
                b.cluster(doublon::Clustering::Connected);
            }
            "complete" => {
                b.cluster(doublon::Clustering::CompleteLink);
            }
            "norepeats" => {
                b.repeats(false);
            }
            "pairs" => {
                b.all_pairs(100_000_000);
            }
            _ => panic!(),
        }
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let report = pool.install(|| b.build()?.find(&texts))?;
    let took = t.elapsed();
    let s = report.stats();
    println!(
        "read {:.2}s find {:.2}s = {:.0} MB/s of text; {}",
        read.as_secs_f64(),
        took.as_secs_f64(),
        s.bytes as f64 / 1e6 / took.as_secs_f64(),
        report.search()
    );
    println!("{:?} {:?}", s, report.limits());
    println!(
        "repeats {} matches {} clusters {} removable {}",
        report.repeats().len(),
        report.matches().count(),
        report.clusters().len(),
        report.removable().count()
    );
    if texts.len() < 50 {
        for r in report.repeats() {
            println!(
                "repeat {} {:?} {} {:?}",
                ids[r.doc().index()],
                r.repeat().spans(),
                r.repeat().tokens(),
                r.repeat().kind()
            );
        }
        for m in report.matches() {
            println!(
                "match {} {} {} j {:.3} c {:.3} cov {:.3}",
                ids[m.a().index()],
                ids[m.b().index()],
                m.relation(),
                m.similarity().jaccard(),
                m.similarity().containment(),
                m.similarity().coverage()
            );
            for p in m.passages() {
                println!("   {} {} {} tokens {} runs", p.a(), p.b(), p.tokens(), p.runs().len());
            }
        }
    }
    Ok(())
}
