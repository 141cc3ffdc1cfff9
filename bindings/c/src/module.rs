//! What the WebAssembly twin has beside the C functions: memory for arguments and answers.

use crate::guard::guarded;
use alloc::alloc::{alloc_zeroed, dealloc};
use core::alloc::Layout;
use core::ffi::c_void;

/// What every block is aligned to, in bytes.
const ALIGNED: usize = 16;

/// Room for so many bytes, aligned to 16, all zero; 0 if there is not so much memory. WebAssembly
/// only.
#[unsafe(no_mangle)]
pub extern "C" fn cogauth_alloc(size: usize) -> *mut c_void {
    guarded(core::ptr::null_mut(), || {
        let Ok(layout) = Layout::from_size_align(size.max(1), ALIGNED) else {
            return core::ptr::null_mut();
        };
        // SAFETY: the layout has a size above 0.
        unsafe { alloc_zeroed(layout) }.cast::<c_void>()
    })
}

/// Gives back what `cogauth_alloc` gave, with the size that was asked for. WebAssembly only.
///
/// # Safety
///
/// `block` is 0 or came from `cogauth_alloc` with this size, and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cogauth_free(block: *mut c_void, size: usize) {
    guarded((), || {
        let Ok(layout) = Layout::from_size_align(size.max(1), ALIGNED) else { return };
        if !block.is_null() {
            // Hosts put tokens and keys there.
            // SAFETY: by the contract it came from `cogauth_alloc` with the same layout.
            unsafe { block.write_bytes(0, size) };
            core::hint::black_box(block);
            // SAFETY: by the contract it came from `cogauth_alloc` with the same layout.
            unsafe { dealloc(block.cast::<u8>(), layout) };
        }
    });
}
