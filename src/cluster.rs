//! Candidates to clusters: which pairs are asked, and what is grouped.
//!
//! Documents are taken in the order of their ranks, best first. Each is compared with the later
//! ones that share a group with it and are still open; what matches is settled and leaves the
//! groups. So a flood of copies costs one comparison each, and no group is written out as pairs.

use crate::candidates::{Groups, Member};
use crate::{Error, Result, threads};

/// How documents are grouped.
///
/// ```
/// use doublon::{Clustering, Detector};
///
/// let detector = Detector::builder().cluster(Clustering::Connected).build()?;
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Clustering {
    /// Every member matches the kept document, so that a chain of lookalikes cannot collapse a
    /// corpus. Taken greedily: the best document first, with all that match it. The default.
    #[default]
    Star,
    /// Every member matches some other member: the connected components of the matches.
    Connected,
    /// Every member matches every other. Taken greedily, as `Star`, and quadratic in the cluster:
    /// none grows above 1,000 documents that are not copies of each other.
    CompleteLink,
}

/// A group with more open documents than this lets only its first [`CROWD_LEADERS`] look at all
/// the others.
const CROWD: u32 = 256;
const CROWD_LEADERS: u8 = 8;
/// The greatest number of open documents that may be looked at in searches that promise all pairs.
const MOST_VISITS: u64 = 1 << 34;
/// The greatest number of pairs that may be compared in full in such searches.
const MOST_VERIFIED: u64 = 1 << 25;
/// The greatest size of a complete-link cluster.
const MOST_LINKED: usize = 1000;

/// What decides about candidates: sketches first, then the texts. Documents go by their ranks.
pub(crate) trait Judge: Sync {
    /// Buffers, and what is kept of the last center.
    type Scratch;

    fn scratch(&self) -> Self::Scratch;
    /// Keeps those of `others` that may match `center`, as far as the sketches tell. `unseen` groups
    /// of the center were passed over.
    fn screen(&self, center: u32, others: &mut Vec<Met>, unseen: u32, scratch: &mut Self::Scratch);
    /// Whether the texts match.
    fn matches(&self, center: u32, other: u32, scratch: &mut Self::Scratch) -> bool;
}

/// A document that a center meets, and in how many groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) document: u32,
    pub(crate) groups: u32,
}

/// What to settle, and how.
pub(crate) struct Task {
    /// Documents are numbered by rank, the best first.
    pub(crate) documents: usize,
    pub(crate) clustering: Clustering,
    /// All matching pairs are wanted, at most so many.
    pub(crate) all_pairs: Option<usize>,
    /// No group may be cut short.
    pub(crate) complete: bool,
}

/// Verified pairs, the better document first.
#[derive(Default)]
pub(crate) struct Settled {
    /// What makes the clusters: one pair for each document that joins one.
    pub(crate) links: Vec<(u32, u32)>,
    /// All matching pairs, when asked for.
    pub(crate) pairs: Vec<(u32, u32)>,
    pub(crate) candidates: u64,
    pub(crate) verified: u64,
    pub(crate) crowded: u64,
    pub(crate) full: u64,
}

/// Walks the groups and asks the judge. See the module's text for the order.
pub(crate) fn settle<J: Judge>(groups: Groups, task: &Task, judge: &J) -> Result<Settled> {
    let mut walk = Walk::new(groups, task);
    let mut scratch = judge.scratch();
    let mut settled = Settled::default();
    let mut components = Components::new(task.documents);
    let star = task.clustering != Clustering::Connected && task.all_pairs.is_none();
    let mut joined = vec![false; task.documents];
    let mut found: Vec<Met> = Vec::new();
    for center in 0..task.documents as u32 {
        if walk.closed[center as usize] {
            continue;
        }
        let unseen = walk.meet(center, &mut found)?;
        if task.clustering == Clustering::Connected && task.all_pairs.is_none() {
            found.retain(|other| !components.united(center, other.document));
        }
        settled.candidates += found.len() as u64;
        judge.screen(center, &mut found, unseen, &mut scratch);
        settled.verified += found.len() as u64;
        if task.complete && settled.verified > MOST_VERIFIED {
            return Err(Error::limit(
                "the search that promises every pair would compare more than 2^25 pairs in full; \
                 raise the threshold, or use minhash search",
            ));
        }
        found.sort_unstable_by_key(|other| other.document);
        let matching = threads::map_reusing(
            &found,
            16,
            &mut scratch,
            || judge.scratch(),
            |scratch, other| judge.matches(center, other.document, scratch),
        );
        let matching = found.iter().zip(matching).filter(|&(_, matches)| matches);
        let matching: Vec<u32> = matching.map(|(other, _)| other.document).collect();
        if let Some(most) = task.all_pairs {
            settled.pairs.extend(matching.iter().map(|&other| (center, other)));
            if settled.pairs.len() > most {
                return Err(too_many_pairs(most));
            }
        }
        let members = match task.clustering {
            Clustering::Connected => {
                let mut new = matching;
                new.retain(|&other| components.unite(center, other));
                settled.links.extend(new.into_iter().map(|other| (center, other)));
                continue;
            }
            _ if joined[center as usize] => continue,
            Clustering::Star => matching,
            Clustering::CompleteLink => {
                let open = matching.into_iter().filter(|&other| !joined[other as usize]).collect();
                linked(open, judge, &mut scratch, &mut settled.full)
            }
        };
        for other in members {
            if !std::mem::replace(&mut joined[other as usize], true) {
                settled.links.push((center, other));
                walk.closed[other as usize] = star;
            }
        }
    }
    settled.crowded = walk.crowded;
    Ok(settled)
}

pub(crate) fn too_many_pairs(most: usize) -> Error {
    Error::limit(format!(
        "more than {most} matching pairs; ask for more, for clusters only, or raise the threshold"
    ))
}

/// Of documents that all match one center, those that match each other too, taken in their order.
fn linked<J: Judge>(
    open: Vec<u32>,
    judge: &J,
    scratch: &mut J::Scratch,
    full: &mut u64,
) -> Vec<u32> {
    let mut members: Vec<u32> = Vec::new();
    for other in open {
        if members.len() + 1 >= MOST_LINKED {
            *full += 1;
        } else if members.iter().all(|&member| judge.matches(other, member, scratch)) {
            members.push(other);
        }
    }
    members
}

/// The groups, with the documents that are still open in them.
struct Walk {
    complete: bool,
    /// Of each group: where it begins, how many members are left, and how often it may still be
    /// walked while it is crowded.
    starts: Vec<u32>,
    left: Vec<u32>,
    leaders: Vec<u8>,
    members: Vec<Member>,
    /// The groups of each document, and where its list begins.
    memberships: Vec<Member>,
    first: Vec<u32>,
    /// Documents that meet nobody any more.
    closed: Vec<bool>,
    /// Where a document stands among those that the center has met, if it stands there.
    place: Vec<u32>,
    visits: u64,
    crowded: u64,
}

/// A group was given up: told from one that has walks left.
const GIVEN_UP: u8 = u8::MAX;

impl Walk {
    fn new(groups: Groups, task: &Task) -> Self {
        let ranges: Vec<_> = (0..groups.len()).map(|group| groups.range(group)).collect();
        let starts: Vec<u32> = ranges.iter().map(|range| range.start as u32).collect();
        let left: Vec<u32> = ranges.iter().map(|range| range.len() as u32).collect();
        let members = groups.into_members();
        let mut first = vec![0u32; task.documents + 1];
        for member in &members {
            first[member.document() as usize + 1] += 1;
        }
        for i in 1..first.len() {
            first[i] += first[i - 1];
        }
        let mut memberships = vec![Member::proposing(0); members.len()];
        let mut next = first.clone();
        for (group, range) in ranges.into_iter().enumerate() {
            for member in &members[range] {
                let at = &mut next[member.document() as usize];
                memberships[*at as usize] = member.with_number(group as u32);
                *at += 1;
            }
        }
        Self {
            complete: task.complete,
            leaders: vec![CROWD_LEADERS; starts.len()],
            starts,
            left,
            members,
            memberships,
            first,
            closed: vec![false; task.documents],
            place: vec![0; task.documents],
            visits: 0,
            crowded: 0,
        }
    }

    /// The open documents behind `center` that it meets, each once. Gives how many groups were
    /// passed over.
    fn meet(&mut self, center: u32, found: &mut Vec<Met>) -> Result<u32> {
        found.clear();
        let mut unseen = 0;
        let range = self.first[center as usize] as usize..self.first[center as usize + 1] as usize;
        for at in range {
            let here = self.memberships[at];
            let group = here.document() as usize;
            let left = self.left[group];
            if left > CROWD && !self.complete {
                let leaders = &mut self.leaders[group];
                if matches!(*leaders, 0 | GIVEN_UP) {
                    self.crowded += u64::from(*leaders == 0);
                    *leaders = GIVEN_UP;
                    unseen += 1;
                    continue;
                }
                *leaders -= 1;
            }
            self.visits += u64::from(left);
            let start = self.starts[group] as usize;
            let mut kept = start;
            for i in start..start + left as usize {
                let member = self.members[i];
                let document = member.document();
                if document <= center || self.closed[document as usize] {
                    continue;
                }
                self.members[kept] = member;
                kept += 1;
                if here.meets(member) {
                    let place = &mut self.place[document as usize];
                    match found.get_mut(*place as usize) {
                        Some(met) if met.document == document => met.groups += 1,
                        _ => {
                            *place = found.len() as u32;
                            found.push(Met { document, groups: 1 });
                        }
                    }
                }
            }
            self.left[group] = (kept - start) as u32;
        }
        if self.visits > MOST_VISITS {
            return Err(Error::limit(
                "the search that promises every pair would look at more than 2^34 entries; raise \
                 the threshold, or use minhash search",
            ));
        }
        Ok(unseen)
    }
}

/// Union-find over document numbers; the least number of a component stands for it.
pub(crate) struct Components(Vec<u32>);

impl Components {
    pub(crate) fn new(documents: usize) -> Self {
        Self((0..documents as u32).collect())
    }

    pub(crate) fn root(&mut self, mut document: u32) -> u32 {
        while self.0[document as usize] != document {
            let parent = self.0[document as usize];
            self.0[document as usize] = self.0[parent as usize];
            document = parent;
        }
        document
    }

    fn united(&mut self, a: u32, b: u32) -> bool {
        self.root(a) == self.root(b)
    }

    /// Whether they were apart until now.
    pub(crate) fn unite(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
        a != b
    }
}
