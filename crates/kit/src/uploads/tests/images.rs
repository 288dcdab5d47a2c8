//! Pictures are measured before anything decodes them, and lose what they tell about the sender.

use super::*;

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[test]
fn a_hundred_megapixels_are_refused_from_the_header() {
    assert_eq!(refused("a.png", &png(10_000, 10_000, &[])), "pixels");
    assert_eq!(refused("a.jpg", &jpg(10_000, 10_000, &[])), "pixels");
    assert_eq!(refused("a.webp", &riff(&[(b"VP8L", &vp8l(10_000, 10_000))])), "pixels");
    assert_eq!(refused("a.png", &png(u32::MAX, u32::MAX, &[])), "pixels");
    assert_eq!(take("a.png", &png(10_000, 5_000, &[])).unwrap().pixels, Some((10_000, 5_000)));
    assert_eq!(refused("a.png", &png(0, 5, &[])), "damaged");
}

#[test]
fn a_photo_loses_place_and_keeps_which_way_is_up() {
    let icc = b"ICC_PROFILE\0\x01\x01profile".as_slice();
    let more =
        [(0xe1, exif(6)), (0xe1, b"http://ns.adobe.com/xap/1.0/\0<x/>".to_vec()), (0xfe, b"note".to_vec())];
    let mut more: Vec<(u8, &[u8])> =
        more.iter().map(|(marker, content)| (*marker, content.as_slice())).collect();
    more.extend([(0xed, b"Photoshop 3.0\0".as_slice()), (0xe2, icc), (0xe2, b"MPF\0x")]);
    let photo = [jpg(800, 600, &more), b"PK\x03\x04 behind the end".to_vec()].concat();
    let kept = take("a.jpg", &photo).unwrap();
    assert_eq!(kept.pixels, Some((800, 600)));
    for gone in [b"GPS".as_slice(), b"adobe", b"note", b"Photoshop", b"MPF", b"behind"] {
        assert!(!holds(&kept.bytes, gone), "{}", String::from_utf8_lossy(gone));
    }
    assert!(holds(&kept.bytes, icc) && holds(&kept.bytes, b"JFIF"));
    let orientation = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    assert!(holds(&kept.bytes, orientation));
    assert_eq!(take("a.jpg", &kept.bytes).unwrap().bytes, kept.bytes, "stripping twice changes nothing");
}

#[test]
fn an_upright_photo_becomes_the_plain_picture() {
    let photo = jpg(8, 6, &[(0xe1, &exif(1)), (0xfe, b"note")]);
    assert_eq!(take("a.jpg", &photo).unwrap().bytes, jpg(8, 6, &[]));
}

#[test]
fn a_png_keeps_its_colours_alone() {
    let text = [chunk(b"tEXt", b"Author\0x"), chunk(b"eXIf", &exif(1)), chunk(b"acTL", &[0; 8])].concat();
    let colours = [chunk(b"iCCP", b"p\0\0x"), chunk(b"pHYs", &[0; 9])].concat();
    let picture = [png(8, 6, &[text, colours.clone()].concat()), b"<script>".to_vec()].concat();
    assert_eq!(take("a.png", &picture).unwrap().bytes, png(8, 6, &colours));
    let mut broken = png(8, 6, &[]);
    broken[20] ^= 1;
    assert_eq!(refused("a.png", &broken), "damaged");
}

#[test]
fn a_webp_loses_its_metadata_and_their_flags() {
    let extended = |flags: u8| [flags, 0, 0, 0, 7, 0, 0, 5, 0, 0];
    let picture = vp8l(8, 6);
    let whole =
        riff(&[(b"VP8X", &extended(0x2c)), (b"VP8L", &picture), (b"EXIF", b"GPS"), (b"XMP ", b"<x/>")]);
    let kept = take("a.webp", &whole).unwrap();
    assert_eq!(kept.bytes, riff(&[(b"VP8X", &extended(0x20)), (b"VP8L", &picture)]));
    assert_eq!(kept.pixels, Some((8, 6)));
    assert_eq!(refused("a.webp", &whole[..whole.len() - 1]), "damaged");
}

#[test]
fn a_cut_off_picture_is_refused() {
    for (name, picture) in [("a.jpg", jpg(8, 6, &[])), ("a.png", png(8, 6, &[]))] {
        for length in 12..picture.len() {
            assert_eq!(refused(name, &picture[..length]), "damaged", "{name} of {length} bytes");
        }
    }
}
