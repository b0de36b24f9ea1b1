//! Documents that share a key.

use crate::{Error, Result, radix};

/// Groups of documents, by their numbers below 2^31: what a search proposes.
///
/// Two documents are a candidate pair when some group holds both, unless both are only *listed*
/// there: an exact containment join lists a document in the groups of all of its shingles, and lets
/// it propose pairs only in the rarest.
///
/// 5 bytes a membership and 4 a group.
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
    /// How often each member brings the key of its group; 255 stands for more, too.
    times: Vec<u8>,
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

    fn range(&self, group: usize) -> std::ops::Range<usize> {
        let start = if group == 0 { 0 } else { self.ends[group - 1] as usize };
        start..self.ends[group] as usize
    }

    /// The members of each group, and how often each brings its key.
    pub(crate) fn members(&self) -> impl Iterator<Item = impl Iterator<Item = (Member, u8)>> {
        (0..self.len()).map(|group| {
            let range = self.range(group);
            let members = self.members[range.clone()].iter().map(|&member| Member(member));
            members.zip(self.times[range].iter().copied())
        })
    }

    /// The number of memberships.
    pub(crate) fn memberships(&self) -> usize {
        self.members.len()
    }

    /// Adds a group of at least two documents, each with how often it brings the key.
    pub(crate) fn push(&mut self, members: impl Iterator<Item = (Member, u8)>) -> Result<()> {
        for (member, times) in members {
            self.members.push(member.0);
            self.times.push(times);
        }
        let end = u32::try_from(self.members.len()).ok().filter(|&end| end < LISTED);
        self.ends.push(end.ok_or_else(|| {
            Error::limit(
                "more than 2^31 candidate entries; search in parts, or raise the threshold",
            )
        })?);
        Ok(())
    }

    /// Adds a group for each key that two or more documents have, given as `key << 32 | document` in
    /// the order of the documents. Sorting beats a hash table of lists by far, and depends on nothing
    /// but the values. The buffers are to be reused.
    pub(crate) fn push_keyed(
        &mut self,
        keyed: impl Iterator<Item = u64> + Clone,
        [sorted, spare]: &mut [Vec<u64>; 2],
    ) -> Result<()> {
        radix::sort_repeated(keyed, sorted, spare);
        for run in sorted.chunk_by(|x, y| x >> 32 == y >> 32) {
            if run[0] != run[run.len() - 1] {
                self.push(run.chunk_by(|x, y| x == y).map(|same| {
                    (Member::proposing(same[0] as u32), u8::try_from(same.len()).unwrap_or(u8::MAX))
                }))?;
            }
        }
        Ok(())
    }

    /// The groups with the first `documents` only listed. Those without any other are left out.
    pub(crate) fn listing(&self, documents: u32) -> Result<Self> {
        let mut listing = Self::default();
        let mut members = Vec::new();
        for group in self.members() {
            members.clear();
            members.extend(group.map(|(member, times)| match member.document() {
                first if first < documents => (Member::listed(first), times),
                _ => (member, times),
            }));
            if members.iter().any(|(member, _)| member.proposes()) {
                listing.push(members.iter().copied())?;
            }
        }
        Ok(listing)
    }

    /// Adds a group of documents that are surely to be compared.
    pub(crate) fn push_copies(&mut self, copies: impl Iterator<Item = u32>) -> Result<()> {
        self.push(copies.map(|document| (Member::proposing(document), u8::MAX)))
    }

    /// Adds all groups of another search.
    pub(crate) fn append(&mut self, other: &Self) -> Result<()> {
        for group in other.members() {
            self.push(group)?;
        }
        Ok(())
    }
}

/// A document in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member(u32);

impl Member {
    /// No document: there are fewer than 2^31.
    pub(crate) const NONE: Self = Self(u32::MAX);

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

    /// Number and role in 32 bits.
    pub(crate) fn bits(self) -> u32 {
        self.0
    }

    pub(crate) fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    pub(crate) fn proposes(self) -> bool {
        self.0 & LISTED == 0
    }

    /// Whether this member and `other` are a candidate pair.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.proposes() || other.proposes()
    }
}
