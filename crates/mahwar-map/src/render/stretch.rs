//! Fits a picture to a size whose pixels are not square on the plane, and lays it on a colour.

use super::RenderError;
use tiny_skia::{Color, FilterQuality, Pixmap, PixmapPaint, Transform};

/// The picture at `size` pixels, on `ground` where it is transparent.
///
/// # Errors
/// A size of zero or one too large for the memory.
pub fn stretch(picture: Pixmap, size: [u32; 2], ground: Option<[u8; 3]>) -> Result<Pixmap, RenderError> {
    let [width, height] = size;
    if ground.is_none() && [picture.width(), picture.height()] == size {
        return Ok(picture);
    }
    let mut canvas = Pixmap::new(width, height).ok_or(RenderError::Size { width, height })?;
    if let Some([red, green, blue]) = ground {
        canvas.fill(Color::from_rgba8(red, green, blue, 255));
    }
    let scale = [
        width as f32 / picture.width() as f32,
        height as f32 / picture.height() as f32,
    ];
    let quality = match scale == [1.0, 1.0] {
        true => FilterQuality::Nearest,
        false => FilterQuality::Bilinear,
    };
    let paint = PixmapPaint {
        quality,
        ..PixmapPaint::default()
    };
    let transform = Transform::from_scale(scale[0], scale[1]);
    canvas.draw_pixmap(0, 0, picture.as_ref(), &paint, transform, None);
    Ok(canvas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_fitted_and_laid_on_a_colour() {
        let mut picture = Pixmap::new(4, 2).unwrap();
        assert_eq!(stretch(picture.clone(), [4, 2], None).unwrap(), picture);
        let on_white = stretch(picture.clone(), [8, 2], Some([255, 255, 255])).unwrap();
        assert_eq!((on_white.width(), on_white.height()), (8, 2));
        assert!(on_white.data().iter().all(|byte| *byte == 255));
        picture.fill(Color::from_rgba8(10, 20, 30, 255));
        let fitted = stretch(picture.clone(), [2, 2], None).unwrap();
        assert!(fitted.data().chunks(4).all(|pixel| pixel == [10, 20, 30, 255]));
        assert!(stretch(picture, [0, 2], None).is_err());
    }
}
