//! A matrix of towns × indicators laid out for the kernels: groups of 16 towns, indicator after indicator.

/// Towns a group; a multiple of every vector width.
pub const GROUP: usize = 16;

/// One row of a group: one indicator, 16 towns.
pub type Row = [f64; GROUP];

/// A row that begins with a line of the cache: a vector across two lines costs two loads.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Line<T>(pub T);

/// Values of `towns` towns in `indicators` indicators; the last group is filled up with zeros.
#[derive(Clone, Debug)]
pub struct Packed {
    towns: usize,
    indicators: usize,
    /// Greatest magnitude in each place of a group.
    peaks: Row,
    rows: Vec<Line<Row>>,
}

impl Packed {
    /// Nothing but zeros.
    pub fn new(towns: usize, indicators: usize) -> Self {
        let rows = vec![Line([0.0; GROUP]); towns.div_ceil(GROUP) * indicators];
        Self { towns, indicators, peaks: [0.0; GROUP], rows }
    }

    /// Puts the values of all towns into one indicator.
    pub fn put(&mut self, indicator: usize, values: impl Iterator<Item = f64>) {
        let mut values = values.take(self.towns);
        for Line(row) in self.rows.iter_mut().skip(indicator).step_by(self.indicators) {
            row.iter_mut().zip(&mut values).for_each(|(cell, value)| *cell = value);
            for (peak, cell) in self.peaks.iter_mut().zip(row) {
                *peak = if cell.abs() > *peak { cell.abs() } else { *peak };
            }
        }
    }

    pub fn towns(&self) -> usize {
        self.towns
    }

    pub fn indicators(&self) -> usize {
        self.indicators
    }

    /// Greatest magnitude of a value.
    pub fn peak(&self) -> f64 {
        self.peaks.iter().fold(0.0, |peak, one| one.max(peak))
    }

    pub fn groups(&self) -> usize {
        self.towns.div_ceil(GROUP)
    }

    /// The rows of one group, an indicator each.
    #[inline(always)]
    pub fn group(&self, group: usize) -> &[Line<Row>] {
        &self.rows[group * self.indicators..][..self.indicators]
    }
}
