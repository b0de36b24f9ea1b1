//! Which documents are compared, by fields of their lines.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Result, ensure};
use doublon::DocId;
use serde_json::Value;
use serde_json::value::RawValue;

/// What two documents must have in a field. One that has nothing there to compare meets no rule: it is
/// not known whether it is the same, or another.
#[derive(Clone, Debug)]
pub enum Rule {
    Same(String),
    Differ(String),
    /// At most so far apart.
    Within(String, f64),
}

impl Rule {
    fn field(&self) -> &str {
        match self {
            Self::Same(field) | Self::Differ(field) | Self::Within(field, _) => field,
        }
    }
}

/// What all documents have in the fields of the rules.
#[derive(Default)]
pub struct Fields {
    columns: Arc<Vec<Column>>,
}

struct Column {
    rule: Rule,
    /// Of each document; `None` where there is nothing to compare.
    values: Vec<Option<Field>>,
    /// The numbers of what was met.
    known: HashMap<String, u32>,
}

#[derive(Clone, Copy, PartialEq)]
enum Field {
    /// Equal ones have one number.
    Known(u32),
    Number(f64),
    Day(i64),
}

impl Fields {
    pub fn new(rules: &[Rule]) -> Self {
        let column =
            |rule: &Rule| Column { rule: rule.clone(), values: Vec::new(), known: HashMap::new() };
        Self { columns: Arc::new(rules.iter().map(column).collect()) }
    }

    /// Takes the next document. Gives a field in which its line, if it is one, has nothing to compare.
    pub fn push(&mut self, line: Option<&[u8]>) -> Option<&str> {
        let columns = Arc::get_mut(&mut self.columns)?;
        if columns.is_empty() {
            return None;
        }
        let fields: HashMap<String, &RawValue> =
            line.and_then(|line| serde_json::from_slice(line).ok()).unwrap_or_default();
        let mut lacking = None;
        for column in columns {
            let value = fields.get(column.rule.field());
            let value = value.and_then(|value| serde_json::from_str(value.get()).ok());
            let value = value.and_then(|value| column.field(&value));
            column.values.push(value);
            if value.is_none() {
                lacking = lacking.or(Some(column.rule.field()));
            }
        }
        lacking
    }

    /// Fails for a field that no document has.
    pub fn check(&self) -> Result<()> {
        for Column { rule, values, .. } in &*self.columns {
            ensure!(
                values.is_empty() || values.iter().any(Option::is_some),
                "no document has anything to compare in a field {:?}",
                rule.field()
            );
        }
        Ok(())
    }

    /// Whether two documents may match, if there are rules.
    pub fn may_match(&self) -> Option<impl Fn(DocId, DocId) -> bool + Send + Sync + use<>> {
        let columns = Arc::clone(&self.columns);
        let all = move |a: DocId, b: DocId| {
            columns.iter().all(|column| column.allows(a.index(), b.index()))
        };
        (!self.columns.is_empty()).then_some(all)
    }
}

impl Column {
    fn allows(&self, a: usize, b: usize) -> bool {
        let [Some(x), Some(y)] = [a, b].map(|at| self.values[at]) else { return false };
        match (&self.rule, x, y) {
            (Rule::Same(_), x, y) => x == y,
            (Rule::Differ(_), x, y) => x != y,
            (&Rule::Within(_, most), Field::Number(x), Field::Number(y)) => (x - y).abs() <= most,
            (&Rule::Within(_, most), Field::Day(x), Field::Day(y)) => x.abs_diff(y) as f64 <= most,
            // A number is no day.
            (Rule::Within(..), ..) => false,
        }
    }

    /// What a value is compared by.
    fn field(&mut self, value: &Value) -> Option<Field> {
        if let Rule::Within(..) = self.rule {
            return match value {
                Value::Number(number) => number.as_f64().map(Field::Number),
                Value::String(date) => day(date).map(Field::Day),
                _ => None,
            };
        }
        // However a number is written; but "1" is none.
        let key = match value {
            Value::String(string) => format!("{string:?}"),
            Value::Number(number) => match number.as_f64()? {
                // Beyond 2^53 not all whole numbers have a float of their own.
                x if number.is_f64() || x.abs() < 9e15 => (x + 0.0).to_string(),
                _ => number.to_string(),
            },
            Value::Bool(yes) => yes.to_string(),
            _ => return None,
        };
        let next = self.known.len() as u32;
        Some(Field::Known(*self.known.entry(key).or_insert(next)))
    }
}

/// The number of a day, from a date `2024-02-29`, or such a date and a time, which does not count.
fn day(date: &str) -> Option<i64> {
    let (date, rest) = date.split_at_checked(10)?;
    if !(rest.is_empty() || rest.starts_with(['T', 't', ' '])) {
        return None;
    }
    let bytes = date.as_bytes();
    let number = |range: std::ops::Range<usize>| {
        let digits = &date[range];
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i64>().ok())?
    };
    if !date.is_ascii() || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months = usize::try_from(month).ok()?.checked_sub(1)?;
    if !(1..=*lengths.get(months)?).contains(&day) {
        return None;
    }
    // Years before this one, with their leap days.
    let before = year - 1;
    let years =
        before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    Some(years + lengths[..months].iter().sum::<i64>() + day)
}
