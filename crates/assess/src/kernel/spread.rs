//! Ranking by spreading the keys over about twice as many buckets of equal width. What stands in better buckets is
//! better, so a key need only be compared with its near neighbours, many at a time, and is never moved again.

/// Keys of a bucket above which this way is given up.
const FULL: usize = 16;
/// Buckets a key.
const BUCKETS_A_KEY: usize = 2;
/// Keys compared at a time.
const PART: usize = 16;

/// Buckets that share a base.
const TOGETHER: usize = 8;

/// Work space; results do not depend on what was ranked before.
#[derive(Default)]
pub(super) struct Spreader {
    /// Bucket of each town, the best first; later its place in the spread.
    places: Vec<u32>,
    /// Keys in each bucket; later those placed in better buckets of the same base and in its own.
    counts: Vec<[u8; TOGETHER]>,
    /// Keys in buckets of better bases.
    bases: Vec<u32>,
    /// Keys by bucket, between [`FULL`] greatest and as many least ones.
    spread: Vec<u32>,
    /// Rank of each place of the spread.
    ranks: Vec<u32>,
}

impl Spreader {
    /// Puts the number of strictly greater keys of each key into `ranks`; `false`, with nothing of use in
    /// `ranks`, where more than [`FULL`] keys fall into one bucket or a key is the greatest there is.
    #[inline(always)]
    pub(super) fn rank(&mut self, keys: &[u32], ranks: &mut [u32]) -> bool {
        let greatest = keys.iter().fold(0, |best, &key| best.max(key));
        self.find_buckets(keys, greatest);
        let Some(most) = self.count().filter(|most| *most <= FULL && greatest < u32::MAX) else {
            return false;
        };
        self.begin();
        self.place(keys);
        self.compare(most.saturating_sub(1));
        let by_place = &self.ranks[..];
        let (ranks, places) = (ranks.as_chunks_mut::<TOGETHER>(), self.places.as_chunks::<TOGETHER>());
        for (ranks, places) in ranks.0.iter_mut().zip(places.0) {
            for (rank, &place) in ranks.iter_mut().zip(places) {
                *rank = by_place[place as usize];
            }
        }
        for (rank, &place) in ranks.1.iter_mut().zip(places.1) {
            *rank = by_place[place as usize];
        }
        true
    }

    /// ⌊distance from the greatest key × buckets / (span + 1)⌋, rounded down: never falls as the key does.
    #[inline(always)]
    fn find_buckets(&mut self, keys: &[u32], greatest: u32) {
        let least = keys.iter().fold(u32::MAX, |worst, &key| worst.min(key));
        let wanted = (keys.len() * BUCKETS_A_KEY).min(1 << 31) as u64;
        let span = u64::from(greatest.wrapping_sub(least)) + 1;
        let scale = ((wanted << 32) / span.max(wanted + 1)) as u32;
        self.counts.clear();
        self.counts.resize((wanted as usize).div_ceil(TOGETHER), [0; TOGETHER]);
        self.places.resize(keys.len(), 0);
        for (bucket, &key) in self.places.iter_mut().zip(keys) {
            *bucket = ((u64::from(greatest - key) * u64::from(scale)) >> 32) as u32;
        }
    }

    /// Keys in the fullest bucket; `None` where one holds more than can be counted.
    #[inline(always)]
    fn count(&mut self) -> Option<usize> {
        let counts = self.counts.as_flattened_mut();
        let (places, rest) = self.places.as_chunks::<TOGETHER>();
        for places in places {
            for &bucket in places {
                counts[bucket as usize] = counts[bucket as usize].wrapping_add(1);
            }
        }
        for &bucket in rest {
            counts[bucket as usize] = counts[bucket as usize].wrapping_add(1);
        }
        let most = counts.iter().fold(0, |most, &count| most.max(count));
        // What went beyond a byte is missing here.
        let all = counts.iter().fold(0, |all, &count| all + usize::from(count));
        (all == self.places.len()).then_some(most.into())
    }

    /// Where each bucket begins: eight sums of bytes by one product. None is above 8 × [`FULL`].
    #[inline(always)]
    fn begin(&mut self) {
        self.bases.resize(self.counts.len(), 0);
        let mut before = 0;
        for (base, counts) in self.bases.iter_mut().zip(&mut self.counts) {
            *base = before;
            let sums = u64::from_le_bytes(*counts).wrapping_mul(0x0101_0101_0101_0101);
            before += (sums >> 56) as u32;
            *counts = (sums << 8).to_le_bytes();
        }
    }

    #[inline(always)]
    fn place(&mut self, keys: &[u32]) {
        self.spread.resize((FULL + keys.len()).next_multiple_of(PART) + FULL, 0);
        self.spread[..FULL].fill(u32::MAX);
        self.spread[FULL + keys.len()..].fill(0);
        let (bases, spread) = (&self.bases[..], &mut self.spread[FULL..]);
        let counts = self.counts.as_flattened_mut();
        // Eight at a time, which the compiler writes out.
        let mut put = |place: &mut u32, key: u32| {
            let bucket = *place as usize;
            *place = bases[bucket / TOGETHER] + u32::from(counts[bucket]);
            counts[bucket] += 1;
            spread[*place as usize] = key;
        };
        let (places, keys) = (self.places.as_chunks_mut::<TOGETHER>(), keys.as_chunks::<TOGETHER>());
        for (places, keys) in places.0.iter_mut().zip(keys.0) {
            for (place, &key) in places.iter_mut().zip(keys) {
                put(place, key);
            }
        }
        for (place, &key) in places.1.iter_mut().zip(keys.1) {
            put(place, key);
        }
    }

    /// Ranks of the places: all that stand more than `near` before are better, none that stand more than `near`
    /// behind.
    #[inline(always)]
    fn compare(&mut self, near: usize) {
        self.ranks.resize(self.places.len().next_multiple_of(PART), 0);
        let (parts, _) = self.ranks.as_chunks_mut::<PART>();
        for (part, first) in parts.iter_mut().zip((0..).step_by(PART)) {
            let around = &self.spread[FULL + first - near..][..PART + 2 * near];
            let own: &[u32; PART] = around[near..].first_chunk().expect("a whole part");
            let mut better = [0; PART];
            for (better, place) in better.iter_mut().zip(first as u32..) {
                *better = place;
            }
            for distance in 1..=near {
                let before = &around[near - distance..][..PART];
                let behind = &around[near + distance..][..PART];
                for at in 0..PART {
                    better[at] += u32::from(behind[at] > own[at]);
                    better[at] -= u32::from(before[at] <= own[at]);
                }
            }
            *part = better;
        }
    }
}
