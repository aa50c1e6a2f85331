//! Groups and their members.

use domain::group::Group;
use domain::id::{GroupId, UserId};
use domain::user::key;

use crate::error::{StoreError, decoded};
use crate::sql::{Tx, all, one, run};

type Row = (String, String, i64);

fn group((id, name, version): Row) -> Result<Group, StoreError> {
    Ok(Group { id: decoded(id)?, name, version })
}

/// The group with this id.
pub async fn find(tx: &mut Tx, id: &GroupId) -> Result<Option<Group>, StoreError> {
    one!(tx, Row, "select id, name, version from groups where id = $1", id.as_str())?.map(group).transpose()
}

/// Groups in the order of their names, with how many members each has.
pub async fn list(tx: &mut Tx, after: (&str, &str), limit: i64) -> Result<Vec<(Group, u64)>, StoreError> {
    let rows = all!(
        tx,
        (String, String, i64, i64),
        "select g.id, g.name, g.version, (select count(*) from group_member m where m.group_id = g.id)
         from groups g where (g.name_key, g.id) > ($1, $2) order by g.name_key, g.id limit $3",
        after.0,
        after.1,
        limit
    )?;
    rows.into_iter()
        .map(|(id, name, version, members)| Ok((group((id, name, version))?, members.unsigned_abs())))
        .collect()
}

/// How many members a group has.
pub async fn count_members(tx: &mut Tx, id: &GroupId) -> Result<u64, StoreError> {
    let row = one!(tx, (i64,), "select count(*) from group_member where group_id = $1", id.as_str())?;
    Ok(row.map_or(0, |(n,)| n.unsigned_abs()))
}

/// The ids of the members, in their order.
pub async fn list_members(tx: &mut Tx, id: &GroupId) -> Result<Vec<UserId>, StoreError> {
    let rows =
        all!(tx, (String,), "select user_id from group_member where group_id = $1 order by user_id", id.as_str())?;
    rows.into_iter().map(|(id,)| decoded(id)).collect()
}

/// Creates a group. `false` when the name is taken.
pub async fn create(tx: &mut Tx, group: &Group, members: &[UserId]) -> Result<bool, StoreError> {
    let created = run!(
        tx,
        "insert into groups (id, name, name_key, version) values ($1, $2, $3, $4) on conflict do nothing",
        group.id.as_str(),
        group.name.as_str(),
        domain::text::fold(&group.name),
        group.version
    )?;
    if created == 0 {
        return Ok(false);
    }
    for member in members {
        run!(
            tx,
            "insert into group_member (group_id, user_id) values ($1, $2) on conflict do nothing",
            group.id.as_str(),
            member.as_str()
        )?;
        crate::user::add_key(tx, member, &key::group(&group.id)).await?;
    }
    Ok(true)
}
