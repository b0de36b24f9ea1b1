//! Documents that share a key.

use crate::{Error, Result};

/// Groups of documents, by their numbers below 2^31: what a search proposes.
///
/// Two documents are a candidate pair when some group holds both, unless both are only *listed*
/// there: an exact containment join lists a document in the groups of all of its shingles, and lets
/// it propose pairs only in the rarest.
///
/// 4 bytes a membership and 4 a group.
///
/// ```
/// use doublon::candidates::Lsh;
/// use doublon::sketch::MinHasher;
///
/// let hasher = MinHasher::new(128)?;
/// let sketches = [&[1, 2, 3][..], &[7, 8, 9], &[1, 2, 3]].map(|set| hasher.sketch(set));
/// let groups = Lsh::for_threshold(0.8, 128)?.groups(&sketches)?;
/// assert_eq!(groups.iter().next().unwrap().collect::<Vec<_>>(), [0, 2]);
/// assert_eq!(groups.len(), 25); // equal sketches meet in every band
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// The end of each group in `members`.
    ends: Vec<u32>,
    /// Document numbers; with `LISTED` set for those that are only listed.
    members: Vec<u32>,
}

const LISTED: u32 = 1 << 31;

impl Groups {
    /// The number of groups.
    ///
    /// See [`Groups`] for an example.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no group.
    ///
    /// ```
    /// assert!(doublon::candidates::Groups::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The documents of each group.
    ///
    /// See [`Groups`] for an example.
    pub fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = u32> + '_> + '_ {
        (0..self.len())
            .map(|group| self.members[self.range(group)].iter().map(|member| member & !LISTED))
    }

    pub(crate) fn range(&self, group: usize) -> std::ops::Range<usize> {
        let start = if group == 0 { 0 } else { self.ends[group - 1] as usize };
        start..self.ends[group] as usize
    }

    /// All members, group after group, for a reader that keeps its own ends.
    pub(crate) fn into_members(self) -> Vec<Member> {
        self.members.into_iter().map(Member).collect()
    }

    /// Adds a group of at least two documents.
    pub(crate) fn push(&mut self, members: impl Iterator<Item = Member>) -> Result<()> {
        self.members.extend(members.map(|member| member.0));
        let end = u32::try_from(self.members.len()).ok().filter(|&end| end < LISTED);
        self.ends.push(end.ok_or_else(|| {
            Error::limit(
                "more than 2^31 candidate entries; search in parts, or raise the threshold",
            )
        })?);
        Ok(())
    }

    /// Adds a group for each key that two or more documents have, given as `key << 32 | document`.
    /// Sorting beats a hash table of lists by far, and depends on nothing but the values.
    pub(crate) fn push_keyed(&mut self, keyed: &mut [u64]) -> Result<()> {
        crate::threads::sort(keyed);
        for run in keyed.chunk_by(|x, y| x >> 32 == y >> 32) {
            // A document may bring a key more than once.
            let documents = || {
                let mut last = None;
                run.iter().map(|&entry| entry as u32).filter(move |&document| {
                    let new = last != Some(document);
                    last = Some(document);
                    new
                })
            };
            if documents().nth(1).is_some() {
                self.push(documents().map(Member::proposing))?;
            }
        }
        Ok(())
    }
}

/// A document in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member(u32);

impl Member {
    pub(crate) fn proposing(document: u32) -> Self {
        Self(document)
    }

    pub(crate) fn listed(document: u32) -> Self {
        Self(document | LISTED)
    }

    pub(crate) fn document(self) -> u32 {
        self.0 & !LISTED
    }

    /// The same role with another number.
    pub(crate) fn with_number(self, number: u32) -> Self {
        Self(number | self.0 & LISTED)
    }

    pub(crate) fn proposes(self) -> bool {
        self.0 & LISTED == 0
    }

    /// Whether this member and `other` are a candidate pair.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.proposes() || other.proposes()
    }
}
