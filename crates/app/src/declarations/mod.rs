//! Batch, call, windows; a declaration's way from town to county, city with three bureaus, office.
//!
//! Other slices may call `acts` (what the pages do, without HTTP), `move_on` and `move_batch`
//! (selection and lists move what stands here, through this slice alone), `move_county` and
//! `move_extensions` (places: a county's code changes).

mod act_page;
pub mod acts;
pub mod batch_pages;
mod deed;
mod document;
mod moves;
pub mod pages;
pub mod report_pages;
mod store;

pub use act_page::{ActPage, Told, landed, reason_words};
pub use batch_pages::authority_words;
pub use deed::{Deed, need_none};
pub use moves::{Moved, end_reports, move_batch, move_on};
pub use pages::mark_tags;
pub use store::{BatchRow, batch, batches, move_county, move_extensions, office, open_report, take_batch};
