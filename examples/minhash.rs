//! Sketches alone: the Jaccard similarity of two articles, estimated from 512 bytes each.

use doublon::shingle::shingles;
use doublon::sketch::{MinHash, MinHasher};
use doublon::text::{Tokenize, Tokens, Words};

fn main() -> doublon::Result<()> {
    let agency = include_str!("news/port-strike-agency.txt");
    let daily = include_str!("news/port-strike-daily.txt");
    let exact = doublon::compare(agency, daily)?.similarity().jaccard();

    for slots in [128, 256, 1024] {
        let hasher = MinHasher::new(slots)?;
        let sketch = |text| {
            let (mut tokens, mut hashes) = (Tokens::new(), Vec::new());
            Words.tokenize(text, &mut tokens);
            shingles(tokens.hashes(), 5, &mut hashes);
            hasher.sketch(&hashes)
        };
        let (a, b) = (sketch(agency), sketch(daily));
        let error = MinHash::standard_error(exact, slots);
        println!("{slots:4} slots: {:.3}, exact {exact:.3} +- {error:.3}", a.estimate(&b)?);
    }
    Ok(())
}
