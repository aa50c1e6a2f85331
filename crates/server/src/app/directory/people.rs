//! Users and groups.

use domain::group::Group;
use domain::id::{GroupId, UserId};
use domain::user::{Role, User, UserKind, UserStatus};
use serde_json::json;
use store::{Tx, Verdict};

use super::write::{self, Change, Page, committed, taken};
use crate::app::caller::Caller;
use crate::app::error::{AppError, Outcome};
use crate::app::parse::{self, Fields};
use crate::app::{App, show};
use crate::{body, words};

/// How many attributes a user may have.
const ATTRIBUTES_MAX: usize = 50;

impl App {
    /// Users in the order of their names.
    ///
    /// # Errors
    /// When the caller may not, or the cursor is none of ours.
    pub async fn users(&self, caller: &Caller, page: Page) -> Outcome<body::Page<body::Person>> {
        caller.require("GET /api/v1/users")?;
        self.reader
            .read(async |tx| {
                let (key, id) = page.after()?;
                let mut users = store::user::list(tx, "", (&key, &id), page.rows()).await?;
                let next = page.cut(&mut users, |user| (domain::text::fold(&user.name), user.id.to_string()));
                let mut items = Vec::with_capacity(users.len());
                for user in &users {
                    items.push(show_person(tx, user).await?);
                }
                Ok(body::Page { items, next })
            })
            .await
    }

    /// The user with this id or mail address.
    ///
    /// # Errors
    /// When the caller may not, or there is none.
    pub async fn user(&self, caller: &Caller, id: &str) -> Outcome<body::Person> {
        caller.require("GET /api/v1/users/{id}")?;
        self.reader
            .read(async |tx| {
                let found = match UserId::parse(id) {
                    Ok(id) => store::user::find(tx, &id).await?,
                    Err(_) => store::user::find_by_email(tx, id).await?,
                };
                show_person(tx, &found.ok_or(AppError::NotFound)?).await
            })
            .await
    }

    /// Creates a user.
    ///
    /// # Errors
    /// When the caller may not, or a field is not taken.
    pub async fn create_user(&self, caller: &Caller, new: body::NewUser) -> Outcome<body::Person> {
        caller.require("POST /api/v1/users")?;
        let by = caller.clone();
        self.change("user.create", async move |tx| {
            let user = create_user(tx, &by, new).await?;
            Ok(Verdict::Done(show_person(tx, &user).await?))
        })
        .await
    }

    /// Groups in the order of their names.
    ///
    /// # Errors
    /// When the caller may not, or the cursor is none of ours.
    pub async fn groups(&self, caller: &Caller, page: Page) -> Outcome<body::Page<body::Group>> {
        caller.require("GET /api/v1/groups")?;
        self.reader
            .read(async |tx| {
                let (key, id) = page.after()?;
                let mut groups = store::group::list(tx, (&key, &id), page.rows()).await?;
                let next = page.cut(&mut groups, |(group, _)| (domain::text::fold(&group.name), group.id.to_string()));
                let items = groups.into_iter().map(|(group, members)| show_group(group, members)).collect();
                Ok(body::Page { items, next })
            })
            .await
    }

    /// The group with this id.
    ///
    /// # Errors
    /// When the caller may not, or there is none.
    pub async fn group(&self, caller: &Caller, id: &str) -> Outcome<body::Group> {
        caller.require("GET /api/v1/groups/{id}")?;
        let id = GroupId::parse(id).map_err(|_| AppError::NotFound)?;
        self.reader
            .read(async |tx| {
                let found = store::group::find(tx, &id).await?.ok_or(AppError::NotFound)?;
                let members = store::group::count_members(tx, &id).await?;
                Ok(show_group(found, members))
            })
            .await
    }

    /// Creates a group.
    ///
    /// # Errors
    /// When the caller may not, or a field is not taken.
    pub async fn create_group(&self, caller: &Caller, new: body::NewGroup) -> Outcome<body::Group> {
        caller.require("POST /api/v1/groups")?;
        let by = caller.clone();
        self.change("group.create", async move |tx| Ok(Verdict::Done(create_group(tx, &by, new).await?))).await
    }
}

fn show_group(group: Group, members_total: u64) -> body::Group {
    body::Group { id: group.id.to_string(), name: group.name, members_total, version: group.version }
}

/// A user as administrators see him.
pub(in crate::app) async fn show_person(tx: &mut Tx, user: &User) -> Outcome<body::Person> {
    let manager = match &user.manager {
        Some(id) => Some(show::user_by_id(tx, id).await?),
        None => None,
    };
    let mut roles = vec![Role::Requester];
    roles.extend(user.roles.iter().copied());
    if store::user::is_app_admin(tx, &user.id).await? {
        roles.push(Role::AppAdmin);
    }
    Ok(body::Person {
        id: user.id.to_string(),
        email: user.email.clone(),
        name: user.name.clone(),
        kind: user.kind.name().to_owned(),
        status: user.status.name().to_owned(),
        manager,
        attributes: user.attributes.clone(),
        roles: roles.iter().map(|role| role.name().to_owned()).collect(),
        version: user.version,
    })
}

/// Creates a user in a transaction that is under way.
pub(in crate::app) async fn create_user(tx: &mut Tx, caller: &Caller, new: body::NewUser) -> Outcome<User> {
    let mut fields = Fields::default();
    let email = fields.take(parse::email("email", &new.email))?;
    let name = fields.take(parse::name("name", &new.name))?;
    let kind = new.kind.as_deref().map(|kind| parse::choice("kind", kind, UserKind::parse));
    let kind = fields.take(kind.transpose())?.flatten().unwrap_or_default();
    let manager = match &new.manager {
        Some(who) => fields.take(parse::user(tx, "manager", who).await)?,
        None => None,
    };
    let mut roles = Vec::new();
    for (place, role) in new.roles.iter().enumerate() {
        let given = |name: &str| Role::parse(name).filter(|role| Role::GIVEN.contains(role));
        roles.extend(fields.take(parse::choice(&format!("roles[{place}]"), role, given))?);
    }
    roles.sort_unstable();
    roles.dedup();
    if new.attributes.len() > ATTRIBUTES_MAX {
        fields.note("attributes", words::say("invalid-too-long"));
    }
    let mut attributes = std::collections::BTreeMap::new();
    for (key, value) in &new.attributes {
        let key = fields.take(parse::name("attributes", key))?;
        let value = fields.take(parse::name("attributes", value))?;
        attributes.extend(key.zip(value));
    }
    fields.check()?;
    let user = User {
        id: UserId::from_bits(store::fresh_bits()),
        email: email.unwrap_or_default(),
        name: name.unwrap_or_default(),
        kind,
        status: UserStatus::Active,
        manager: manager.map(|manager| manager.id),
        attributes,
        roles,
        version: 1,
    };
    if !store::user::create(tx, &user).await? {
        return Err(taken("email"));
    }
    log_user(tx, caller, &user).await?;
    Ok(user)
}

async fn log_user(tx: &mut Tx, caller: &Caller, user: &User) -> Outcome<()> {
    let attributes = serde_json::to_string(&user.attributes).map_err(AppError::internal)?;
    let (email, sealed_email) = committed("email", &user.email)?;
    let (name, sealed_name) = committed("name", &user.name)?;
    let (attributes, sealed_attributes) = committed("attributes", &attributes)?;
    let after = json!({
        "id": user.id, "email": email, "name": name, "kind": user.kind, "status": user.status,
        "manager": user.manager, "attributes": attributes, "roles": user.roles, "version": user.version,
    });
    let change = Change {
        kind: "user.created",
        subject: Some(user.id.to_string()),
        entitlement: None,
        resource: user.id.to_string(),
        after,
        texts: vec![sealed_email, sealed_name, sealed_attributes],
    };
    Ok(write::log(tx, caller, change).await?)
}

async fn create_group(tx: &mut Tx, caller: &Caller, new: body::NewGroup) -> Outcome<body::Group> {
    let mut fields = Fields::default();
    let name = fields.take(parse::name("name", &new.name))?.unwrap_or_default();
    let mut members = Vec::with_capacity(new.members.len());
    for (place, member) in new.members.iter().enumerate() {
        members.extend(fields.take(parse::user(tx, &format!("members[{place}]"), member).await)?.map(|user| user.id));
    }
    fields.check()?;
    members.sort();
    members.dedup();
    let group = Group { id: GroupId::from_bits(store::fresh_bits()), name, version: 1 };
    if !store::group::create(tx, &group, &members).await? {
        return Err(taken("name"));
    }
    // Members go to the log in portions, so that a large group fits into leaves.
    const MEMBERS_PER_LEAF: usize = 300;
    let first = members.chunks(MEMBERS_PER_LEAF).next().unwrap_or_default();
    let change = Change {
        kind: "group.created",
        subject: None,
        entitlement: None,
        resource: group.id.to_string(),
        after: json!({ "id": group.id, "name": group.name, "members": first, "version": group.version }),
        texts: Vec::new(),
    };
    write::log(tx, caller, change).await?;
    for more in members.chunks(MEMBERS_PER_LEAF).skip(1) {
        let change = Change {
            kind: "group.members_added",
            subject: None,
            entitlement: None,
            resource: group.id.to_string(),
            after: json!({ "id": group.id, "members": more, "version": group.version }),
            texts: Vec::new(),
        };
        write::log(tx, caller, change).await?;
    }
    Ok(show_group(group, members.len() as u64))
}
