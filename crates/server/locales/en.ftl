# What Keyfob says, in English. One section per page; keys begin with the page's name.
# Say who, what happens next and when.

## Everywhere

skip = Skip to main content
request-access = Request access
sign-out = Sign out
dismiss = Close this message
cancel = Cancel
nav-main = Main
nav-shortcuts = Shortcuts
nav-menu = Menu
nav-home = Home
nav-browse = Browse access
nav-browse-short = Browse
nav-requests = My requests
nav-requests-short = Requests
nav-tasks = Tasks
nav-admin = Administration
nav-tickets = Tickets
nav-request-for = New request for somebody
shell-account-menu = Account menu for { $name }
shell-tasks-open =
    { $n ->
        [0] Tasks, none open
       *[other] Tasks, { $n } open
    }
shell-count-open = open
shell-count-apps = apps available
breadcrumb = Breadcrumb
demo-clock = Demo clock
demo-clock-hour = +1 hour
demo-clock-day = +1 day
demo-clock-week = +7 days

## Said by the script

script-updated = Updated
script-copied = Copied
script-not-copied = Copying is blocked here
# { "{" }when{ "}" } is filled in by the script.
script-ends = Would end { "{" }when{ "}" } if access were in place now.
script-never-ends = Stays until somebody takes it away.
script-no-length = Give a number or an end date.

## Times and lengths

time-now = now
time-minutes-ago =
    { $n ->
        [one] 1 minute ago
       *[other] { $n } minutes ago
    }
time-in-minutes =
    { $n ->
        [one] in 1 minute
       *[other] in { $n } minutes
    }
time-hours-ago =
    { $n ->
        [one] 1 hour ago
       *[other] { $n } hours ago
    }
time-in-hours =
    { $n ->
        [one] in 1 hour
       *[other] in { $n } hours
    }
time-days-ago =
    { $n ->
        [one] yesterday
       *[other] { $n } days ago
    }
time-in-days =
    { $n ->
        [one] tomorrow
       *[other] in { $n } days
    }
duration-unlimited = Unlimited
duration-minutes =
    { $n ->
        [one] 1 minute
       *[other] { $n } minutes
    }
duration-hours =
    { $n ->
        [one] 1 hour
       *[other] { $n } hours
    }
duration-days =
    { $n ->
        [one] 1 day
       *[other] { $n } days
    }

## Statuses

status-needs-form = Waiting for answers
status-pending = Waiting for approval
status-approved = Approved
status-denied = Denied
status-cancelled = Cancelled
status-expired = Expired
status-scheduled = Scheduled
status-queued = Queued
status-provisioning = Being set up
status-manual = Waiting for the app admin
status-granted = Granted
status-fulfilled = Fulfilled
status-failed = Not in place
status-unknown = Not known yet
status-denied-at-provisioning = Denied at provisioning
status-active = Active
status-ending = Being removed
status-revoked = Removed
status-revoked-unverified = Removed, not verified

## Home

search = Search
optional = Optional
home-overview = Overview
home-access = My access
home-access-lead = Everything you hold, what ends first on top. Give back what you no longer need.
home-access-empty = You hold nothing yet. What you ask for appears here once it is in place.
home-access-all = All my access
home-requests = My requests
home-requests-all = All my requests
home-open = Open requests
home-waiting-for = Waiting for { $names }
home-open-empty = Nothing is waiting. Your next request appears here.
home-closed = Closed
home-tasks = My tasks
home-tasks-open = Open tasks
home-tasks-empty = Nothing waits for you.
home-tasks-hint = Approval is not proof of access. A task stays open until somebody, or a connector, has confirmed that the access is there.
home-task-center = Open Task Center
home-sections = Home sections
home-hello = Hello, { $name }
home-question = What do you need access to?
home-search-label = An app or a permission
access-since = Since
access-ends = Ends
access-no-end = No end
request-pending = Pending
request-for-person = For { $name }
request-by-person = Filed by { $name }
entitlement-in-app = { $app }: { $name }
task-kind-approval = Approval
task-kind-form = Questions
task-kind-provisioning = Provisioning
task-kind-deprovisioning = Removal
task-kind-review = Review
task-due = Due
task-review = Review
task-review-person = Review the request for { $name }
task-open = Open
task-open-person = Open the task for { $name }
give-back = Give back
give-back-of = Give back { $title }

## Browse access and app pages

browse-directory = App directory
browse-available =
    { $n ->
        [one] 1 app is available to you.
       *[other] { $n } apps are available to you.
    }
browse-lead = A green check means that you have it, an hourglass means that it is on its way.
browse-filter = Filter apps
browse-search = Search apps and permissions
browse-state = Show
browse-state-any = Everything
browse-state-requestable = Available to request
browse-state-held = I have it
browse-state-pending = Pending
browse-category = Category
browse-category-any = All categories
browse-apply = Apply
browse-apps = Apps
browse-clear = Show all
browse-found =
    { $n ->
        [0] No app fits.
        [one] 1 app fits.
       *[other] { $n } apps fit.
    }
browse-matches = Has { $names }
browse-empty = No app fits
browse-empty-help = Try fewer or other words. Not every app is here yet: if yours is missing, ask the people who run Keyfob to add it.
browse-more = Can’t find an app?
browse-more-help = Not every app is here yet. If yours is missing, ask the people who run Keyfob to add it.
app-permissions-count =
    { $n ->
        [one] 1 permission
       *[other] { $n } permissions
    }
app-held = You have access
app-pending = Request pending
app-more = More access
app-more-in = More access in { $name }
app-held-this = You have it
app-held-ending = You have it, ends soon
app-not-offered = Not offered to you
app-nothing = Nothing in this app is offered to you.
app-visit = Open { $name }
app-select = Select
app-select-name = Select { $name }
app-select-hint = Ask for everything you ticked at once
app-continue = Continue
app-permission = Permission
app-action = Action
app-about = About
app-about-name = About { $name }
app-owners = Owners
app-admins = App Admins
app-provisioning = Provisioning
app-by-hand = By hand: an App Admin sets it up after the last approval.
app-automatic = Automatic, after the last approval.
kind-access = Account
kind-role = Roles
kind-group = Groups
kind-resource = Resources
kind-permission = Permissions
label-permissions = Permissions
label-length = Access length
length-up-to = Up to { $length }
request-button = Request
request-name = Request { $name }
view-request = View request
view-request-for = View request for { $name }
copy-link = Copy link


## Request form

request-title-somebody = New request for somebody
request-lead-somebody = The request is filed in your name, for the person you choose. Both names stay in the audit log.
request-copy-link = Copy link to this form
request-continue = Continue
request-choose = Choose…
request-no-apps = Nothing more is offered here. What you already have, or have asked for, is not offered again.
request-which-app = Which app?
request-which-app-hint = Only what you may ask for is listed.
request-browse = Browse the directory instead
request-which-app-add = Which app? Add another…
request-add = Add
request-apps-other = Other apps
request-for-whom = Who is this for?
request-for-me = Me
request-for-other = Somebody else
request-for-other-hint = Anybody in the directory
request-for-team = Someone on my team
request-for-team-hint =
    { $n ->
        [one] 1 person reports to you
       *[other] { $n } people report to you
    }
request-person = Target User
request-person-hint = Type the mail address, or a name to choose from the list.
request-person-use = Use this person
request-resources = Resources
request-resources-hint = Only what the catalogs offer to the target user is listed.
request-permission-in = Permission in { $app }
request-basic-access = Basic app access
request-account-opens = With this account, roles, groups and resources of { $app } can be asked for too.
request-account-first = There is no account in { $app } yet. Ask for it first: roles, groups and resources can be asked for once it is there.
request-remove = Remove { $app }
request-remove-name = Remove { $app }, { $name }
request-already-pending = This is already being asked for.
request-already-held = The target user already has this.
request-not-offered = This is not offered to the target user. Remove it.
request-custom = Custom
request-until = Until a date
request-number = Number
request-unit = Unit
request-hours = hours
request-days = days
request-last-day = Last day (UTC)
request-first-day = First day (UTC)
request-later = Start later
request-length-runs = The time runs from when access is in place.
request-length-at-most = At most { $length }.
request-length-only-these = Only these lengths are offered.
request-length-no-unlimited = Access without end is not offered.
request-justification = Justification
request-justification-hint = Say what you will do with it and for which project. Reviewers read this, and it stays in the audit log.
request-submit = Submit request
request-show-preview = Show who will be asked
request-preview = Who will be asked
request-preview-count =
    { $n ->
        [one] 1 request
       *[other] { $n } requests
    }
request-preview-empty = Choose what you need, then you see here who will be asked.
request-preview-foot = Access is taken away by itself when the time is up. You can give it back sooner.
request-preview-by-hand = by hand
request-preview-by-hand-any = by hand, any one of them
request-preview-automatic = automatic
request-preview-nobody = nobody can be found; the people who run Keyfob are asked
request-preview-any = any one of them
request-preview-all = all of them
request-preview-some = { $n } of them
request-preview-more =
    { $n ->
        [one] and 1 more
       *[other] and { $n } more
    }
request-problem-choose = Choose what you need in { $app }.
request-problem-filed-before = This form was submitted before. Press Submit request again to file what it says now.
request-problem-nothing = Choose at least one app.
request-problem-length = Choose how long you need it.
request-problem-number = Write how many hours or days, as a whole number.
request-problem-day = Write the day as year, month and day, such as 2025-12-24.

## Sign-in

sign-in-title = Sign in to Keyfob
sign-in-next = Sign in to see the page you asked for. You go straight there afterwards.
sign-in-how = You sign in with a link that works once. Ask the people who run Keyfob for one.
sign-in-operator = If that is you, make one on the machine that runs Keyfob, with your own mail address:
sign-in-command = Command
sign-in-bad-link = This link has been used already, or its time is up. Ask for a new one.
sign-in-confirm = Press the button to sign in. The link works once, so it is not used up by opening it.
sign-in-button = Sign in
set-up-title = Set up Keyfob
set-up-lead = You become the first Super Admin. This page works once.
set-up-name = Your name
set-up-email = Work email
set-up-email-hint = Others find you by this address.
set-up-button = Set up and sign in
tls-title = This address needs TLS
tls-lead = You opened { $address }. Signing in over plain http would send your session where others can read it, so Keyfob refuses.
tls-todo = Open the https address instead. If you run Keyfob: put it behind a proxy that speaks TLS and set public_url to the https address. On your own machine, open it as localhost.
demo-title = Who do you want to be?
demo-lead = This is a demo company. Choose a person, and change to another one at any time by signing out.
demo-search = Search people
demo-suggested = Good to start with
demo-found =
    { $n ->
        [0] Nobody fits.
        [one] 1 person fits.
       *[other] { $n } people fit.
    }
demo-no-department = Others
demo-as-employee = Employee: asks for access
demo-as-manager = Manager: approves for { $team }
demo-as-app-admin = App Admin: sets access up
demo-as-super-admin = Super Admin: sees and sets up everything
demo-team =
    { $n ->
        [one] 1 person
       *[other] { $n } people
    }

## Errors

error-home = Go to home
error-reference = Reference: { $id }
error-bad-title = This could not be understood
error-bad = The address or the form did not fit what Keyfob expects.
error-bad-todo = Go back, load the page again and try once more.
error-403-title = Not allowed
error-403 = You are signed in, but you may not do this.
error-403-todo = If you should be able to, ask the people who run Keyfob to give you the role.
error-404-title = Nothing here
error-404 = There is no such page, or it is not for you.
error-404-todo = Check the address, or start from home.
error-409-title = This has changed meanwhile
error-409 = Somebody else was faster, or something has changed since you opened the page.
error-409-todo = Go back, load the page again and look at it before you decide.
error-413-title = That is too much
error-413 = What you sent is larger than Keyfob accepts.
error-413-todo = Go back and shorten it. A text may have 8,192 bytes.
error-429-title = Too many tries
error-429 = There were too many tries in a short time.
error-429-todo =
    { $n ->
        [0] Wait a little, then try again.
        [one] Wait one second, then try again.
       *[other] Wait { $n } seconds, then try again.
    }
error-500-title = Our fault
error-500 = Something went wrong in Keyfob. It has been logged.
error-500-todo = Try again in a minute. If it happens again, tell the people who run Keyfob.
error-503-title = Busy
error-503 = Keyfob cannot answer right now.
error-503-todo = Try again in a minute.

## Refusals and problems

# dynamic: the names of refusals
refusal-closed = This request has ended, so nothing more can happen to it. Ask again if the access is still needed.
refusal-already-decided = Somebody else has answered this already. Nothing is left for you to do.
refusal-stale-digest = The request changed after it was shown to you. Look at it again and answer what it asks for now.
refusal-redefined = What is asked for was redefined after the request was filed. It has to be edited or filed again before anybody can approve it.
refusal-own-request = Nobody answers a request that they filed or that is for them. Somebody else has to.
refusal-not-an-approver = You are not among those who are asked now. The request's page names them.
refusal-not-allowed = You may not do this here. The request's page shows what you can do.
refusal-inactive = Your account is inactive. Ask an administrator to activate it.
refusal-comment-required = A comment is needed here. Say why.
refusal-justification-required = A reason is needed. Say what you need the access for.
refusal-not-requestable = This cannot be asked for, or not by this person. Look in the catalog for what can.
refusal-not-for-others = You can ask for yourself and for those who report to you. Let the person ask, or their manager.
refusal-subject-inactive = The account of this person is inactive. Choose somebody else, or ask an administrator to activate it.
refusal-duplicate-request = Request { $number } asks for the same thing and is still open. Follow that one, or cancel it first.
refusal-length-too-long = This is longer than allowed. Ask for { $longest } at most.
refusal-length-not-unlimited = This cannot be had without an end. Ask for { $longest } at most.
refusal-length-not-preset = Only the offered lengths can be chosen. Take one of them.
refusal-length-ends-too-soon = The access would end before it could begin. Choose a later end.
refusal-length-bad-start = The start lies in the past or too far ahead. Choose a later or an earlier one.
refusal-no-policy = No policy says who decides this, so nobody could approve it. Tell the owner of the app.
refusal-busy = The access is being set up at this moment. Try again in a minute.
refusal-nothing-changed = This asks for nothing new. Change something, or leave it as it is.
refusal-other-app = This belongs to another app. File a new request for it.
refusal-window-over = The time that was asked for is over. Ask again with a later end.
refusal-overtaken = Something newer has overtaken this. Look again.
refusal-already-ending = This access has ended or is being removed already. Nothing is left to do.

# dynamic: the names of problems
problem-invalid-title = Something is not accepted
problem-idempotency-mismatch-title = The key was used for something else
problem-not-signed-in-title = Not signed in
problem-not-allowed-title = Not allowed
problem-not-requestable-title = Cannot be asked for
problem-not-found-title = Not found
problem-method-not-allowed-title = Not this way
problem-duplicate-request-title = Already asked for
problem-stale-digest-title = It has changed meanwhile
problem-already-decided-title = Already decided
problem-busy-title = Busy
problem-too-large-title = Too much
problem-unsupported-media-type-title = Not JSON
problem-internal-title = Our fault

problem-invalid =
    { $n ->
        [one] One field is not accepted. Correct it as it says and send again.
       *[other] { $n } fields are not accepted. Correct them as they say and send again.
    }
problem-idempotency-mismatch = This Idempotency-Key came before with another body. Use a fresh key for a new submission.
problem-not-signed-in = There is no token, or it does not count any more. Send Authorization: Bearer kf_… with one that does.
problem-not-allowed = Your roles, or the scopes of your token, do not allow this. Ask the people who run Keyfob if they should.
problem-not-found = There is no such thing, or it is not for you. Check the address.
problem-method-not-allowed = This address does not take this method. The header Allow names those that it takes.
problem-too-large = The body is larger than { $most } KiB. Send less.
problem-unsupported-media-type = The body has to be JSON. Send it with Content-Type: application/json.
problem-internal = Something went wrong in Keyfob and has been logged. Try again in a minute; if it happens again, tell the people who run it: { $id }.

invalid-body = The body could not be read. Send it whole.
invalid-choice = This is none of the values that can be chosen. The description of the API lists them.
invalid-control = There are characters in it that cannot be seen or that turn the text around. Take them out.
invalid-cursor = This is not where any page begins. Take next of the page before, or leave it out.
invalid-duration = This is not a length. Write 8h, 7d, PT8H or P7D.
invalid-duration-or-until = Give either a length or an end, not both.
invalid-email = This is not a mail address. Write name@example.com.
invalid-empty = This is empty. Fill it in.
invalid-form = This is not written as it has to be. Correct it.
invalid-idempotency-key = The key has to be one text of 1 to 200 visible characters. Send another one.
invalid-items =
    { $max ->
       *[other] Ask for at least one thing and at most { $max }.
    }
invalid-json = This does not fit: { $why }. Correct it.
invalid-limit = Ask for 1 to { $max } rows.
invalid-missing = This is missing. Add it.
invalid-nobody = Nobody is named. Name at least one person or group.
invalid-scope = There is no such scope. Choose among { $names }.
invalid-slug = Use lower-case letters, digits and single hyphens, such as github-write.
invalid-taken = This is taken already. Choose another.
invalid-time = This is not a date and time. Write it as 2026-01-31T09:00:00Z.
invalid-too-long = This is too long. Shorten it.
invalid-twice = This is there twice. Leave one.
invalid-unknown = There is no such thing. Check how it is written.
invalid-unknown-field = There is no such field. Check how it is written, or leave it out.
invalid-url = This is not a web address. Begin with https://.
invalid-user = There is nobody with this id or mail address who is active. Check how it is written.

# dynamic: what keeps the rules of a policy from being saved
policy-approvers = These are too many approvers for one step. Use a group.
policy-manager-level = This level of managers does not exist. Count from 1, which is the direct manager.
policy-no-when = Conditions are not understood yet. Leave out when.
policy-one-rule = A policy has exactly one rule.
policy-quorum = A step needs between 1 and 100 approvals.
policy-step-name = Each step needs a name that fits on a line.
policy-steps = A rule needs at least one step, and not too many.

policy-default-name = Standard
policy-default-rule = Everything
policy-default-step = Manager approval
step-provision = Set up access

# dynamic: how a request stands, in one line
request-status-pending = Waiting for approval
request-status-setting-up = Approved, being set up
request-status-manual = Approved, waiting for the app admin
request-status-failed = Approved, not in place
request-status-granted = Granted
request-status-granted-until = Granted until { $end }
request-status-denied = Denied
request-status-cancelled = Cancelled
request-status-expired = Expired
request-status-denied-at-provisioning = Denied at provisioning
request-status-revoking = Access is being removed
request-status-revoked = Access was removed
request-status-revoked-unverified = Access was removed, not verified

## Requests and tasks

# These labels are fixed: pages and cards use them alike.
fact-app = App
fact-target-user = Target User
fact-requester = Requester
fact-approvers = Approvers
fact-app-admins = App Admins
fact-permissions = Permissions
fact-groups = Groups
fact-holds = Has now
fact-access-length = Access Length
fact-comment = Comment
fact-door = Filed
fact-approval = Approval
fact-fulfilment = Fulfilment
fact-none = none given
fact-nobody = nobody
people-and-more =
    { $n ->
        [one] { $names } and 1 more
       *[other] { $names } and { $n } more
    }
people-more =
    { $n ->
        [one] and 1 more
       *[other] and { $n } more
    }
approvers-of-step = { $step }: { $names }
length-until = until { $when }
length-starting = { $length }, not before { $when }
time-under-a-minute = less than a minute
door-web = on the web
door-api = through the API
door-cli = on the command line
door-system = by Keyfob itself
door-other = by { $door }
fulfilment-not-started = Not started
fulfilment-never = Nothing to set up
quote-show-all = Show all
field-optional = Optional
field-reason = Reason
field-problems = This was not sent. Please change:

show-summary = for { $who } · { $length }
show-filed = filed
show-views = Views of this request
show-details = Details
show-audit = Audit trail
show-tickets = Tickets
show-facts = Facts
show-request = Request
part-app-admin = App Admin

stat-access = Access
stat-approval =
    { $total ->
        [one] { $done } of 1 step done
       *[other] { $done } of { $total } steps done
    }
stat-no-approval = No approval needed
stat-by-hand = By hand, by an App Admin
stat-automatic = Automatic
stat-until = until { $when }
stat-once-in-place = { $length } once it is in place
stat-no-end = until somebody takes it away
stat-no-access = None
stat-taken-away = taken away with this request

trouble-failed = Approved, but not in place
trouble-unknown = Approved, but nobody knows yet whether it is in place
trouble-unverified = Taken away, but nobody has verified it
trouble-other = Something stands in the way
trouble-retry = Keyfob tries again by itself on { $when }.
trouble-retry-now = Keyfob tries again by itself now.
trouble-no-retry = Keyfob does not try again by itself.
trouble-who = Who acts: the App Admins { $names }.

plan-title = Execution plan
plan-word-done = Done
plan-word-failed = Stopped
plan-submitted = Submitted
plan-submitted-by = by { $who } { $door },
plan-revision =
    { $n ->
        [one] Changed once since then; earlier approvals no longer count.
       *[other] Changed { $n } times since then; earlier approvals no longer count.
    }
plan-any-one = any one of them is enough
plan-some = { $need } of { $total } are needed, { $have } so far
plan-nobody = nobody can answer this step
plan-not-needed = not needed
plan-not-reached = not reached
plan-not-answered = not answered
plan-waiting = Waiting
plan-waiting-for = waiting for { $length }
plan-took = after { $length }
plan-due = Due { $when }.
plan-rerouted-fallback = Nobody of this step can answer, so the fallback is asked.
plan-rerouted-owners = Nobody of this step can answer, so the app's owners are asked.
plan-rerouted-admins = Nobody of this step can answer, so the administrators are asked.
plan-by-hand = by hand, by an App Admin
plan-by-hand-any-one = by hand, any one of the App Admins
plan-automatic = automatic, once approved
plan-was-automatic = set up automatically
plan-scheduled = set up on { $when }
plan-queued = next in line to be set up
plan-provisioning = being set up now
plan-not-in-place = not in place
plan-unknown = not known whether it is in place
plan-denied-at-provisioning = denied at provisioning
plan-removing = being removed
plan-removal = Removal
plan-removed = removed
plan-removed-unverified = removed, not verified
plan-closed-by = by { $who }
plan-expired = nobody answered in time
plan-ends = Access ends
plan-ends-by-itself = removed by itself
plan-ends-after = removed by itself { $length } after it is in place
plan-ends-never = never by itself, only when somebody takes it away
answer-approved = approved
answer-denied = denied
answer-confirmed = confirmed
answer-denied-at-provisioning = denied at provisioning
answer-checked = Checked that access in the app is removed or proper.
given-license = License type
given-role = Role
given-group = Group
given-level = Level
given-line = { $what } given: { $value }

talk-title = Comments
talk-who = Reviewers, the requester and the target user can read this.
talk-none = Nobody has written anything yet.
talk-add = Add a comment
talk-hint = Plain text. Do not write passwords here.
talk-send = Comment

act-decide = Approve or deny
act-approve = Approve
act-deny = Deny
act-edit = Edit
act-open = Open
act-confirm = Confirm Provisioning
act-confirm-removal = Confirm removal
act-give-back = Give back
act-take-away = Take away
act-cancel = Cancel request

cancel-title = Cancel this request?
cancel-lead = Its open tasks are closed and the reviewers are told. The record stays in the audit log.
cancel-keep = Keep request
cancel-back = Back

give-back-title = Give back { $access }?
give-back-lead = The access is removed now. If you need it again, ask again.
take-away-title = Take { $access } away from { $who }?
take-away-lead = The access is removed now and { $who } is told.

edit-title = Edit this request
edit-lead = { $who } is told what changed. Earlier approvals no longer count and the request starts again with the first step.
edit-lead-own = Earlier approvals no longer count and the request starts again with the first step.
edit-asked = Asked for: { $what }
edit-keep = Keep: { $length }
edit-custom = Other
edit-number = Number
edit-unit = Unit
edit-unit-hours = hours
edit-unit-days = days
edit-problem-number = Write a whole number of hours or days.
edit-longest = At most { $length }.
edit-why = Why the change
edit-nothing = An edit always leaves some access.
edit-deny-instead = If the person should have nothing, deny the request instead.
edit-save = Save and ask again

deny-title = Deny this request?
deny-lead = The request ends here and { $who } is told why.
deny-title-provisioning = Deny at provisioning?
deny-lead-provisioning = This stops the request although it was approved. { $who } is told why.
deny-reason-hint = { $who } reads this.
deny-reminder = Please look into { $app }: check that access there is removed or proper.
deny-check = I checked: access in { $app } is removed, or is right as it is.

tasks-title = Task Center
tasks-lead =
    { $n ->
        [0] Nothing is waiting for you.
        [one] One task is waiting for you.
       *[other] { $n } tasks are waiting for you.
    }
tasks-kinds = Kinds of task
tasks-all = All
tasks-open = Open tasks
tasks-empty = Nothing is waiting for you
tasks-empty-lead = When somebody asks for access that you look after, it turns up here.
tasks-empty-home = Go to Home
tasks-hint = Deny when the person should have nothing, Edit when they should have less.
tasks-pages = Pages
tasks-more = Next page
task-for = for { $who }
task-object = { $what } for { $who }, { $number }
task-due-at = due
task-add-comment = Add a comment
task-comment-on = Comment on { $object }
task-comment = Comment
task-comment-hint = Everybody who can see the request can read this.
task-title = { $access } for { $who }
task-title-set-up = Set up { $access } for { $who }
task-title-change = Change to { $access } for { $who }
task-title-remove = Remove { $access } from { $who }
task-asked = Asked: { $names }
task-decide = Your decision
task-record = Becomes part of the record
task-ask-lead = Something unclear?
task-ask = Ask in the comments of the request
task-progress = Progress
task-done = This task is done
task-void = This task is no longer needed
task-void-lead = The request was changed, cancelled or decided elsewhere.

provision-trouble = Keyfob could not do this by itself
provision-instructions = Instructions
provision-open = Open { $app }
provision-set-up-by = This is how access is set up; take back what it gave:
provision-lead-new = Create an account for { $who } in { $app } with exactly the access above: { $level }. If there is an account already, change it.
provision-lead-change = { $who } has this in { $app } now: { $holds }. Change the account so that it has exactly the access above: { $level }.
provision-lead-remove = Remove { $level } from the account of { $who } in { $app }. Nothing else of theirs changes.
confirm-title = What did you do?
confirm-note = Note
confirm-note-hint = Everybody who can see the request can read this.

overtaken-somebody = Somebody else
overtaken-approved = { $who } has approved this already
overtaken-denied = { $who } has denied this already
overtaken-confirmed = { $who } has confirmed this already
overtaken-closed = This is already closed
overtaken-lead = Your answer came a moment later and changed nothing. You need not do anything.
overtaken-changed = The request has changed meanwhile
overtaken-changed-lead = Your answer was for what the page showed before, so it does not count. Please look at the request as it is now.
overtaken-again = Look again

ticket-lead = Every approval, fulfilment and removal that you may see.
ticket-state = State
ticket-open = Open
ticket-done = Done
ticket-all = Open and done
ticket-kind = Kind
ticket-any-kind = All kinds
ticket-any-app = All apps
ticket-kind-automatic = Automatic
ticket-number = Request number
ticket-ticket = Ticket
ticket-first-of = { $name } +{ $n }
ticket-apply = Apply
ticket-clear = Clear
ticket-access = Access
ticket-waiting-on = Waiting on
ticket-waiting-connector = { $app } connector
ticket-age = Age
ticket-none = No open tickets
ticket-none-lead = Requests that wait for somebody or for a connector turn up here.
ticket-none-match = No tickets match
ticket-none-match-lead = Choose another state, kind or app, or clear the filter.

trail-title = Audit trail of { $number }
trail-report = Evidence report for { $number }
trail-printed = Printed by { $who } on { $when }
trail-utc = Times are UTC
trail-keyfob = Keyfob
trail-revision = revision { $n }
trail-note = Note
trail-attempt = Attempt: { $what }. Refused: { $why }.
trail-unknown = { $kind }, by { $who }
trail-detail = What was recorded
trail-detail-of = What was recorded at { $index }
trail-proof = Proof
trail-proof-lead = Every event has a place in one log without gaps. Its leaf hash covers who, when, what and the texts, so that a change would show.
trail-first = First event
trail-last = Last event
trail-leaf = Leaf hash of the last event
trail-check = Anyone with the data folder can check the whole log:
trail-command = Command

# dynamic
event-request-submitted = { $who } asked for { $access } for { $whom }
# dynamic
event-request-submitted-own = { $who } asked for { $access }
# dynamic
event-request-edited = { $who } changed the request
# dynamic
event-request-commented = { $who } commented
# dynamic
event-request-approved = { $who } approved
# dynamic
event-request-denied = { $who } denied the request
# dynamic
event-request-cancelled = { $who } cancelled the request
# dynamic
event-request-expired = The request expired unanswered
# dynamic
event-request-authorised = Every approval was given
# dynamic
event-request-step-reopened = A step was opened again
# dynamic
event-request-step-added = A step was added to the plan
# dynamic
event-request-scheduled = Access is to be set up later
# dynamic
event-request-queued = Access was queued to be set up
# dynamic
event-request-assigned = The App Admins were asked to set the access up
# dynamic
event-request-granted = Access is in place for { $whom }
# dynamic
event-request-failed = Access could not be put in place
# dynamic
event-request-confirmed = { $who } confirmed the work by hand
# dynamic
event-request-denied-at-provisioning = { $who } denied at provisioning
# dynamic
event-request-refused = { $who } tried something that was refused
# dynamic
event-request-revoking = Access of { $whom } is to be removed
# dynamic
event-request-revoked = Access of { $whom } was removed
# dynamic
event-grant-ending = Access of { $whom } is to be removed
# dynamic
event-grant-ending-by = { $who } took the access of { $whom } away
# dynamic
event-grant-ending-own = { $who } gave the access back
# dynamic
event-grant-revoked-by = { $who } confirmed that the access of { $whom } is removed
# dynamic
event-grant-revoked = Access of { $whom } was removed
# dynamic
event-grant-removal-assigned = The App Admins were asked to remove the access
# dynamic
event-grant-removal-failed = Access could not be removed

## Why the worker did not do something

# dynamic
problem-grant-over = The access has already ended.
# dynamic
problem-not-waiting = The request no longer waits for it.
# dynamic
problem-person-inactive = The person is no longer active. Deny the request, or activate the person and confirm by hand.
# dynamic
problem-covered = Another grant gives the same access.
problem-no-connector = The app has no connector any more. Set the access up by hand.
problem-not-so = The target said that it was done, but the access is not there.
