//! Values of documents, kept where they were written.

/// A list of values for each document, in a few pieces: what several readers have written is taken over
/// as it is, for copying it all into one vector would cost more in fresh memory than it is worth.
#[derive(Debug)]
pub(crate) struct Pieces<T> {
    pieces: Vec<Vec<T>>,
    /// In which piece the list of each document stands, and where it ends there.
    ends: Vec<(u32, usize)>,
}

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Self { pieces: Vec::new(), ends: Vec::new() }
    }
}

impl<T> Pieces<T> {
    /// Makes room for so many documents, and so many values in the last piece.
    pub(crate) fn reserve(&mut self, documents: usize, values: usize) {
        self.ends.reserve_exact(documents);
        if values > 0 {
            self.open().reserve_exact(values);
        }
    }

    /// To its end the list of the next document is written, whichever piece is the last.
    pub(crate) fn open(&mut self) -> &mut Vec<T> {
        if self.pieces.is_empty() {
            self.pieces.push(Vec::new());
        }
        let last = self.pieces.len() - 1;
        &mut self.pieces[last]
    }

    /// The list is whole; that of the next document comes.
    pub(crate) fn end(&mut self) {
        let end = self.open().len();
        self.ends.push((self.pieces.len() as u32 - 1, end));
    }

    /// Adds the documents of another, behind these.
    pub(crate) fn append(&mut self, other: &mut Self) {
        let before = self.pieces.len() as u32;
        other.pieces.iter_mut().for_each(Vec::shrink_to_fit);
        self.pieces.append(&mut other.pieces);
        self.ends.extend(other.ends.drain(..).map(|(piece, end)| (before + piece, end)));
    }

    pub(crate) fn of(&self, document: usize) -> &[T] {
        let (piece, end) = self.ends[document];
        let start = match document.checked_sub(1).map(|before| self.ends[before]) {
            Some((same, start)) if same == piece => start,
            _ => 0,
        };
        &self.pieces[piece as usize][start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lists_stay_as_they_were_written(
            parts in proptest::collection::vec(
                proptest::collection::vec(proptest::collection::vec(0u8..9, 0..5), 0..4), 0..6),
        ) {
            let mut all = Pieces::default();
            for part in &parts {
                let mut pieces = Pieces::default();
                for list in part {
                    let (x, y) = list.split_at(list.len() / 2);
                    pieces.open().extend(x.iter().copied());
                    pieces.open().extend(y.iter().copied());
                    pieces.end();
                }
                all.append(&mut pieces);
            }
            for (document, list) in parts.concat().iter().enumerate() {
                prop_assert_eq!(all.of(document), &list[..]);
            }
        }
    }
}
