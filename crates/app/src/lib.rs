//! 镇兴: the stages of the programme, one folder each; the routes; the commands.

pub mod app;
pub mod assess_command;
pub mod audit;
pub mod commands;
pub mod data;
pub mod declarations;
pub mod demo;
pub mod desk;
pub mod founding;
pub mod lists;
pub mod orgs;
pub mod packs;
pub mod places;
pub mod portal;
pub mod routes;
pub mod rules;
pub mod selection;
pub mod submissions;
pub mod web;

pub use app::App;
