use assess::kernel::{blocked::score, dispatch::*, keys::*, packed::*, rank::*, scores::*, select::*};
use assess::random::*;
use std::time::Instant;
struct Weights<'a>(u32, &'a mut [f64], usize);
impl Task for Weights<'_> {
    type Output = ();
    #[inline(always)]
    fn run<const L: usize, const D: usize>(self) {
        for (d, row) in self.1.chunks_exact_mut(self.2).enumerate() {
            let s = Stream::new(1, Purpose::Weights, 0, self.0 + d as u32);
            let (pairs, rest) = row.as_chunks_mut::<2>();
            for (p, i) in pairs.iter_mut().zip(0u32..) { *p = s.uniform_pair(i); }
            for r in rest { *r = s.uniform(self.2 as u32 - 1); }
            for v in row.iter_mut() { *v = -assess::maths::ln_normal(*v); }
            let sum: f64 = row.iter().sum();
            for v in row.iter_mut() { *v /= sum; }
        }
    }
}
struct Keys<'a>(Grid, usize, &'a mut [u32], usize);
impl assess::kernel::blocked::Sink for Keys<'_> {
    #[inline(always)]
    fn take<const D: usize>(&mut self, first: usize, group: usize, tile: &Tile<D>) {
        let t0 = group * GROUP;
        let lanes = (self.1 - t0).min(GROUP);
        for d in 0..D.min(self.3.saturating_sub(first)) {
            let k: [u32; GROUP] = std::array::from_fn(|l| self.0.key(tile[d][l]));
            self.2[(first + d) * self.1 + t0..][..lanes].copy_from_slice(&k[..lanes]);
        }
    }
}
struct RankAll<'a>(&'a mut Ranker, &'a [u32], &'a mut [u32], usize);
impl Task for RankAll<'_> {
    type Output = ();
    #[inline(always)]
    fn run<const L: usize, const D: usize>(self) {
        for (k, r) in self.1.chunks_exact(self.3).zip(self.2.chunks_exact_mut(self.3)) { self.0.rank(k, r); }
    }
}
fn main() {
    let a: Vec<usize> = std::env::args().skip(1).map(|x| x.parse().unwrap()).collect();
    let (m, n, draws, block) = (a[0], a[1], a[2], a[3]);
    let s = Stream::new(7, Purpose::Bootstrap, 0, 0);
    let data: Vec<f64> = (0..m * n).map(|i| s.uniform(i as u32)).collect();
    let p = Packed::new(&data, m, n);
    let grid = Grid::new(1e9, 0.0, 1.0).unwrap();
    for width in [Width::Base, Width::Avx2, Width::Avx512, Width::Avx512] {
        let (mut tw, mut ts, mut tk) = (0.0, 0.0, 0.0);
        let mut w = vec![0.0; block * n];
        let mut top = TopOf::new(grid, m, 60, block);
        let mut places = Vec::new();
        let mut counts = vec![0u32; m * 60];
        for first in (0..draws).step_by(block) {
            let t = Instant::now();
            dispatch(width, Weights(first as u32, &mut w, n));
            tw += t.elapsed().as_secs_f64();
            let t = Instant::now();
            top.clear();
            score(width, &WeightedSum(&p), &w, &mut top);
            ts += t.elapsed().as_secs_f64();
            let t = Instant::now();
            for d in 0..block { top.places(d, &mut places); for q in places.iter().take(60) { counts[q.town as usize * 60 + q.rank as usize] += 1; } }
            tk += t.elapsed().as_secs_f64();
        }
        let h = counts.iter().zip(1u64..).fold(0u64, |h, (&c, i)| h.wrapping_add(u64::from(c).wrapping_mul(i * i)));
        println!("{width:?} weights {tw:.3} scores {ts:.3} {:.1} GFLOP/s cut {tk:.3} total {:.3} {h}", 2.0 * (draws * m * n) as f64 / ts * 1e-9, tw + ts + tk);
        let (mut ts, mut tk) = (0.0, 0.0);
        let mut keys = vec![0; block * m]; let mut ranks = vec![0; block * m]; let mut r = Ranker::default(); let mut h = 0u64;
        for first in (0..draws / 4).step_by(block) {
            dispatch(width, Weights(first as u32, &mut w, n));
            let t = Instant::now();
            score(width, &WeightedSum(&p), &w, &mut Keys(grid, m, &mut keys, block));
            ts += t.elapsed().as_secs_f64();
            let t = Instant::now();
            dispatch(width, RankAll(&mut r, &keys, &mut ranks, m));
            tk += t.elapsed().as_secs_f64();
            h = ranks.iter().fold(h, |h, &r| h.wrapping_mul(31).wrapping_add(u64::from(r)));
        }
        println!("  full: scores {:.3} rank {:.3} {h}", ts * 4.0, tk * 4.0);
    }
}
