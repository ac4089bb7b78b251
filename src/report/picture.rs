//! Photos and logos: read once, turned upright, made small enough for a report.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder};
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, RgbImage};

/// Longest side of a photo in a report: sharp at 9 cm on 200 dpi.
const PHOTO_SIDE: u32 = 720;
/// Longest side of drawings and logos.
const LOGO_SIDE: u32 = 1200;
const JPEG_QUALITY: u8 = 80;

/// Pictures by the name under which a template asks for them.
pub type Pictures = BTreeMap<String, Picture>;

/// A picture as it goes into every format: sRGB, opaque, upright.
#[derive(Clone, PartialEq)]
pub struct Picture {
    /// The file: JPEG or PNG.
    pub bytes: Arc<[u8]>,
    /// Which of the two.
    pub format: PictureFormat,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// File format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// Photos.
    Jpeg,
    /// Drawings and logos.
    Png,
}

impl PictureFormat {
    /// Media type.
    pub fn media_type(self) -> &'static str {
        match self {
            PictureFormat::Jpeg => "image/jpeg",
            PictureFormat::Png => "image/png",
        }
    }

    /// File name extension.
    pub fn extension(self) -> &'static str {
        match self {
            PictureFormat::Jpeg => "jpg",
            PictureFormat::Png => "png",
        }
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Picture({:?} {}×{}, {} bytes)",
            self.format,
            self.width,
            self.height,
            self.bytes.len()
        )
    }
}

impl Picture {
    /// Reads a JPEG or PNG file of whatever size, as a camera or an office program made it. What a photo says about
    /// place and camera does not go into reports.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let reader = ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|error| error.to_string())?;
        let format = match reader.format() {
            Some(ImageFormat::Jpeg) => PictureFormat::Jpeg,
            Some(ImageFormat::Png) => PictureFormat::Png,
            _ => return Err("不是 JPEG 或 PNG 图片".to_owned()),
        };
        let unreadable = |error: image::ImageError| format!("图片读不了：{error}");
        // A few hundred bytes can claim a picture of a billion pixels.
        let mut limits = image::Limits::default();
        limits.max_alloc = Some(512 << 20);
        limits.max_image_width = Some(30_000);
        limits.max_image_height = Some(30_000);
        let mut reader = reader;
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(unreadable)?;
        let orientation = decoder.orientation().map_err(unreadable)?;
        let mut image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
        image.apply_orientation(orientation);
        let side = if format == PictureFormat::Jpeg {
            PHOTO_SIDE
        } else {
            LOGO_SIDE
        };
        if image.width().max(image.height()) > side {
            image = image.resize(side, side, image::imageops::FilterType::CatmullRom);
        }
        Self::encode(&opaque(&image), format)
    }

    /// A picture that was made by [`Picture::read`], from its bytes.
    pub fn stored(bytes: &[u8]) -> Result<Self, String> {
        let format = match image::guess_format(bytes) {
            Ok(ImageFormat::Jpeg) => PictureFormat::Jpeg,
            Ok(ImageFormat::Png) => PictureFormat::Png,
            _ => return Err("不是 JPEG 或 PNG 图片".to_owned()),
        };
        let reader = ImageReader::with_format(
            Cursor::new(bytes),
            match format {
                PictureFormat::Jpeg => ImageFormat::Jpeg,
                PictureFormat::Png => ImageFormat::Png,
            },
        );
        let (width, height) = reader
            .into_dimensions()
            .map_err(|error| format!("图片读不了：{error}"))?;
        Ok(Self {
            bytes: bytes.into(),
            format,
            width,
            height,
        })
    }

    /// A drawing that was made by [`Picture::read`], from its [`Picture::pixels`].
    pub fn from_pixels(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self, String> {
        let image = RgbImage::from_raw(width, height, pixels).ok_or("像素的个数不对")?;
        Self::encode(&image, PictureFormat::Png)
    }

    fn encode(image: &RgbImage, format: PictureFormat) -> Result<Self, String> {
        let mut bytes = Vec::new();
        let (width, height) = image.dimensions();
        let written = match format {
            PictureFormat::Jpeg => JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(image),
            PictureFormat::Png => {
                PngEncoder::new(&mut bytes).write_image(image, width, height, image::ExtendedColorType::Rgb8)
            }
        };
        written.map_err(|error| format!("图片转换失败：{error}"))?;
        Ok(Self {
            bytes: bytes.into(),
            format,
            width,
            height,
        })
    }

    /// The pixels, three bytes each, row by row from the top.
    pub fn pixels(&self) -> Result<Vec<u8>, String> {
        let image = image::load_from_memory(&self.bytes).map_err(|error| error.to_string())?;
        Ok(image.into_rgb8().into_raw())
    }

    /// Height over width.
    pub fn aspect(&self) -> f32 {
        self.height as f32 / self.width.max(1) as f32
    }

    /// As an address that holds the picture itself.
    pub fn data_uri(&self) -> String {
        use base64::Engine;
        let text = base64::engine::general_purpose::STANDARD.encode(&self.bytes);
        format!("data:{};base64,{text}", self.format.media_type())
    }
}

/// On white paper: archival PDF and print know no transparency.
fn opaque(image: &DynamicImage) -> RgbImage {
    let rgba = image.to_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        let over = |c: u8| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a)) + 127) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgba, RgbaImage};

    #[test]
    fn a_logo_stands_on_white() {
        let mut logo = RgbaImage::from_pixel(4, 2, Rgba([0, 0, 0, 0]));
        logo.put_pixel(0, 0, Rgba([255, 0, 0, 255]));
        let mut bytes = Vec::new();
        DynamicImage::from(logo)
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .unwrap();
        let picture = Picture::read(&bytes).unwrap();
        assert_eq!((picture.width, picture.height), (4, 2));
        let pixels = picture.pixels().unwrap();
        assert_eq!(pixels[..6], [255, 0, 0, 255, 255, 255]);
    }

    #[test]
    fn a_photo_gets_smaller_and_keeps_its_shape() {
        let photo = RgbImage::from_fn(3000, 2000, |x, y| image::Rgb([x as u8, y as u8, 90]));
        let mut bytes = Vec::new();
        DynamicImage::from(photo)
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg)
            .unwrap();
        let picture = Picture::read(&bytes).unwrap();
        assert_eq!((picture.width, picture.height), (720, 480));
        assert_eq!(picture.format, PictureFormat::Jpeg);
    }

    #[test]
    fn what_is_no_picture_says_so() {
        assert!(Picture::read(b"%PDF-1.7").unwrap_err().contains("JPEG"));
        assert!(Picture::read(b"\x89PNG\r\n\x1a\nbroken").is_err());
    }
}
