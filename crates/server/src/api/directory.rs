//! The directory and the catalog as administrators keep them: create and read.

pub(super) mod offers;
pub(super) mod people;
pub(super) mod things;

use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::limit;
use super::problem::Problem;
use crate::app::directory;

/// Which page of a list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many rows.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<String>,
}

impl Page {
    fn read(self) -> Result<directory::Page, Problem> {
        Ok(directory::Page { cursor: self.cursor, limit: limit(self.limit.as_deref())? })
    }
}
