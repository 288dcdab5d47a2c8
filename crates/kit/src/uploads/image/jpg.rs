//! JPG: segments up to the picture data, scan by scan, to the end mark.

use super::Walk;

/// Of the application segments JFIF, the colour profile and Adobe's colour transform shape the picture.
pub fn walk(bytes: &[u8]) -> Option<Walk> {
    let mut walk = Walk::default();
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    let mut orientation = 1;
    let (mut body, mut has_scan) = (Vec::with_capacity(bytes.len()), false);
    loop {
        // Any number of filling bytes may stand before a marker.
        rest = rest.strip_prefix(&[0xff])?;
        let (marker, after) = rest.split_first()?;
        if *marker == 0xff {
            continue;
        }
        if *marker == 0xd9 {
            break;
        }
        let length = usize::from(u16::from_be_bytes(after.get(..2)?.try_into().ok()?));
        let (segment, after) = after.split_at_checked(length)?;
        let content = segment.get(2..)?;
        match marker {
            0xe1 => orientation = exif_orientation(content).unwrap_or(orientation),
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let side = |place: usize| {
                    Some(u32::from(u16::from_be_bytes(content.get(place..place + 2)?.try_into().ok()?)))
                };
                walk.see_size(side(3)?, side(1)?);
            }
            _ => {}
        }
        if is_kept(*marker, content) {
            body.extend_from_slice(&[0xff, *marker]);
            body.extend_from_slice(segment);
        }
        rest = after;
        if *marker == 0xda {
            has_scan = true;
            let length = scan_length(rest)?;
            body.extend_from_slice(&rest[..length]);
            rest = &rest[length..];
        }
    }
    walk.kept.reserve_exact(body.len() + 42);
    walk.kept.extend_from_slice(&[0xff, 0xd8]);
    // JFIF must come first, so that the orientation stands behind it.
    let jfif = if body.starts_with(&[0xff, 0xe0]) {
        2 + usize::from(u16::from_be_bytes([body[2], body[3]]))
    } else {
        0
    };
    walk.kept.extend_from_slice(&body[..jfif]);
    if orientation != 1 {
        walk.kept.extend_from_slice(&exif_of(orientation));
    }
    walk.kept.extend_from_slice(&body[jfif..]);
    walk.kept.extend_from_slice(&[0xff, 0xd9]);
    has_scan.then_some(walk)
}

fn is_kept(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        0xe1 | 0xe3..=0xed | 0xef | 0xf0..=0xfe => false,
        _ => true,
    }
}

/// Picture data runs to the next marker that is neither an escaped 0xff nor a restart mark.
fn scan_length(bytes: &[u8]) -> Option<usize> {
    let is_end = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    bytes.windows(2).position(is_end)
}

/// The tag 0x0112 of the first directory, if it turns the picture.
fn exif_orientation(content: &[u8]) -> Option<u16> {
    let tiff = content.strip_prefix(b"Exif\0\0")?;
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let number = |place: usize, width: usize| -> Option<usize> {
        let bytes = tiff.get(place..place.checked_add(width)?)?;
        let join = |number: usize, byte: &u8| number << 8 | usize::from(*byte);
        Some(if is_little { bytes.iter().rev().fold(0, join) } else { bytes.iter().fold(0, join) })
    };
    let directory = number(4, 4)?;
    let places = (0..number(directory, 2)?).map(|entry| directory + 2 + entry * 12);
    let mut tags = places.map_while(|place| Some((number(place, 2)?, number(place + 8, 2)?)));
    let (_, value) = tags.find(|(tag, _)| *tag == 0x0112)?;
    (2..=8).contains(&value).then_some(value as u16)
}

/// A whole segment that says the orientation and nothing else.
fn exif_of(orientation: u16) -> Vec<u8> {
    let mut segment = vec![0xff, 0xe1, 0, 34];
    segment.extend_from_slice(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01");
    segment.extend_from_slice(&orientation.to_be_bytes());
    segment.extend_from_slice(&[0; 6]);
    segment
}
