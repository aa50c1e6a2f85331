//! RFC 8785, edge by edge; the writer and the check are two implementations that must agree.

use audit::canonical::{CanonicalError, DEPTH_MAX, NUMBER_MAX, is_canonical, write};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn canonical(text: &str) -> String {
    write(&serde_json::from_str(text).unwrap()).unwrap()
}

/// RFC 8785 §3.2.3. UTF-8 order would put the smiley after the ligature.
#[test]
fn members_stand_in_the_order_of_utf_16_code_units() {
    let unsorted = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
        "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
    let sorted = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
        \"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\
        \"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
    assert_eq!(canonical(unsorted), sorted);
    assert!(is_canonical(sorted));
    assert!(!is_canonical("{\"\u{fb33}\":1,\"\u{1f600}\":2}"));
    assert!(!is_canonical("{\"b\":1,\"a\":2}"));
    assert!(!is_canonical("{\"a\":1,\"a\":1}"));
    assert!(is_canonical("{\"\":1,\"a\":{\"b\":2},\"a.b\":3,\"aa\":4}"));
    // The quote, escaped or not, comes before the letters and a backslash after the capital ones.
    assert!(is_canonical("{\"\\\"\":1,\"A\":2,\"\\\\\":3,\"a\":4}"));
    assert!(!is_canonical("{\"\\\\\":3,\"A\":2}"));
}

/// RFC 8785 §3.2.2.2.
#[test]
fn strings_are_escaped_only_where_they_must_be_and_in_the_shortest_way() {
    let written = canonical(r#""\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\/\b\f\n\r\t\u001F\u007f\u2028""#);
    let expected = "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\f\\n\\r\\t\\u001f\u{7f}\u{2028}\"";
    assert_eq!(written, expected);
    assert!(is_canonical(expected));
    for text in [
        r#""\/""#,
        r#""\u000a""#,
        r#""\u0008""#,
        r#""\u001F""#,
        r#""\u0041""#,
        r#""\u20ac""#,
        r#""\ud83d\ude00""#,
        "\"\n\"",
        "\"\t\"",
        r#""\x""#,
        r#""\u00""#,
        r#"""#,
        r#""\"#,
        r#""a"#,
        "'a'",
        "",
    ] {
        assert!(!is_canonical(text), "{text}");
    }
}

#[test]
fn every_control_character_has_one_form() {
    for code in 0_u8..0x80 {
        let text = char::from(code).to_string();
        assert!(is_canonical(&write(&json!(text)).unwrap()), "{code:#04x}");
        assert!(is_canonical(&write(&json!({ text: 1 })).unwrap()), "{code:#04x} as a name");
        let long = format!("\"\\u{code:04x}\"");
        assert_eq!(is_canonical(&long), write(&json!(char::from(code).to_string())).unwrap() == long, "{long}");
    }
}

/// Forms after RFC 8785 §3.2.2.3 and appendix B, as far as they are within our limits.
#[test]
fn numbers_are_written_as_ecmascript_writes_them() {
    for (given, written) in [
        ("0", "0"),
        ("-0", "0"),
        ("0.0", "0"),
        ("-0.0", "0"),
        ("1.0", "1"),
        ("1e3", "1000"),
        ("-1.50", "-1.5"),
        ("4.50", "4.5"),
        ("2e-3", "0.002"),
        ("0.000001", "0.000001"),
        ("0.0000001", "1e-7"),
        ("1e-27", "1e-27"),
        ("5e-324", "5e-324"),
        ("-5e-324", "-5e-324"),
        ("333333.33333333329", "333333.3333333333"),
        ("-0.0000033333333333333333", "-0.0000033333333333333333"),
        ("1424953923781206.2", "1424953923781206.2"),
        ("9007199254740991", "9007199254740991"),
        ("-9007199254740991.0", "-9007199254740991"),
        ("1760000000000000", "1760000000000000"),
        ("1.0000000000000002", "1.0000000000000002"),
    ] {
        assert_eq!(canonical(given), written, "{given}");
        assert!(is_canonical(written), "{written}");
        assert_eq!(is_canonical(given), given == written, "{given}");
    }
    for text in
        ["01", "+1", "1.", ".5", "1e", "--1", "-", "1E-7", "1e-07", "1e+0", "0x1", "NaN", "Infinity", "1 ", " 1"]
    {
        assert!(!is_canonical(text), "{text}");
    }
}

#[test]
fn numbers_that_doubles_cannot_tell_apart_are_refused() {
    let largest = NUMBER_MAX as i64;
    assert!(write(&json!([largest, -largest])).is_ok());
    for value in [json!(largest + 1), json!(-largest - 1), json!(u64::MAX), json!(i64::MIN), json!(1e16), json!(-1e300)]
    {
        assert!(matches!(write(&json!({ "a": [value] })), Err(CanonicalError::Number(_))), "{value}");
    }
    for text in [
        "9007199254740992",
        "-9007199254740992",
        "9007199254740993",
        "10000000000000000",
        "1e+21",
        "1e999",
        "99999999999999999999999999",
    ] {
        assert!(!is_canonical(text), "{text}");
    }
    let refusal = write(&json!(u64::MAX)).unwrap_err().to_string();
    insta::assert_snapshot!(refusal, @"the number 18446744073709551615 lies beyond ±(2^53 - 1) and would lose digits: write it as a string");
}

#[test]
fn arrays_and_objects_nest_only_so_deep() {
    let nested = |depth: usize| {
        (0..depth).fold(json!(1), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({ "a": inner }) })
    };
    let deepest = write(&nested(DEPTH_MAX)).unwrap();
    assert!(is_canonical(&deepest));
    assert!(matches!(write(&nested(DEPTH_MAX + 1)), Err(CanonicalError::Depth)));
    assert!(!is_canonical(&format!("[{deepest}]")));
    assert!(!is_canonical(&"[".repeat(1_000_000)));
}

#[test]
fn only_one_whole_value_without_white_space_is_canonical() {
    for text in ["null", "true", "false", "[]", "{}", "[1,\"a\",null]", "{\"a\":[],\"b\":{}}"] {
        assert!(is_canonical(text), "{text}");
    }
    for text in [
        "",
        " ",
        "nul",
        "True",
        "[1,]",
        "[,1]",
        "[1 ,2]",
        "[1",
        "1]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\": 1}",
        "{} ",
        "{}{}",
        "\u{feff}{}",
        "[1,2",
        "{\"a\":1",
        "{1:2}",
    ] {
        assert!(!is_canonical(text), "{text}");
    }
}

/// Any value with strings that reach every corner of Unicode and of the escapes.
pub(crate) fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![any::<String>(), "[\u{0}-\u{7f}]{0,8}", "[a-c\\\\\"/\u{e000}\u{1f600}]{0,3}"];
    let number = prop_oneof![
        (-(NUMBER_MAX as i64)..=NUMBER_MAX as i64).prop_map(Value::from),
        any::<f64>().prop_filter_map("beyond the limit", |double| {
            (double.abs() <= NUMBER_MAX as f64).then(|| Value::from(double))
        }),
    ];
    let flat =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, text.clone().prop_map(Value::from)];
    flat.prop_recursive(4, 32, 5, move |inner| {
        let members = prop::collection::vec((text.clone(), inner.clone()), 0..5);
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// The slow way: parse, write again, compare.
fn is_what_would_be_written(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|value| write(&value).is_ok_and(|written| written == text))
}

proptest! {
    #[test]
    fn what_is_written_is_canonical_and_reads_back(value in any_value()) {
        let text = write(&value).unwrap();
        prop_assert!(is_canonical(&text));
        let read: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(write(&read).unwrap(), text);
    }

    #[test]
    fn the_check_and_the_writer_agree_on_damaged_text(
        value in any_value(),
        at in any::<prop::sample::Index>(),
        cut in 0_usize..3,
        put in prop_oneof![any::<String>(), "[ \\[\\]{}:,\"\\\\0-9eE.+-]{0,3}", "\\\\u00[01][0-9a-fA-F]"],
    ) {
        let mut text: Vec<char> = write(&value).unwrap().chars().collect();
        let at = at.index(text.len());
        let end = (at + cut).min(text.len());
        text.splice(at..end, put.chars());
        let text: String = text.into_iter().collect();
        prop_assert_eq!(is_canonical(&text), is_what_would_be_written(&text), "{}", text);
    }

    #[test]
    fn the_check_and_the_writer_agree_on_numbers(text in "-?[0-9]{0,18}(\\.[0-9]{0,4})?([eE][+-]?[0-9]{1,3})?") {
        prop_assert_eq!(is_canonical(&text), is_what_would_be_written(&text), "{}", text);
    }

    #[test]
    fn the_check_and_the_writer_agree_on_the_order_of_names(names in prop::collection::vec("[a\\\\\"\n\u{7f}\u{80}\u{d7ff}\u{e000}\u{ffff}\u{10000}]{0,2}", 0..4)) {
        let members: Vec<String> = names.iter().map(|name| format!("{}:1", serde_json::to_string(name).unwrap())).collect();
        let text = format!("{{{}}}", members.join(","));
        prop_assert_eq!(is_canonical(&text), is_what_would_be_written(&text), "{}", text);
    }
}
