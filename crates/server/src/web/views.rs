//! One view per page: the structs that the templates print, made from the API's body types.

pub mod address;
pub mod app;
pub mod browse;
pub mod error;
pub mod field;
pub mod home;
#[cfg(test)]
mod pages;
pub mod quote;
#[cfg(test)]
pub mod reduced;
pub mod request;
pub mod request_form;
#[cfg(test)]
pub mod sample;
pub mod sign_in;
#[cfg(test)]
pub mod sound;
pub mod task;
#[cfg(test)]
mod tests;
pub mod ticket;
