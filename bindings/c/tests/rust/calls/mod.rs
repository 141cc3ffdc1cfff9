//! A service's day through the ABI: a key, a token, a record, a policy, a request, from begin to
//! end.
//!
//! This runs under Miri too, which sees each use of memory that is not the library's to make.

mod misuse;
mod requests;
mod texts;

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
