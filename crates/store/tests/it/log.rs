//! The audit log.

use audit::{commitment, leaf::Actor, verify::What};
use serde_json::{Value, json};
use store::{
    StoreError, Verdict, Writer,
    log::{self, Entry, Filter, Sealed, Start},
    sql::run,
};
use testkit::on_both_databases;

use crate::scene::{Answer, entry, leaves, make_notes, notes};

async fn append(writer: &Writer, entry: Entry) -> i64 {
    let appended = writer.write("append", async |tx| tx.append(entry).await.map(Verdict::<_, ()>::Done)).await;
    let Verdict::Done(index) = appended.unwrap() else { panic!("nothing is refused here") };
    index
}

fn full() -> Entry {
    Entry {
        actor: Actor {
            person: Some("usr_ann".to_owned()),
            issuer: Some("https://id.example".to_owned()),
            subject: Some("ann".to_owned()),
            door: "api".to_owned(),
            token: None,
        },
        subject: Some("usr_bob".to_owned()),
        request: Some("req_1".to_owned()),
        revision: Some(2),
        entitlement: Some("ent_1".to_owned()),
        resources: vec!["app_1".to_owned()],
        body: json!({ "after": { "state": "pending" }, "notes": [null] }),
        texts: vec![
            Sealed::new("justification", "because ☂").unwrap(),
            Sealed::new("after.answers.why", "as above").unwrap(),
            Sealed::new("notes.0", "").unwrap(),
        ],
        ..entry("request.submitted")
    }
}

on_both_databases! {
    /// What the verifier reads comes in pages, each leaf with the texts beside it.
    async fn leaves_are_read_in_pages(db: TestStore) {
        let first = append(&db.writer, full()).await;
        append(&db.writer, entry("request.commented")).await;
        let page = async |after, limit| db.reader.read(async |tx| log::records(tx, after, limit).await).await.unwrap();
        let found = page(first - 1, 1).await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].texts.len(), 3);
        let rest = page(first, 10).await;
        assert_eq!((rest.len(), rest[0].texts.len()), (1, 0));
        assert_eq!(rest[0].sequence, u64::try_from(first).unwrap() + 1);
    }

    /// I19, I40.
    async fn an_event_is_kept_as_it_was_hashed(db: TestStore) {
        assert_eq!(append(&db.writer, entry("first")).await, 0);
        let entry = full();
        assert_eq!(append(&db.writer, entry.clone()).await, 1);
        let events = db.reader.read(async |tx| log::list(tx, &Filter::default(), Start::OLDEST, 10).await).await;
        let [_, event] = &events.unwrap()[..] else { panic!("there are two events") };

        assert_eq!((event.index, event.kind.as_str(), event.door.as_str()), (1, "request.submitted", "api"));
        assert_eq!((event.actor.as_deref(), event.subject.as_deref()), (Some("usr_ann"), Some("usr_bob")));
        assert_eq!((event.request.as_deref(), event.revision), (Some("req_1"), Some(2)));
        assert_eq!(event.entitlement.as_deref(), Some("ent_1"));
        assert!(domain::id::EventId::parse(&event.id).is_ok());
        let header = audit::leaf::decode(&event.header).unwrap();
        assert_eq!((header.sequence, header.epoch, header.node.as_str()), (1, 1, "node-1"));
        assert_eq!(header.resources, ["ent_1", "app_1"]);
        assert_eq!((header.time, header.effective_now), (event.at().micros(), event.effective_at().micros()));
        assert_eq!(header.actor, entry.actor);
        assert_eq!(header.correlation, entry.correlation);
        assert_eq!(audit::leaf::rehash(&event.header, &event.body).to_string(), event.leaf);

        let body: Value = serde_json::from_str(&event.body).unwrap();
        let found = commitment::commitments(&body);
        assert_eq!(found.len(), 3);
        for sealed in &entry.texts {
            assert_eq!(found[&sealed.field], sealed.commitment());
        }
        let texts = db.reader.read(async |tx| log::texts(tx, &[1, 0]).await).await.unwrap();
        let fields: Vec<_> = texts.iter().map(|text| (text.index, text.field.as_str(), text.text.as_str())).collect();
        assert_eq!(fields, [(1, "after.answers.why", "as above"), (1, "justification", "because ☂"), (1, "notes.0", "")]);
        assert_eq!(leaves(&db.reader).await, 2);
    }

    /// I45.
    async fn without_its_leaf_no_change_is_kept(db: TestStore) {
        make_notes(&db).await;
        let long = "x".repeat(audit::leaf::BODY_MAX);
        for body in [json!({ "long": long }), json!("no object"), json!({ "big": u64::MAX })] {
            let failed: Answer = db.writer.write("long", async |tx| {
                run!(tx, "insert into note (id) values (1)")?;
                tx.append(Entry { body: body.clone(), ..entry("note.made") }).await?;
                Ok(Verdict::Done(1))
            }).await;
            assert!(matches!(failed, Err(StoreError::Leaf(_))), "{failed:?}");
        }
        // Not even for a use case that does not care.
        let careless: Answer = db.writer.write("careless", async |tx| {
            run!(tx, "insert into note (id) values (1)")?;
            let _ = tx.append(Entry { body: json!({ "long": long }), ..entry("note.made") }).await;
            Ok(Verdict::Done(1))
        }).await;
        assert!(matches!(careless, Err(StoreError::WentOn)));
        assert_eq!(notes(&db.reader).await, Vec::<i64>::new());
        assert_eq!(leaves(&db.reader).await, 0);
    }

    async fn a_text_needs_a_place_in_the_body(db: TestStore) {
        for (body, field) in [
            (json!({ "a": 1 }), "a"),
            (json!({ "a": "b" }), "a.b"),
            (json!({ "a": [] }), "a.0"),
            (json!({ "a": [null] }), "a.b"),
        ] {
            let texts = vec![Sealed::new(field, "text").unwrap()];
            let failed = db.writer.write("seal", async |tx| {
                tx.append(Entry { body: body.clone(), texts: texts.clone(), ..entry("sealed") }).await?;
                Ok::<_, StoreError>(Verdict::<(), ()>::Done(()))
            });
            assert!(matches!(failed.await, Err(StoreError::NoPlace { .. })), "{body} {field}");
        }
        // A caller may put the commitment there itself, and keys may hold dots.
        let sealed = Sealed::new(commitment::field(&["what.for", "a~b"]), "text").unwrap();
        let body = json!({ "what.for": { "a~b": commitment::place(sealed.commitment()) } });
        append(&db.writer, Entry { body, texts: vec![sealed.clone()], ..entry("sealed") }).await;
        append(&db.writer, Entry { texts: vec![sealed], ..entry("sealed") }).await;
        assert_eq!(leaves(&db.reader).await, 2);
    }

    async fn the_log_belongs_to_use_cases(db: TestStore) {
        let read = db.reader.read(async |tx| tx.append(entry("never")).await);
        assert!(matches!(read.await, Err(StoreError::NotInGroup)));
    }

    async fn events_are_found_by_what_they_are_about(db: TestStore) {
        let of = |n: usize, from: &[&str]| Some(from[n % from.len()].to_owned());
        for n in 0..60 {
            let mut one = entry(["asked", "answered", "ended"][n % 3]);
            one.actor.person = of(n / 2, &["usr_a", "usr_b"]);
            one.subject = of(n / 3, &["usr_c", "usr_d"]);
            one.request = of(n / 5, &["req_1", "req_2", "req_3"]);
            one.entitlement = of(n / 7, &["ent_1", "ent_2"]);
            append(&db.writer, one).await;
        }
        let everything = db.reader.read(async |tx| log::list(tx, &Filter::default(), Start::OLDEST, 100).await);
        let everything = everything.await.unwrap();
        assert_eq!(everything.len(), 60);
        let wanted = |bits: usize, bit: usize, value: &str| (bits & bit != 0).then(|| value.to_owned());
        for bits in 0..32 {
            let filter = Filter {
                kind: wanted(bits, 1, "answered"),
                actor: wanted(bits, 2, "usr_b"),
                subject: wanted(bits, 4, "usr_c"),
                request: wanted(bits, 8, "req_2"),
                entitlement: wanted(bits, 16, "ent_1"),
            };
            let passes = |wanted: &Option<String>, is: &Option<String>| wanted.is_none() || wanted == is;
            let mut expected: Vec<_> = everything.iter().filter(|event| {
                passes(&filter.kind, &Some(event.kind.clone())) && passes(&filter.actor, &event.actor)
                    && passes(&filter.subject, &event.subject) && passes(&filter.request, &event.request)
                    && passes(&filter.entitlement, &event.entitlement)
            }).cloned().collect();
            let list = async |start, limit| db.reader.read(async |tx| log::list(tx, &filter, start, limit).await).await.unwrap();
            assert_eq!(list(Start::OLDEST, 100).await, expected, "{filter:?}");
            if let [_, second, rest @ ..] = &expected[..] {
                assert_eq!(list(Start::After(second.index), 3).await, rest[..rest.len().min(3)]);
            }
            expected.reverse();
            assert_eq!(list(Start::NEWEST, 100).await, expected);
            if let [_, second, rest @ ..] = &expected[..] {
                assert_eq!(list(Start::Before(second.index), 3).await, rest[..rest.len().min(3)]);
            }
        }
    }

    /// F31.
    async fn what_is_changed_behind_our_back_is_found(db: TestStore) {
        for _ in 0..5 {
            append(&db.writer, full()).await;
        }
        assert_eq!(leaves(&db.reader).await, 5);
        let forged = db.writer.write("forge", async |tx| {
            run!(tx, "update event_text set text = 'because' where event_idx = 3 and field = 'justification'")?;
            Ok::<_, StoreError>(Verdict::<(), ()>::Done(()))
        });
        forged.await.unwrap();
        let finding = log::verify(&db.reader).await.unwrap().unwrap_err();
        assert_eq!((finding.index, finding.what), (3, What::TextDiffers { field: "justification".to_owned() }));
        let erased = db.writer.write("erase", async |tx| {
            run!(tx, "delete from event_text where event_idx >= 3")?;
            Ok::<_, StoreError>(Verdict::<(), ()>::Done(()))
        });
        erased.await.unwrap();
        let report = log::verify(&db.reader).await.unwrap().unwrap();
        assert_eq!((report.texts_checked, report.texts_erased), (9, 6));
        let removed = db.writer.write("remove", async |tx| {
            run!(tx, "delete from event where idx = 4")?;
            Ok::<_, StoreError>(Verdict::<(), ()>::Done(()))
        });
        removed.await.unwrap();
        let finding = log::verify(&db.reader).await.unwrap().unwrap_err();
        assert_eq!((finding.index, finding.what), (4, What::Truncated { expected: 5 }));
    }
}
