//! A service's day through the ABI: a key, a token, a record, a policy, a request, from begin to end.
//!
//! This runs under Miri too, which sees each use of memory that is not the library's to make.

use cogauth::*;
use std::ffi::c_char;
use std::mem::{size_of, zeroed};
use std::ptr::{null, null_mut};

fn slice(bytes: &[u8]) -> cogauth_slice {
    cogauth_slice { data: bytes.as_ptr().cast::<c_char>(), length: bytes.len() }
}

fn size<T>() -> u32 {
    u32::try_from(size_of::<T>()).unwrap()
}

/// What a call writes: asked for its length first, then for the text.
fn text(mut call: impl FnMut(*mut c_char, usize, *mut usize) -> i32) -> String {
    let mut length = 0;
    assert_eq!(call(null_mut(), 0, &raw mut length), 705);
    let mut buffer = vec![0_u8; length];
    let short = length.saturating_sub(1);
    assert_eq!(call(buffer.as_mut_ptr().cast(), short, &raw mut length), 705);
    assert!(buffer.iter().all(|byte| *byte == 0), "nothing is written in part");
    assert_eq!(call(buffer.as_mut_ptr().cast(), buffer.len(), &raw mut length), 0);
    assert_eq!(length, buffer.len());
    String::from_utf8(buffer).unwrap()
}

fn lent(exchange: *const cogauth_exchange, which: i32) -> Option<String> {
    let mut lent = cogauth_slice { data: null(), length: 0 };
    // SAFETY: the exchange lives, and the slice has its place.
    assert_eq!(unsafe { cogauth_exchange_text(exchange, which, &raw mut lent) }, 0);
    if lent.data.is_null() {
        return None;
    }
    // SAFETY: the exchange lends so many bytes.
    let bytes = unsafe { std::slice::from_raw_parts(lent.data.cast::<u8>(), lent.length) };
    Some(std::str::from_utf8(bytes).unwrap().to_owned())
}

const NOW: u64 = 1_795_000_000;

const FACTS: &[u8] = br#"{
    "principal": {"type": "service_user", "id": "su_ci",
        "account": {"id": "acct_7", "sso": false, "plan": "team"},
        "memberships": [{"organization": "org-a", "roles": ["org_admin"]}]},
    "organization": {"id": "org-a", "account": {"id": "acct_7", "sso": false, "plan": "team"}}
}"#;

struct Issued {
    roots: *mut cogauth_root_keys,
    edge_keys: *mut cogauth_edge_keys,
    peppers: *mut cogauth_peppers,
    token: String,
    record: String,
}

fn issued() -> Issued {
    let (mut roots, mut edge_keys, mut peppers) = (null_mut(), null_mut(), null_mut());
    let none = null_mut();
    // SAFETY: all pointers are to what they are said to be, here and below.
    unsafe {
        let random = [7_u8; 32];
        let id = slice(b"01");
        let new =
            cogauth_root_keys_new(id.data, id.length, random.as_ptr(), 32, &raw mut roots, none);
        assert_eq!(new, 0);
        assert_eq!(cogauth_root_keys_edge_keys(roots, &raw mut edge_keys, none), 0);
        assert_eq!(cogauth_root_keys_peppers(roots, &raw mut peppers, none), 0);
        let random = [42_u8; COGAUTH_MINT_RANDOM_LENGTH];
        let token = text(|buffer, capacity, length| {
            cogauth_token_mint(
                roots,
                id.data,
                id.length,
                COGAUTH_KIND_SERVICE_USER_KEY,
                COGAUTH_NO_HARD_EXPIRY,
                random.as_ptr(),
                random.len(),
                buffer,
                capacity,
                length,
                none,
            )
        });
        let scopes = [slice(b"*")];
        let draft = cogauth_record_draft {
            struct_size: size::<cogauth_record_draft>(),
            flags: COGAUTH_DRAFT_FOR_EDGES,
            token: slice(token.as_bytes()),
            principal: slice(b"su_ci"),
            scopes: scopes.as_ptr(),
            scopes_count: 1,
            peppers,
            created_at: NOW,
            ..zeroed()
        };
        let record = text(|buffer, capacity, length| {
            cogauth_record_issue(&raw const draft, buffer, capacity, length, none)
        });
        Issued { roots, edge_keys, peppers, token, record }
    }
}

impl Drop for Issued {
    fn drop(&mut self) {
        // SAFETY: each handle is released once.
        unsafe {
            cogauth_root_keys_release(self.roots);
            cogauth_edge_keys_release(self.edge_keys);
            cogauth_peppers_release(self.peppers);
        }
    }
}

fn gate(issued: &Issued) -> *mut cogauth_gate {
    let (mut policy, mut gate) = (null_mut(), null_mut());
    let options = cogauth_gate_options {
        struct_size: size::<cogauth_gate_options>(),
        flags: COGAUTH_GATE_MAX_RECORD_AGE | COGAUTH_GATE_RETRY_AFTER,
        realm: slice(b"api"),
        retry_after: 7,
        max_record_age: 60,
    };
    // SAFETY: the handles live, and the gate keeps what it needs.
    unsafe {
        assert_eq!(cogauth_policy_builtin(&raw mut policy, null_mut()), 0);
        let made = cogauth_gate_new(
            policy,
            issued.edge_keys,
            null(),
            &raw const options,
            &raw mut gate,
            null_mut(),
        );
        assert_eq!(made, 0);
        cogauth_policy_release(policy);
    }
    gate
}

fn begin(
    gate: *const cogauth_gate,
    headers: &[&[u8]],
    context: Option<&[u8]>,
) -> *mut cogauth_exchange {
    let lines: Vec<_> = headers.iter().map(|line| slice(line)).collect();
    let request = cogauth_request {
        struct_size: size::<cogauth_request>(),
        reserved: 0,
        method: slice(b"GET"),
        target: slice(b"/v3/organizations/org-a/sessions"),
        authorization: lines.as_ptr(),
        authorization_count: lines.len(),
        context: context.map_or(cogauth_slice { data: null(), length: 0 }, slice),
        client_address: slice(b"192.0.2.1"),
    };
    let mut exchange = null_mut();
    // SAFETY: the request and what it points to live until the call is over.
    let code = unsafe {
        cogauth_exchange_begin(gate, &raw const request, NOW, &raw mut exchange, null_mut())
    };
    assert_eq!(code, 0);
    exchange
}

#[test]
fn a_request_is_allowed() {
    let issued = issued();
    let gate = gate(&issued);
    let header = format!("Bearer {}", issued.token);
    let exchange = begin(gate, &[header.as_bytes()], Some(br#"{"client": {"ip": "192.0.2.7"}}"#));
    drop(header);
    // SAFETY: the handles live until they are released, and texts are there.
    unsafe {
        // The exchange goes on with the gate that it began with.
        cogauth_gate_release(gate);
        assert_eq!(cogauth_exchange_step(exchange), COGAUTH_STEP_RECORD);
        assert_eq!(lent(exchange, COGAUTH_TEXT_CREDENTIAL_ID).unwrap().len(), 12);
        assert_eq!(cogauth_exchange_status(exchange), 503);
        let record = slice(issued.record.as_bytes());
        let (wrong, right) = (COGAUTH_STEP_FACTS, COGAUTH_STEP_RECORD);
        let found = |step, text: cogauth_slice| {
            cogauth_exchange_found(exchange, step, text.data, text.length, NOW, null_mut())
        };
        assert_eq!(found(wrong, record), 706);
        assert_eq!(found(right, record), 0);
        assert_eq!(found(right, record), 706);
        assert_eq!(cogauth_exchange_step(exchange), COGAUTH_STEP_FACTS);
        assert_eq!(lent(exchange, COGAUTH_TEXT_PRINCIPAL).as_deref(), Some("su_ci"));
        assert_eq!(lent(exchange, COGAUTH_TEXT_ORGANIZATION).as_deref(), Some("org-a"));
        assert_eq!(found(COGAUTH_STEP_FACTS, slice(FACTS)), 0);
        assert_eq!(cogauth_exchange_step(exchange), COGAUTH_STEP_ALLOWED);
        assert_eq!(lent(exchange, COGAUTH_TEXT_ACTION).as_deref(), Some("ViewOrgSessions"));
        assert_eq!(lent(exchange, COGAUTH_TEXT_PRINCIPAL_TYPE).as_deref(), Some("service_user"));
        assert_eq!(lent(exchange, COGAUTH_TEXT_BODY), None);
        assert_eq!(cogauth_exchange_valid_until(exchange), COGAUTH_NONE);
        let audit = lent(exchange, COGAUTH_TEXT_AUDIT).unwrap();
        assert!(!audit.contains(&issued.token[23..]), "{audit}");
        let json = text(|buffer, capacity, length| {
            cogauth_exchange_json(exchange, buffer, capacity, length, null_mut())
        });
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            (json["step"].as_str(), json["audit"].as_str()),
            (Some("allowed"), Some(&*audit))
        );
        let record = text(|buffer, capacity, length| {
            cogauth_exchange_record(exchange, buffer, capacity, length, null_mut())
        });
        assert!(record.contains("\"scopes\"") && !record.contains("digest"), "{record}");
        cogauth_exchange_release(exchange);
    }
}

#[test]
fn a_request_without_a_credential_is_refused() {
    let issued = issued();
    let gate = gate(&issued);
    let exchange = begin(gate, &[], None);
    // SAFETY: the handles live until they are released.
    unsafe {
        assert_eq!(cogauth_exchange_step(exchange), COGAUTH_STEP_REFUSED);
        assert_eq!(cogauth_exchange_status(exchange), 401);
        assert_eq!(cogauth_exchange_code(exchange), 605);
        assert_eq!(lent(exchange, COGAUTH_TEXT_CODE).as_deref(), Some("missing_credential"));
        assert!(lent(exchange, COGAUTH_TEXT_BODY).unwrap().starts_with('{'));
        let count = cogauth_exchange_count(exchange, COGAUTH_LIST_HEADERS);
        let mut names = Vec::new();
        for index in 0..count {
            let mut name = cogauth_slice { data: null(), length: 0 };
            let mut value = name;
            let found = cogauth_exchange_entry(
                exchange,
                COGAUTH_LIST_HEADERS,
                index,
                &raw mut name,
                &raw mut value,
            );
            assert_eq!(found, 0);
            names.push(std::slice::from_raw_parts(name.data.cast::<u8>(), name.length).to_vec());
        }
        assert!(names.contains(&b"www-authenticate".to_vec()), "{names:?}");
        let mut value = cogauth_slice { data: null(), length: 0 };
        let past_the_end = cogauth_exchange_entry(
            exchange,
            COGAUTH_LIST_HEADERS,
            count,
            null_mut(),
            &raw mut value,
        );
        assert_eq!(past_the_end, 701);
        assert_eq!(cogauth_exchange_absent(exchange, COGAUTH_STEP_RECORD, null_mut()), 706);
        assert_eq!(cogauth_exchange_absent(exchange, COGAUTH_STEP_REFUSED, null_mut()), 706);
        cogauth_exchange_release(exchange);
        cogauth_gate_release(gate);
    }
}

/// Each function that is given no handle, or one of another kind, denies.
#[test]
fn a_wrong_handle_denies() {
    let issued = issued();
    let gate = gate(&issued);
    let mut decision = cogauth_decision {
        struct_size: size::<cogauth_decision>(),
        decision: COGAUTH_ALLOW,
        denial: 0,
        reserved: 0,
    };
    let request = slice(b"{}");
    // SAFETY: a handle of another kind is told by its mark.
    unsafe {
        let wrong = gate.cast_const().cast::<cogauth_policy>();
        for policy in [null(), wrong] {
            decision.decision = COGAUTH_ALLOW;
            let code = cogauth_policy_decide(
                policy,
                request.data,
                request.length,
                &raw mut decision,
                null_mut(),
            );
            assert_eq!((code, decision.decision), (701, COGAUTH_DENY));
        }
        let wrong = gate.cast_const().cast::<cogauth_exchange>();
        for exchange in [null(), wrong] {
            assert_eq!(cogauth_exchange_step(exchange), COGAUTH_STEP_REFUSED);
            assert_eq!(cogauth_exchange_status(exchange), 503);
            assert_eq!(cogauth_exchange_code(exchange), 701);
        }
        let mut told = cogauth_token { struct_size: size::<cogauth_token>(), kind: 9, ..zeroed() };
        let token = slice(issued.token.as_bytes());
        let code = cogauth_token_verify(
            gate.cast_const().cast::<cogauth_edge_keys>(),
            token.data,
            token.length,
            NOW,
            &raw mut told,
            null_mut(),
        );
        assert_eq!((code, told.kind), (701, COGAUTH_KIND_NONE));
        cogauth_gate_release(gate);
    }
}

#[test]
fn errors_say_where() {
    let mut json = [0_u8; 512];
    // SAFETY: all pointers are to what they are said to be.
    unsafe {
        let mut error = cogauth_error {
            struct_size: size::<cogauth_error>(),
            json: json.as_mut_ptr().cast(),
            json_capacity: json.len(),
            ..zeroed()
        };
        let token = slice(b"cog_1s01");
        let parsed = cogauth_token_parse(token.data, token.length, null_mut(), &raw mut error);
        assert_eq!((parsed, error.code), (103, 103));
        let told: serde_json::Value = serde_json::from_slice(&json[..error.json_length]).unwrap();
        assert_eq!(told["codeName"], "wrong_length");
        // An error that could not be told would leave a `code` of before: nothing is done then.
        for struct_size in [0, 3, 16, size::<cogauth_error>() - 1, u32::MAX] {
            let mut unsized_error = cogauth_error { struct_size, line: 5, ..zeroed() };
            let code = cogauth_token_parse(null(), 0, null_mut(), &raw mut unsized_error);
            assert_eq!((code, unsized_error.line), (701, 5), "{struct_size}");
        }
        // A null with a length is told, and not read.
        assert_eq!(cogauth_token_parse(null(), 81, null_mut(), null_mut()), 701);
    }
}

/// What went wrong before leaves nothing that a careless caller could take for an answer.
#[test]
fn outputs_are_nothing_before_anything_else() {
    let issued = issued();
    let gate = gate(&issued);
    let mut exchange = begin(gate, &[], None);
    unsafe {
        cogauth_exchange_release(exchange);
        let mut request = cogauth_request {
            struct_size: size::<cogauth_request>(),
            reserved: 1,
            method: slice(b"GET"),
            target: slice(b"/"),
            ..zeroed()
        };
        let code =
            cogauth_exchange_begin(gate, &raw const request, NOW, &raw mut exchange, null_mut());
        assert_eq!((code, exchange.is_null()), (701, true));
        // A method that is no text is the client's: it gets an outcome.
        request.reserved = 0;
        request.method = slice(b"G\xff");
        let code =
            cogauth_exchange_begin(gate, &raw const request, NOW, &raw mut exchange, null_mut());
        assert_eq!((code, cogauth_exchange_status(exchange)), (0, 401));
        cogauth_exchange_release(exchange);
        let mut keys = gate.cast::<cogauth_edge_keys>();
        assert_eq!(cogauth_edge_keys_read(null(), 0, &raw mut keys, null_mut()), 131);
        assert!(keys.is_null());
        cogauth_gate_release(gate);
    }
}

/// Only an allowed request has the status 0 and the code 0.
#[test]
fn an_open_question_is_no_success() {
    let issued = issued();
    let gate = gate(&issued);
    let header = format!("Bearer {}", issued.token);
    let exchange = begin(gate, &[header.as_bytes()], None);
    unsafe {
        let (record, late) = (slice(issued.record.as_bytes()), u64::MAX - 1);
        let step = COGAUTH_STEP_RECORD;
        let code =
            cogauth_exchange_found(exchange, step, record.data, record.length, late, null_mut());
        assert_eq!(code, 135);
        assert_eq!(cogauth_exchange_step(exchange), step);
        assert_eq!(
            (cogauth_exchange_status(exchange), cogauth_exchange_code(exchange)),
            (503, 706)
        );
        assert_eq!(cogauth_exchange_valid_until(exchange), 0);
        assert_eq!(cogauth_exchange_unavailable(exchange, step, null_mut()), 0);
        assert_eq!(
            (cogauth_exchange_status(exchange), cogauth_exchange_code(exchange)),
            (503, 606)
        );
        cogauth_exchange_release(exchange);
        cogauth_gate_release(gate);
    }
}

/// A struct of a later version is taken as long as what it adds is zero.
#[test]
fn structs_may_grow() {
    #[repr(C)]
    struct Later {
        known: cogauth_gate_options,
        added: u64,
    }
    let issued = issued();
    // SAFETY: the struct is as large as it says.
    unsafe {
        let mut policy = null_mut();
        assert_eq!(cogauth_policy_builtin(&raw mut policy, null_mut()), 0);
        for (added, expected) in [(0, 0), (1, 701)] {
            let mut later = Later { known: zeroed(), added };
            later.known.struct_size = size::<Later>();
            let mut gate = null_mut();
            let code = cogauth_gate_new(
                policy,
                issued.edge_keys,
                issued.peppers,
                (&raw const later).cast::<cogauth_gate_options>(),
                &raw mut gate,
                null_mut(),
            );
            assert_eq!((code, gate.is_null()), (expected, expected != 0));
            cogauth_gate_release(gate);
        }
        cogauth_policy_release(policy);
    }
}

/// A limit that a caller sets and does not say so is told, and not lost.
#[test]
fn a_limit_without_its_flag_is_an_error() {
    let issued = issued();
    let scopes = [slice(b"*")];
    unsafe {
        let draft = cogauth_record_draft {
            struct_size: size::<cogauth_record_draft>(),
            flags: COGAUTH_DRAFT_FOR_EDGES,
            token: slice(issued.token.as_bytes()),
            principal: slice(b"su_ci"),
            scopes: scopes.as_ptr(),
            scopes_count: 1,
            created_at: NOW,
            ..zeroed()
        };
        let issue = |draft: cogauth_record_draft| {
            let (mut record, mut length) = ([0_u8; 1024], 0);
            let code = cogauth_record_issue(
                &raw const draft,
                record.as_mut_ptr().cast(),
                record.len(),
                &raw mut length,
                null_mut(),
            );
            (code, String::from_utf8(record[..length].to_vec()).unwrap())
        };
        let edges = COGAUTH_DRAFT_FOR_EDGES;
        let expires = cogauth_record_draft { expires_at: NOW + 60, ..draft };
        assert_eq!(issue(expires).0, 701);
        let (code, record) =
            issue(cogauth_record_draft { flags: edges | COGAUTH_DRAFT_EXPIRES_AT, ..expires });
        assert!(code == 0 && record.contains("\"expires_at\":1795000060"), "{code} {record}");
        let begins = cogauth_record_draft { not_before: NOW, ..draft };
        assert_eq!(issue(begins).0, 701);
        let limited = cogauth_record_draft {
            organizations: scopes.as_ptr(),
            organizations_count: 1,
            ..draft
        };
        assert_eq!(issue(limited).0, 701);

        let mut policy = null_mut();
        assert_eq!(cogauth_policy_builtin(&raw mut policy, null_mut()), 0);
        let options = cogauth_gate_options {
            struct_size: size::<cogauth_gate_options>(),
            max_record_age: 60,
            ..zeroed()
        };
        let mut gate = null_mut();
        let code = cogauth_gate_new(
            policy,
            issued.edge_keys,
            null(),
            &raw const options,
            &raw mut gate,
            null_mut(),
        );
        assert_eq!((code, gate.is_null()), (701, true));
        cogauth_policy_release(policy);
    }
}

#[test]
fn text_is_scanned_and_redacted() {
    let issued = issued();
    let log = format!("key={} and again {}", issued.token, issued.token);
    let logged = slice(log.as_bytes());
    let mut places = Vec::new();
    // SAFETY: all pointers are to what they are said to be.
    unsafe {
        let mut at = 0;
        loop {
            let mut found = 0;
            let mut finding =
                cogauth_finding { struct_size: size::<cogauth_finding>(), ..zeroed() };
            let code = cogauth_text_scan(
                logged.data,
                logged.length,
                at,
                &raw mut found,
                &raw mut finding,
                null_mut(),
            );
            assert_eq!(code, 0);
            if found == 0 {
                break;
            }
            places.push((finding.start, finding.end, finding.is_token));
            at = usize::try_from(finding.end).unwrap();
        }
        assert_eq!(places, [(4, 85, 1), (96, 177, 1)]);
        let redacted = text(|buffer, capacity, length| {
            cogauth_text_redact(logged.data, logged.length, buffer, capacity, length, null_mut())
        });
        assert!(!redacted.contains(&issued.token[23..53]), "{redacted}");
    }
}

/// Call for call, as a caller goes through a text, the same is found as in one scan.
#[test]
fn a_text_is_scanned_call_by_call() {
    let issued = issued();
    let (token, like) = (issued.token.as_str(), "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7");
    let parts = [token, like, "og_", "c", "cog", "\\n "];
    let pairs = parts.iter().flat_map(|a| parts.iter().map(move |b| [*a, *b].concat()));
    let texts = pairs.flat_map(|pair| parts.iter().map(move |c| [&pair, *c].concat()));
    let mut compared = 0;
    for text in texts {
        let whole: Vec<_> = cog_auth::token::scan(text.as_bytes())
            .map(|found| (found.range(), found.handle().is_some()))
            .collect();
        let (mut places, mut at) = (Vec::new(), 0);
        loop {
            let mut found = 0;
            // SAFETY: the text and the places to write to are there during the call.
            let finding = unsafe {
                let mut finding =
                    cogauth_finding { struct_size: size::<cogauth_finding>(), ..zeroed() };
                let text = slice(text.as_bytes());
                let code = cogauth_text_scan(
                    text.data,
                    text.length,
                    at,
                    &raw mut found,
                    &raw mut finding,
                    null_mut(),
                );
                assert_eq!(code, 0);
                finding
            };
            if found == 0 {
                break;
            }
            let place = |at: u64| usize::try_from(at).unwrap();
            places.push((place(finding.start)..place(finding.end), finding.is_token == 1));
            at = place(finding.end);
        }
        assert_eq!(places, whole, "{text}");
        compared += places.len();
    }
    assert!(compared > 150, "{compared}");
}

#[test]
fn handles_are_shared_between_threads() {
    let issued = issued();
    let gate = gate(&issued);
    struct Shared(*mut cogauth_gate);
    // SAFETY: that threads may share a gate is what is tested.
    unsafe impl Send for Shared {}
    let threads: Vec<_> = (0..4)
        .map(|_| {
            // SAFETY: the gate lives, and each thread has a reference.
            let mine = Shared(unsafe { cogauth_gate_retain(gate) });
            std::thread::spawn(move || {
                let mine = mine;
                for _ in 0..5 {
                    let exchange = begin(mine.0, &[b"Bearer cog_1"], None);
                    // SAFETY: the exchange is this thread's own.
                    unsafe {
                        assert_eq!(cogauth_exchange_status(exchange), 401);
                        cogauth_exchange_release(exchange);
                    }
                }
                // SAFETY: the reference is this thread's own.
                unsafe { cogauth_gate_release(mine.0) };
            })
        })
        .collect();
    // SAFETY: the threads have references of their own.
    unsafe { cogauth_gate_release(gate) };
    for thread in threads {
        thread.join().unwrap();
    }
}
