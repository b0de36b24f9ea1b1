//! Whole files in memory, and room to decode them into.

#[cfg(feature = "mmap")]
use std::fs::File;
use std::ops::Deref;

/// Bytes that do not change.
pub(super) enum Bytes {
    Held(Vec<u8>),
    #[cfg(feature = "mmap")]
    Mapped(memmap2::Mmap),
}

impl Bytes {
    /// Maps a file into memory, if it is one that can be.
    #[cfg(feature = "mmap")]
    #[allow(unsafe_code)]
    pub fn map(file: &File) -> Option<Self> {
        // What has no length may still have content: the files of /proc, pipes.
        if !file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0) {
            return None;
        }
        // SAFETY: the bytes must not change as long as they are mapped. Nothing here writes to the
        // file, and `JsonFile::open` demands of its caller that nobody else does.
        unsafe { memmap2::Mmap::map(file) }.ok().map(Self::Mapped)
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Held(bytes) => bytes,
            #[cfg(feature = "mmap")]
            Self::Mapped(bytes) => bytes,
        }
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// Zeros to write over. What is not touched costs no memory, but for the rest of its page. There may
/// be none at all, when the system has no room for so many.
pub(super) enum Room {
    Held(Vec<u8>),
    #[cfg(feature = "mmap")]
    Mapped(memmap2::MmapMut),
}

impl Room {
    pub fn new(len: usize) -> Self {
        // In pages of 4 KiB most of the time of reading would go into getting them.
        #[cfg(feature = "mmap")]
        if let Ok(room) = memmap2::MmapOptions::new().len(len).no_reserve_swap().map_anon() {
            #[cfg(target_os = "linux")]
            // Advice that is not taken does no harm.
            let _ = room.advise(memmap2::Advice::HugePage);
            return Self::Mapped(room);
        }
        let mut room = Vec::new();
        if room.try_reserve_exact(len).is_ok() {
            room.resize(len, 0);
        }
        Self::Held(room)
    }

    pub fn bytes(&mut self) -> &mut [u8] {
        match self {
            Self::Held(bytes) => bytes,
            #[cfg(feature = "mmap")]
            Self::Mapped(bytes) => bytes,
        }
    }
}
