//! Reading on a thread of its own, a little ahead of whoever takes what was read.

use std::io::{self, Read};
use std::mem;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

/// Buffers, and the bytes in each: what is read ahead.
const BUFFERS: usize = 4;
const BUFFER: usize = 256 * 1024;

/// A buffer, and how much of it is filled: nothing at the end.
type Filled = (Vec<u8>, usize);

/// What a reader gives, read on another thread. The buffers go to and fro, so that there are never
/// more of them. The thread ends with the reader, with its first error, or, if nobody wants more,
/// as soon as it has read what it is just reading.
pub(super) struct ReadAhead {
    filled: Receiver<io::Result<Filled>>,
    empty: Sender<Vec<u8>>,
    thread: Option<JoinHandle<()>>,
    current: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
}

impl ReadAhead {
    /// The reader itself if there can be no other thread.
    pub fn start(reader: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
        let (to_thread, readers) = mpsc::channel::<Box<dyn Read + Send>>();
        let (empty, empties) = mpsc::channel();
        let (fill, filled) = mpsc::channel();
        let work = move || {
            if let Ok(reader) = readers.recv() {
                read(reader, &empties, &fill);
            }
        };
        // Starting a thread that fails would take the reader with it: it is sent afterwards.
        let thread = thread::Builder::new().name("doublon-read".to_owned()).spawn(work);
        let Ok(thread) = thread else { return reader };
        for _ in 0..BUFFERS {
            let _ = empty.send(vec![0; BUFFER]);
        }
        if let Err(mpsc::SendError(reader)) = to_thread.send(reader) {
            return reader;
        }
        let thread = Some(thread);
        Box::new(Self {
            filled,
            empty,
            thread,
            current: Vec::new(),
            start: 0,
            end: 0,
            ended: false,
        })
    }
}

fn read(
    mut reader: Box<dyn Read + Send>,
    empties: &Receiver<Vec<u8>>,
    fill: &Sender<io::Result<Filled>>,
) {
    while let Ok(mut buffer) = empties.recv() {
        let read = loop {
            match reader.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let last = !matches!(read, Ok(1..));
        if fill.send(read.map(|len| (buffer, len))).is_err() || last {
            return;
        }
    }
}

impl Read for ReadAhead {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && !self.ended {
            // The first has no room, and nobody may be there to take one.
            if !self.current.is_empty() {
                let _ = self.empty.send(mem::take(&mut self.current));
            }
            (self.start, self.end, self.ended) = (0, 0, true);
            match self.filled.recv() {
                Ok(Ok((buffer, len @ 1..))) => {
                    (self.current, self.end, self.ended) = (buffer, len, false);
                }
                last => {
                    // It has nothing left to do. One that is dropped before may be waiting for
                    // input, and is not waited for.
                    let _ = self.thread.take().map(JoinHandle::join);
                    // It says when it is done; that it did not means that the reader panicked.
                    last.map_err(|_| io::Error::other("the reader panicked"))??;
                }
            }
        }
        let filled = &self.current[self.start..self.end];
        let len = filled.len().min(to.len());
        to[..len].copy_from_slice(&filled[..len]);
        self.start += len;
        Ok(len)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use super::*;

    /// So many bytes, counted, then what `last` says.
    struct Counting {
        left: usize,
        piece: usize,
        read: Arc<AtomicUsize>,
        last: fn() -> io::Result<usize>,
    }

    impl Read for Counting {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            if self.left == 0 {
                return (self.last)();
            }
            let len = self.left.min(self.piece).min(to.len());
            let from = self.read.fetch_add(len, Ordering::SeqCst);
            to[..len].iter_mut().zip(from..).for_each(|(byte, i)| *byte = i as u8);
            self.left -= len;
            Ok(len)
        }
    }

    fn counting(
        left: usize,
        piece: usize,
        last: fn() -> io::Result<usize>,
    ) -> (Box<dyn Read + Send>, Arc<AtomicUsize>) {
        let read = Arc::new(AtomicUsize::new(0));
        let reader = Counting { left, piece, read: Arc::clone(&read), last };
        (ReadAhead::start(Box::new(reader)), read)
    }

    /// Waits for something that another thread does.
    fn wait(done: impl Fn() -> bool) -> bool {
        let start = Instant::now();
        while !done() && start.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(1));
        }
        done()
    }

    #[test]
    fn everything_in_order() {
        for (len, piece) in [(0, 1), (1, 1), (5000, 1), (3_000_000, 1000), (3_000_000, usize::MAX)]
        {
            let (mut reader, _) = counting(len, piece, || Ok(0));
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes).unwrap();
            let expected: Vec<u8> = (0..len).map(|i| i as u8).collect();
            assert!(bytes == expected, "{len} bytes");
            assert_eq!(reader.read(&mut [0; 9]).unwrap(), 0);
        }
    }

    #[test]
    fn an_error_comes_after_what_was_read() {
        let (mut reader, _) = counting(600_000, 100_000, || Err(io::ErrorKind::TimedOut.into()));
        let mut bytes = Vec::new();
        let error = reader.read_to_end(&mut bytes).unwrap_err();
        assert_eq!((bytes.len(), error.kind()), (600_000, io::ErrorKind::TimedOut));
        assert_eq!(reader.read(&mut [0; 9]).unwrap(), 0);
    }

    #[test]
    fn a_panic_is_an_error() {
        let (mut reader, _) = counting(10, 10, || panic!("the reader of a test"));
        let mut bytes = Vec::new();
        assert_eq!(reader.read_to_end(&mut bytes).unwrap_err().kind(), io::ErrorKind::Other);
        assert_eq!(bytes.len(), 10);
    }

    #[test]
    fn it_reads_only_a_little_ahead_and_ends_when_dropped() {
        let (mut reader, read) = counting(usize::MAX, BUFFER, || Ok(0));
        let counted = || read.load(Ordering::SeqCst);
        assert!(wait(|| counted() == BUFFERS * BUFFER));
        reader.read_exact(&mut vec![0; BUFFER + 1]).unwrap();
        assert!(wait(|| counted() == (BUFFERS + 1) * BUFFER));
        thread::sleep(Duration::from_millis(20));
        assert_eq!(counted(), (BUFFERS + 1) * BUFFER);
        assert_eq!(Arc::strong_count(&read), 2);
        drop(reader);
        assert!(wait(|| Arc::strong_count(&read) == 1), "the thread goes on");
    }
}
