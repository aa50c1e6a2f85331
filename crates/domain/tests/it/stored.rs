//! The forms that are in the log and the database for ever: kinds and fields only ever grow.
//!
//! A line per form. Fields that are absent by default are shown both set and absent. A new variant does not compile until
//! it is named here, and fails until it has a sample; a new field does not compile until the sample sets it.

mod names;
mod rows;
mod samples;

use std::collections::BTreeSet;
use std::fmt::Debug;

use insta::assert_snapshot;
use serde::Serialize;
use serde::de::DeserializeOwned;

use self::samples::{grant_events, request_events};

/// Names every variant of an enum, checked by the compiler, and tells which one a value is.
macro_rules! every_variant {
    ($enum:path: $($variant:ident)*) => {
        impl crate::stored::Every for $enum {
            const NAMES: &'static [&'static str] = &[$(stringify!($variant)),*];
            fn which(&self) -> &'static str {
                use $enum as Of;
                match self { $(Of::$variant { .. } => stringify!($variant),)* }
            }
        }
    };
}
use every_variant;

/// An enum of which all variants are known.
trait Every {
    const NAMES: &'static [&'static str];
    fn which(&self) -> &'static str;
}

every_variant!(domain::request::Event:
    Submitted Edited Commented Approved Denied StepReopened StepAdded Cancelled Expired Authorised Scheduled Queued Assigned
    Confirmed Granted Failed DeniedAtProvisioning Revoking Revoked);
every_variant!(domain::grant::Event: Ending RemovalAssigned RemovalFailed Revoked);

/// The stored form, which reads back the same: as text, as a value, and in canonical order.
fn line<T: Serialize + DeserializeOwned + Debug + PartialEq>(value: &T) -> String {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value);
    let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
    let canonical = String::from_utf8(serde_json_canonicalizer::to_vec(&parsed).unwrap()).unwrap();
    assert_eq!(serde_json::from_str::<T>(&canonical).unwrap(), *value);
    assert_eq!(serde_json::from_value::<T>(parsed).unwrap(), *value);
    text
}

fn lines<T: Serialize + DeserializeOwned + Debug + PartialEq>(values: &[T]) -> String {
    values.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Every variant has a sample.
fn all_shown<T: Every>(samples: &[T]) {
    let shown: BTreeSet<_> = samples.iter().map(Every::which).collect();
    assert_eq!(shown, T::NAMES.iter().copied().collect());
}

/// I21, I43: what happens to a request.
#[test]
fn events_of_requests_keep_their_form() {
    let events = request_events();
    all_shown(&events);
    for event in &events {
        let kind = serde_json::to_value(event).unwrap()["kind"].clone();
        assert_eq!(kind, event.kind(), "the kind in the body is the kind in the header");
    }
    assert_snapshot!(lines(&events), @r#"
    {"kind":"request.submitted","request":"req_00000000000000000000000001","number":1042,"submission":"sub_00000000000000000000000001","ask":"grant","requester":"usr_00000000000000000000000001","subject":"usr_00000000000000000000000002","app":"app_00000000000000000000000001","entitlement":"ent_00000000000000000000000001","definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","length":{"for":"PT8H"},"starts":1767603600000001,"emergency":false,"justification":{"commitment":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"},"policy":{"policy":"pol_00000000000000000000000001","version":3,"hash":"a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0","rule":"Default"},"plan":[{"kind":"approval","name":"Manager","approvers":[{"manager":2},"app_owners","app_admins",{"user":"usr_00000000000000000000000001"},{"group":"grp_00000000000000000000000001"}],"quorum":{"of":2},"fallback":["app_owners"],"disabled":true}],"door":"web","at":1767603600000001}
    {"kind":"request.submitted","request":"req_00000000000000000000000001","number":1042,"submission":"sub_00000000000000000000000001","ask":"revoke","requester":"usr_00000000000000000000000001","subject":"usr_00000000000000000000000002","app":"app_00000000000000000000000001","entitlement":"ent_00000000000000000000000001","definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","length":"unlimited","emergency":false,"plan":[],"grant":"grt_00000000000000000000000001","door":"cli","at":1767603600000001}
    {"kind":"request.edited","before":{"entitlement":"ent_00000000000000000000000001","definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","length":"unlimited"},"after":{"entitlement":"ent_00000000000000000000000001","definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","length":{"until":1768208400000000}},"policy":{"policy":"pol_00000000000000000000000001","version":3,"hash":"a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0","rule":"Default"},"plan":[{"kind":"approval","name":"Owner","approvers":[],"quorum":"any"},{"kind":"approval","name":"Owner","approvers":[],"quorum":"all"}],"comment":{"commitment":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"}}
    {"kind":"request.edited","before":{"entitlement":"ent_00000000000000000000000001","definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","length":"unlimited"},"after":{"entitlement":"ent_00000000000000000000000001","definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","length":{"until":1768208400000000}},"plan":[]}
    {"kind":"request.commented","text":{"commitment":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"}}
    {"kind":"request.cancelled","comment":{"commitment":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"}}
    {"kind":"request.cancelled"}
    {"kind":"request.expired"}
    {"kind":"request.approved","step":0,"digest":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","comment":{"commitment":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"},"completes":true}
    {"kind":"request.approved","step":1,"digest":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","completes":false}
    {"kind":"request.denied","step":0,"digest":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","comment":{"commitment":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"}}
    {"kind":"request.denied","step":0,"digest":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1"}
    {"kind":"request.step_reopened","step":0,"lost":["usr_00000000000000000000000003"]}
    {"kind":"request.step_reopened","step":0,"lost":[]}
    {"kind":"request.step_added","spec":{"kind":"approval","name":"Manager","approvers":[{"manager":2},"app_owners","app_admins",{"user":"usr_00000000000000000000000001"},{"group":"grp_00000000000000000000000001"}],"quorum":{"of":2},"fallback":["app_owners"],"disabled":true},"policy":{"policy":"pol_00000000000000000000000001","version":3,"hash":"a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0","rule":"Default"}}
    {"kind":"request.authorised","digest":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1"}
    {"kind":"request.scheduled","starts":1767603600000001}
    {"kind":"request.queued","operation":"opr_00000000000000000000000001"}
    {"kind":"request.assigned","problem":"no such account"}
    {"kind":"request.assigned"}
    {"kind":"request.confirmed","comment":{"commitment":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"},"given":{"license":"Team","role":"Member","group":"core","level":"write"}}
    {"kind":"request.confirmed","given":{}}
    {"kind":"request.confirmed"}
    {"kind":"request.granted","grant":"grt_00000000000000000000000001","starts_at":1767603600000001,"ends_at":1768208400000000}
    {"kind":"request.granted","grant":"grt_00000000000000000000000001","starts_at":1767603600000001}
    {"kind":"request.failed","problem":"timeout","unknown":true}
    {"kind":"request.denied_at_provisioning","digest":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","comment":{"commitment":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"},"checked":true}
    {"kind":"request.denied_at_provisioning","digest":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","checked":false}
    {"kind":"request.revoking"}
    {"kind":"request.revoked","verified":true}
    "#);
}

/// I21, I43: what happens to a grant.
#[test]
fn events_of_grants_keep_their_form() {
    let events = grant_events();
    all_shown(&events);
    for event in &events {
        assert_eq!(serde_json::to_value(event).unwrap()["kind"], event.kind());
    }
    assert_snapshot!(lines(&events), @r#"
    {"kind":"grant.ending","cause":"expired","due":1768208400000000,"operation":"opr_00000000000000000000000001"}
    {"kind":"grant.ending","cause":"given_back","due":1768208400000000,"request":"req_00000000000000000000000002"}
    {"kind":"grant.ending","cause":"revoked","due":1768208400000000}
    {"kind":"grant.removal_assigned","problem":"no right"}
    {"kind":"grant.removal_assigned"}
    {"kind":"grant.removal_failed","problem":"down"}
    {"kind":"grant.revoked","verified":false,"comment":{"commitment":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"},"given":{"license":"Team","role":"Member","group":"core","level":"write"}}
    {"kind":"grant.revoked","verified":true,"covered_by":["grt_00000000000000000000000002"]}
    "#);
}

/// I1: what a decision looked at is in the leaf.
#[test]
fn facts_keep_their_form() {
    assert_snapshot!(lines(&samples::facts()), @r#"
    {"now":1767603600000001,"directory":7,"people":{"usr_00000000000000000000000003":{"version":2,"active":true,"kind":"person","roles":["helpdesk"]},"usr_00000000000000000000000004":{"version":2,"active":true,"kind":"service"}},"definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","connector":"sim","steps":{"0":[{"standby":"none","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"fallback","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"owners","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"admins","keys":["manages:usr_00000000000000000000000002"],"eligible":1,"members":["usr_00000000000000000000000003"]}],"10":[]},"provisioning":[{"standby":"none","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"fallback","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"owners","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"admins","keys":["manages:usr_00000000000000000000000002"],"eligible":1,"members":["usr_00000000000000000000000003"]}],"responsible":["usr_00000000000000000000000003"],"current":{"pin":{"policy":"pol_00000000000000000000000001","version":3,"hash":"a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0","rule":"Default"},"steps":[[{"kind":"approval","name":"Manager","approvers":[{"manager":2},"app_owners","app_admins",{"user":"usr_00000000000000000000000001"},{"group":"grp_00000000000000000000000001"}],"quorum":{"of":2},"fallback":["app_owners"],"disabled":true},[{"standby":"none","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"fallback","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"owners","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"admins","keys":["manages:usr_00000000000000000000000002"],"eligible":1,"members":["usr_00000000000000000000000003"]}]]]},"policy_missing":true,"required":{"approve":true,"deny":false,"confirm":true},"in_flight":true}
    {"now":1767603600000001,"directory":7,"people":{},"definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","connector":"manual","steps":{},"provisioning":[],"responsible":[],"required":{"approve":true,"deny":false,"confirm":true}}
    "#);
    assert_snapshot!(lines(&samples::grant_facts()), @r#"
    {"now":1767603600000001,"directory":7,"actor":{"version":2,"active":false,"kind":"agent","roles":["super_admin"]},"responsible":true,"provisioning":[{"standby":"none","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"fallback","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"owners","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"admins","keys":["manages:usr_00000000000000000000000002"],"eligible":1,"members":["usr_00000000000000000000000003"]}],"connector":"sim","others":["grt_00000000000000000000000002"],"comment_required":true}
    {"now":1767603600000001,"directory":7,"responsible":true,"provisioning":[{"standby":"none","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"fallback","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"owners","keys":["manages:usr_00000000000000000000000002"],"eligible":0,"members":["usr_00000000000000000000000003"]},{"standby":"admins","keys":["manages:usr_00000000000000000000000002"],"eligible":1,"members":["usr_00000000000000000000000003"]}],"connector":"sim","others":[],"comment_required":true}
    "#);
}

/// Rows of the database.
#[test]
fn requests_keep_their_form() {
    assert_snapshot!(lines(&rows::requests()), @r#"
    {"id":"req_00000000000000000000000001","number":1042,"submission":"sub_00000000000000000000000002","kind":"grant","requester":"usr_00000000000000000000000001","subject":"usr_00000000000000000000000002","app":"app_00000000000000000000000001","entitlement":"ent_00000000000000000000000001","definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","length":{"for":"P7D"},"starts":1767603600000000,"emergency":false,"justification":{"commitment":"c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"},"revision":1,"version":5,"policy":{"policy":"pol_00000000000000000000000001","version":3,"hash":"a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0","rule":"Default"},"plan":[{"spec":{"kind":"approval","name":"Step","approvers":[{"manager":1}],"quorum":"any"},"state":"done","since":1767603600000000,"decisions":[{"by":"usr_00000000000000000000000003","verdict":"approved","at":1767603600000000}]}],"approval":"approved","fulfilment":"granted","operation":"opr_00000000000000000000000001","problem":"no such account","provisioning":{"by":"usr_00000000000000000000000003","verdict":"confirmed","at":1767603600000000},"grant":"grt_00000000000000000000000001","door":"web","created_at":1767603600000000,"updated_at":1767603600000000}
    {"id":"req_00000000000000000000000001","number":1042,"submission":"sub_00000000000000000000000002","kind":"grant","requester":"usr_00000000000000000000000001","subject":"usr_00000000000000000000000002","app":"app_00000000000000000000000001","entitlement":"ent_00000000000000000000000001","definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","length":{"for":"P7D"},"starts":null,"emergency":false,"justification":null,"revision":1,"version":5,"policy":null,"plan":[],"approval":"pending","fulfilment":null,"operation":null,"problem":null,"provisioning":null,"grant":null,"door":"web","created_at":1767603600000000,"updated_at":1767603600000000}
    "#);
}

/// Rows of the database.
#[test]
fn grants_keep_their_form() {
    assert_snapshot!(lines(&rows::grants()), @r#"
    {"id":"grt_00000000000000000000000001","user":"usr_00000000000000000000000002","app":"app_00000000000000000000000001","entitlement":"ent_00000000000000000000000001","definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","state":"ending","source":"request","request":"req_00000000000000000000000001","starts_at":1767603600000001,"ends_at":1768208400000000,"removal":{"cause":"given_back","since":1767603600000001,"due":1767603600000001,"request":"req_00000000000000000000000002","operation":"opr_00000000000000000000000001","by_hand":true,"problem":"down","confirmed":{"by":"usr_00000000000000000000000003","verdict":"confirmed","at":1767603600000001}},"version":2}
    {"id":"grt_00000000000000000000000001","user":"usr_00000000000000000000000002","app":"app_00000000000000000000000001","entitlement":"ent_00000000000000000000000001","definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","state":"ending","source":"request","request":"req_00000000000000000000000001","starts_at":1767603600000001,"ends_at":1768208400000000,"removal":{"cause":"given_back","since":1767603600000001,"due":1767603600000001,"request":null,"operation":null,"by_hand":false,"problem":null,"confirmed":null},"version":2}
    {"id":"grt_00000000000000000000000001","user":"usr_00000000000000000000000002","app":"app_00000000000000000000000001","entitlement":"ent_00000000000000000000000001","definition":"d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0","state":"active","source":"request","request":"req_00000000000000000000000001","starts_at":1767603600000001,"ends_at":null,"removal":null,"version":1}
    "#);
}

/// Rows of the database.
#[test]
fn tasks_and_operations_keep_their_form() {
    assert_snapshot!(lines(&rows::tasks()), @r#"
    {"id":"tsk_00000000000000000000000001","kind":"approval","state":"done","request":"req_00000000000000000000000001","revision":1,"step":0,"created_at":1767603600000001,"closed_at":1767603600000001}
    {"id":"tsk_00000000000000000000000001","kind":"provisioning","state":"open","request":"req_00000000000000000000000001","revision":1,"step":null,"created_at":1767603600000001,"closed_at":null}
    {"id":"tsk_00000000000000000000000001","kind":"deprovisioning","state":"void","request":"req_00000000000000000000000001","revision":1,"step":null,"created_at":1767603600000001,"closed_at":null}
    "#);
    assert_snapshot!(lines(&rows::operations()), @r#"
    {"id":"opr_00000000000000000000000001","act":"give","app":"app_00000000000000000000000001","user":"usr_00000000000000000000000002","entitlement":"ent_00000000000000000000000001","request":"req_00000000000000000000000001","grant":null}
    {"id":"opr_00000000000000000000000001","act":"take","app":"app_00000000000000000000000001","user":"usr_00000000000000000000000002","entitlement":"ent_00000000000000000000000001","request":"req_00000000000000000000000001","grant":"grt_00000000000000000000000001"}
    "#);
}

/// S3-20: what the tiers set; what is absent inherits.
#[test]
fn settings_keep_their_form() {
    assert_snapshot!(lines(&rows::settings()), @r#"
    {"presets":["P1D","unlimited"],"default_length":"P1D","max_length":"unlimited","custom_length":false,"justification_required":true,"approve_comment_required":true,"deny_comment_required":true,"confirm_comment_required":false,"policy":"pol_00000000000000000000000001"}
    {}
    "#);
}

/// I9: versions of policies stay for ever, and their hashes with them.
#[test]
fn policies_keep_their_form_and_their_hash() {
    let policy = rows::policy();
    assert_snapshot!(line(&policy), @r#"
    {"id":"pol_00000000000000000000000001","name":"Manager","version":3,"hash":"7ba7fc926485a0117731a5cbd054512a2f17e09f09e4ae1560a50a00b953be30","rules":[{"name":"Large","when":"true","steps":[{"kind":"approval","name":"Manager","approvers":[{"manager":2},"app_owners","app_admins",{"user":"usr_00000000000000000000000001"},{"group":"grp_00000000000000000000000001"}],"quorum":{"of":2},"fallback":["app_owners"],"disabled":true},{"kind":"approval","name":"Owner","approvers":[],"quorum":"any"},{"kind":"approval","name":"Owner","approvers":[],"quorum":"all"}]},{"name":"Default","steps":[]}]}
    "#);
    assert_snapshot!(policy.rules.hash(), @"7ba7fc926485a0117731a5cbd054512a2f17e09f09e4ae1560a50a00b953be30");
}

/// Rows of the database.
#[test]
fn catalogs_keep_their_form() {
    assert_snapshot!(lines(&rows::catalogs()), @r#"
    {"id":"cat_00000000000000000000000001","slug":"engineering","name":"Engineering","audience":"everyone","entitlements":["ent_00000000000000000000000001"],"bundle":true,"state":"published","version":2}
    {"id":"cat_00000000000000000000000001","slug":"engineering","name":"Engineering","audience":{"any":[{"group":"grp_00000000000000000000000001"},{"attribute":{"name":"department","is":["R&D","Security"]}}]},"entitlements":["ent_00000000000000000000000001"],"bundle":false,"state":"draft","version":2}
    "#);
}

/// Rows of the database.
#[test]
fn people_apps_and_entitlements_keep_their_form() {
    assert_snapshot!(line(&rows::user()), @r#"
    {"id":"usr_00000000000000000000000001","email":"ann@example.com","name":"Ann","kind":"person","status":"active","manager":"usr_00000000000000000000000002","attributes":{"department":"R&D"},"roles":["requester","helpdesk","access_request_admin","app_admin","connector_admin","auditor","super_admin"],"version":2}
    "#);
    assert_snapshot!(line(&rows::group()), @r#"
    {"id":"grp_00000000000000000000000001","name":"Security","version":2}
    "#);
    assert_snapshot!(line(&rows::app()), @r#"
    {"id":"app_00000000000000000000000001","slug":"github","name":"GitHub","description":"Code","category":"Engineering","owners":[{"user":"usr_00000000000000000000000001"}],"admins":[{"group":"grp_00000000000000000000000001"}],"connector":"sim","instructions":"Add to the team","url":"https://github.example/admin","state":"hidden","settings":{},"version":2}
    "#);
    assert_snapshot!(line(&rows::entitlement()), @r#"
    {"id":"ent_00000000000000000000000001","app":"app_00000000000000000000000001","slug":"write","name":"GitHub Write Access","kind":"permission","description":"Push to repositories","instructions":"","settings":{"presets":["P1D","unlimited"],"default_length":"P1D","max_length":"unlimited","custom_length":false,"justification_required":true,"approve_comment_required":true,"deny_comment_required":true,"confirm_comment_required":false,"policy":"pol_00000000000000000000000001"},"version":2}
    "#);
}

/// T6: what an approver relies on is in the definition, and nothing else.
#[test]
fn a_definition_stays_what_it_was() {
    assert_snapshot!(rows::entitlement().definition(), @"138ea5267617c0260d4124cb0490785e512f9c651f5c65caebd6a9f15c663677");
}

/// Ids that follow from others are the same for ever: deciding twice makes nothing twice.
#[test]
fn derived_ids_stay_what_they_were() {
    let request = rows::requests().remove(0);
    let grant = rows::grants().remove(0);
    let ids = [
        request.step_task(0).to_string(),
        request.provisioning_task().to_string(),
        request.next_operation().to_string(),
        request.next_grant().to_string(),
        grant.removal_operation().to_string(),
        grant.removal_task().to_string(),
    ];
    assert_snapshot!(ids.join("\n"), @r"
    tsk_0pjah7v6hx1e3rvfj0gxqxw99d
    tsk_25hgxqjg4jwstzs06j8vccsh9g
    opr_3jxj5x20865fdan5gwasatmkv6
    grt_2vr861a76nhsav3nsbz18x0y72
    opr_16x8agpqhyqvq6mb4x1prh7wn2
    tsk_4040v6pq86w77h6p9cdn8cev77
    ");
}

/// T9: unknown fields in what people write are refused.
#[test]
fn unknown_fields_are_refused_where_people_write() {
    use domain::policy::Rules;
    use domain::settings::Settings;
    assert!(serde_json::from_str::<Settings>(r#"{"max_lenght":"P7D"}"#).is_err());
    assert!(serde_json::from_str::<Rules>(r#"[{"name":"a","steps":[],"stepps":[]}]"#).is_err());
    assert!(
        serde_json::from_str::<Rules>(
            r#"[{"name":"a","steps":[{"kind":"approval","name":"b","approvers":[],"any":1}]}]"#
        )
        .is_err()
    );
    assert!(serde_json::from_str::<Settings>("{}").is_ok());
}
