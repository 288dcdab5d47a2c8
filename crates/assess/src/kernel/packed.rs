//! A matrix of towns × indicators laid out for the kernels: groups of 16 towns, indicator after indicator.

/// Towns a group; a multiple of every vector width.
pub const GROUP: usize = 16;

/// One row of a group: one indicator, 16 towns.
pub type Row = [f64; GROUP];

/// Values of `towns` towns in `indicators` indicators; the last group is filled up with zeros.
#[derive(Clone, Debug)]
pub struct Packed {
    towns: usize,
    indicators: usize,
    peak: f64,
    rows: Vec<Row>,
}

impl Packed {
    /// Packs a column-major matrix (`columns[indicator * towns + town]`).
    ///
    /// # Panics
    /// When the length is not `towns` × `indicators`.
    pub fn new(columns: &[f64], towns: usize, indicators: usize) -> Self {
        assert_eq!(columns.len(), towns * indicators, "a full matrix");
        let mut rows = vec![[0.0; GROUP]; towns.div_ceil(GROUP) * indicators];
        for (indicator, column) in columns.chunks_exact(towns.max(1)).enumerate() {
            for (group, part) in column.chunks(GROUP).enumerate() {
                rows[group * indicators + indicator][..part.len()].copy_from_slice(part);
            }
        }
        let peak = columns.iter().fold(0.0f64, |peak, value| peak.max(value.abs()));
        Self { towns, indicators, peak, rows }
    }

    pub fn towns(&self) -> usize {
        self.towns
    }

    pub fn indicators(&self) -> usize {
        self.indicators
    }

    /// Greatest magnitude of a value.
    pub fn peak(&self) -> f64 {
        self.peak
    }

    pub fn groups(&self) -> usize {
        self.towns.div_ceil(GROUP)
    }

    /// The rows of one group, an indicator each.
    #[inline(always)]
    pub fn group(&self, group: usize) -> &[Row] {
        &self.rows[group * self.indicators..][..self.indicators]
    }
}
