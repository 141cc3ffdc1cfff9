//! Requests on their way through a gate.

use super::*;

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
        assert_eq!(lent(exchange, COGAUTH_TEXT_PRINCIPAL_TYPE).as_deref(), Some("service_user"));
        assert_eq!(
            lent(exchange, COGAUTH_TEXT_CREDENTIAL_KIND).as_deref(),
            Some("service_user_key")
        );
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
