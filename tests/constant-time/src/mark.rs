//! Marking memory for memcheck. Without `--cfg constant_time` nothing is marked.

/// These bytes are secret: memcheck reports a branch or an address that depends on one.
#[cfg(constant_time)]
pub(crate) fn secret(bytes: &mut [u8]) {
    mark(bytes, crabgrind::memcheck::MemState::Undefined);
}

/// These bytes are public from here on.
#[cfg(constant_time)]
pub(crate) fn public(bytes: &mut [u8]) {
    mark(bytes, crabgrind::memcheck::MemState::Defined);
}

/// Whether there is somebody who reports.
#[cfg(constant_time)]
pub(crate) fn watched() -> bool {
    crabgrind::run_mode() == crabgrind::RunMode::Valgrind
}

#[cfg(constant_time)]
fn mark(bytes: &[u8], state: crabgrind::memcheck::MemState) {
    // This version takes valgrind's answer the wrong way round; that marks are seen is what the
    // violations show.
    let answer =
        crabgrind::memcheck::mark_mem(bytes.as_ptr().cast_mut().cast(), bytes.len(), state);
    // The compiler knows the bytes still, and might compute with them beforehand.
    std::hint::black_box((answer.is_ok(), bytes));
}

#[cfg(not(constant_time))]
pub(crate) fn secret(_: &mut [u8]) {}

#[cfg(not(constant_time))]
pub(crate) fn public(_: &mut [u8]) {}

#[cfg(not(constant_time))]
pub(crate) fn watched() -> bool {
    false
}
