//! A second Rust library in the same program, with a standard library and a panic of its own.

/// Sums, and panics and catches that.
#[unsafe(no_mangle)]
pub extern "C" fn other_sum(count: u32) -> u32 {
    std::panic::set_hook(Box::new(|_| {}));
    let numbers: Vec<u32> = (0..count).collect();
    let caught = std::panic::catch_unwind(|| {
        std::hint::black_box(&numbers)[usize::try_from(count).unwrap_or(0)]
    });
    if caught.is_ok() { 0 } else { numbers.iter().sum() }
}
