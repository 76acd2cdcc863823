//! The subset of the Protocol Buffers wire format that vector tiles need.

/// Appends a base-128 varint.
#[inline]
pub fn varint(out: &mut Vec<u8>, mut value: u64) {
    if value < 0x80 {
        out.push(value as u8);
        return;
    }
    let mut bytes = [0; 10];
    let mut count = 0;
    while value >= 0x80 {
        bytes[count] = value as u8 | 0x80;
        value >>= 7;
        count += 1;
    }
    bytes[count] = value as u8;
    out.extend_from_slice(&bytes[..=count]);
}

/// Number of bytes that [`varint`] writes.
#[inline]
pub fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

/// Appends a signed number as MVT's geometry parameter: zigzag, then varint.
#[inline]
pub fn parameter(out: &mut Vec<u8>, value: i32) {
    let zigzag = ((value << 1) ^ (value >> 31)) as u32;
    if zigzag < 0x80 {
        out.push(zigzag as u8);
    } else if zigzag < 0x4000 {
        out.extend_from_slice(&[zigzag as u8 | 0x80, (zigzag >> 7) as u8]);
    } else {
        varint(out, u64::from(zigzag));
    }
}

/// Appends a field of bytes: its tag (field number and wire type 2) and length, then the bytes.
#[inline]
pub fn bytes(out: &mut Vec<u8>, field: u8, value: &[u8]) {
    out.push(field << 3 | 2);
    varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

/// Appends a varint field.
#[inline]
pub fn number(out: &mut Vec<u8>, field: u8, value: u64) {
    out.push(field << 3);
    varint(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_bytes() {
        for value in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            varint(&mut out, value);
            assert_eq!(out.len(), varint_len(value), "{value}");
        }
    }

    #[test]
    fn parameters_are_those_of_the_specification() {
        let mut out = Vec::new();
        for value in [0, -1, 1, -2, 8192, i32::MIN] {
            parameter(&mut out, value);
        }
        assert_eq!(out, [0, 1, 2, 3, 0x80, 0x80, 1, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    }
}
