//! A line of JSON with another text, and everything else as it stood.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use serde_json::value::RawValue;

/// The line with `left` for `text` in the field of this name.
pub fn line(line: &[u8], field: &str, text: &str, left: &str) -> Result<Vec<u8>> {
    let line = str::from_utf8(line).context("a line that is not valid UTF-8")?;
    let fields: HashMap<String, &RawValue> =
        serde_json::from_str(line).context("a line that is no JSON object")?;
    let holds_text = |value: &&str| serde_json::from_str::<String>(value).is_ok_and(|v| v == text);
    let Some(value) = fields.get(field).map(|value| value.get()).filter(holds_text) else {
        bail!("a line whose field {field:?} is not the text that was read");
    };
    // The value is borrowed from the line.
    let start = value.as_ptr() as usize - line.as_ptr() as usize;
    let rest = &line[start + value.len()..];
    Ok([&line[..start], &serde_json::to_string(left)?, rest].concat().into_bytes())
}
