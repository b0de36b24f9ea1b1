//! Candidates to clusters: which pairs are asked, and what is grouped.
//!
//! Documents are taken in the order of their ranks, best first. Each is compared with the later
//! ones that share a group with it and are still open; what matches is settled and leaves the
//! groups. So a flood of copies costs one comparison each, and no group is written out as pairs.
//!
//! Threads look ahead: who meets whom and what the sketches say of it is found for many documents
//! at once, and texts are compared for as many documents in a row as do not wait for each other.
//! Documents are settled one by one, with what is still open then, as if nothing had been looked at
//! before: the number of threads never shows.

use std::collections::{HashSet, VecDeque};

use crate::candidates::{Groups, Met, Seats, Walk};
use crate::threads::{self, Pool};
use crate::{Error, Result};

/// How documents are grouped.
///
/// ```
/// use doublon::{Clustering, Detector};
///
/// let detector = Detector::builder().cluster(Clustering::Connected).build()?;
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
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

/// The greatest number of pairs that may be compared in full in such searches.
const MOST_VERIFIED: u64 = 1 << 25;
/// The greatest size of a complete-link cluster.
pub(crate) const MOST_LINKED: usize = 1000;
/// About so many memberships are looked ahead over: what is found for them waits in memory.
const AHEAD: usize = 1 << 12;
/// Of how many documents in a row the texts are asked at once.
const ASKED: usize = 1 << 9;

/// What decides about candidates: sketches first, then the texts. Documents go by their ranks.
pub(crate) trait Judge: Sync {
    /// Buffers, and what is kept of the last center.
    type Scratch: Send + Sync;
    /// What is kept of a match.
    type Proof: Send + Sync;

    fn scratch(&self) -> Self::Scratch;
    /// Those of `others` that may match `center`, as far as the sketches tell.
    fn screen(&self, center: u32, others: &[Met], scratch: &mut Self::Scratch) -> Vec<u32>;
    /// Whether the texts match.
    fn matches(&self, center: u32, other: u32, scratch: &mut Self::Scratch) -> bool;
    /// The proof that the texts match; `None` when they do not.
    fn prove(&self, center: u32, other: u32, scratch: &mut Self::Scratch) -> Option<Self::Proof>;
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
pub(crate) struct Settled<P> {
    /// What makes the clusters: one pair for each document that joins one.
    pub(crate) links: Vec<(u32, u32)>,
    /// The matches of the links, or all of them when all were asked for.
    pub(crate) matches: Vec<(u32, u32, P)>,
    pub(crate) candidates: u64,
    pub(crate) verified: u64,
    pub(crate) crowded: u64,
    pub(crate) full: u64,
}

/// Walks the groups and asks the judge. See the module's text for the order.
pub(crate) fn settle<J: Judge>(
    groups: Groups,
    task: &Task,
    judge: &J,
) -> Result<Settled<J::Proof>> {
    let mut settling = Settling {
        task,
        judge,
        pool: Pool::new(),
        desk: Desk { scratch: judge.scratch(), seats: Seats::new(task.documents) },
        walk: Walk::new(groups, task.documents, task.complete),
        components: Components::new(task.documents),
        joined: vec![false; task.documents],
        closed: vec![false; task.documents],
        waits: vec![0; task.documents],
        round: 0,
        linked: HashSet::new(),
        settled: Settled {
            links: Vec::new(),
            matches: Vec::new(),
            candidates: 0,
            verified: 0,
            crowded: 0,
            full: 0,
        },
    };
    let mut queue = VecDeque::new();
    let mut next = 0;
    loop {
        while let Some(look) = settling.turn(&mut queue) {
            settling.settle(look)?;
        }
        if queue.is_empty() {
            settling.look_ahead(&mut next, &mut queue);
        }
        if queue.is_empty() && next as usize >= task.documents {
            break;
        }
        settling.prove(&mut queue);
    }
    settling.settled.crowded = settling.walk.given_up();
    Ok(settling.settled)
}

/// What was found for a document before its turn.
struct Look<P> {
    center: u32,
    /// Whom it meets, but for those it meets in crowds only.
    found: Vec<Met>,
    /// Those of them that the sketches leave.
    likely: Vec<u32>,
    /// What the texts say of them, once they were asked.
    proofs: Option<Vec<Option<P>>>,
}

struct Settling<'a, J: Judge> {
    task: &'a Task,
    judge: &'a J,
    pool: Pool<Desk<J::Scratch>>,
    /// For what is done one by one.
    desk: Desk<J::Scratch>,
    walk: Walk,
    components: Components,
    joined: Vec<bool>,
    /// Documents that meet nobody any more.
    closed: Vec<bool>,
    /// In which round of asking a document waited last.
    waits: Vec<u32>,
    round: u32,
    /// Matches that a complete-link cluster needed before the turn of their better document.
    linked: HashSet<(u32, u32)>,
    settled: Settled<J::Proof>,
}

/// The buffers of one thread.
struct Desk<S> {
    scratch: S,
    seats: Seats,
}

impl<J: Judge> Settling<'_, J> {
    fn desk(&self) -> Desk<J::Scratch> {
        Desk { scratch: self.judge.scratch(), seats: Seats::new(self.task.documents) }
    }

    /// Looks at the next documents that are open.
    fn look_ahead(&self, next: &mut u32, queue: &mut VecDeque<Look<J::Proof>>) {
        // Some are looked at in vain, for one ahead closes them: a single thread takes them one by one.
        let enough = if threads::count() == 1 { 1 } else { AHEAD };
        let mut centers = Vec::new();
        let mut memberships = 0;
        while (*next as usize) < self.task.documents && memberships < enough {
            let center = *next;
            *next += 1;
            if !self.closed[center as usize] {
                memberships += 1 + self.walk.groups_of(center) + self.walk.crowds_of(center);
                centers.push(center);
            }
        }
        let looks = self.pool.map(
            &centers,
            8,
            || self.desk(),
            |desk, &center| {
                let mut found = Vec::new();
                self.walk.look(center, &self.closed, &mut found, &mut desk.seats);
                let likely = self.judge.screen(center, &found, &mut desk.scratch);
                Look { center, found, likely, proofs: None }
            },
        );
        let meets = |look: &Look<_>| !look.found.is_empty() || self.walk.crowds_of(look.center) > 0;
        queue.extend(looks.into_iter().filter(meets));
    }

    /// The next document of the queue whose turn it is: those ahead of it are settled, and its likely
    /// pairs were asked.
    fn turn(&self, queue: &mut VecDeque<Look<J::Proof>>) -> Option<Look<J::Proof>> {
        while queue.front().is_some_and(|look| self.closed[look.center as usize]) {
            queue.pop_front();
        }
        let ready = queue.front().is_some_and(|look| look.proofs.is_some());
        if ready { queue.pop_front() } else { None }
    }

    /// Asks the texts for all of the queue that do not wait for one ahead of them, which might close
    /// them. The first never waits.
    fn prove(&mut self, queue: &mut VecDeque<Look<J::Proof>>) {
        self.round += 1;
        let mut pairs = Vec::new();
        let mut ready = Vec::new();
        for (place, look) in queue.iter().enumerate().take(ASKED) {
            if self.closed[look.center as usize] {
                continue;
            }
            if look.proofs.is_none() && self.waits[look.center as usize] != self.round {
                ready.push(place);
                for &other in &look.likely {
                    pairs.push((look.center, other, self.open(look.center, other)));
                }
            }
            if self.task.all_pairs.is_none() {
                look.likely.iter().for_each(|&other| self.waits[other as usize] = self.round);
            }
        }
        let proofs = self.pool.map(
            &pairs,
            4,
            || self.desk(),
            |desk, &(center, other, open)| {
                if !open {
                    return None;
                }
                self.judge.prove(center, other, &mut desk.scratch)
            },
        );
        let mut proofs = proofs.into_iter();
        for place in ready {
            let look = &mut queue[place];
            look.proofs = Some(proofs.by_ref().take(look.likely.len()).collect());
        }
    }

    /// A match may still change something.
    fn open(&mut self, center: u32, other: u32) -> bool {
        !self.closed[other as usize]
            && (self.task.clustering != Clustering::Connected
                || self.task.all_pairs.is_some()
                || !self.components.united(center, other))
    }

    /// The turn of a document: what still is open of what was found, and of the crowds.
    fn settle(&mut self, look: Look<J::Proof>) -> Result<()> {
        let Look { center, mut found, likely, proofs } = look;
        let mut matching = Vec::new();
        for (other, proof) in likely.into_iter().zip(proofs.unwrap_or_default()) {
            if self.open(center, other) {
                self.settled.verified += 1;
                matching.extend(proof.map(|proof| (other, proof)));
            }
        }
        let looked_at = found.len();
        self.walk.look_into_crowds(center, &self.closed, &mut found, &mut self.desk.seats)?;
        let mut crowd = found.split_off(looked_at);
        crowd.retain(|met| self.open(center, met.document));
        found.retain(|met| self.open(center, met.document));
        self.settled.candidates += (found.len() + crowd.len()) as u64;
        let likely = self.judge.screen(center, &crowd, &mut self.desk.scratch);
        self.settled.verified += likely.len() as u64;
        if self.task.complete && self.settled.verified > MOST_VERIFIED {
            return Err(Error::limit(
                "the search that promises every pair would compare more than 2^25 pairs in full; \
                 raise the threshold, or use minhash search",
            ));
        }
        if !likely.is_empty() {
            let proofs = self.pool.map(
                &likely,
                8,
                || self.desk(),
                |desk, &other| self.judge.prove(center, other, &mut desk.scratch),
            );
            let proven = likely.into_iter().zip(proofs);
            matching.extend(proven.filter_map(|(other, proof)| Some((other, proof?))));
        }
        matching.sort_unstable_by_key(|&(other, _)| other);
        self.link(center, matching)
    }

    /// Keeps the matches of a document, the better others first.
    fn link(&mut self, center: u32, matching: Vec<(u32, J::Proof)>) -> Result<()> {
        let others: Vec<u32> = matching.iter().map(|&(other, _)| other).collect();
        let linked: Vec<u32> = match self.task.clustering {
            Clustering::Connected => {
                let unite = |&other: &u32| self.components.unite(center, other);
                others.into_iter().filter(unite).collect()
            }
            _ if self.joined[center as usize] => Vec::new(),
            clustering => {
                let mut open = others;
                open.retain(|&other| !self.joined[other as usize]);
                if clustering == Clustering::CompleteLink {
                    open = self.linked(open);
                }
                for &other in &open {
                    self.joined[other as usize] = true;
                    self.closed[other as usize] = self.task.all_pairs.is_none();
                }
                open
            }
        };
        let settled = &mut self.settled;
        settled.links.extend(linked.iter().map(|&other| (center, other)));
        let kept = matching.into_iter().filter(|(other, _)| match self.task.all_pairs {
            Some(_) => !self.linked.contains(&(center, *other)),
            // Both lists are in the order of rank.
            None => linked.binary_search(other).is_ok(),
        });
        settled.matches.extend(kept.map(|(other, proof)| (center, other, proof)));
        match self.task.all_pairs {
            Some(most) if settled.matches.len() > most => Err(too_many_pairs(most)),
            _ => Ok(()),
        }
    }

    /// Of documents that all match one center, those that match each other too, taken in their
    /// order.
    fn linked(&mut self, open: Vec<u32>) -> Vec<u32> {
        let mut members: Vec<u32> = Vec::new();
        for other in open {
            if members.len() + 1 >= MOST_LINKED {
                self.settled.full += 1;
            } else if members.iter().all(|&member| self.link_matches(member, other)) {
                members.push(other);
            }
        }
        members
    }

    /// Whether a member matches another document. Such a match is one of all pairs, though the search
    /// may not find it.
    fn link_matches(&mut self, member: u32, other: u32) -> bool {
        let scratch = &mut self.desk.scratch;
        if self.task.all_pairs.is_none() {
            return self.judge.matches(other, member, scratch);
        }
        let proof = self.judge.prove(other, member, scratch);
        let matches = proof.is_some();
        if let Some(proof) = proof.filter(|_| self.linked.insert((member, other))) {
            self.settled.matches.push((member, other, proof));
        }
        matches
    }
}

pub(crate) fn too_many_pairs(most: usize) -> Error {
    Error::limit(format!(
        "more than {most} matching pairs; ask for more, for clusters only, or raise the threshold"
    ))
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
