//! How the C library gives memory back, and when.

/// Blocks from this size on are the system's own, in bytes: glibc's default, which it would otherwise raise.
#[cfg(target_env = "gnu")]
const LARGE_BLOCK: i32 = 128 * 1024;

/// Has large blocks given back to the system as soon as they are free.
///
/// A picture is decoded in a block of one or two megabytes. glibc takes the first of these as a sign that such
/// blocks are usual and keeps the next ones in the arena of each decoding thread: 16 MiB after a screen of
/// posters. A fixed limit ends that. Without glibc, or when it refuses, nothing changes.
#[cfg_attr(
    target_env = "gnu",
    expect(unsafe_code, reason = "a setting of the C library has no safe interface")
)]
pub(super) fn return_large_blocks() {
    #[cfg(target_env = "gnu")]
    {
        // SAFETY: `mallopt` takes two numbers and may be called at any time.
        let set = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE_BLOCK) };
        if set == 0 {
            tracing::debug!("the limit for large blocks was refused");
        }
    }
}

/// Gives the system what is free in between, on a thread of its own: after a start or a sync, which need much for a
/// moment. Takes some milliseconds, in which others wait for memory at most as long. Without glibc nothing is done.
#[cfg_attr(
    target_env = "gnu",
    expect(unsafe_code, reason = "a function of the C library that has no safe interface")
)]
pub(super) async fn give_back() {
    #[cfg(target_env = "gnu")]
    {
        let trimmed = relm4::spawn_blocking(|| {
            // SAFETY: `malloc_trim` takes a number and may be called at any time, on any thread.
            unsafe { libc::malloc_trim(0) }
        });
        let _nothing_to_give = trimmed.await;
    }
}
