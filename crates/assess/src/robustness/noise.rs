//! Figures of one draw: measurement error and values for cells that are not measured.

use super::inputs::{DataInput, DataKind};
use crate::maths::normal_quantile;
use crate::random::{Purpose, Stream};
use crate::table::{CellFlag, MAGNITUDE_LIMIT, Table};

/// Columns of a table as one draw has them.
pub(crate) struct Figures {
    columns: Vec<(usize, Vec<f64>)>,
}

impl Figures {
    /// The figures of a draw; `draw_of` says which draw of each input it takes.
    pub(crate) fn new(
        table: &Table,
        inputs: &[DataInput],
        seed: u64,
        draw_of: impl Fn(usize) -> u32,
    ) -> Figures {
        let mut columns: Vec<(usize, Vec<f64>)> = Vec::new();
        for (position, input) in inputs.iter().enumerate() {
            let drawn = columns.iter().rposition(|(column, _)| *column == input.column);
            let mut values = match drawn {
                Some(at) => columns.swap_remove(at).1,
                None => table.column(input.column).to_vec(),
            };
            let purpose = match input.kind {
                DataKind::Measurement { .. } => Purpose::Measurement,
                DataKind::Imputation => Purpose::Imputation,
            };
            let stream = Stream::new(seed, purpose, position as u32, draw_of(position));
            match input.kind {
                DataKind::Measurement { sd, relative } => disturb(&stream, sd, relative, &mut values),
                DataKind::Imputation => impute(&stream, table, input.column, &mut values),
            }
            columns.push((input.column, values));
        }
        Figures { columns }
    }

    /// The table with these columns.
    pub(crate) fn table(&self, table: &Table) -> Table {
        let mut table = table.clone();
        for (column, values) in &self.columns {
            table.replace_column(*column, values);
        }
        table
    }
}

fn disturb(stream: &Stream, sd: f64, relative: bool, values: &mut [f64]) {
    for (value, town) in values.iter_mut().zip(0u32..) {
        let z = normal_quantile(stream.uniform(town));
        let disturbed = *value + sd * z * if relative { *value } else { 1.0 };
        *value = disturbed.clamp(-MAGNITUDE_LIMIT, MAGNITUDE_LIMIT);
    }
}

/// Cells that are missing or were imputed before take a measured figure of the column, each equally likely.
fn impute(stream: &Stream, table: &Table, column: usize, values: &mut [f64]) {
    let flags = table.flags_of(column);
    let measured: Vec<f64> = table
        .column(column)
        .iter()
        .zip(flags)
        .filter(|(value, flag)| !value.is_nan() && **flag != CellFlag::Imputed)
        .map(|(value, _)| *value)
        .collect();
    if measured.is_empty() {
        return;
    }
    for ((value, flag), town) in values.iter_mut().zip(flags).zip(0u32..) {
        if value.is_nan() || *flag == CellFlag::Imputed {
            *value = measured[stream.below(town, measured.len() as u32) as usize];
        }
    }
}
