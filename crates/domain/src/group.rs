//! Groups of users.

use serde::{Deserialize, Serialize};

use crate::id::GroupId;

/// A group. Its members are rows of their own.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Unique name.
    pub name: String,
    /// Row version; changes with every change of the members too.
    pub version: i64,
}
