//! The apps that the rest of the company uses.

use domain::entitlement::EntitlementKind::{Group, Permission, Resource, Role};

use super::rules::{MANAGER_THEN_OWNER, OWNER_ONLY};
use super::{INHERIT, Limits, Offer, Target, Who};

/// The second half of the apps.
pub(super) const APPS: &[Target] = &[JIRA, SLACK, FIGMA, SALESFORCE, NETSUITE, LEGACY_BILLING];

const JIRA: Target = Target {
    slug: "jira",
    name: "Jira Cloud",
    category: "Planning",
    description: "Boards, the service desk and automations.",
    owners: &[Who::User("ewa.kowalczyk")],
    admins: &[Who::Group("it-operations")],
    connector: "sim",
    instructions: "Add the person to the group named above.",
    url: "https://jira.example.com/admin/users",
    state: "listed",
    limits: INHERIT,
    offers: &[
        Offer::basic("See and work on the boards of your team.").limits(Limits { no_reason: true, ..INHERIT }),
        Offer::new("project-lead", "Project Lead", Role, "Change workflows and the people of one project."),
        Offer::new(
            "service-desk",
            "Service Desk Agent",
            Group,
            "Answer requests in the service desk. Uses a paid seat.",
        )
        .limits(Limits { longest: "P90D", ..INHERIT }),
    ],
};

const SLACK: Target = Target {
    slug: "slack",
    name: "Slack",
    category: "Communication",
    description: "Channels, calls and bots.",
    owners: &[Who::User("oskar.brandt")],
    admins: &[Who::Group("it-operations")],
    connector: "sim",
    instructions: "Invite the person to the workspace.",
    url: "https://slack.example.com/admin",
    state: "listed",
    limits: Limits { policy: OWNER_ONLY, ..INHERIT },
    offers: &[
        Offer::basic("A seat in the workspace.").limits(Limits { no_reason: true, ..INHERIT }),
        Offer::new("guest-inviter", "Guest Inviter", Permission, "Invite people from outside into single channels.")
            .limits(Limits { longest: "P30D", ..INHERIT }),
        Offer::new("workspace-admin", "Workspace Admin", Role, "Change channels, members and bots of everybody.")
            .limits(Limits { longest: "P7D", presets: &["PT8H", "P1D", "P7D"], first: "P1D", ..INHERIT }),
    ],
};

const FIGMA: Target = Target {
    slug: "figma",
    name: "Figma",
    category: "Design",
    description: "Design files and prototypes. Viewing needs no seat.",
    owners: &[Who::User("clara.whitcombe")],
    admins: &[Who::User("amara.nwosu")],
    connector: "sim",
    instructions: "Set the seat of the person on the members page.",
    url: "https://figma.example.com/files/team/members",
    state: "listed",
    limits: INHERIT,
    offers: &[
        Offer::basic("View and comment."),
        Offer::new("full-seat", "Full Seat", Role, "Make and change files. Uses a paid seat."),
        Offer::new("brand-library", "Brand Library", Resource, "Change the components that every file uses.")
            .limits(Limits { policy: OWNER_ONLY, ..INHERIT }),
    ],
};

const SALESFORCE: Target = Target {
    slug: "salesforce",
    name: "Salesforce",
    category: "Sales",
    description: "Customers, pipeline and reports.",
    owners: &[Who::User("samuel.achterberg")],
    admins: &[Who::User("noor.rahman")],
    connector: "manual",
    instructions: "Make a user with the profile named above, or change the profile of the one that is there.\n\
        The licence is the one of the department.",
    url: "https://salesforce.example.com/setup/users",
    state: "listed",
    limits: INHERIT,
    offers: &[
        Offer::basic("Look up customers and contacts."),
        Offer::new("account-executive", "Account Executive", Role, "Own customers and change the pipeline."),
        Offer::new("reports", "Reports", Permission, "Build and share reports."),
        Offer::new("export", "Data Export", Permission, "Download lists of customers.").limits(Limits {
            policy: MANAGER_THEN_OWNER,
            longest: "P7D",
            presets: &["PT8H", "P1D", "P7D"],
            first: "PT8H",
            only_presets: true,
            reason_to_deny: true,
            ..INHERIT
        }),
    ],
};

const NETSUITE: Target = Target {
    slug: "netsuite",
    name: "NetSuite",
    category: "Finance",
    description: "Ledger and purchasing.",
    owners: &[Who::User("beatriz.campos")],
    admins: &[Who::Group("it-operations"), Who::User("mei.tanaka")],
    connector: "manual",
    instructions: "Assign the role named above to the employee record, and say in the note which subsidiary it covers.",
    url: "https://netsuite.example.com/setup/roles",
    state: "listed",
    limits: Limits { policy: OWNER_ONLY, reason_to_deny: true, note_to_confirm: true, ..INHERIT },
    offers: &[
        Offer::basic("Sign in and file expenses."),
        Offer::new("accountant", "Accountant", Role, "Post to the ledger."),
        Offer::new("payment-approver", "Payment Approver", Role, "Release payments to suppliers.").limits(Limits {
            policy: MANAGER_THEN_OWNER,
            reason_to_approve: true,
            ..INHERIT
        }),
        Offer::new("audit-view", "Audit View", Permission, "Read everything, change nothing.").limits(Limits {
            longest: "P30D",
            presets: &["P1D", "P7D", "P30D"],
            first: "P7D",
            ..INHERIT
        }),
    ],
};

const LEGACY_BILLING: Target = Target {
    slug: "legacy-billing",
    name: "Legacy Billing",
    category: "Finance",
    description: "Invoices from before the move to NetSuite. Nobody new gets in.",
    owners: &[Who::User("beatriz.campos")],
    admins: &[Who::User("mei.tanaka")],
    connector: "manual",
    instructions: "Ask Beatriz Campos first.",
    url: "https://billing.example.com/",
    state: "hidden",
    limits: INHERIT,
    offers: &[
        Offer::basic("Sign in and look up an invoice."),
        Offer::new("reprint", "Reprint", Permission, "Print old invoices again."),
        Offer::new("archive", "Archive", Resource, "Download the yearly archives."),
    ],
};
