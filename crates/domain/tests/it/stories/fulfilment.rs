//! From the last approval until access is in place.

use insta::assert_snapshot;

use crate::story::story;

/// S1-8, S1-16: a denial at provisioning is a state of its own.
#[test]
fn a_denial_at_provisioning_is_no_denial_of_the_request() {
    assert_snapshot!(story("bob manages ann; dan administers github; eve works here; policy: manager
        ann asks github/write; bob approves; bob denies; eve denies; dan denies; dan denies; dan confirms; who may?"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    bob denies: no, not-allowed
    eve denies: no, not-allowed
    dan denies: denied at provisioning → approved, denied_at_provisioning
    dan denies: nothing → approved, denied_at_provisioning
    dan confirms: no, already-decided: denied_at_provisioning by dan
    who may?: ann comment, bob comment, dan comment
    ");
}

/// S2-22: approvers do not fulfil and admins do not approve.
#[test]
fn approving_and_fulfilling_are_different_rights() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager
        ann asks github/write; dan approves; dan confirms; bob approves; bob confirms; dan confirms"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    dan approves: no, not-an-approver
    dan confirms: no, closed
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    bob confirms: no, not-allowed
    dan confirms: confirmed, granted without end → approved, granted
    ");
}

/// S1-24: when no admin of the app can do it, the admins of Keyfob can.
#[test]
fn others_stand_in_for_the_app_admins() {
    assert_snapshot!(story("bob manages ann; dan administers github; dan is deactivated; cyd owns github; hal is super_admin
        policy: manager
        ann asks github/write; bob approves; who may?; cyd confirms; hal confirms"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    who may?: ann edit/comment/cancel, bob comment, cyd comment, hal confirm/deny_provisioning/edit/comment/cancel
    cyd confirms: no, not-allowed
    hal confirms: confirmed, granted without end → approved, granted
    ");
}

/// I36, S0-15: a later start waits for its time, even when everybody agreed.
#[test]
fn access_does_not_begin_before_its_start() {
    assert_snapshot!(story("bob manages ann; policy: manager; connector: sim
        ann asks github/write for 7d from 2026-01-20; bob approves; 14d pass; target gives; 1d pass; 3h pass; target gives
        7d pass"), @r"
    ann asks github/write for 7d from 2026-01-20: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, scheduled for 2026-01-20T12:00:00Z → approved, scheduled
    14d pass: nothing is due
    target gives: no, overtaken
    1d pass: nothing is due
    3h pass: queued → approved, queued, target: give github/write
    target gives: granted until 2026-01-27T12:00:00Z → approved, granted
    7d pass: time is over since 2026-01-27T12:00:00Z → ending, target: take github/write
    ");
}

/// I36: an edit of what is scheduled takes it off the schedule.
#[test]
fn an_edit_takes_it_off_the_schedule() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager
        ann asks github/write for 7d from 2026-01-20; bob approves; ann edits to 3d; 20d pass; bob approves; dan confirms"), @r"
    ann asks github/write for 7d from 2026-01-20: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, scheduled for 2026-01-20T12:00:00Z → approved, scheduled
    ann edits to 3d: edited → pending 1/1 [manager]
    20d pass: nothing is due
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    dan confirms: confirmed, granted until 2026-01-28T09:00:00Z → approved, granted
    ");
}

/// S1-25: the time until a date passes with nothing in place, at each stage.
#[test]
fn a_date_that_passes_ends_the_request() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager
        ann asks github/write until 2026-01-10; 10d pass; bob approves; ann edits to 3d
        ann asks github/read until 2026-01-20; bob approves; 10d pass; dan confirms
        ann asks github/admin until 2026-02-20 from 2026-02-10; bob approves; 60d pass"), @r"
    ann asks github/write until 2026-01-10: filed → pending 1/1 [manager]
    10d pass: expired → expired
    bob approves: no, closed
    ann edits to 3d: no, closed
    ann asks github/read until 2026-01-20: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    10d pass: expired → expired
    dan confirms: no, closed
    ann asks github/admin until 2026-02-20 from 2026-02-10: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, scheduled for 2026-02-10T12:00:00Z → approved, scheduled
    60d pass: expired → expired
    ");
}

/// I28: access that the connector gave too late is recorded as it is, and ends at once.
#[test]
fn access_that_came_too_late_is_recorded_and_ends_at_once() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager; connector: sim
        ann asks github/write until 2026-01-06; bob approves; the target is being called; 2d pass; target gives
        the call is over; 1h pass"), @r"
    ann asks github/write until 2026-01-06: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    (the target is being called)
    2d pass: nothing is due
    target gives: granted until 2026-01-06T12:00:00Z → approved, granted
    (the call is over)
    1h pass: time is over since 2026-01-06T12:00:00Z → ending, target: take github/write
    ");
}

/// I36: confirming after the time asked for is refused and not offered; refusing still is.
#[test]
fn nothing_is_confirmed_after_its_time() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager
        ann asks github/write until 2026-01-06; bob approves; 2d pass unnoticed; dan confirms; who may?; dan denies
        ann asks github/read until 2026-01-08; 2d pass unnoticed; bob approves"), @r"
    ann asks github/write until 2026-01-06: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    2d pass unnoticed: nobody looks
    dan confirms: no, window-over
    who may?: ann edit/comment/cancel, bob comment, dan deny_provisioning/edit/comment
    dan denies: denied at provisioning → approved, denied_at_provisioning
    ann asks github/read until 2026-01-08: filed → pending 1/1 [manager]
    2d pass unnoticed: nobody looks
    bob approves: approved, step 1 done, authorised, expired → expired
    ");
}

/// S2-28, S2-29: a failure is shown as approved and not in place, and the approvals are kept when people take over.
#[test]
fn a_failing_connector_hands_over_to_people() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager; connector: sim
        ann asks github/write for 7d; bob approves; target fails: busy; target fails: busy; target fails: quota; dan confirms
        target gives up: no such account; target gives; dan confirms"), @r"
    ann asks github/write for 7d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target fails: busy: failed for busy → approved, failed
    target fails: busy: nothing → approved, failed
    target fails: quota: failed for quota → approved, failed
    dan confirms: no, already-decided: approved by bob
    target gives up: no such account: assigned to people because of no such account → approved, manual
    target gives: no, overtaken
    dan confirms: confirmed, granted until 2026-01-12T09:00:00Z → approved, granted
    ");
}

/// A lost answer is `unknown` until the target was seen; what it may have done is undone when the request ends.
#[test]
fn a_lost_answer_is_unknown_and_undone_when_the_request_ends() {
    assert_snapshot!(story("bob manages ann; policy: manager; connector: sim
        ann asks github/write; bob approves; target hangs: no answer; target gives
        ann asks github/read; bob approves; target hangs: no answer; target fails: no answer; ann cancels; target gives
        ann asks github/admin; bob approves; ann cancels"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target hangs: no answer: unknown for no answer → approved, unknown
    target gives: granted without end → approved, granted
    ann asks github/read: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/read
    target hangs: no answer: unknown for no answer → approved, unknown
    target fails: no answer: failed for no answer → approved, failed
    ann cancels: cancelled → cancelled, target: take github/read
    target gives: no, overtaken
    ann asks github/admin: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/admin
    ann cancels: cancelled → cancelled, target: take github/admin
    ");
}

/// What a connector may have left behind is taken away when people took over and the request ends all the same.
#[test]
fn what_a_connector_may_have_left_is_taken_away() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager; connector: sim
        ann asks github/a for 7d; bob approves; target gives up: no right; dan denies
        ann asks github/b for 7d; bob approves; target gives up: no right; ann cancels
        ann asks github/c for 7d; bob approves; target gives up: no right; ann edits to 3d; bob approves
        target fails: busy; ann cancels
        ann asks github/d until 2026-01-06; bob approves; target hangs: no answer; 2d pass"), @r#"
    ann asks github/a for 7d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/a
    target gives up: no right: assigned to people because of no right → approved, manual
    dan denies: denied at provisioning → approved, denied_at_provisioning, target: take github/a
    ann asks github/b for 7d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/b
    target gives up: no right: assigned to people because of no right → approved, manual
    ann cancels: cancelled → cancelled, target: take github/b
    ann asks github/c for 7d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/c
    target gives up: no right: assigned to people because of no right → approved, manual
    ann edits to 3d: edited → pending 1/1 [manager], target: take github/c
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/c
    target fails: busy: failed for busy → approved, failed
    ann cancels: cancelled → cancelled, target: take github/c
    ann asks github/d until 2026-01-06: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/d
    target hangs: no answer: unknown for no answer → approved, unknown
    2d pass: expired → expired, target: take github/d
    "#);
}

/// I25: a report about an operation of an earlier revision changes nothing.
#[test]
fn a_report_of_an_overtaken_operation_is_refused() {
    assert_snapshot!(story("bob manages ann; policy: manager; connector: sim
        ann asks github/write for 7d; bob approves; target fails: busy; ann edits to 3d; target gives; bob approves
        target gives late; target gives; target gives; target fails: late"), @r"
    ann asks github/write for 7d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target fails: busy: failed for busy → approved, failed
    ann edits to 3d: edited → pending 1/1 [manager], target: take github/write
    target gives: no, overtaken
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target gives late: no, overtaken
    target gives: granted until 2026-01-08T09:00:00Z → approved, granted
    target gives: no, overtaken
    target fails: late: no, overtaken
    ");
}

/// S0-5, S0-6: the connector of the moment counts, not the one of the day it was asked for.
#[test]
fn an_app_that_lost_its_connector_is_done_by_hand() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager; connector: sim
        ann asks github/write; connector: manual; bob approves; dan confirms"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    (connector: manual)
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    dan confirms: confirmed, granted without end → approved, granted
    ");
}
