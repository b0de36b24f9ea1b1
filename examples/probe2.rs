//! Probe.
use doublon::corpus::{Document, JsonFile};
use doublon::{Detector, Measure};
use std::time::Instant;
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    s.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}
fn flt() -> (u64, u64, u64) {
    let s = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
    let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (f[7].parse().unwrap(), f[11].parse().unwrap(), f[12].parse().unwrap())
}
fn run(path: &str, m: Measure, t: f64) {
    let w = Instant::now();
    let (t0, f0) = (cpu(), flt());
    let mut f = JsonFile::open(path).unwrap();
    let docs: Vec<Document> = f.documents().collect::<doublon::Result<_>>().unwrap();
    let (t1, f1) = (cpu(), flt());
    let d = Detector::builder().measure(m).threshold(t).repeats(false).build().unwrap();
    let r = d.find(&docs).unwrap();
    let (t2, f2) = (cpu(), flt());
    std::hint::black_box(&r);
    drop(r);
    drop(docs);
    drop(f);
    println!(
        "{m:?} read {:.1} ({}) find {:.1} ({}) all cpu {:.1} wall {:.1} flt {} u {} s {}",
        t1 - t0,
        f1.0 - f0.0,
        t2 - t1,
        f2.0 - f1.0,
        cpu() - t0,
        w.elapsed().as_secs_f64() * 1e3,
        flt().0 - f0.0,
        flt().1 - f0.1,
        flt().2 - f0.2
    );
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let pools = [1, 2].map(|t| rayon::ThreadPoolBuilder::new().num_threads(t).build().unwrap());
    for _ in 0..4 {
        pools[0].install(|| {
            if a[2].contains('w') {
                std::process::Command::new("wc")
                    .env("LC_ALL", "C.UTF-8")
                    .arg("-w")
                    .arg(&a[1])
                    .output()
                    .unwrap();
            }
            if a[2].contains('p') {
                let s = std::fs::read_to_string(&a[1]).unwrap();
                let mut n = 0;
                for l in s.lines() {
                    let v: serde_json::Value = serde_json::from_str(l).unwrap();
                    n += v["text"].as_str().unwrap().len();
                }
                println!("{n}");
            }
            if a[2].contains('j') {
                run(&a[1], Measure::Jaccard, 0.8);
            }
            if a[2].contains('c') {
                run(&a[1], Measure::Coverage, 0.5);
            }
            if a[2].contains('k') {
                run(&a[1], Measure::Jaccard, 0.8);
            }
        });
    }
}
