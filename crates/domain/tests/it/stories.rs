//! Stories: read them aloud.

mod approval;
mod change;
mod filing;
mod fulfilment;
mod grants;
mod today;
