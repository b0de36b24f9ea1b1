//! Probe.
use doublon::corpus::{Document, JsonFile};
use doublon::{Detector, Measure};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let mut f = JsonFile::open(&a[1]).unwrap();
    let docs: Vec<Document> = f.documents().collect::<doublon::Result<_>>().unwrap();
    let m = if a[2] == "j" { Measure::Jaccard } else { Measure::Coverage };
    let d = Detector::builder()
        .measure(m)
        .threshold(a[3].parse().unwrap())
        .repeats(false)
        .build()
        .unwrap();
    let r = d.find(&docs).unwrap();
    let n: usize = r.clusters().iter().map(|c| c.docs().len() - 1).sum();
    let mut sizes: Vec<usize> = r.clusters().iter().map(|c| c.docs().len()).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    println!("{:?} links {n} biggest {:?}", r.stats(), &sizes[..sizes.len().min(20)]);
}
