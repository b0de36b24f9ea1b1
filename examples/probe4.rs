//! Probe.
use doublon::corpus::{Document, JsonFile};
use doublon::{Detector, Measure};
use std::time::Instant;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let measure = if a[2] == "j" { Measure::Jaccard } else { Measure::Coverage };
    let t: f64 = a[3].parse().unwrap();
    for n in a[4].split(",").map(|x| x.parse::<usize>().unwrap()) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        let mut best = [f64::MAX; 3];
        for _ in 0..12 {
            pool.install(|| {
                let t0 = Instant::now();
                let mut f = JsonFile::open(&a[1]).unwrap();
                let docs: Vec<Document> = f.documents().collect::<doublon::Result<_>>().unwrap();
                let t1 = t0.elapsed().as_secs_f64();
                let d = Detector::builder()
                    .measure(measure)
                    .threshold(t)
                    .repeats(false)
                    .build()
                    .unwrap();
                let r = d.find(&docs).unwrap();
                let t2 = t0.elapsed().as_secs_f64();
                drop(r);
                drop(docs);
                drop(f);
                let t3 = t0.elapsed().as_secs_f64();
                for (b, x) in best.iter_mut().zip([t1, t2 - t1, t3 - t2]) {
                    *b = b.min(x * 1e3);
                }
            });
        }
        println!("{n}: read {:.1} find {:.1} drop {:.1}", best[0], best[1], best[2]);
    }
}
