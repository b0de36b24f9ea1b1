//! Scripts written without spaces, and the typography of French.

mod naive;

use doublon::text::{Tokenize, Tokens, Words};

fn hashes(text: &str) -> Vec<u64> {
    let mut tokens = Tokens::new();
    Words.tokenize(text, &mut tokens);
    tokens.hashes().to_vec()
}

/// One clause of a paragraph differs: the shingles of all others stay.
#[test]
fn a_changed_clause_keeps_the_other_shingles() {
    // The river rose two metres last night, the coastal road is closed, {schools are shut for a
    // day | trains run as usual}; the mayor asks people to stay at home until the water has fallen.
    let chinese = [
        "昨晚河水上涨两米，沿岸公路已经关闭，全市学校停课一天，市长请居民留在家中等待水位下降，救援人员正在上游清理倒下的树木。",
        "昨晚河水上涨两米，沿岸公路已经关闭，列车照常运行，市长请居民留在家中等待水位下降，救援人员正在上游清理倒下的树木。",
    ];
    let japanese = [
        "昨夜、川の水位が二メートル上がり、川沿いの道路は閉鎖された。市内の学校は一日休みになる。市長は水が引くまで家にいるよう住民に呼びかけている。",
        "昨夜、川の水位が二メートル上がり、川沿いの道路は閉鎖された。電車は平常どおり走る。市長は水が引くまで家にいるよう住民に呼びかけている。",
    ];
    let thai = [
        "เมื่อคืนนี้ระดับน้ำในแม่น้ำสูงขึ้นสองเมตร ถนนริมน้ำปิดแล้ว โรงเรียนหยุดหนึ่งวัน นายกเทศมนตรีขอให้ทุกคนอยู่บ้านจนกว่าน้ำจะลด",
        "เมื่อคืนนี้ระดับน้ำในแม่น้ำสูงขึ้นสองเมตร ถนนริมน้ำปิดแล้ว รถไฟวิ่งตามปกติ นายกเทศมนตรีขอให้ทุกคนอยู่บ้านจนกว่าน้ำจะลด",
    ];
    for [a, b] in [chinese, japanese, thai] {
        let pair = doublon::compare(a, b).unwrap();
        let similarity = pair.similarity();
        assert!(similarity.jaccard() > 0.5, "{} {a}", similarity.jaccard());
        assert!(pair.is_match() && similarity.coverage() > 0.75, "{} {a}", similarity.coverage());
        for run in pair.passages().iter().flat_map(|passage| passage.runs()) {
            assert_eq!(naive::words(&a[run.a()]), naive::words(&b[run.b()]));
        }
    }
}

#[test]
fn widths_and_voicing_marks_of_japanese_do_not_matter() {
    assert_eq!(hashes("ガラス、ＡＢＣ１２３"), hashes("ｶﾞﾗｽ､ABC123"));
    assert_eq!(hashes("パン"), hashes("ハ\u{309a}ン"));
    assert_ne!(hashes("ハン"), hashes("パン"));
}

#[test]
fn variants_of_french_typography_are_one_text() {
    let reference = "« L’été dernier, c’était l’œuvre d’un cœur naïf », a-t-il dit à l’Assemblée.";
    for variant in [
        "\"L'été dernier, c'était l'œuvre d'un cœur naïf\", a-t-il dit à l'Assemblée.",
        "“L’ÉTÉ DERNIER, C’ÉTAIT L’ŒUVRE D’UN CŒUR NAÏF”, A-T-IL DIT À L’ASSEMBLÉE.",
        "«\u{a0}L'ete dernier, c'etait l'oeuvre d'un coeur naif\u{202f}», a\u{2011}t\u{2011}il dit a l'Assemblee.",
        "L\u{2bc}e\u{301}te\u{301} dernier ; c‘e\u{301}tait l´œuvre d`un cœur nai\u{308}f ! a t il dit a\u{300} l′Assemble\u{301}e\u{2026}",
        "L’été der\u{ad}nier, c’était l’œuvre d’un cœur naïf, a-t-il dit à l’\u{200b}Assem\u{ad}blée",
    ] {
        assert_eq!(naive::words(variant), naive::words(reference), "{variant}");
        assert_eq!(hashes(variant), hashes(reference), "{variant}");
    }
}

/// What readers of these scripts take for other letters stays apart.
#[test]
fn vowel_signs_stay() {
    for (a, b) in [("कि", "की"), ("กิน", "กัน"), ("தி", "தீ"), ("বি", "বী")]
    {
        assert_ne!(hashes(a), hashes(b));
    }
    // Points and harakat are folded: texts with and without them are the same.
    assert_eq!(hashes("שָׁלוֹם"), hashes("שלום"));
    assert_eq!(hashes("كَتَبَ"), hashes("كتب"));
    assert_eq!(hashes("Ёлка"), hashes("елка"));
    assert_eq!(hashes("Οδός"), hashes("ΟΔΟΣ"));
}
