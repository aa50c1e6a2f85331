//! Who is asked, and what is offered to whom.

use super::{Approvers, Audience, Rule, Shelf, Step};

/// What the company is called.
pub(in crate::demo) const ORGANISATION: &str = "Brightwater";

/// The policy that holds where nothing else is said.
pub(in crate::demo) const DEFAULT_POLICY: &str = "Manager approval";
pub(super) const MANAGER_THEN_OWNER: &str = "Manager then owner";
pub(super) const TWO_OF_SECURITY: &str = "Two of security";
pub(super) const OWNER_ONLY: &str = "Owner only";

const MANAGER: Step = Step { name: "Manager", by: Approvers::Manager, need: 1, owners_stand_in: true };
const OWNER: Step = Step { name: "App owner", by: Approvers::Owners, need: 1, owners_stand_in: false };

/// The policies.
pub(in crate::demo) const POLICIES: [Rule; 4] = [
    Rule { name: DEFAULT_POLICY, steps: &[MANAGER] },
    Rule { name: MANAGER_THEN_OWNER, steps: &[MANAGER, OWNER] },
    Rule {
        name: TWO_OF_SECURITY,
        steps: &[Step { name: "Security", by: Approvers::Group("security"), need: 2, owners_stand_in: false }],
    },
    Rule { name: OWNER_ONLY, steps: &[OWNER] },
];

/// The catalogs. What everyone may ask for begins with write access to GitHub: the code is open to the whole company.
pub(in crate::demo) const CATALOGS: [Shelf; 5] = [
    Shelf {
        slug: "everyone",
        name: "For everyone",
        audience: &[],
        offers: &[
            "github/access",
            "github/read",
            "github/write",
            "jira/*",
            "slack/*",
            "figma/*",
            "looker/access",
            "looker/explorer",
        ],
        state: "published",
    },
    Shelf {
        slug: "engineering",
        name: "Engineering and data",
        audience: &[Audience::Group("engineering"), Audience::Departments(&["Engineering", "Data"])],
        offers: &[
            "github/maintain",
            "github/release",
            "github/admin",
            "aws/access",
            "aws/read-only",
            "aws/power-user",
            "datadog/*",
            "pagerduty/*",
            "snowflake/*",
            "looker/developer",
        ],
        state: "published",
    },
    Shelf {
        slug: "finance",
        name: "Finance",
        audience: &[Audience::Departments(&["Finance"])],
        offers: &["netsuite/*", "aws/access", "aws/billing", "legacy-billing/*"],
        state: "published",
    },
    Shelf {
        slug: "sales-and-support",
        name: "Sales and support",
        audience: &[Audience::Group("sales"), Audience::Group("support")],
        offers: &["salesforce/*"],
        state: "published",
    },
    Shelf {
        slug: "contractors",
        name: "Contractors",
        audience: &[],
        offers: &["jira/access", "slack/access", "github/release"],
        state: "draft",
    },
];
