//! Handles: what the library allocates for a caller, by the kind of what it holds.
//!
//! A handle is immutable once it is made, counted by reference, and can be used by any number of
//! threads at once. An exchange is the exception: it has one owner, and no count.

use crate::failure::Failure;
use crate::memory;
use alloc::alloc::{alloc, dealloc};
use core::alloc::Layout;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering, fence};

/// An opaque type of the header, and what is behind it.
pub(crate) trait Kind {
    type Value: Send + Sync;
    /// Differs for each kind, so that a pointer to another kind is refused.
    const MARK: u32;
}

#[repr(C)]
struct Counted<T> {
    head: Head,
    value: T,
}

#[repr(C)]
struct Head {
    count: AtomicUsize,
    /// What allocators write into the first words of freed memory does not reach the mark.
    _room: usize,
    /// [`Kind::MARK`] while it is alive, and 0 when it is freed, for as long as its memory is not
    /// given out again: a freed handle is told where that is possible. It is not promised.
    mark: AtomicU32,
}

/// More references than any process has: they leaked, and counting on would reach 0 again.
const MOST: usize = usize::MAX >> 1;

/// Where there is no handle: it is null, freed, or of another kind.
const WRONG: Failure = Failure::Argument("a handle is null or is of another kind than is needed");

/// Where a caller wants a handle. It is null until the handle is made, so that a caller who does
/// not look at the code has none.
pub(crate) struct Place<K>(*mut *mut K);

impl<K: Kind> Place<K> {
    pub(crate) fn of(place: *mut *mut K) -> Result<Self, Failure> {
        memory::write(place, core::ptr::null_mut())?;
        Ok(Self(place))
    }

    /// Makes a handle with one reference, and writes it there.
    pub(crate) fn make(self, value: K::Value) -> Result<(), Failure> {
        memory::write(self.0, allocated::<K>(value)?)
    }
}

fn allocated<K: Kind>(value: K::Value) -> Result<*mut K, Failure> {
    let layout = Layout::new::<Counted<K::Value>>();
    // SAFETY: the layout has a size above 0.
    let counted = unsafe { alloc(layout) }.cast::<Counted<K::Value>>();
    if counted.is_null() {
        return Err(Failure::OUT_OF_MEMORY);
    }
    let head = Head { count: AtomicUsize::new(1), _room: 0, mark: AtomicU32::new(K::MARK) };
    let new = Counted { head, value };
    // SAFETY: it was just allocated with this layout.
    unsafe { counted.write(new) };
    Ok(counted.cast::<K>())
}

/// What a handle holds, for as long as the call lasts.
pub(crate) fn borrow<'a, K: Kind>(handle: *const K) -> Result<&'a K::Value, Failure> {
    Ok(&counted(handle)?.value)
}

/// What a handle holds, none where it is null.
pub(crate) fn borrow_optional<'a, K: Kind>(
    handle: *const K,
) -> Result<Option<&'a K::Value>, Failure> {
    if handle.is_null() { Ok(None) } else { borrow(handle).map(Some) }
}

/// One more reference. Answers the handle, or null if it is none.
pub(crate) fn retain<K: Kind>(handle: *mut K) -> *mut K {
    let Ok(counted) = counted(handle) else { return core::ptr::null_mut() };
    // As in `Arc`: who has a reference can make another without seeing what others did.
    if counted.head.count.fetch_add(1, Ordering::Relaxed) > MOST {
        counted.head.count.fetch_sub(1, Ordering::Relaxed);
        return core::ptr::null_mut();
    }
    handle
}

/// One reference less. With the last, the value is dropped, which wipes keys, and freed.
pub(crate) fn release<K: Kind>(handle: *mut K) {
    let Ok(counted) = counted(handle) else { return };
    if counted.head.count.fetch_sub(1, Ordering::Release) != 1 {
        return;
    }
    // As in `Arc`: what other threads did with their references is over before the drop.
    fence(Ordering::Acquire);
    counted.head.mark.store(0, Ordering::Relaxed);
    let place = handle.cast::<Counted<K::Value>>();
    // SAFETY: the last reference is gone, so nobody else can reach it.
    unsafe { place.drop_in_place() };
    // A value that was moved within the block leaves a copy where it was. Behind the black box the
    // compiler does not see that nobody reads the zeros.
    // SAFETY: the block is still allocated, and holds no value any more.
    unsafe { place.write_bytes(0, 1) };
    core::hint::black_box(place);
    // SAFETY: `allocated` allocated it with this layout.
    unsafe { dealloc(place.cast::<u8>(), Layout::new::<Counted<K::Value>>()) };
}

fn counted<'a, K: Kind>(handle: *const K) -> Result<&'a Counted<K::Value>, Failure> {
    let place = handle.cast::<Counted<K::Value>>();
    if place.is_null() || !place.is_aligned() {
        return Err(WRONG);
    }
    // SAFETY: the pointer is neither null nor misaligned. That it is a handle which was not
    // released is the caller's part of the contract; every handle begins with a mark.
    let mark = unsafe { (*place.cast::<Head>()).mark.load(Ordering::Relaxed) };
    match mark {
        0 => Err(Failure::FREED),
        // SAFETY: only a `Counted` of this kind has this mark.
        mark if mark == K::MARK => Ok(unsafe { &*place }),
        _ => Err(WRONG),
    }
}
