//! A small company in the database, and short ways to read and write it.

use domain::app::{App, Principal};
use domain::entitlement::Entitlement;
use domain::group::Group;
use domain::request::Request;
use domain::user::{Role, User};
use store::{StoreError, Tx, Verdict};
use testkit::TestStore;
use testkit::sample::{app, entitlement, group, person};

/// Its people and what they can ask for.
#[derive(Clone, Debug)]
pub(crate) struct Company {
    /// Reports to Mia.
    pub(crate) ann: User,
    /// Reports to Cyd.
    pub(crate) mia: User,
    /// Reports to nobody.
    pub(crate) cyd: User,
    /// Owns GitHub.
    pub(crate) bob: User,
    /// In the group that administers GitHub.
    pub(crate) oli: User,
    /// A Super Admin.
    pub(crate) ada: User,
    /// Has nothing to do with anything.
    pub(crate) zoe: User,
    /// Administers GitHub.
    pub(crate) ops: Group,
    pub(crate) github: App,
    /// Owned and administered by Cyd.
    pub(crate) jira: App,
    /// In GitHub.
    pub(crate) read: Entitlement,
    /// In GitHub.
    pub(crate) write: Entitlement,
    /// In Jira.
    pub(crate) board: Entitlement,
}

impl Company {
    /// Founds it.
    pub(crate) async fn found(db: &TestStore) -> Self {
        let cyd = person("Cyd");
        let mia = User { manager: Some(cyd.id.clone()), ..person("Mia") };
        let ann = User { manager: Some(mia.id.clone()), ..person("Ann") };
        let (bob, oli, zoe) = (person("Bob"), person("Oli"), person("Zoe"));
        let ada = User { roles: vec![Role::SuperAdmin], ..person("Ada") };
        let ops = group("Ops");
        let github = app("GitHub", vec![Principal::User(bob.id.clone())], vec![Principal::Group(ops.id.clone())]);
        let jira = app("Jira", vec![Principal::User(cyd.id.clone())], vec![Principal::User(cyd.id.clone())]);
        let roles = [(&github, "Read"), (&github, "Write"), (&jira, "Board")];
        let [read, write, board] = roles.map(|(app, name)| entitlement(app, name));
        let company = Self { ann, mia, cyd, bob, oli, ada, zoe, ops, github, jira, read, write, board };
        self::write(db, async |tx| company.store(tx).await).await;
        company
    }

    async fn store(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for user in [&self.cyd, &self.mia, &self.ann, &self.bob, &self.oli, &self.ada, &self.zoe] {
            assert!(store::user::create(tx, user).await?);
        }
        assert!(store::group::create(tx, &self.ops, std::slice::from_ref(&self.oli.id)).await?);
        assert!(store::app::create(tx, &self.github).await?);
        assert!(store::app::create(tx, &self.jira).await?);
        for (entitlement, app) in [(&self.read, "GitHub"), (&self.write, "GitHub"), (&self.board, "Jira")] {
            assert!(store::entitlement::create(tx, entitlement, app).await?);
        }
        Ok(())
    }

    /// Everybody.
    pub(crate) fn people(&self) -> [&User; 7] {
        [&self.ann, &self.mia, &self.cyd, &self.bob, &self.oli, &self.ada, &self.zoe]
    }
}

/// Stores new people.
pub(crate) async fn hire(db: &TestStore, people: &[&User]) {
    write(db, async |tx| {
        for user in people {
            assert!(store::user::create(tx, user).await?, "{} is there already", user.email);
        }
        Ok(())
    })
    .await;
}

/// Stores new requests.
pub(crate) async fn file(db: &TestStore, requests: &[&Request]) {
    write(db, async |tx| {
        for request in requests {
            store::request::record(tx, request, 0).await?;
        }
        Ok(())
    })
    .await;
}

/// What a use case comes to.
pub(crate) async fn attempt<T>(
    db: &TestStore,
    work: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let verdict = db.writer.write("test", async move |tx| work(tx).await.map(Verdict::<T, T>::Done)).await?;
    match verdict {
        Verdict::Done(answer) | Verdict::Refused(answer) => Ok(answer),
    }
}

/// What a use case that cannot fail comes to.
pub(crate) async fn write<T>(db: &TestStore, work: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError>) -> T {
    attempt(db, work).await.unwrap()
}

/// What a reading that cannot fail finds.
pub(crate) async fn read<T>(db: &TestStore, work: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError>) -> T {
    db.reader.read(work).await.unwrap()
}
