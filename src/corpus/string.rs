//! JSON strings: where they end, and what they say.

use crate::cpu;

/// What is looked at and copied at once.
pub(super) const BLOCK: usize = 64;

/// How many bytes stand ahead of the first that ends a string, begins an escape or may not stand in
/// a string; `None` when no such byte comes.
pub(super) fn plain(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let marks = marks(block(bytes.get(at..)?, &mut [0; BLOCK]));
        if marks != 0 {
            let stop = at + marks.trailing_zeros() as usize;
            return (stop < bytes.len()).then_some(stop);
        }
        at += BLOCK;
    }
}

/// Decodes what stands from `at` to the closing quote, behind the `len` bytes that `room` holds;
/// gives the place of the quote and how much the room holds then.
pub(super) fn decode(
    bytes: &[u8],
    mut at: usize,
    room: &mut [u8],
    mut len: usize,
) -> Option<(usize, usize)> {
    loop {
        // Copied before it is known how much of it is wanted, here and after each escape: that
        // costs less than copying just as much.
        let start = at;
        let mut marks = marks(copy(bytes.get(at..)?, room.get_mut(len..)?, &mut [0; BLOCK])?);
        while marks != 0 {
            let mark = start + marks.trailing_zeros() as usize;
            len += mark - at;
            match *bytes.get(mark)? {
                b'"' => return Some((mark, len)),
                b'\\' => {}
                _ => return None,
            }
            let (read, written) = match ESCAPES[usize::from(*bytes.get(mark + 1)?)] {
                0 => unicode(&bytes[mark + 1..], room.get_mut(len..)?)?,
                byte => {
                    *room.get_mut(len)? = byte;
                    (1, 1)
                }
            };
            at = mark + 1 + read;
            len += written;
            copy(bytes.get(at..)?, room.get_mut(len..)?, &mut [0; BLOCK])?;
            marks &= u64::MAX.checked_shl((at - start) as u32).unwrap_or(0);
        }
        let end = start + BLOCK;
        if at < end {
            len += end - at;
            at = end;
        }
    }
}

/// What a backslash and this byte stand for; zero for `u` and whatever is no escape.
const ESCAPES: [u8; 256] = {
    let mut escapes = [0; 256];
    let pairs = *b"\"\"\\\\//b\x08f\x0cn\nr\rt\t";
    let mut i = 0;
    while i < pairs.len() {
        escapes[pairs[i] as usize] = pairs[i + 1];
        i += 2;
    }
    escapes
};

/// Decodes `u` and four hex digits, or two such escapes that are a pair of surrogates; gives the bytes
/// read and written.
fn unicode(bytes: &[u8], room: &mut [u8]) -> Option<(usize, usize)> {
    let unit = |at: usize| {
        let escape: &[u8; 5] = bytes.get(at..)?.first_chunk()?;
        let digits = escape.strip_prefix(b"u")?.iter();
        digits.copied().try_fold(0, |unit, digit| Some(unit << 4 | char::from(digit).to_digit(16)?))
    };
    let (code, read) = match unit(0)? {
        high @ 0xd800..0xdc00 => {
            let low = bytes.get(5).filter(|&&byte| byte == b'\\').and_then(|_| unit(6))?;
            let low = low.checked_sub(0xdc00).filter(|&low| low < 0x400)?;
            (0x10000 + ((high - 0xd800) << 10 | low), 11)
        }
        unit => (unit, 5),
    };
    let written = char::from_u32(code)?.encode_utf8(room.get_mut(..4)?).len();
    Some((read, written))
}

/// Copies the first block, and gives it.
#[inline]
fn copy<'a>(
    bytes: &'a [u8],
    room: &mut [u8],
    last: &'a mut [u8; BLOCK],
) -> Option<&'a [u8; BLOCK]> {
    let block = block(bytes, last);
    *room.first_chunk_mut()? = *block;
    Some(block)
}

/// The first block. The last one, which is shorter, is moved to where zeros follow it.
#[inline]
fn block<'a>(bytes: &'a [u8], last: &'a mut [u8; BLOCK]) -> &'a [u8; BLOCK] {
    bytes.first_chunk().unwrap_or_else(|| {
        last[..bytes.len()].copy_from_slice(bytes);
        last
    })
}

/// A bit for each byte that ends a string, begins an escape or may not stand in a string.
#[inline]
fn marks(block: &[u8; BLOCK]) -> u64 {
    cpu::marked(block, [b'"', b'\\'], 0x1f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_those_of_a_plain_loop() {
        for byte in 0..=u8::MAX {
            for at in 0..BLOCK {
                let mut block = [b'a'; BLOCK];
                block[at] = byte;
                block[BLOCK - 1 - at] = b'"';
                let marked = |byte: u8| byte == b'"' || byte == b'\\' || byte < 0x20;
                let plain = (0..BLOCK).filter(|&i| marked(block[i])).map(|i| 1 << i).sum::<u64>();
                assert_eq!(marks(&block), plain);
            }
        }
    }
}
