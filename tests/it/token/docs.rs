//! The examples of `docs/token-format.md` are true.

use cog_auth::token::{
    Authorization, Encoding, ExpiryDay, Kind, Record, RootKeys, Token, authorization, redact,
    redact_decoding, scan, scan_decoding,
};

const DOCS: &str = include_str!("../../../docs/token-format.md");

/// The text of the fenced block with this info string.
fn block(info: &str) -> &'static str {
    DOCS.split_once(&format!("```{info}\n")).unwrap().1.split_once("```").unwrap().0
}

/// The rows below a table's head, as the contents of their cells.
fn table(head: &str) -> Vec<Vec<&'static str>> {
    let rows = DOCS.split_once(&format!("\n{head}\n")).unwrap().1.lines().skip(1);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// What stands between the back quotes of a cell.
fn code(cell: &str) -> &str {
    cell.split('`').nth(1).unwrap()
}

fn hex(bytes: &str) -> Vec<u8> {
    let pairs = (0..bytes.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&bytes[at..at + 2], 16).unwrap()).collect()
}

fn roots() -> RootKeys {
    RootKeys::from_json(block("json key-set").as_bytes()).unwrap()
}

#[test]
fn the_token_is_minted_from_the_random_bytes() {
    let parts = table("| part | value |");
    let token = Token::parse(code(parts[0][1]).as_bytes()).unwrap();
    assert_eq!(token.handle().as_str(), code(parts[1][1]));
    assert_eq!(token.kind().name(), code(parts[2][1]));
    assert_eq!(token.key_id().as_str(), code(parts[3][1]));
    assert_eq!(token.id().as_str(), code(parts[5][1]));
    let roots = roots();
    let root = roots.key(token.key_id()).unwrap();
    let day = Some(ExpiryDay::from_number(20_819).unwrap());
    let random = hex(block("random").trim());
    let minted = root.mint(Kind::ServiceUserKey, day, &random).unwrap();
    assert_eq!(minted.expose(), token.expose());

    let digests = table("| digest | text |");
    let digest = token.digest("a", &root.peppers()).unwrap();
    assert_eq!(digest, code(digests[0][1]));
    let digest = token.edge_digest("a").unwrap();
    assert_eq!(digest, code(digests[1][1]));
}

#[test]
fn the_record_is_valid_and_its_members_are_all() {
    let record = Record::from_json(block("json record").as_bytes()).unwrap();
    let json: serde_json::Value = serde_json::from_str(block("json record")).unwrap();
    let rows = table("| member | value | if absent |");
    let mut listed: Vec<_> = rows.iter().flat_map(|row| row[0].split(',').map(code)).collect();
    let order = record.to_json();
    assert!(listed.windows(2).all(|pair| {
        let place = |name| order.find(&format!("\"{name}\":"));
        place(pair[0]).is_none() || place(pair[1]).is_none() || place(pair[0]) < place(pair[1])
    }));
    listed.sort_unstable();
    let mut members: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(listed, members);
}

#[test]
fn headers_are_read_so() {
    for row in table("| value | outcome |") {
        let outcome = match authorization([code(row[0]).as_bytes()]) {
            Ok(Authorization::Nothing) => "nothing".to_owned(),
            Ok(Authorization::OtherScheme) => "another scheme".to_owned(),
            Ok(Authorization::Bearer(bytes)) => {
                format!("credential `{}`", std::str::from_utf8(bytes).unwrap())
            }
            Err(error) => format!("`{}`", error.code().name()),
        };
        assert_eq!(outcome, row[1]);
    }
}

#[test]
fn tokens_are_found_so() {
    for row in table("| text | found |") {
        let found = scan(code(row[0]).as_bytes()).map(|finding| {
            let (range, token) = (finding.range(), finding.handle().map_or("", |_| "token "));
            format!("{token}at {} to {}", range.start, range.end)
        });
        let found: Vec<_> = found.collect();
        let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
        assert_eq!(found, row[1]);
    }
}

#[test]
fn encoded_tokens_are_found_so() {
    for row in table("| text | found with decoding |") {
        let found = scan_decoding(code(row[0]).as_bytes()).map(|finding| {
            let (range, handle) = (finding.range(), finding.handle().unwrap());
            assert_eq!(handle.as_str(), "cog_1s015PnAAAABBBBCCCC");
            let names: Vec<_> = finding.encodings().map(Encoding::name).collect();
            format!("{} at {} to {}", names.join(" "), range.start, range.end)
        });
        let found: Vec<_> = found.collect();
        let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
        assert_eq!(found.trim_start(), row[1]);
    }
    let names: Vec<_> =
        table("| encoding | what it is |").iter().map(|row| code(row[0]).to_owned()).collect();
    assert_eq!(names, Encoding::ALL.map(Encoding::name));
}

#[test]
fn texts_are_redacted_so() {
    for row in table("| text | redacted |") {
        assert_eq!(redact(code(row[0])), code(row[1]));
    }
    for row in table("| text | redacted with decoding |") {
        assert_eq!(redact_decoding(code(row[0])), code(row[1]));
    }
}

#[test]
fn sentences_are_those_of_the_codes() {
    let rows = table("| code | sentence |");
    assert_eq!(rows.len(), 12);
    for row in rows {
        let known = cog_auth::Code::ALL.iter().find(|known| known.name() == code(row[0])).unwrap();
        assert_eq!(known.sentence(), row[1]);
    }
}

#[test]
fn every_code_that_is_named_exists() {
    let names: Vec<_> = cog_auth::Code::ALL.iter().map(|code| code.name()).collect();
    let tables = DOCS.split("| code | when |\n").skip(1);
    let rows: Vec<_> = tables
        .flat_map(|rest| rest.lines().skip(1).take_while(|line| line.starts_with('|')))
        .collect();
    assert_eq!(rows.len(), 30);
    for row in rows {
        assert!(names.contains(&code(row)), "{row}");
    }
}
