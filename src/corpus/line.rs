//! What one line of JSON Lines holds, as `serde_json` sees it: this decides about every line that
//! [`scan`](super::scan) does not take.

use std::fmt;
use std::result::Result;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

/// At the start of a stream it belongs to no line.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The longest line that is read unless the caller says otherwise.
const MAX_LINE: usize = 1024 * 1024 * 1024;

/// Which lines hold documents, and where in them.
#[derive(Clone, Debug)]
pub(super) struct Format {
    pub id_field: String,
    pub text_field: String,
    pub max_line: usize,
}

impl Default for Format {
    fn default() -> Self {
        Self { id_field: "id".to_owned(), text_field: "text".to_owned(), max_line: MAX_LINE }
    }
}

impl Format {
    /// The id and the text of a line without its end, or the reason why there are none; nothing if
    /// the line is blank.
    pub fn parse(&self, line: &[u8]) -> Option<Result<(String, String), String>> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        // A carriage return at the end needs no care: it is white space to JSON.
        let line = std::str::from_utf8(line)
            .map_err(|error| format!("not valid UTF-8 at byte {}", error.valid_up_to() + 1));
        Some(line.and_then(|line| self.parse_object(line)))
    }

    /// Why a line that cannot be used cannot.
    pub fn fault(&self, line: &[u8]) -> String {
        self.parse(line).and_then(Result::err).unwrap_or_default()
    }

    /// Why a line longer than accepted is not read.
    pub fn too_long(&self) -> String {
        format!("longer than {} bytes", self.max_line)
    }

    fn parse_object(&self, line: &str) -> Result<(String, String), String> {
        let (id_field, text_field) = (&*self.id_field, &*self.text_field);
        let mut fields =
            Fields { names: [text_field, id_field], values: [None, None], fault: None };
        let mut json = serde_json::Deserializer::from_str(line);
        json.deserialize_map(&mut fields).and_then(|()| json.end()).map_err(
            |error| match fields.fault {
                Some((name, what)) if error.is_data() => format!("field {name:?} {what}"),
                None if error.is_data() => "not a JSON object".to_owned(),
                _ => {
                    let message = error.to_string();
                    let reason =
                        message.rsplit_once(" at line ").map_or(&*message, |(what, _)| what);
                    format!("not valid JSON: {reason}, column {}", error.column())
                }
            },
        )?;
        let [text, id] = fields.values;
        let missing = |name| format!("field {name:?} is missing");
        let text = text.ok_or_else(|| missing(text_field))?;
        let id = if id_field == text_field { Some(text.clone()) } else { id };
        Ok((id.ok_or_else(|| missing(id_field))?, text))
    }
}

/// Two fields of an object, decoded where they stand; all others are skipped.
struct Fields<'a> {
    names: [&'a str; 2],
    values: [Option<String>; 2],
    /// A field and what is wrong with it, should the error be one about data and not about JSON.
    fault: Option<(&'a str, &'static str)>,
}

impl<'de> Visitor<'de> for &mut Fields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(place) = map.next_key_seed(Place(self.names))? {
            let Some(place) = place else {
                // Builds no strings and, however deep the value is nested, does not recurse.
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if self.values[place].is_some() {
                self.fault = Some((self.names[place], "stands twice"));
                return Err(A::Error::custom("duplicate field"));
            }
            self.fault = Some((self.names[place], "is not a string"));
            self.values[place] = Some(map.next_value()?);
        }
        Ok(())
    }
}

/// Looks a key up among names, without making a string of it.
struct Place<'a>([&'a str; 2]);

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<Self::Value, D::Error> {
        key.deserialize_str(self)
    }
}

impl Visitor<'_> for Place<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|name| *name == key))
    }
}
