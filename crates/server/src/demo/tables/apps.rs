//! The apps that engineers and analysts use.

use domain::entitlement::EntitlementKind::{Group, Permission, Resource, Role};

use super::rules::{MANAGER_THEN_OWNER, OWNER_ONLY, TWO_OF_SECURITY};
use super::{INHERIT, Limits, Offer, Target, Who};

/// The first half of the apps.
pub(super) const APPS: &[Target] = &[GITHUB, AWS, SNOWFLAKE, LOOKER, DATADOG, PAGERDUTY];

const NINETY_DAYS: Limits =
    Limits { policy: MANAGER_THEN_OWNER, longest: "P90D", presets: &["P7D", "P30D", "P90D"], first: "P30D", ..INHERIT };

const GITHUB: Target = Target {
    slug: "github",
    name: "GitHub",
    category: "Engineering",
    description: "Source code, reviews and builds of every team.",
    owners: &[Who::User("henrik.lund")],
    admins: &[Who::User("priya.raman"), Who::User("leo.bergstrom")],
    connector: "manual",
    instructions: "Open the people page and invite the address on this task.\n\
        Give the permission named above to the team of the person, nothing more.\n\
        Confirm when the invitation has been accepted.",
    url: "https://github.example.com/orgs/brightwater/people",
    state: "listed",
    limits: INHERIT,
    offers: &[
        Offer::basic("An account in our organisation, with no repository yet.")
            .limits(Limits { no_reason: true, ..INHERIT }),
        Offer::new("read", "Read Access", Permission, "Read, clone and comment on every internal repository."),
        Offer::new(
            "write",
            "Write Access",
            Permission,
            "Push branches and merge reviewed changes in the repositories of your team.",
        )
        .limits(Limits { presets: &["PT8H", "P7D", "P30D", "P90D", "unlimited"], first: "P30D", ..INHERIT }),
        Offer::new(
            "maintain",
            "Maintain Access",
            Permission,
            "Change branch rules, labels and webhooks of a repository.",
        )
        .limits(NINETY_DAYS),
        Offer::new("release", "Release Team", Group, "Tag and publish releases.").limits(NINETY_DAYS),
        Offer::new(
            "admin",
            "Organisation Owner",
            Role,
            "Change everything, billing and single sign-on included. For a planned change only.",
        )
        .limits(Limits {
            policy: TWO_OF_SECURITY,
            longest: "P1D",
            presets: &["PT4H", "PT8H", "P1D"],
            first: "PT4H",
            only_presets: true,
            ..INHERIT
        })
        .by_hand("Change the role of the person to Owner on the people page.\nTell #security which change it is for."),
    ],
};

const AWS: Target = Target {
    slug: "aws",
    name: "AWS Production",
    category: "Infrastructure",
    description: "The live accounts. Every role here ends by itself.",
    owners: &[Who::User("jonas.okafor")],
    admins: &[Who::Group("it-operations")],
    connector: "manual",
    instructions: "Assign the permission set named above in the access portal, in the account that the reason speaks of.",
    url: "https://aws.example.com/start",
    state: "listed",
    limits: Limits {
        longest: "P90D",
        presets: &["PT8H", "P7D", "P30D", "P90D"],
        first: "P7D",
        reason_to_deny: true,
        ..INHERIT
    },
    offers: &[
        Offer::basic("Sign-in to the access portal, with no role behind it."),
        Offer::new("read-only", "Read-only Role", Role, "See resources, logs and costs; change nothing."),
        Offer::new("power-user", "Power User Role", Role, "Change running services. For incidents and planned work.")
            .limits(Limits {
                policy: TWO_OF_SECURITY,
                longest: "P1D",
                presets: &["PT4H", "PT8H", "P1D"],
                first: "PT4H",
                only_presets: true,
                reason_to_approve: true,
                ..INHERIT
            }),
        Offer::new("billing", "Billing Reports", Permission, "Cost reports and invoices of all accounts."),
    ],
};

const SNOWFLAKE: Target = Target {
    slug: "snowflake",
    name: "Snowflake",
    category: "Data",
    description: "The data warehouse. Roles follow the classes of data.",
    owners: &[Who::User("sana.haddad")],
    admins: &[Who::User("sana.haddad")],
    connector: "sim",
    instructions: "Grant the role named above to the user of the person.",
    url: "https://snowflake.example.com/users",
    state: "listed",
    limits: INHERIT,
    offers: &[
        Offer::basic("A user without roles, which every other permission needs."),
        Offer::new(
            "analyst-stage",
            "Analyst, stage",
            Role,
            "Query copies of the tables with names and addresses masked.",
        ),
        Offer::new(
            "analyst-prod",
            "Analyst, production",
            Role,
            "Query the production tables, masked columns excepted.",
        )
        .limits(NINETY_DAYS),
        Offer::new("loader-prod", "Loader, production", Role, "Write to the landing tables of production.")
            .limits(NINETY_DAYS),
        Offer::new(
            "warehouse-large",
            "Large warehouse",
            Resource,
            "Run queries on the large warehouse, which costs by the minute.",
        )
        .limits(Limits { longest: "P7D", ..INHERIT }),
    ],
};

const LOOKER: Target = Target {
    slug: "looker",
    name: "Looker",
    category: "Data",
    description: "Governed dashboards on top of the warehouse.",
    owners: &[Who::User("henrik.lund")],
    admins: &[Who::User("sana.haddad")],
    connector: "sim",
    instructions: "Put the person into the group named above.",
    url: "https://looker.example.com/admin/users",
    state: "listed",
    limits: INHERIT,
    offers: &[
        Offer::basic("See the dashboards that were shared with you.").limits(Limits { no_reason: true, ..INHERIT }),
        Offer::new("explorer", "Explorer", Role, "Build questions of your own and save them."),
        Offer::new("developer", "Model Developer", Role, "Change the models that all dashboards rest on.")
            .limits(NINETY_DAYS),
    ],
};

const DATADOG: Target = Target {
    slug: "datadog",
    name: "Datadog",
    category: "Engineering",
    description: "Metrics, logs and alerts.",
    owners: &[Who::User("jonas.okafor")],
    admins: &[Who::Group("on-call")],
    connector: "sim",
    instructions: "Set the role of the person on the users page.",
    url: "https://datadog.example.com/organization-settings/users",
    state: "listed",
    limits: INHERIT,
    offers: &[
        Offer::basic("See dashboards and alerts."),
        Offer::new("editor", "Editor", Role, "Change dashboards, monitors and notebooks."),
        Offer::new("logs-archive", "Log archive", Resource, "Search logs older than fifteen days.")
            .limits(Limits { longest: "P30D", ..INHERIT }),
        Offer::new("admin", "Administrator", Role, "Change keys, users and the bill.").limits(Limits {
            policy: MANAGER_THEN_OWNER,
            longest: "P30D",
            reason_to_deny: true,
            ..INHERIT
        }),
    ],
};

const PAGERDUTY: Target = Target {
    slug: "pagerduty",
    name: "PagerDuty",
    category: "Engineering",
    description: "On-call schedules and incidents.",
    owners: &[Who::User("jonas.okafor")],
    admins: &[Who::User("hana.sato")],
    connector: "sim",
    instructions: "Add the person to the schedule named above.",
    url: "https://pagerduty.example.com/users",
    state: "listed",
    limits: Limits { policy: OWNER_ONLY, ..INHERIT },
    offers: &[
        Offer::basic("See who is on call and what is going on."),
        Offer::new("responder", "Responder", Role, "Be called, acknowledge and resolve."),
        Offer::new("schedule-editor", "Schedule Editor", Permission, "Change who is on call when."),
    ],
};
