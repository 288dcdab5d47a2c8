//! JSON out: numbers with 17 significant digits, fields in the order of their types,
//! so that equal results are equal bytes.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

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

/// A number with at most 17 significant digits, enough to read the same number back.
pub fn number(value: f64) -> String {
    if value == 0.0 {
        return "0.0".to_owned();
    }
    let written = format!("{value:.16e}");
    let (mantissa, exponent) = written.split_once('e').expect("scientific form has an e");
    let exponent: i32 = exponent.parse().expect("exponent is an integer");
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    match exponent {
        0..=16 => plain(sign, digits, exponent as usize),
        -5..0 => format!("{sign}0.{}{digits}", "0".repeat((-1 - exponent) as usize)),
        _ => scientific(sign, digits, exponent),
    }
}

fn plain(sign: &str, digits: &str, exponent: usize) -> String {
    let mut whole = digits.to_owned();
    while whole.len() <= exponent {
        whole.push('0');
    }
    let fraction = whole.split_off(exponent + 1);
    let fraction = if fraction.is_empty() { "0" } else { &fraction };
    format!("{sign}{whole}.{fraction}")
}

fn scientific(sign: &str, digits: &str, exponent: i32) -> String {
    let (first, rest) = digits.split_at(1);
    let rest = if rest.is_empty() { "0" } else { rest };
    format!("{sign}{first}.{rest}e{exponent}")
}

/// A formatter that differs from `F` in how it writes floating-point numbers.
struct Exact<F>(F);

impl<F: Formatter> Formatter for Exact<F> {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(number(value).as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
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

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
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
