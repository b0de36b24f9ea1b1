//! Who meets whom: the groups as they are walked, document by document, the best first.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::Groups;
use super::groups::Member;
use crate::{Error, Result, hash};

/// A group with more open documents than this lets only its first [`CROWD_LEADERS`] look at all
/// the others.
const CROWD: u32 = 256;
const CROWD_LEADERS: u8 = 8;
/// Groups that are asked for at once.
const AT_ONCE: usize = 16;
/// The greatest number of open documents that may be looked at in searches that promise all pairs.
const MOST_VISITS: u64 = 1 << 34;

/// A document that a center meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) document: u32,
    /// How many keys of this document the center may have too, at most, each as often as this
    /// document brings it.
    pub(crate) keys: u32,
    /// The same the other way round.
    pub(crate) keys_of_center: u32,
}

/// Groups of documents that are numbered by rank, so that a document has met those ahead of it.
pub(crate) struct Walk {
    /// The members of all groups that are no crowds, those of the same members as one, each closed by
    /// [`Member::NONE`]; and how often each brings the keys.
    members: Vec<Member>,
    times: Vec<u8>,
    /// Where each document stands in `members`, if others stand behind it.
    places: Lists,
    crowds: Vec<Crowd>,
    /// The crowds of each document.
    crowded: Lists,
    /// Of each document, its crowds by number modulo 64, and how often it brings their keys beyond
    /// once. Crowds are too large to be walked for every document: this tells what two share, at
    /// most.
    masks: Vec<u64>,
    excess: Vec<u32>,
    /// No crowd may be cut short.
    complete: bool,
    visits: u64,
    given_up: u64,
}

/// A group that has more than [`CROWD`] members at first.
struct Crowd {
    /// Those that were open when it was walked last.
    open: Vec<Member>,
    /// How often it may still be walked while it is crowded.
    leaders: u8,
    given_up: bool,
}

/// A list of numbers for each document.
struct Lists {
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// Of pairs of a document and a number, those of one document in the order given.
    fn new(documents: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        // Each list ends where the next begins, once it is filled.
        let mut ends = vec![0u32; documents + 2];
        for (document, _) in pairs.clone() {
            ends[document as usize + 2] += 1;
        }
        for i in 2..ends.len() {
            ends[i] += ends[i - 1];
        }
        let mut items = vec![0; ends[documents + 1] as usize];
        for (document, item) in pairs {
            let end = &mut ends[document as usize + 1];
            items[*end as usize] = item;
            *end += 1;
        }
        Self { ends, items }
    }

    fn of(&self, document: u32) -> &[u32] {
        let at = document as usize;
        &self.items[self.ends[at] as usize..self.ends[at + 1] as usize]
    }
}

impl Walk {
    pub(crate) fn new(groups: Groups, documents: usize, complete: bool) -> Self {
        let mut members = Vec::with_capacity(groups.memberships() + groups.len());
        let mut times = Vec::with_capacity(groups.memberships() + groups.len());
        let mut crowds = Vec::new();
        let (mut masks, mut excess) = (Vec::new(), Vec::new());
        let mut known = Known::default();
        for group in groups.members() {
            let start = members.len();
            for (member, often) in group {
                members.push(member);
                times.push(often);
            }
            if members.len() - start <= CROWD as usize {
                if !known.take_in(&mut members, &mut times, start) {
                    members.push(Member::NONE);
                    times.push(0);
                }
                continue;
            }
            masks.resize(documents, 0u64);
            excess.resize(documents, 0u32);
            for (member, often) in members[start..].iter().zip(times.drain(start..)) {
                let document = member.document() as usize;
                masks[document] |= 1 << (crowds.len() % 64);
                excess[document] = excess[document].saturating_add(count(often) - 1);
            }
            let open = members.drain(start..).collect();
            crowds.push(Crowd { open, leaders: CROWD_LEADERS, given_up: false });
        }
        drop((groups, known));
        // The last of a group meets nobody there, and what closes a group is no document.
        let met = members.windows(2).enumerate().filter(|(_, pair)| !pair.contains(&Member::NONE));
        let places = met.map(|(place, pair)| (pair[0].document(), place as u32));
        let places = Lists::new(documents, places);
        let crowded = (0u32..).zip(&crowds).flat_map(|(number, crowd)| {
            crowd
                .open
                .iter()
                .map(move |member| (member.document(), member.with_number(number).bits()))
        });
        let crowded = Lists::new(documents, crowded);
        for Crowd { open, .. } in &mut crowds {
            // Where those only listed stand ahead of all others, nobody meets them.
            let listed = open.iter().take_while(|member| !member.proposes()).count();
            if open[listed..].iter().all(|member| member.proposes()) {
                open.drain(..listed);
            }
        }
        let (visits, given_up) = (0, 0);
        Self { members, times, places, crowds, crowded, masks, excess, complete, visits, given_up }
    }

    /// In how many groups that are no crowds a document stands ahead of others.
    pub(crate) fn groups_of(&self, document: u32) -> usize {
        self.places.of(document).len()
    }

    /// In how many crowds a document stands.
    pub(crate) fn crowds_of(&self, document: u32) -> usize {
        self.crowded.of(document).len()
    }

    /// How many crowds were given up.
    pub(crate) fn given_up(&self) -> u64 {
        self.given_up
    }

    /// The open documents behind `center` that it meets outside of crowds, each once.
    pub(crate) fn look(
        &self,
        center: u32,
        closed: &[bool],
        found: &mut Vec<Met>,
        seats: &mut Seats,
    ) {
        // Each place is far from the others: what stands there is asked for several at once.
        let mut here = [(Member::NONE, 0); AT_ONCE];
        for places in self.places.of(center).chunks(AT_ONCE) {
            for (here, &place) in here.iter_mut().zip(places) {
                *here = (self.members[place as usize], self.times[place as usize]);
            }
            for (&(here, often_here), &place) in here.iter().zip(places) {
                let behind = place as usize + 1;
                let others = self.members[behind..].iter().zip(&self.times[behind..]);
                for (&other, &often) in others.take_while(|&(&other, _)| other != Member::NONE) {
                    let document = other.document();
                    if here.meets(other) && !closed[document as usize] {
                        let met = seats.take(document, found);
                        met.keys = met.keys.saturating_add(count(often));
                        met.keys_of_center = met.keys_of_center.saturating_add(count(often_here));
                    }
                }
            }
        }
        self.add_crowds(center, found);
    }

    /// Adds those of `center` that it meets in crowds only, in the order of its crowds. The best
    /// documents of a crowd must come first.
    pub(crate) fn look_into_crowds(
        &mut self,
        center: u32,
        closed: &[bool],
        found: &mut Vec<Met>,
        seats: &mut Seats,
    ) -> Result<()> {
        let known = found.len();
        if !self.crowded.of(center).is_empty() {
            seats.seat(found);
        }
        for &here in self.crowded.of(center) {
            let here = Member::from_bits(here);
            let crowd = &mut self.crowds[here.document() as usize];
            if crowd.open.len() > CROWD as usize && !self.complete {
                if crowd.leaders == 0 {
                    self.given_up += u64::from(!crowd.given_up);
                    crowd.given_up = true;
                    continue;
                }
                crowd.leaders -= 1;
            }
            self.visits += crowd.open.len() as u64;
            crowd.open.retain(|&member| {
                let document = member.document();
                let open = document > center && !closed[document as usize];
                if open && here.meets(member) {
                    seats.take(document, found);
                }
                open
            });
        }
        if self.visits > MOST_VISITS {
            return Err(Error::limit(
                "the search that promises every pair would look at more than 2^34 entries; raise \
                 the threshold, or use minhash search",
            ));
        }
        self.add_crowds(center, &mut found[known..]);
        Ok(())
    }

    /// Adds the keys of crowds.
    fn add_crowds(&self, center: u32, found: &mut [Met]) {
        let crowds = self.crowded.of(center);
        if crowds.is_empty() || found.is_empty() {
            return;
        }
        // How many crowds of the center have each of the 64 numbers.
        let mut crowds_of = [0u32; 64];
        for &crowd in crowds {
            crowds_of[Member::from_bits(crowd).document() as usize % 64] += 1;
        }
        let of_center = self.excess[center as usize].saturating_add(crowds.len() as u32);
        for met in found {
            let mut keys = self.excess[met.document as usize];
            let mut theirs = self.masks[met.document as usize];
            while theirs != 0 {
                keys = keys.saturating_add(crowds_of[theirs.trailing_zeros() as usize]);
                theirs &= theirs - 1;
            }
            met.keys = met.keys.saturating_add(keys);
            met.keys_of_center = met.keys_of_center.saturating_add(of_center);
        }
    }
}

/// Where groups stand, by the hashes of their members: a long passage brings the same documents together
/// again and again.
#[derive(Default)]
struct Known(HashMap<u64, u32, BuildHasherDefault<Hashed>>);

/// Takes a hash for what it is.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.0 = hash::chain(self.0, byte.into()));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl Known {
    /// Adds the last group, which begins at `start`, to one of the same members ahead of it, if there is
    /// one and the sums have room; and says whether it did.
    fn take_in(&mut self, members: &mut Vec<Member>, times: &mut Vec<u8>, start: usize) -> bool {
        let (ahead, group) = members.split_at(start);
        let hash =
            group.iter().fold(0, |hash, member| hash::chain(hash, u64::from(member.bits()) + 1));
        let place = self.0.entry(hash).or_insert(start as u32);
        let first = *place as usize;
        // Each group is closed by one that is no member.
        let same = ahead[first..].iter().take(group.len() + 1);
        let same = same.eq(group.iter().chain([&Member::NONE]));
        let (ahead, again) = times.split_at_mut(start);
        let both = || ahead[first..].iter().zip(&*again);
        if !same || both().any(|(&x, &y)| x.saturating_add(y) == u8::MAX) {
            *place = start as u32;
            return false;
        }
        ahead[first..].iter_mut().zip(again).for_each(|(times, again)| *times += *again);
        members.truncate(start);
        times.truncate(start);
        true
    }
}

/// A count of a byte; the greatest stands for more, too.
fn count(often: u8) -> u32 {
    if often == u8::MAX { u32::MAX } else { often.into() }
}

/// Where each document stands among those found, if it stands there.
pub(crate) struct Seats(Vec<u32>);

impl Seats {
    pub(crate) fn new(documents: usize) -> Self {
        Self(vec![0; documents])
    }

    /// The place of a document among those found, the last if it is new.
    fn take<'a>(&mut self, document: u32, found: &'a mut Vec<Met>) -> &'a mut Met {
        let seat = &mut self.0[document as usize];
        if found.get(*seat as usize).is_none_or(|met| met.document != document) {
            *seat = found.len() as u32;
            found.push(Met { document, keys: 0, keys_of_center: 0 });
        }
        &mut found[*seat as usize]
    }

    fn seat(&mut self, found: &[Met]) {
        for (seat, met) in (0..).zip(found) {
            self.0[met.document as usize] = seat;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DOCUMENTS: u32 = 300;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Some groups are crowds, and there are more of these than bits in a mask.
        #[test]
        fn all_are_met_and_no_key_is_missed(
            small in proptest::collection::vec(
                proptest::collection::btree_map(0..DOCUMENTS, 1u8..4, 2..9), 0..20),
            // More groups of one document than are asked for at once.
            close in proptest::collection::vec(
                proptest::collection::btree_map(0..9u32, 1u8..4, 2..6), 0..80),
            left_out in proptest::collection::vec((0..DOCUMENTS, 0..DOCUMENTS, 1u8..4), 0..80),
            closed in proptest::collection::vec(0..DOCUMENTS, 0..9),
            center in prop_oneof![0..9u32, 0..DOCUMENTS - 1],
        ) {
            let mut lists: Vec<Vec<(u32, u8)>> =
                small.into_iter().chain(close).map(|group| group.into_iter().collect()).collect();
            // Some groups come again, and some counts have no room for more.
            let again: Vec<Vec<(u32, u8)>> = lists.iter().step_by(2).cloned().collect();
            lists.extend(again.into_iter().enumerate().flat_map(|(number, list)| {
                let often = |often| list.iter().map(|&(document, _)| (document, often)).collect();
                let most = [2, 100, u8::MAX - 2][number % 3];
                [often(1), often(most), list.clone()]
            }));
            let crowds = !left_out.is_empty();
            for (x, y, often) in left_out {
                let members = (0..DOCUMENTS).filter(|&document| document != x && document != y);
                lists.push(members.map(|document| (document, often)).collect());
            }
            let mut groups = Groups::default();
            for list in &lists {
                let members = list.iter();
                groups.push(members.map(|&(document, often)| (Member::proposing(document), often)))
                    .unwrap();
            }
            let mut is_closed = vec![false; DOCUMENTS as usize];
            closed.iter().for_each(|&document| is_closed[document as usize] = true);
            let mut walk = Walk::new(groups, DOCUMENTS as usize, true);
            let (mut found, mut seats) = (Vec::new(), Seats::new(DOCUMENTS as usize));
            // Whom an earlier document has met leaves no trace.
            for center in [0, center] {
                found.clear();
                walk.look(center, &is_closed, &mut found, &mut seats);
                walk.look_into_crowds(center, &is_closed, &mut found, &mut seats).unwrap();
            }
            for other in center + 1..DOCUMENTS {
                let often = |list: &[(u32, u8)], document| {
                    list.iter().find(|member| member.0 == document).map(|member| u32::from(member.1))
                };
                let keys: Vec<_> = lists
                    .iter()
                    .filter_map(|list| Some((often(list, center)?, often(list, other)?)))
                    .collect();
                let met: Vec<_> = found.iter().filter(|met| met.document == other).collect();
                prop_assert_eq!(met.len() == 1, !keys.is_empty() && !is_closed[other as usize]);
                for met in met {
                    let of_other = keys.iter().map(|both| both.1).sum::<u32>();
                    let of_center = keys.iter().map(|both| both.0).sum::<u32>();
                    prop_assert!(met.keys >= of_other && met.keys_of_center >= of_center);
                    prop_assert!(crowds || (met.keys, met.keys_of_center) == (of_other, of_center));
                }
            }
        }
    }

    /// Those that are only listed do not meet, though the same documents do elsewhere.
    #[test]
    fn groups_of_other_roles_are_others() {
        let mut groups = Groups::default();
        let [zero, one, two] = [0, 1, 2].map(Member::proposing);
        let [listed_zero, listed_one] = [0, 1].map(Member::listed);
        for members in [[listed_zero, listed_one, two], [zero, one, two]].repeat(3) {
            groups.push(members.into_iter().map(|member| (member, 1))).unwrap();
        }
        let mut walk = Walk::new(groups, 3, true);
        assert_eq!(walk.members.len(), 8);
        let (mut found, mut seats) = (Vec::new(), Seats::new(3));
        walk.look(0, &[false; 3], &mut found, &mut seats);
        walk.look_into_crowds(0, &[false; 3], &mut found, &mut seats).unwrap();
        let mut keys: Vec<_> = found.iter().map(|met| (met.document, met.keys)).collect();
        keys.sort_unstable();
        assert_eq!(keys, [(1, 3), (2, 6)]);
    }
}
