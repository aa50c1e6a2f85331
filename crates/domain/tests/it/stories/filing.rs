//! Filing a request, for oneself and for others.

use domain::request::{PersonFact, may_request_for_anyone};
use domain::user::{Role, UserKind};
use insta::assert_snapshot;

use crate::story::story;

/// S3-9, S3-10, S3-11: a manager asks for reports, the three roles for anyone, all others for nobody.
#[test]
fn who_may_ask_for_whom() {
    assert_snapshot!(story("policy: owners; cyd owns github; dan administers github; bob manages ann; zoe manages bob
        hal is helpdesk; ivy is access_request_admin; joe is super_admin; kim is auditor; lea is connector_admin
        eve works here
        bob asks github/a on behalf of ann; hal asks github/b on behalf of ann; ivy asks github/c on behalf of ann
        joe asks github/d on behalf of ann; zoe asks github/e on behalf of ann; ann asks github/f on behalf of bob
        eve asks github/g on behalf of ann; cyd asks github/h on behalf of ann; dan asks github/i on behalf of ann
        kim asks github/j on behalf of ann; lea asks github/k on behalf of ann; ann asks github/l"), @r"
    bob asks github/a on behalf of ann: filed → pending 1/1 [owners]
    hal asks github/b on behalf of ann: filed → pending 1/1 [owners]
    ivy asks github/c on behalf of ann: filed → pending 1/1 [owners]
    joe asks github/d on behalf of ann: filed → pending 1/1 [owners]
    zoe asks github/e on behalf of ann: no, not-for-others
    ann asks github/f on behalf of bob: no, not-for-others
    eve asks github/g on behalf of ann: no, not-for-others
    cyd asks github/h on behalf of ann: no, not-for-others
    dan asks github/i on behalf of ann: no, not-for-others
    kim asks github/j on behalf of ann: no, not-for-others
    lea asks github/k on behalf of ann: no, not-for-others
    ann asks github/l: filed → pending 1/1 [owners]
    ");
}

/// S3-11: a role is worth nothing to somebody inactive.
#[test]
fn an_inactive_help_desk_asks_for_nobody() {
    let of = |active, role| PersonFact { version: 1, active, kind: UserKind::Person, roles: vec![role] };
    assert!(may_request_for_anyone(&of(true, Role::Helpdesk)));
    assert!(!may_request_for_anyone(&of(false, Role::Helpdesk)));
    assert!(!may_request_for_anyone(&of(true, Role::Auditor)));
}

/// S0-13, I4: who asked and who gets it are stored apart, and neither answers.
#[test]
fn a_manager_who_asks_for_a_report_does_not_approve_it() {
    assert_snapshot!(story("bob manages ann; cyd owns github; policy: manager
        bob asks github/write on behalf of ann; bob approves; cyd approves"), @r"
    bob asks github/write on behalf of ann: filed → pending 1/1 [manager]
    bob approves: no, own-request
    cyd approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// A second open request for the same thing is refused with the number of the first; a closed one is no hindrance.
#[test]
fn a_second_open_request_is_refused_with_the_number_of_the_first() {
    assert_snapshot!(story("bob manages ann; hal is helpdesk; policy: manager; dan administers github
        ann asks github/write; ann asks github/write for 1d; hal asks github/write on behalf of ann; ann asks github/read
        hal asks github/write; bob approves on KF-1; ann asks github/write; dan confirms on KF-1; ann asks github/write"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    ann asks github/write for 1d: no, duplicate-request: KF-1
    hal asks github/write on behalf of ann: no, duplicate-request: KF-1
    ann asks github/read: filed → pending 1/1 [manager]
    hal asks github/write: filed → pending 1/1 [manager]
    bob approves on KF-1: approved, step 1 done, authorised, assigned to people → approved, manual
    ann asks github/write: no, duplicate-request: KF-1
    dan confirms on KF-1: confirmed, granted without end → approved, granted
    ann asks github/write: filed → pending 1/1 [manager]
    ");
}

/// S3-3, S3-7: what is not offered cannot be asked for, whoever asks.
#[test]
fn what_is_not_offered_cannot_be_asked_for() {
    assert_snapshot!(story("bob manages ann; hal is super_admin; policy: manager; github/secret is unlisted
        ann asks github/secret; hal asks github/secret on behalf of ann"), @r"
    ann asks github/secret: no, not-requestable
    hal asks github/secret on behalf of ann: no, not-requestable
    ");
}

/// S0-16, S2-11, S2-16: a reason is demanded or not, as settings say.
#[test]
fn a_reason_is_demanded_where_settings_say_so() {
    assert_snapshot!(story("bob manages ann; policy: manager
        ann asks github/write without a reason; settings: no reason; ann asks github/write without a reason"), @r"
    ann asks github/write without a reason: no, justification-required
    (settings: no reason)
    ann asks github/write without a reason: filed → pending 1/1 [manager]
    ");
}

/// The inactive neither ask nor get anything.
#[test]
fn the_inactive_neither_ask_nor_get() {
    assert_snapshot!(story("bob manages ann; policy: manager; ann is deactivated
        ann asks github/write; bob asks github/write on behalf of ann"), @r"
    ann asks github/write: no, inactive
    bob asks github/write on behalf of ann: no, subject-inactive
    ");
}

/// I10: where no policy decides, nothing can be asked for.
#[test]
fn without_a_policy_nothing_can_be_asked_for() {
    assert_snapshot!(story("bob manages ann; ann asks github/write"), @"ann asks github/write: no, no-policy");
}

/// S3-19, S3-20, S3-21, S0-15: lengths as far as settings allow.
#[test]
fn lengths_are_as_settings_allow() {
    assert_snapshot!(story("bob manages ann; policy: manager; settings: at most 30d
        ann asks github/a for 30d; ann asks github/b for 31d; ann asks github/c; ann asks github/d until 2026-02-04
        ann asks github/e until 2026-02-05; ann asks github/f until 2026-02-18 from 2026-01-20; ann asks github/g until 2026-01-04
        ann asks github/h for 7d from 2026-01-04; ann asks github/i for 7d from 2027-01-05; ann asks github/j for 90m
        settings: only 1d 7d; ann asks github/k for 7d; ann asks github/l for 2d; ann asks github/m until 2026-01-12"), @r"
    ann asks github/a for 30d: filed → pending 1/1 [manager]
    ann asks github/b for 31d: no, length-too-long
    ann asks github/c: no, length-not-unlimited
    ann asks github/d until 2026-02-04: no, length-too-long
    ann asks github/e until 2026-02-05: no, length-too-long
    ann asks github/f until 2026-02-18 from 2026-01-20: filed → pending 1/1 [manager]
    ann asks github/g until 2026-01-04: no, length-ends-too-soon
    ann asks github/h for 7d from 2026-01-04: no, length-bad-start
    ann asks github/i for 7d from 2027-01-05: no, length-bad-start
    ann asks github/j for 90m: filed → pending 1/1 [manager]
    (settings: only 1d 7d)
    ann asks github/k for 7d: filed → pending 1/1 [manager]
    ann asks github/l for 2d: no, length-not-preset
    ann asks github/m until 2026-01-12: no, length-not-preset
    ");
}
