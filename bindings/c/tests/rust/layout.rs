//! The layout of every struct is that which is on record: for 64 bits in `abi/layout-64.txt`, for
//! the WebAssembly twin in `abi/layout-32.txt`. `tests/layout.c` prints the same from C.

use cogauth::*;
use std::fmt::Write;
use std::fs;
use std::mem::{offset_of, size_of};

macro_rules! layout {
    ($($name:ident { $($field:ident: $size:expr),* $(,)? })*) => {{
        let mut text = String::new();
        $(
            writeln!(text, "{} {}", stringify!($name), size_of::<$name>()).unwrap();
            $(
                writeln!(
                    text,
                    "{}.{} {} {}",
                    stringify!($name), stringify!($field), offset_of!($name, $field), $size,
                )
                .unwrap();
            )*
        )*
        text
    }};
}

const POINTER: usize = size_of::<*const u8>();
const SLICE: usize = size_of::<cogauth_slice>();

#[test]
fn layouts_are_on_record() {
    let found = layout! {
        cogauth_slice { data: POINTER, length: POINTER }
        cogauth_error {
            struct_size: 4, code: 4, offset: 8, line: 8, column: 8, length: 8,
            json: POINTER, json_capacity: POINTER, json_length: POINTER,
        }
        cogauth_token {
            struct_size: 4, kind: 4, hard_expiry: 4, key_id: 4, id: 16, handle: 32,
        }
        cogauth_finding { struct_size: 4, is_token: 4, start: 8, end: 8, handle: 32 }
        cogauth_decision { struct_size: 4, decision: 4, denial: 4, reserved: 4 }
        cogauth_gate_options {
            struct_size: 4, flags: 4, realm: SLICE, retry_after: 8, max_record_age: 8,
        }
        cogauth_request {
            struct_size: 4, reserved: 4, method: SLICE, target: SLICE, authorization: POINTER,
            authorization_count: POINTER, context: SLICE, client_address: SLICE,
        }
        cogauth_record_draft {
            struct_size: 4, flags: 4, token: SLICE, principal: SLICE, scopes: POINTER,
            scopes_count: POINTER, organizations: POINTER, organizations_count: POINTER,
            peppers: POINTER, name: SLICE, metadata: SLICE, created_at: 8, not_before: 8,
            expires_at: 8, addresses: POINTER, addresses_count: POINTER,
        }
        cogauth_document { name: SLICE, text: SLICE }
    };
    let file = format!("{}/abi/layout-{}.txt", env!("CARGO_MANIFEST_DIR"), POINTER * 8);
    if std::env::var_os("COGAUTH_RECORD_LAYOUT").is_some() {
        fs::write(&file, &found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(&file).unwrap(), "{file}");
}
