//! The only SQL for batches, declarations and city reports.

mod batches;
mod counties;
mod declarations;
mod documents;
mod extensions;
mod lists;
mod reports;
mod steps;

pub use batches::*;
pub use counties::*;
pub use declarations::*;
pub use documents::*;
pub use extensions::*;
pub use lists::*;
pub use reports::*;
pub use steps::*;
