//! The colours of the style sheet can be read, and the chart's told apart by every eye.

use super::assets;
use std::collections::HashMap;

type Rgb = [f64; 3];

/// Text needs 4.5 to 1 (WCAG 2.2, 1.4.3).
const TEXT: &[(&str, &[&str])] = &[
    ("ink", &["panel", "bg", "hover", "quiet-bg", "done-bg"]),
    ("ink-2", &["panel", "bg", "hover", "quiet-bg"]),
    ("placeholder", &["panel"]),
    ("brand", &["panel", "bg", "hover", "quiet-bg"]),
    ("brand-dark", &["panel", "bg", "hover"]),
    ("panel", &["brand", "brand-dark", "nav", "nav-dark"]),
    ("nav-ink", &["nav", "nav-dark"]),
    ("gov-red", &["panel", "bg"]),
    ("gov-red-dark", &["panel", "bad-bg"]),
    ("done", &["done-bg", "panel", "hover"]),
    ("waiting", &["waiting-bg", "panel", "hover"]),
    ("bad", &["bad-bg", "panel", "hover"]),
    ("busy", &["busy-bg", "panel"]),
    ("quiet", &["quiet-bg", "panel"]),
    ("watch", &["watch-bg", "panel"]),
];

/// Borders of controls, marks of charts and the ring of focus need 3 to 1 (1.4.11).
const MARKS: &[(&str, &[&str])] = &[
    ("line-strong", &["panel", "bg"]),
    ("focus", &["ink", "nav"]),
    ("ink", &["panel", "bg", "focus"]),
    ("chart-1", &["panel"]),
    ("chart-2", &["panel"]),
    ("chart-3", &["panel"]),
    ("chart-4", &["panel"]),
    ("chart-5", &["panel"]),
    ("chart-6", &["panel"]),
];

/// How far apart two colours of a chart must be, in CIEDE2000, for every eye.
const LEAST_DIFFERENCE: f64 = 15.0;

/// What an eye makes of linear RGB: full, and without one kind of cone (Machado, Oliveira and
/// Fernandes 2009, severity 1).
const EYES: [(&str, [Rgb; 3]); 4] = [
    ("full", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protan",
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    ),
    (
        "deutan",
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ),
    (
        "tritan",
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ),
];

#[test]
fn every_pair_of_tokens_can_be_read() {
    let tokens = tokens();
    let too_faint: Vec<String> = [(TEXT, 4.5), (MARKS, 3.0)]
        .iter()
        .flat_map(|(pairs, least)| pairs.iter().map(move |pair| (pair, least)))
        .flat_map(|((front, backs), least)| backs.iter().map(move |back| (front, back, least)))
        .filter_map(|(front, back, least)| {
            let found = contrast(tokens[*front], tokens[*back]);
            (found < *least).then(|| format!("{front} on {back}: {found:.2} is under {least}"))
        })
        .collect();
    assert_eq!(too_faint, Vec::<String>::new());
}

#[test]
fn every_eye_tells_the_chart_colours_apart() {
    let tokens = tokens();
    let chart: Vec<Rgb> = (1..=6).map(|n| tokens[&*format!("chart-{n}")]).collect();
    for (eye, matrix) in EYES {
        let seen: Vec<Rgb> = chart.iter().map(|colour| lab(seen_by(&matrix, *colour))).collect();
        for (i, one) in seen.iter().enumerate() {
            for (j, other) in seen.iter().enumerate().skip(i + 1) {
                let found = difference(*one, *other);
                let (a, b) = (i + 1, j + 1);
                assert!(found >= LEAST_DIFFERENCE, "{eye}: chart-{a} and chart-{b} differ by {found:.1}");
            }
        }
    }
}

/// Pair 1 and pair 17 of the test data of Sharma, Wu and Dalal (2005).
#[test]
fn difference_is_ciede2000() {
    let first = difference([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485]);
    let second = difference([50.0, 2.5, 0.0], [73.0, 25.0, -18.0]);
    assert!((first - 2.0425).abs() < 1e-4 && (second - 27.1492).abs() < 1e-4, "{first} {second}");
}

/// The colours declared in the style sheet, as linear RGB.
fn tokens() -> HashMap<String, Rgb> {
    let css = assets::get("zhenxing.css").expect("the style sheet is embedded");
    let css = String::from_utf8(css.data.into_owned()).expect("the style sheet is text");
    let declared = css.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
    declared.map(|(name, value)| (name.to_owned(), linear(value.trim_end_matches(';')))).collect()
}

fn linear(hex: &str) -> Rgb {
    [0, 2, 4].map(|at| {
        let part = u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour is six hex digits");
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let luminance = |[r, g, b]: Rgb| 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    let (one, other) = (luminance(one), luminance(other));
    one.max(other) / one.min(other)
}

fn seen_by(matrix: &[Rgb; 3], colour: Rgb) -> Rgb {
    matrix.map(|row| row.iter().zip(colour).map(|(m, c)| m * c).sum::<f64>().clamp(0.0, 1.0))
}

/// CIE L*a*b* under D65.
fn lab([r, g, b]: Rgb) -> Rgb {
    let x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047;
    let y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b;
    let z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883;
    let [x, y, z] = [x, y, z].map(|t| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIEDE2000 with unit weights.
fn difference([l1, a1, b1]: Rgb, [l2, a2, b2]: Rgb) -> f64 {
    let sevenths = |c: f64| (c.powi(7) / (c.powi(7) + 25f64.powi(7))).sqrt();
    let mean_chroma = (a1.hypot(b1) + a2.hypot(b2)) / 2.0;
    let stretch = 1.0 + 0.5 * (1.0 - sevenths(mean_chroma));
    let (a1, a2) = (a1 * stretch, a2 * stretch);
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let turn = if c1 * c2 == 0.0 { 0.0 } else { (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0 };
    let mean_hue = if c1 * c2 == 0.0 { h1 + h2 } else { h1 + turn / 2.0 };
    let (mean_l, mean_c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
    let cos = |factor: f64, less: f64| (factor * mean_hue - less).to_radians().cos();
    let t =
        1.0 - 0.17 * cos(1.0, 30.0) + 0.24 * cos(2.0, 0.0) + 0.32 * cos(3.0, -6.0) - 0.20 * cos(4.0, 63.0);
    let off = (mean_l - 50.0).powi(2);
    let dl = (l2 - l1) / (1.0 + 0.015 * off / (20.0 + off).sqrt());
    let dc = (c2 - c1) / (1.0 + 0.045 * mean_c);
    let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin() / (1.0 + 0.015 * mean_c * t);
    let bend = 60.0 * (-((mean_hue.rem_euclid(360.0) - 275.0) / 25.0).powi(2)).exp();
    let turned = -2.0 * sevenths(mean_c) * bend.to_radians().sin();
    (dl * dl + dc * dc + dh * dh + turned * dc * dh).sqrt()
}
