//! A tokenizer that folds every number to 0, so that reports which differ in figures only match.

use doublon::Detector;
use doublon::text::{Tokenize, Tokens, Words};

struct FiguresFolded;

impl Tokenize for FiguresFolded {
    fn tokenize(&self, text: &str, tokens: &mut Tokens) {
        let mut words = Tokens::new();
        Words.tokenize(text, &mut words);
        let mut folded = String::new();
        for &span in words.spans() {
            folded.clear();
            self.fold(&text[span], &mut folded);
            tokens.push(span, &folded);
        }
    }

    fn fold(&self, token: &str, folded: &mut String) {
        if token.bytes().all(|byte| byte.is_ascii_digit()) {
            folded.push('0');
        } else {
            Words.fold(token, folded);
        }
    }

    // Any number that no other tokenizer has: it keeps their stored sketches apart.
    fn fingerprint(&self) -> u64 {
        0x6669_6775_7265_7301
    }
}

fn main() -> doublon::Result<()> {
    let monday = "The river Aune stood at 212 centimetres in Carden at 6 in the morning, 14 more \
                  than the day before, and 3 roads were closed.";
    let tuesday = "The river Aune stood at 187 centimetres in Carden at 7 in the morning, 25 more \
                   than the day before, and 11 roads were closed.";

    let figures = Detector::builder().tokenizer(FiguresFolded).build()?;
    for (name, detector) in [("words", Detector::default()), ("figures folded", figures)] {
        let pair = detector.compare(monday, tuesday)?;
        println!("{name}: coverage {:.2}", pair.similarity().coverage());
        for passage in pair.passages() {
            println!("  {}", &monday[passage.a()]);
        }
    }
    Ok(())
}
