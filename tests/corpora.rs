//! Whole corpora with known answers: the texts in `examples/news`, and larger ones where they are
//! at hand.

use doublon::{Detector, Relation, RepeatKind};

/// The ids of repeats with their texts, and of matches with their relations.
type Found = (Vec<(String, String)>, Vec<(String, String, Relation)>);

fn find(ids: &[String], texts: &[String]) -> Found {
    let report = Detector::default().find(texts).unwrap();
    let repeats = report.repeats().iter().map(|found| {
        let id = found.doc().index();
        assert_eq!(found.repeat().kind(), RepeatKind::Paragraph);
        assert_eq!(found.repeat().spans().len(), 2);
        (ids[id].clone(), texts[id][found.repeat().spans()[0].range()].to_owned())
    });
    let matches = report.matches().map(|found| {
        assert!(!found.passages().is_empty());
        (ids[found.a().index()].clone(), ids[found.b().index()].clone(), found.relation())
    });
    (repeats.collect(), matches.collect())
}

#[test]
fn news() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/news");
    let mut ids: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".txt"))
        .collect();
    ids.sort();
    assert_eq!(ids.len(), 8);
    let texts: Vec<_> =
        ids.iter().map(|id| std::fs::read_to_string(folder.join(id)).unwrap()).collect();
    let (repeats, matches) = find(&ids, &texts);
    assert_eq!(repeats.len(), 1);
    assert_eq!(repeats[0].0, "flood-doubled-lead.txt");
    let expected = [
        ("bridge-brief.txt", "round-up.txt", Relation::Contained),
        ("port-strike-agency.txt", "port-strike-daily.txt", Relation::Overlaps),
    ];
    assert_eq!(matches, expected.map(|(a, b, relation)| (a.into(), b.into(), relation)));
}

#[cfg(feature = "jsonl")]
mod shared {
    use std::io::Write;

    use super::find;
    use doublon::{Clustering, Detector, Measure, Report, Search};

    /// The ids and texts of a corpus, if it is at hand.
    fn corpus(name: &str) -> Option<(Vec<String>, Vec<String>)> {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("../shared/data/{name}/docs.jsonl.gz"));
        if !path.exists() {
            // Past the capture of the test's output.
            let _ = writeln!(std::io::stderr(), "skipped: there is no corpus {name}");
            return None;
        }
        let records = doublon::corpus::JsonLines::open(&path).unwrap();
        Some(records.map(|record| record.unwrap().into_parts()).unzip())
    }

    #[test]
    fn seeds() {
        let Some((ids, texts)) = corpus("seeds") else { return };
        let (repeats, matches) = find(&ids, &texts);
        let paragraphs: Vec<&str> =
            doublon::text::paragraphs(&texts[0]).map(|span| &texts[0][span.range()]).collect();
        assert_eq!(repeats, [(ids[0].clone(), paragraphs[0].to_owned())]);
        assert_eq!(paragraphs[0], paragraphs[1]);
        assert_eq!(matches.len(), 1);
        assert_eq!((&matches[0].0, &matches[0].1), (&ids[2], &ids[4]));
    }

    fn pairs(report: &Report) -> Vec<(usize, usize)> {
        report.matches().map(|m| (m.a().index(), m.b().index())).collect()
    }

    #[test]
    fn laws_by_jaccard() {
        if cfg!(debug_assertions) {
            println!("skipped: for release builds");
            return;
        }
        let Some((_, texts)) = corpus("legifr_20k") else { return };
        let find = |search| {
            Detector::builder()
                .measure(Measure::Jaccard)
                .threshold(0.8)
                .search(search)
                .cluster(Clustering::Connected)
                .all_pairs(10_000_000)
                .build()
                .unwrap()
                .find(&texts)
                .unwrap()
        };
        let (exact, minhash) = (find(Search::Exact), find(Search::MinHash));
        let (all, found) = (pairs(&exact), pairs(&minhash));
        assert!(found.iter().all(|pair| all.binary_search(pair).is_ok()), "precision 1");
        let recall = found.len() as f64 / all.len() as f64;
        println!("{} of {} pairs, recall {recall:.5}", found.len(), all.len());
        assert!(recall >= 0.999);
    }
}
