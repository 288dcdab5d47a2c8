//! JSON out: numbers with 17 significant digits, fields in the order of their types,
//! so that equal results are equal bytes.

mod digits;
mod fault;

use std::io;

use crate::control::Control;
use crate::digest::Digest;
use crate::error::EvalError;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

pub(crate) use fault::fault;

/// A result as one JSON object without spaces: the canonical form that digests are of.
pub fn to_json<T: Serialize>(value: &T) -> String {
    write(value, Exact(CompactFormatter))
}

/// A result as indented JSON.
pub fn to_json_pretty<T: Serialize>(value: &T) -> String {
    write(value, Exact(PrettyFormatter::new()))
}

fn write<T: Serialize, F: Formatter>(value: &T, formatter: F) -> String {
    let mut bytes = Vec::new();
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, formatter))
        .expect("results have text keys and go to memory");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// SHA-256 of the canonical form, hexadecimal. The control is asked every few kilobytes.
///
/// # Errors
/// [`EvalError::Cancelled`].
pub(crate) fn digest_of<T: Serialize>(value: &T, control: &Control) -> Result<String, EvalError> {
    let mut sink = DigestSink { digest: Digest::default(), control, unchecked: 0 };
    let written = value.serialize(&mut Serializer::with_formatter(&mut sink, Exact(CompactFormatter)));
    written.map_err(|_| EvalError::Cancelled)?;
    Ok(sink.digest.hex())
}

/// Bytes digested between two looks at the control.
const CHECKED_BYTES: usize = 1 << 16;

/// Digests what is written to it; cancelling is the one way to fail.
struct DigestSink<'a> {
    digest: Digest,
    control: &'a Control,
    unchecked: usize,
}

impl io::Write for DigestSink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.digest.take(bytes);
        self.unchecked += bytes.len();
        if self.unchecked >= CHECKED_BYTES {
            self.unchecked = 0;
            self.control.check().map_err(|_| io::Error::other("cancelled"))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A number with at most 17 significant digits, enough to read the same number back.
pub fn number(value: f64) -> String {
    let mut bytes = Vec::with_capacity(24);
    write_number(&mut bytes, value).expect("memory takes every byte");
    String::from_utf8(bytes).expect("digits are ASCII")
}

/// Long results hold millions of numbers, so nothing is allocated for one.
fn write_number<W: ?Sized + io::Write>(writer: &mut W, value: f64) -> io::Result<()> {
    if value == 0.0 {
        return writer.write_all(b"0.0");
    }
    if value < 0.0 {
        writer.write_all(b"-")?;
    }
    let (digits, exponent) = digits::of(value.abs());
    let count = digits.iter().rposition(|digit| *digit != b'0').map_or(1, |last| last + 1);
    // Whole arrays are copied and what is too long is not written: copies of a known length cost next to nothing.
    let mut text = [b'0'; 2 * digits::COUNT + 1];
    let length = match exponent {
        -5..0 => {
            let first = (1 - exponent) as usize;
            text[1] = b'.';
            *text[first..].first_chunk_mut().expect("room for four zeros") = digits;
            first + count
        }
        _ => {
            let whole = if (0..=16).contains(&exponent) { exponent as usize + 1 } else { 1 };
            let mut padded = [b'0'; 2 * digits::COUNT];
            *padded.first_chunk_mut().expect("room for all digits") = digits;
            let behind: [u8; digits::COUNT] =
                *padded[whole..].first_chunk().expect("zeros follow the digits");
            *text.first_chunk_mut().expect("room for all digits") = digits;
            text[whole] = b'.';
            *text[whole + 1..].first_chunk_mut().expect("room for as many behind the point") = behind;
            whole + 1 + count.saturating_sub(whole).max(1)
        }
    };
    writer.write_all(&text[..length])?;
    if !(-5..=16).contains(&exponent) {
        write!(writer, "e{exponent}")?;
    }
    Ok(())
}

/// A formatter that differs from `F` in how it writes floating-point numbers.
struct Exact<F>(F);

impl<F: Formatter> Formatter for Exact<F> {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        write_number(writer, value)
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_have_seventeen_significant_digits() {
        let check = |value: f64, text: &str| assert_eq!(number(value), text);
        check(0.1, "0.10000000000000001");
        check(-0.0, "0.0");
        check(100.0, "100.0");
        check(-2.5, "-2.5");
        check(1e-7, "9.9999999999999995e-8");
        check(0.00001, "0.000010000000000000001");
        check(1e20, "1.0e20");
        check(85.0 / 3.0, "28.333333333333332");
    }

    proptest! {
        #[test]
        fn a_number_reads_back_the_same(value in any::<f64>().prop_filter("finite", |x| x.is_finite())) {
            let read: f64 = serde_json::from_str(&number(value)).unwrap();
            prop_assert_eq!(read, value);
            prop_assert_eq!(number(value).parse::<f64>().unwrap(), value + 0.0);
        }
    }
}
