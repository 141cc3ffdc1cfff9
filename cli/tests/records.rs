//! `token list`, `token rotate` and `token revoke` over a folder or a file of records.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use cog_auth::token::Record;
use common::{Ran, World, run};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const NOW: u64 = 1_780_272_000;

/// A record as text, of which these members are others.
fn record(id: &str, members: Value) -> String {
    let mut record = json!({
        "v": 1, "id": id, "kind": "service_user_key", "principal": "su",
        "edge_digest": "$cog1e$w5ZP1zwu1ytOVgOdE5Tu2Jwa0lew3KIBYlDNujPvNoE",
        "scopes": ["*"], "created_at": 1
    });
    for (name, value) in members.as_object().unwrap() {
        record[name] = value.clone();
    }
    Record::from_json(record.to_string().as_bytes()).unwrap().to_json()
}

/// A world with records in a file and, one each, in a folder.
fn world(records: &[String]) -> World {
    let world = World::new();
    world.write("records.jsonl", records.join("\n") + "\n");
    fs::create_dir(world.folder.path().join("records")).unwrap();
    for record in records {
        let id: Value = serde_json::from_str(record).unwrap();
        world.write(&format!("records/{}.json", id["id"].as_str().unwrap()), record);
    }
    world
}

const PLACES: [&str; 2] = ["records.jsonl", "records"];

fn stored(world: &World, place: &str, id: &str) -> Value {
    let text = match place {
        "records" => world.read(&format!("records/{id}.json")),
        file => world.read(file),
    };
    let records = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    records.map(Result::unwrap).find(|record| record["id"] == id).unwrap()
}

fn lines(ran: &Ran) -> Vec<&str> {
    ran.out.lines().collect()
}

#[test]
fn a_revoked_credential_is_revoked_in_its_record_alone() {
    let (a, b) = (record("AAAAAAAAAAAA", json!({})), record("BBBBBBBBBBBB", json!({"name": "x"})));
    for place in PLACES {
        let world = world(&[a.clone(), b.clone()]);
        let revoke = |id: &str, now: u64| {
            world.run(format!("token revoke {id} --records {place} --now {now}").split(' '))
        };
        let ran = revoke("AAAAAAAAAAAA", NOW);
        let line = "revoked: AAAAAAAAAAAA of su, at 2026-06-01T00:00:00Z\n";
        assert_eq!((ran.code, ran.out.as_str()), (0, line));
        assert_eq!(stored(&world, place, "AAAAAAAAAAAA")["revoked_at"], NOW);
        assert_eq!(stored(&world, place, "BBBBBBBBBBBB").to_string(), {
            let b: Value = serde_json::from_str(&b).unwrap();
            b.to_string()
        });
        // A handle will do, and the first time stays.
        assert_eq!(revoke("cog_1s010000AAAAAAAAAAAA", NOW).code, 2);
        assert_eq!(revoke("cog_1s01000AAAAAAAAAAAA", NOW + 9).out, line);
        assert_eq!(stored(&world, place, "AAAAAAAAAAAA")["revoked_at"], NOW);
        // What has a record is revoked, beside what has none.
        let ran = revoke("CCCCCCCCCCCC BBBBBBBBBBBB", NOW);
        assert_eq!(ran.code, 1);
        assert_eq!(
            lines(&ran),
            [
                "revoked: BBBBBBBBBBBB of su, at 2026-06-01T00:00:00Z".to_owned(),
                format!("unknown: CCCCCCCCCCCC has no record in {place}")
            ]
        );
        assert_eq!(stored(&world, place, "BBBBBBBBBBBB")["revoked_at"], NOW);
        let args = format!("token revoke CCCCCCCCCCCC BBBBBBBBBBBB --records {place} --json");
        let json = world.run(args.split(' ')).json();
        assert_eq!(json["unknown"], json!(["CCCCCCCCCCCC"]));
        assert_eq!(json["revoked"][0]["revoked_at"], NOW);
        assert!(json["revoked"][0].get("edge_digest").is_none());
    }
}

#[test]
fn a_rotation_goes_beyond_its_limits_only_where_that_is_said() {
    let rotate = |options: &str| {
        let world = World::with(&["--scope", "*"]);
        let own: Value = serde_json::from_str(&world.read("record.json")).unwrap();
        world.write("records.jsonl", format!("{own}\n"));
        let id = own["id"].as_str().unwrap();
        let args = format!("token rotate {id} --records records.jsonl --root root.json {options}");
        let ran = world.run(args.split(' '));
        let new = ran.out.get(11..23).filter(|_| ran.code == 0).map(str::to_owned);
        (ran, new.map(|id| stored(&world, "records.jsonl", &id)))
    };
    for (options, code) in [
        ("--no-expiry", "(wider_than_predecessor, 139)"),
        ("--expires-at 2999-01-01", "(wider_than_predecessor, 139)"),
        ("--grace 31d", "(not_rotatable, 138)"),
        ("--grace 2h --max-grace 1h", "(not_rotatable, 138)"),
    ] {
        let (ran, _) = rotate(options);
        assert_eq!(ran.code, 1, "{options}");
        assert!(ran.out.contains(code), "{options}: {}", ran.out);
    }
    let (_, new) = rotate("--no-expiry --extend");
    assert!(new.unwrap().get("expires_at").is_none());
    assert_eq!(rotate("--grace 31d --max-grace 31d").0.code, 0);
}

#[test]
fn a_successor_begins_no_earlier_than_its_predecessor() {
    let begin = NOW + 86_400;
    let world = world(&[record("AAAAAAAAAAAA", json!({"not_before": begin}))]);
    let rotate = |options: &str| {
        let args = "token rotate AAAAAAAAAAAA --records records.jsonl --root root.json --now";
        world.run(format!("{args} {options}").split(' '))
    };
    let ran = rotate(&format!("{NOW} --expires-at {}", NOW + 60));
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("the token would end before 2026-06-02"), "{}", ran.err);
    let ran = rotate(&NOW.to_string());
    let new = stored(&world, "records.jsonl", &ran.out[11..23]);
    let end = begin + 365 * 86_400;
    assert_eq!((&new["not_before"], &new["expires_at"]), (&json!(begin), &json!(end)));
    // What has begun has begun.
    world.write("records.jsonl", record("AAAAAAAAAAAA", json!({"not_before": begin})));
    let ran = rotate(&begin.to_string());
    let new = stored(&world, "records.jsonl", &ran.out[11..23]);
    assert_eq!(new.get("not_before"), None);
}

#[test]
fn a_rotated_token_works_and_the_old_one_for_the_grace() {
    for place in PLACES {
        let world = world(&[record("AAAAAAAAAAAA", json!({}))]);
        let own: Value = serde_json::from_str(&world.read("record.json")).unwrap();
        let id = own["id"].as_str().unwrap();
        match place {
            "records" => world.write(&format!("records/{id}.json"), own.to_string()),
            file => world.write(file, format!("{}{own}\n", world.read(file))),
        }
        let args = format!("token rotate {id} --records {place} --root root.json --grace 2h");
        let ran = world.ok(args.split(' '));
        let token = ran.out.trim();
        assert_eq!((token.len(), lines(&ran).len()), (81, 1));
        assert!(!ran.err.contains(&token[23..]));
        let (new, old) = (stored(&world, place, &token[11..23]), stored(&world, place, id));
        assert_eq!(old["rotated_to"], token[11..23]);
        let grace = old["grace_until"].as_u64().unwrap();
        assert_eq!(grace - new["created_at"].as_u64().unwrap(), 7_200);
        let lifetime = new["expires_at"].as_u64().unwrap() - new["created_at"].as_u64().unwrap();
        assert_eq!(lifetime, 90 * 86_400);
        for member in ["principal", "kind", "scopes"] {
            assert_eq!(new[member], own[member], "{member}");
        }

        // Both are good, then the successor alone.
        world.write("old.json", old.to_string());
        world.write("new.json", new.to_string());
        let verify = |token: &str, record: &str, now: u64| {
            let args = format!(
                "token verify --edge-keys edge.json --peppers peppers.json --record {record} --now \
                 {now}"
            );
            run(world.command(args.split(' ')).env("COG_TOKEN", token)).code
        };
        for (now, old_code) in [(grace - 1, 0), (grace, 1)] {
            assert_eq!(verify(token, "new.json", now), 0);
            assert_eq!(verify(&world.token, "old.json", now), old_code);
        }
        // Once is enough, and nothing is stored of what is refused.
        let before = world.read(if place == "records" { "old.json" } else { place });
        let ran = world.run(args.split(' '));
        assert_eq!(ran.code, 1);
        assert!(ran.out.contains("(already_rotated, 137)"), "{}", ran.out);
        assert_eq!(world.read(if place == "records" { "old.json" } else { place }), before);
        let ran = world.run(args.replace(id, "CCCCCCCCCCCC").split(' '));
        assert_eq!((ran.code, ran.err.as_str()), (1, ""));
        assert!(ran.out.contains("CCCCCCCCCCCC has no record there"), "{}", ran.out);
        world.ok(format!("token revoke {} --records {place}", &token[11..23]).split(' '));
        let ran = world.run(args.replace(id, &token[11..23]).split(' '));
        assert!(ran.out.contains("(not_rotatable, 138)"), "{}", ran.out);
    }
    let world = World::new();
    for grace in ["", "2", "h", "1w", "-1h", "1.5h", "99999999999999999999d"] {
        let args = ["token", "rotate", "AAAAAAAAAAAA", "--records", ".", "--root", "root.json"];
        let ran = world.run(args.into_iter().chain([format!("--grace={grace}").as_str()]));
        assert_eq!(ran.code, 2, "{grace}");
    }
}

#[test]
fn a_new_record_is_added_to_the_others() {
    for place in PLACES {
        let world = world(&[record("AAAAAAAAAAAA", json!({}))]);
        let args = format!(
            "token new --root root.json --kind service-user-key --principal a --scope * --records \
             {place}"
        );
        let ran = world.ok(args.split(' '));
        let token = ran.out.trim();
        assert_eq!(token.len(), 81);
        assert!(ran.err.contains(&format!("Its record is in {place}.")), "{}", ran.err);
        assert_eq!(stored(&world, place, &token[11..23])["principal"], "a");
        assert_eq!(stored(&world, place, "AAAAAAAAAAAA")["principal"], "su");
        let json = world.ok(format!("{args} --json").split(' ')).json();
        assert_eq!((&json["record_file"], json.get("record")), (&json!(place), None));
        assert!(world.ok(["token", "list", "--records", place]).out.ends_with("\n3 records\n"));
        let ran = world.run(format!("{args} --record new.json").split(' '));
        assert_eq!(ran.code, 2);
    }
    let ran = World::new().run(
        "token new --root root.json --kind service-user-key --principal a --scope * --records no"
            .split(' '),
    );
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
}

#[test]
fn a_new_record_is_added_to_no_file_that_has_something_else() {
    let good = record("AAAAAAAAAAAA", json!({}));
    let new =
        "token new --root root.json --kind service-user-key --principal a --scope * --records";
    for bad in [format!("[{good}]"), "notes\n".to_owned(), format!("{good}\n{{\"v\": 1}}\n")] {
        let world = world(std::slice::from_ref(&good));
        for name in ["bad.json", "records/bad.json"] {
            world.write(name, &bad);
        }
        let ran = world.run(format!("{new} bad.json").split(' '));
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{bad}");
        assert!(ran.err.starts_with("error: bad.json: not all in it is a record"), "{}", ran.err);
        assert_eq!(world.read("bad.json"), bad);
        // Another file of a folder is not touched.
        world.ok(format!("{new} records").split(' '));
        assert_eq!(world.read("records/bad.json"), bad);
    }
    // An empty file has no records yet.
    let world = world(&[]);
    world.write("empty.jsonl", "");
    world.ok(format!("{new} empty.jsonl").split(' '));
}

#[test]
fn a_list_says_what_is_active() {
    let records = [
        record("AAAAAAAAAAAA", json!({"name": "n\u{202e}"})),
        record("BBBBBBBBBBBB", json!({"revoked_at": NOW, "principal": "a\nb"})),
        record("CCCCCCCCCCCC", json!({"expires_at": NOW})),
        record("DDDDDDDDDDDD", json!({"expires_at": NOW + 1})),
        record("EEEEEEEEEEEE", json!({"not_before": NOW + 1})),
        record("FFFFFFFFFFFF", json!({"rotated_to": "AAAAAAAAAAAA"})),
        record("GGGGGGGGGGGG", json!({"rotated_to": "AAAAAAAAAAAA", "grace_until": NOW + 60})),
    ];
    let active = ["AAAAAAAAAAAA", "DDDDDDDDDDDD", "GGGGGGGGGGGG"];
    for place in PLACES {
        let world = world(&records);
        let list = |more: &str| {
            let args = format!("token list --records {place} --now {NOW}{more}");
            let mut command = world.command(args.split(' '));
            run(command.env("COLUMNS", "160"))
        };
        let ran = list("");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let shown: Vec<(&str, bool)> = lines(&ran)[1..8]
            .iter()
            .map(|line| (&line[..12], line.contains("active") && !line.contains("active from")))
            .collect();
        // By principal, and then by time and id.
        assert_eq!(shown[0], ("BBBBBBBBBBBB", false));
        for (id, is_active) in &shown {
            assert_eq!(*is_active, active.contains(id), "{id}");
        }
        for said in [
            "a\u{fffd}b",
            "n\u{fffd}",
            "revoked at 2026-06-01T00:00:00Z",
            "expired at 2026-06-01T00:00:00Z",
            "active until 2026-06-01T00:00:01Z",
            "active from 2026-06-01T00:00:01Z",
            "rotated to AAAAAAAAAAAA",
            "active until 2026-06-01T00:01:00Z, rotated to AAAAAAAAAAAA",
            "\n7 records\n",
        ] {
            assert!(ran.out.contains(said), "no {said} in {}", ran.out);
        }
        let json = list(" --active --json").json();
        let ids = json["records"].as_array().unwrap().iter().map(|row| row["record"]["id"].clone());
        assert_eq!(ids.collect::<Vec<_>>(), active);
        let json = list(" --json").json();
        let codes = json["records"].as_array().unwrap().iter().map(|row| row["code"].as_str());
        let codes: Vec<_> = codes.flatten().collect();
        assert_eq!(codes, ["revoked", "record_expired", "not_yet_valid", "rotated"]);
        assert_eq!(list(" --principal other").out, "0 records\n");
        assert!(list(" --principal su").out.ends_with("\n6 records\n"));
    }
}

#[test]
fn what_is_in_folders_below_is_read_too() {
    let world = world(&[record("AAAAAAAAAAAA", json!({}))]);
    let copy = "records/backup/2026/AAAAAAAAAAAA.jsonl";
    fs::create_dir_all(world.folder.path().join("records/backup/2026")).unwrap();
    world.write(copy, record("AAAAAAAAAAAA", json!({})));
    world.write("records/backup/other.json", record("BBBBBBBBBBBB", json!({})));
    world.write("records/notes.txt", "no records");
    let listed = world.ok("token list --records records".split(' '));
    assert!(listed.out.ends_with("\n2 records\n"), "{}", listed.out);
    world.ok("token revoke AAAAAAAAAAAA --records records".split(' '));
    let record: Value = serde_json::from_str(&world.read(copy)).unwrap();
    assert!(record["revoked_at"].is_number());
    // What looks like records and is not read could hold one that is still active.
    world.write("records/backup/old.yaml", "v: 1");
    let ran = world.run("token list --records records".split(' '));
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("old.yaml: it looks like records"), "{}", ran.err);
}

#[test]
fn copies_are_merged_and_a_revocation_wins() {
    let world = world(&[record("AAAAAAAAAAAA", json!({"expires_at": NOW + 9}))]);
    let copy = record("AAAAAAAAAAAA", json!({"revoked_at": NOW - 9, "scopes": ["A"]}));
    world.write("records/copy.json", &copy);
    let json = world.ok("token list --records records --json".split(' ')).json();
    let records = json["records"].as_array().unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["code"], "revoked");
    assert_eq!(records[0]["record"]["scopes"], json!(["A"]));
    let rotate = "token rotate AAAAAAAAAAAA --records records --root root.json";
    assert!(world.run(rotate.split(' ')).out.contains("not_rotatable"));
    // Each copy says it from now on.
    world.ok(["token", "revoke", "AAAAAAAAAAAA", "--records", "records"]);
    for file in ["records/copy.json", "records/AAAAAAAAAAAA.json"] {
        let record: Value = serde_json::from_str(&world.read(file)).unwrap();
        assert_eq!(
            (&record["revoked_at"], &record["expires_at"]),
            (&json!(NOW - 9), &json!(NOW + 9))
        );
    }
    // Another credential with the same id is revoked too.
    let other = record("AAAAAAAAAAAA", json!({"principal": "other"}));
    world.write("records/other.json", &other);
    let json = world.ok("token revoke AAAAAAAAAAAA --records records --json".split(' ')).json();
    assert_eq!(json["revoked"].as_array().unwrap().len(), 2);
    let ran = world.run(rotate.split(' '));
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("other.json: ") && ran.err.contains("record_mismatch"), "{}", ran.err);
}

#[test]
fn what_is_no_record_hinders_nothing_and_stays() {
    let good = record("AAAAAAAAAAAA", json!({}));
    let pretty: Value = serde_json::from_str(&record("BBBBBBBBBBBB", json!({}))).unwrap();
    let pretty = serde_json::to_string_pretty(&pretty).unwrap();
    let file = format!("{pretty}\n{{\"v\": 1, \"expire_at\": 1}}\n{good}\n{{\"v\": broken\u{1b}\n");
    let world = world(&[]);
    world.write("records.jsonl", &file);
    let ran = world.run(["token", "list", "--records", "records.jsonl"]);
    assert_eq!(ran.code, 3);
    assert!(ran.out.contains("\n2 records\n"), "{}", ran.out);
    let offset = |text: &str| file.find(text).unwrap();
    let no_json = offset("\n{\"v\": broken");
    assert!(ran.out.ends_with(&format!(
        "no record: records.jsonl, byte {}: a record has no such member\n\
         no record: records.jsonl, byte {no_json}: from here on it is no JSON, and nothing in it is \
         looked at\n",
        offset("\"expire_at\"")
    )));
    let ran = world.run("token revoke AAAAAAAAAAAA --records records.jsonl --now 5".split(' '));
    assert_eq!((ran.code, ran.out.starts_with("revoked: AAAAAAAAAAAA ")), (3, true), "{}", ran.out);
    let revoked = record("AAAAAAAAAAAA", json!({"revoked_at": 5}));
    assert_eq!(world.read("records.jsonl"), file.replace(&good, &revoked));

    for (place, code) in [("missing", 2), ("root.json", 1), ("records", 1)] {
        let ran = world.run(["token", "revoke", "AAAAAAAAAAAA", "--records", place]);
        assert_eq!(ran.code, code, "{place}: {}{}", ran.out, ran.err);
    }
    let missing = world.run(["token", "list", "--records", "missing"]);
    assert_eq!(missing.err, "error: missing: there is no such file or folder\n");
    assert!(!world.folder.path().join(".missing.lock").exists());
}

#[test]
fn a_byte_order_mark_is_called_one() {
    let world = World::new();
    let good = record("AAAAAAAAAAAA", json!({}));
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for (bytes, said) in [
        (format!("\u{feff}{good}").into_bytes(), "here is a byte order mark"),
        (format!("{good}\n\u{feff}{good}").into_bytes(), "here is a byte order mark"),
        (wide(&format!("\u{feff}{good}")), "here is the byte order mark of UTF-16"),
        (b"\0\0\xfe\xff".to_vec(), "here is the byte order mark of UTF-32"),
    ] {
        world.write("records.json", bytes);
        let ran = world.run("token list --records records.json".split(' '));
        assert_eq!((ran.code, ran.out.contains(said)), (3, true), "{}", ran.out);
    }
}

/// Another copy of the record may be in what cannot be read.
#[test]
fn a_revocation_says_what_could_not_be_read() {
    let good = record("AAAAAAAAAAAA", json!({}));
    for bad in [format!("[{good}]"), format!("\u{feff}{good}"), good[..good.len() - 1].to_owned()] {
        let world = world(std::slice::from_ref(&good));
        world.write("records/copy.json", &bad);
        let args = "token revoke AAAAAAAAAAAA --records records";
        let ran = world.run(args.split(' '));
        assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
        assert!(ran.out.starts_with("revoked: AAAAAAAAAAAA "), "{}", ran.out);
        let said = "\nnot read: 1 thing in records could not be read as a record";
        assert!(ran.out.contains(said), "{}", ran.out);
        assert!(ran.out.contains("cog-auth token list --records records,"), "{}", ran.out);
        let json = world.run(format!("{args} --json").split(' ')).json();
        let errors = json["errors"].as_array().unwrap();
        assert_eq!((errors.len(), &errors[0]["file"]), (1, &json!("records/copy.json")));
        assert_eq!(world.read("records/copy.json"), bad);
        // A revocation of what is not there is a no first of all.
        let ran = world.run(args.replace("AAAAAAAAAAAA", "BBBBBBBBBBBB").split(' '));
        assert_eq!((ran.code, ran.out.contains("not read: ")), (1, true), "{}", ran.out);
        // With that file gone, nothing is left to say.
        fs::remove_file(world.folder.path().join("records/copy.json")).unwrap();
        let ran = world.ok(format!("{args} --json").split(' ')).json();
        assert_eq!(ran["errors"], json!([]));
    }
}

/// Many write at once, and no revocation is lost.
#[test]
fn runs_at_the_same_time_lose_nothing() {
    let ids: Vec<String> = ('A'..='L').map(|letter| letter.to_string().repeat(12)).collect();
    let records: Vec<String> = ids.iter().map(|id| record(id, json!({}))).collect();
    for place in PLACES {
        let world = world(&records);
        std::thread::scope(|scope| {
            for id in &ids {
                let world = &world;
                scope.spawn(move || {
                    world.ok(["token", "revoke", id, "--records", place, "--now", "7"]);
                });
            }
        });
        for id in &ids {
            assert_eq!(stored(&world, place, id)["revoked_at"], 7, "{id} in {place}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_permissions_and_its_link() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    let world = world(&[record("AAAAAAAAAAAA", json!({}))]);
    let path = |name: &str| world.folder.path().join(name);
    fs::set_permissions(path("records.jsonl"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("records.jsonl", path("link.jsonl")).unwrap();
    world.ok(["token", "revoke", "AAAAAAAAAAAA", "--records", "link.jsonl"]);
    assert!(fs::symlink_metadata(path("link.jsonl")).unwrap().is_symlink());
    assert_eq!(fs::metadata(path("records.jsonl")).unwrap().mode() & 0o777, 0o640);
    assert!(world.read("records.jsonl").contains("revoked_at"));
    // New files are their owner's alone, and nothing is left beside them.
    let own: Value = serde_json::from_str(&world.read("record.json")).unwrap();
    let id = own["id"].as_str().unwrap();
    world.write(&format!("records/{id}.json"), own.to_string());
    let rotate = ["token", "rotate", id, "--records", "records", "--root", "root.json"];
    let token = world.ok(rotate).out;
    let new = path(&format!("records/{}.json", &token[11..23]));
    assert_eq!(fs::metadata(new).unwrap().mode() & 0o777, 0o600);
    let files = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert_eq!(files(&path("records")), 4, "three records and the lock");
}

#[test]
fn records_are_listed_from_standard_input_and_changed_only_in_files() {
    let world = World::new();
    let record = world.read("record.json");
    let mut command = world.command(["token", "list", "--records", "-", "--json"]);
    let json = run(command.write_stdin(record)).json();
    assert_eq!(json["records"].as_array().unwrap().len(), 1);
    let id = "AAAABBBBCCCC";
    for args in [
        vec!["token", "revoke", id, "--records", "-"],
        vec!["token", "rotate", id, "--records", "-", "--root", "root.json"],
        vec!["scan", ".", "--records", "-"],
    ] {
        let ran = world.run(&args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.err.contains("a file of this name is ./-"), "{}", ran.err);
    }
}
