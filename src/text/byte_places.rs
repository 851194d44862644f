//! The places of a few bytes among many.

/// Bytes that are looked at together: as many as have a bit in one figure.
const TOGETHER: usize = 32;

/// Some of all bytes.
pub(crate) trait ByteSet {
    /// Whether `byte` is one of them: plain comparisons, without a table or a branch, which the
    /// compiler can do for many bytes side by side.
    fn has(&self, byte: u8) -> bool;
}

/// The places of the bytes of a set, ascending. Thirty-two bytes are compared at a time and the
/// answer for each made a bit, so that what lies between two places costs next to nothing.
#[derive(Clone, Debug)]
pub(crate) struct BytePlaces<'t, S> {
    bytes: &'t [u8],
    set: S,
    /// Where the bytes begin that were not looked at yet.
    next: usize,
    /// The places that were found and not given: bit n for the n-th of the bytes before `next`.
    found: u32,
}

impl<'t, S: ByteSet> BytePlaces<'t, S> {
    pub(crate) fn of(bytes: &'t [u8], set: S) -> BytePlaces<'t, S> {
        BytePlaces { bytes, set, next: 0, found: 0 }
    }

    /// Passes over all places before `at`.
    #[inline]
    pub(crate) fn skip_to(&mut self, at: usize) {
        if at >= self.next {
            self.next = at;
            self.found = 0;
        } else {
            let passed = (at + TOGETHER).saturating_sub(self.next);
            self.found &= u32::MAX << passed;
        }
    }

    /// Looks at the next thirty-two bytes; whether there were any.
    #[inline]
    fn look(&mut self) -> bool {
        let rest = self.bytes.get(self.next..).unwrap_or_default();
        self.found = match rest.first_chunk() {
            Some(whole) => bits(whole, &self.set),
            None if rest.is_empty() => return false,
            None => {
                let mut whole = [0; TOGETHER];
                whole.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
                let behind = u32::MAX << rest.len();
                bits(&whole, &self.set) & !behind
            }
        };
        self.next += TOGETHER;
        true
    }
}

impl<S: ByteSet> Iterator for BytePlaces<'_, S> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            if !self.look() {
                return None;
            }
        }
        let bit = self.found.trailing_zeros() as usize;
        self.found &= self.found - 1;
        Some(self.next - TOGETHER + bit)
    }
}

/// Which of the bytes are in the set, the first the lowest bit.
#[inline]
fn bits(bytes: &[u8; TOGETHER], set: &impl ByteSet) -> u32 {
    let mut each = [0; TOGETHER];
    each.iter_mut().zip(bytes).for_each(|(each, byte)| *each = u8::from(set.has(*byte)));
    let (eights, _) = each.as_chunks();
    eights.iter().rev().fold(0, |bits, eight| bits << 8 | u32::from(gathered(*eight)))
}

/// Eight bytes of 0 or 1 as eight bits: the product moves the n-th byte to the bit n of the
/// uppermost byte, and no two to the same.
#[inline]
fn gathered(eight: [u8; 8]) -> u8 {
    (u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8
}

#[cfg(test)]
mod tests {
    use super::{BytePlaces, ByteSet};

    struct Few;

    impl ByteSet for Few {
        fn has(&self, byte: u8) -> bool {
            byte == 0 || byte > 0xC3 || byte == b'.' || byte == b'!'
        }
    }

    #[test]
    fn places_are_those_of_a_plain_search() {
        let mut bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
        for length in (0..100).chain([255, 256, 257, 1_000]) {
            bytes.rotate_left(7);
            let bytes = bytes.get(..length).unwrap_or_default();
            assert_eq!(bytes.len(), length);
            let all: Vec<usize> =
                bytes.iter().enumerate().filter(|(_, b)| Few.has(**b)).map(|(at, _)| at).collect();
            assert_eq!(BytePlaces::of(bytes, Few).collect::<Vec<_>>(), all);
            for at in (0..length + 40).step_by(3) {
                let mut places = BytePlaces::of(bytes, Few);
                let first = places.next();
                places.skip_to(at);
                let rest = all.iter().copied().filter(|one| *one >= at && Some(*one) > first);
                assert_eq!(places.collect::<Vec<_>>(), rest.collect::<Vec<_>>(), "{length} {at}");
            }
        }
    }
}
