//! What the fuzz targets share: texts and settings made of bytes, and slow, plain answers.

pub mod naive;
mod settings;
mod texts;

pub use settings::Settings;
pub use texts::Texts;

use arbitrary::{Arbitrary, Unstructured};

/// Texts and the settings to look at them with. In the input the settings come first, a byte each.
#[derive(Arbitrary, Debug)]
pub struct Case {
    pub settings: Settings,
    pub texts: Texts,
}

impl Case {
    /// The case that the bytes of an input mean.
    pub fn new(data: &[u8]) -> Option<Self> {
        Self::arbitrary_take_rest(Unstructured::new(data)).ok()
    }
}
