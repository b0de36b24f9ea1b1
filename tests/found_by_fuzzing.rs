//! Small inputs on which a fuzz target once failed.

use doublon::{Detector, RepeatKind};

fn detector(min_run: usize, max_gap: usize) -> Detector {
    Detector::builder().shingle(1).min_run(min_run).max_gap(max_gap).build().unwrap()
}

#[test]
fn passages_stand_in_the_order_of_the_first_text_also_where_it_is_the_shorter() {
    let (a, b) = ("one two three four", "three four five six seven one two");
    let detector = detector(2, 0);
    for (a, b) in [(a, b), (b, a)] {
        let pair = detector.compare(a, b).unwrap();
        let places: Vec<usize> =
            pair.passages().iter().map(|passage| passage.a().start()).collect();
        assert_eq!(places.len(), 2);
        assert!(places.is_sorted(), "{places:?}");
    }
}

#[test]
fn a_place_with_other_words_in_a_gap_is_no_repeated_paragraph() {
    let text = "a b x c d\na b x c d\nq a b y c d";
    let repeats = detector(2, 1).repeats(text).unwrap();
    let paragraph = &repeats[0];
    assert_eq!(paragraph.kind(), RepeatKind::Paragraph);
    assert_eq!((paragraph.spans().len(), paragraph.tokens()), (2, 5));
    let passage = &repeats[1];
    assert_eq!(passage.kind(), RepeatKind::Passage);
    assert_eq!((&text[passage.spans()[1]], passage.tokens()), ("a b y c d", 4));
}
