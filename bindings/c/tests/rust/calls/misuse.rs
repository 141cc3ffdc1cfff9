//! Wrong calls: what they answer, and what they leave.

use super::*;

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
