//! What lines hold.

use super::*;

#[test]
fn good_lines() {
    let cases: &[(&str, &[u8], &[&str])] = &[
        ("empty stream", b"", &[]),
        ("nothing but blank lines", b"\n \t\x0c\r\n\n   ", &[]),
        ("two lines", TWO, &["1/a/one", "2/b/two"]),
        ("no final newline", b"{\"id\":\"a\",\"text\":\"one\"}", &["1/a/one"]),
        ("blank lines count", b"\n\r\n{\"id\":\"a\",\"text\":\"\"}\n\n", &["3/a/"]),
        (
            "carriage returns",
            b"{\"id\":\"a\",\"text\":\"one\"}\r\n{\"id\":\"b\",\"text\":\"two\"}\r\n",
            &["1/a/one", "2/b/two"],
        ),
        ("byte order mark", b"\xef\xbb\xbf{\"id\":\"a\",\"text\":\"one\"}\n", &["1/a/one"]),
        ("a mark and nothing else", b"\xef\xbb\xbf", &[]),
        ("white space", b" { \"text\" :\t\"one\" , \"id\" : \"a\" } ", &["1/a/one"]),
        (
            "escapes",
            br#"{"id":"a\/b","text":"\"\\\n\u00e9\ud83d\ude00"}"#,
            &["1/a/b/\"\\\n\u{e9}\u{1f600}"],
        ),
        ("NUL and DEL", b"{\"id\":\"\\u0000\",\"text\":\"a\\u0000\x7f\"}", &["1/\0/a\0\x7f"]),
        ("a mark in a text", br#"{"id":"a","text":"\ufeffone"}"#, &["1/a/\u{feff}one"]),
        (
            "Unicode line ends do not end a line",
            b"{\"id\":\"a\",\"text\":\"\xc2\x85\xe2\x80\xa8\"}",
            &["1/a/\u{85}\u{2028}"],
        ),
        ("escaped key", br#"{"\u0069d":"a","te\u0078t":"one"}"#, &["1/a/one"]),
        (
            "other fields hold anything, twice",
            br#"{"x":{"id":1,"text":[2]},"x":1e999,"id":"a","":null,"text":"one","y":"\n"}"#,
            &["1/a/one"],
        ),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(show(open(*bytes)), *expected, "{name}");
    }
}

#[test]
fn bad_lines() {
    let cases: &[(&[u8], &str)] = &[
        (br#"{"id":"a"}"#, r#"field "text" is missing"#),
        (br#"{"text":"a"}"#, r#"field "id" is missing"#),
        (b"{}", r#"field "text" is missing"#),
        (br#"{"id":7,"text":"a"}"#, r#"field "id" is not a string"#),
        (br#"{"id":"a","text":null}"#, r#"field "text" is not a string"#),
        (br#"{"id":"a","text":true}"#, r#"field "text" is not a string"#),
        (br#"{"id":"a","text":-0.5}"#, r#"field "text" is not a string"#),
        (br#"{"id":"a","text":["b"]}"#, r#"field "text" is not a string"#),
        (br#"{"id":{"id":"a"},"text":"b"}"#, r#"field "id" is not a string"#),
        (br#"{"id":"a","text":"b","id":"a"}"#, r#"field "id" stands twice"#),
        (br#"{"text":"a","id":"b","te\u0078t":3}"#, r#"field "text" stands twice"#),
        (b"[]", "not a JSON object"),
        (b"\"id\"", "not a JSON object"),
        (b" 7", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"{", "not valid JSON: EOF while parsing an object, column 1"),
        (b"{\"id\":\"a", "not valid JSON: EOF while parsing a string, column 8"),
        (b"id", "not valid JSON: expected value, column 1"),
        (b"\0\0", "not valid JSON: expected value, column 1"),
        (br#"{"id":"a","text":"b",}"#, "not valid JSON: trailing comma, column 22"),
        (br#"{"id":"a","text":"b"} {}"#, "not valid JSON: trailing characters, column 23"),
        (b"{1:2}", "not valid JSON: key must be a string, column 2"),
        (
            b"{\"id\":\"a\",\"text\":\"b\0\"}",
            "not valid JSON: control character (\\u0000-\\u001F) found while parsing a string, \
             column 20",
        ),
        (b"{\"id\":\"a\",\"text\":\"\xff\"}", "not valid UTF-8 at byte 19"),
        (b"\xef\xbb\xbf{}", "not valid JSON: expected value, column 1"),
        (b"\xff\xfe{\0}\0", "not valid UTF-8 at byte 1"),
    ];
    for (bad, reason) in cases {
        let bytes = [TWO, *bad, b"\n", TWO].concat();
        let bad = String::from_utf8_lossy(bad);
        let expected = ["1/a/one", "2/b/two", &format!("line 3: {reason}")];
        let shown = show(open(bytes.clone()));
        assert_eq!(shown[..3], expected, "{bad}");
        assert_eq!(shown[3..], ["4/a/one", "5/b/two"], "{bad}");
        let error = open(bytes).nth(2).unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Record, "{bad}");
    }
}

#[test]
fn lone_surrogates() {
    for escape in [r"\ud800", r"\udc00", r"\ud800\ud800", r"\ud800x", r"\ud8"] {
        let line = format!("{{\"id\":\"a\",\"text\":\"{escape}\"}}\n");
        let shown = show(open([line.as_bytes(), TWO].concat()));
        assert!(shown[0].starts_with("line 1: not valid JSON: "), "{escape}: {}", shown[0]);
        assert_eq!(shown[1..], ["2/a/one", "3/b/two"], "{escape}");
    }
}

#[test]
fn named_fields() {
    let lines = br#"{"id":3,"url":"a","text":[],"body \"b\"":"one"}"#;
    let named = open(lines).id_field("url").text_field("body \"b\"");
    assert_eq!(show(named), ["1/a/one"]);
    let named = open(lines).id_field("url").text_field("\"");
    assert_eq!(show(named), [r#"line 1: field "\"" is missing"#]);
}

#[test]
fn one_field_for_both() {
    let both = |line: &[u8]| show(open(line).id_field("t").text_field("t"));
    assert_eq!(both(br#"{"t":"one","id":2}"#), ["1/one/one"]);
    assert_eq!(both(br#"{"id":"a"}"#), [r#"line 1: field "t" is missing"#]);
    assert_eq!(both(br#"{"t":"a","t":"a"}"#), [r#"line 1: field "t" stands twice"#]);
}

#[test]
fn longest_line() {
    let line = br#"{"id":"a","text":"one"}"#;
    let length = line.len();
    let exact = [&line[..], b"\n", line].concat();
    assert_eq!(show(open(exact.clone()).max_line(length)), ["1/a/one", "2/a/one"]);
    assert_eq!(show(open(exact.clone()).max_line(usize::MAX)), ["1/a/one", "2/a/one"]);
    assert_eq!(
        show(open(exact).max_line(length - 1)),
        [
            format!("line 1: longer than {} bytes", length - 1),
            format!("line 2: longer than {} bytes", length - 1),
        ]
    );

    // Far beyond the limit and beyond the buffer of the reader, then on with the next line.
    let bytes = [&vec![b'['; 3 * BUFFER][..], b"\n", line, b"\n"].concat();
    let mut lines = open(bytes.clone()).max_line(length);
    let error = lines.next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Record);
    assert_eq!(error.to_string(), format!("line 1: longer than {length} bytes"));
    assert_eq!(lines.buffer.capacity(), 0);
    assert_eq!(lines.bytes_read(), 3 * BUFFER as u64 + 1);
    assert_eq!(lines.next().unwrap().unwrap().line(), 2);
    assert!(lines.next().is_none());
    assert_eq!(lines.bytes_read(), bytes.len() as u64);
}

#[test]
fn huge_line() {
    let text = "a word and \u{e9} ".repeat(400_000);
    let line = format!("{{\"id\":\"a\",\"text\":\"{text}\"}}\n");
    assert!(line.len() > 5_000_000);
    let mut lines = open([line.as_bytes(), TWO].concat());
    assert_eq!(lines.next().unwrap().unwrap().into_parts(), ("a".to_owned(), text));
    assert_eq!(show(lines), ["2/a/one", "3/b/two"]);
}

#[test]
fn deep_nesting() {
    let (open_all, close_all) = ("[".repeat(1_000_000), "]".repeat(1_000_000));
    let objects = "{\"a\":".repeat(1_000_000);
    let cases = [
        (open_all.clone(), "1: not a JSON object"),
        (format!("{{\"text\":{open_all}"), "1: field \"text\" is not a string"),
        (format!("{{\"x\":{open_all}"), "1: not valid JSON: EOF while parsing a list"),
        (objects, "1: not valid JSON: EOF while parsing a"),
    ];
    for (line, reason) in cases {
        let shown = show(open(line));
        assert!(shown[0].starts_with(&format!("line {reason}")), "{}", shown[0]);
        assert_eq!(shown.len(), 1);
    }
    let deep = format!("{{\"x\":{open_all}{close_all},\"id\":\"a\",\"text\":\"one\"}}");
    assert_eq!(show(open(deep)), ["1/a/one"]);
}
