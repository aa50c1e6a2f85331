//! Settings inherit: product default → organisation → app → entitlement. A stored value is absent (inherit) or set.

use serde::{Deserialize, Serialize};

use crate::id::PolicyId;
use crate::length::Stay;
use crate::time::Span;

/// What one tier sets. Absent = inherit.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Lengths to choose from (S3-20).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presets: Option<Vec<Stay>>,
    /// The length chosen at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_length: Option<Stay>,
    /// The longest length (S3-19).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<Stay>,
    /// Whether lengths besides the presets are allowed (S3-21).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_length: Option<bool>,
    /// Whether a reason must be given (S2-11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub justification_required: Option<bool>,
    /// Whether an approval needs a comment (S2-23).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approve_comment_required: Option<bool>,
    /// Whether a denial needs a comment (S2-23).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deny_comment_required: Option<bool>,
    /// Whether confirming needs a comment (S2-23).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm_comment_required: Option<bool>,
    /// Which policy decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyId>,
}

/// Which tier set a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tier {
    /// Nobody did.
    Product,
    /// The organisation.
    Organisation,
    /// The app.
    App,
    /// The entitlement.
    Entitlement,
}

/// What holds for one entitlement. `tier_of` says where a value comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Effective {
    /// Lengths to choose from, none longer than the maximum.
    pub presets: Vec<Stay>,
    /// The length chosen at first.
    pub default_length: Stay,
    /// The longest length.
    pub max_length: Stay,
    /// Whether lengths besides the presets are allowed.
    pub custom_length: bool,
    /// Whether a reason must be given.
    pub justification_required: bool,
    /// Whether an approval needs a comment.
    pub approve_comment_required: bool,
    /// Whether a denial needs a comment.
    pub deny_comment_required: bool,
    /// Whether confirming needs a comment.
    pub confirm_comment_required: bool,
    /// Which policy decides; `None` = nothing can be requested.
    pub policy: Option<PolicyId>,
}

/// The value that holds and the tier that set it.
pub fn resolve<T: Clone>(product: T, tiers: [&Settings; 3], pick: impl Fn(&Settings) -> Option<&T>) -> (T, Tier) {
    let [organisation, app, entitlement] = tiers;
    for (settings, tier) in [(entitlement, Tier::Entitlement), (app, Tier::App), (organisation, Tier::Organisation)] {
        if let Some(value) = pick(settings) {
            return (value.clone(), tier);
        }
    }
    (product, Tier::Product)
}

/// What holds for an entitlement, given what the organisation, its app and it set.
#[must_use]
pub fn effective(organisation: &Settings, app: &Settings, entitlement: &Settings) -> Effective {
    let tiers = [organisation, app, entitlement];
    let days = |n| Stay::For(Span::from_days(n));
    let product_presets = vec![days(1), days(7), days(30), days(90), Stay::Unlimited];
    let (max_length, _) = resolve(Stay::Unlimited, tiers, |s| s.max_length.as_ref());
    let (mut presets, _) = resolve(product_presets, tiers, |s| s.presets.as_ref());
    let (wanted, _) = resolve(days(30), tiers, |s| s.default_length.as_ref());
    presets.retain(|preset| *preset <= max_length);
    if presets.is_empty() {
        presets.push(wanted.min(max_length));
    }
    let fallback = presets.iter().copied().filter(|preset| *preset <= wanted).max().or(presets.first().copied());
    let default_length = if presets.contains(&wanted) { wanted } else { fallback.unwrap_or(max_length) };
    let flag = |product, pick: fn(&Settings) -> Option<&bool>| resolve(product, tiers, pick).0;
    Effective {
        presets,
        default_length,
        max_length,
        custom_length: flag(true, |s| s.custom_length.as_ref()),
        justification_required: flag(true, |s| s.justification_required.as_ref()),
        approve_comment_required: flag(false, |s| s.approve_comment_required.as_ref()),
        deny_comment_required: flag(false, |s| s.deny_comment_required.as_ref()),
        confirm_comment_required: flag(false, |s| s.confirm_comment_required.as_ref()),
        policy: resolve(None, tiers, |s| s.policy.is_some().then_some(&s.policy)).0,
    }
}

#[cfg(test)]
mod tests {
    use super::{Settings, Tier, effective, resolve};
    use crate::length::Stay;
    use crate::time::Span;

    #[test]
    fn the_nearest_tier_wins_and_is_named() {
        let none = Settings::default();
        let app = Settings { custom_length: Some(false), ..Settings::default() };
        let own = Settings { custom_length: Some(true), ..Settings::default() };
        let of = |o, a, e| resolve(true, [o, a, e], |s| s.custom_length.as_ref());
        assert_eq!(of(&none, &none, &none), (true, Tier::Product));
        assert_eq!(of(&app, &none, &none), (false, Tier::Organisation));
        assert_eq!(of(&none, &app, &none), (false, Tier::App));
        assert_eq!(of(&none, &app, &own), (true, Tier::Entitlement));
    }

    /// S3-19, S3-20: presets never exceed the maximum and the default is one of them.
    #[test]
    fn presets_keep_below_the_maximum() {
        let short = Settings { max_length: Some(Stay::For(Span::from_days(7))), ..Settings::default() };
        let none = Settings::default();
        let held = effective(&none, &none, &short);
        assert_eq!(held.presets, [Stay::For(Span::from_days(1)), Stay::For(Span::from_days(7))]);
        assert_eq!(held.default_length, Stay::For(Span::from_days(7)));
        let tiny = Settings { max_length: Some(Stay::For(Span::from_hours(1))), ..Settings::default() };
        assert_eq!(effective(&none, &none, &tiny).presets, [Stay::For(Span::from_hours(1))]);
    }
}
