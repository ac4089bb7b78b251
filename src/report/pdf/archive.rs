//! What makes the file an archive's: metadata as XMP beside the old Info dictionary, both from one list, and the
//! meaning of its colours.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::{finish::text, icc};
use crate::report::document::Meta;

/// Which standard the file keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archival {
    /// Part of ISO 19005: 2, or 3 when files of any kind are attached.
    pub part: u8,
}

/// Title of a document that gives none: one is demanded.
const UNTITLED: &str = "企诊报告";

/// Metadata, each once.
struct Facts<'a> {
    title: &'a str,
    author: &'a str,
    subject: &'a str,
    keywords: String,
    maker: String,
    /// Year, month, day.
    date: Option<[&'a str; 3]>,
}

impl<'a> Facts<'a> {
    fn new(meta: &'a Meta) -> Self {
        let title = meta.title.trim();
        let parts: Vec<&str> = meta.date.split('-').collect();
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let date = <[&str; 3]>::try_from(parts)
            .ok()
            .filter(|parts| parts.map(str::len) == [4, 2, 2] && parts.iter().all(|part| digits(part)));
        Self {
            title: if title.is_empty() { UNTITLED } else { title },
            author: meta.author.trim(),
            subject: meta.subject.trim(),
            keywords: meta.keywords.join("、"),
            maker: format!("qizhen {}", env!("CARGO_PKG_VERSION")),
            date,
        }
    }
}

/// Adds Info, XMP and the output intent.
pub fn describe(pdf: &mut Document, meta: &Meta, archival: Archival) -> Result<(), lopdf::Error> {
    let facts = Facts::new(meta);
    let old = pdf.trailer.get(b"Info").and_then(Object::as_reference).ok();
    if let Some(old) = old {
        pdf.objects.remove(&old);
    }
    let info = pdf.add_object(info(&facts));
    pdf.trailer.set("Info", info);
    let dict = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let metadata = pdf.add_object(Stream::new(dict, xmp(&facts, archival).into_bytes()));
    let intent = output_intent(pdf);
    let catalog = pdf.catalog_mut()?;
    catalog.set("Metadata", metadata);
    catalog.set("OutputIntents", vec![intent.into()]);
    catalog.set("Lang", text("zh-CN"));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    pdf.version = "1.7".to_owned();
    Ok(())
}

fn output_intent(pdf: &mut Document) -> ObjectId {
    let profile = pdf.add_object(Stream::new(dictionary! { "N" => 3 }, icc::srgb()));
    pdf.add_object(dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => text("sRGB"),
        "Info" => text("sRGB IEC61966-2.1"),
        "DestOutputProfile" => profile,
    })
}

fn info(facts: &Facts) -> Dictionary {
    let mut dict = Dictionary::new();
    for (key, value) in [
        ("Title", facts.title),
        ("Author", facts.author),
        ("Subject", facts.subject),
        ("Keywords", &facts.keywords),
        ("Creator", &facts.maker),
        ("Producer", &facts.maker),
    ] {
        if !value.is_empty() {
            dict.set(key, text(value));
        }
    }
    if let Some(date) = facts.date {
        let date = Object::string_literal(format!("D:{}000000+08'00'", date.concat()));
        dict.set("CreationDate", date.clone());
        dict.set("ModDate", date);
    }
    dict
}

fn xmp(facts: &Facts, archival: Archival) -> String {
    let mut out = String::from(concat!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n",
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n",
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n",
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"",
        " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"",
        " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n",
    ));
    let mut simple = |name: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&format!("<{name}>{}</{name}>\n", escape(value)));
        }
    };
    simple("pdfaid:part", &archival.part.to_string());
    simple("pdfaid:conformance", "U");
    simple("pdfuaid:part", "1");
    simple("pdf:Producer", &facts.maker);
    simple("pdf:Keywords", &facts.keywords);
    simple("xmp:CreatorTool", &facts.maker);
    if let Some(date) = facts.date {
        let date = format!("{}T00:00:00+08:00", date.join("-"));
        for name in ["xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"] {
            simple(name, &date);
        }
    }
    let mut nested = |name: &str, kind: &str, attribute: &str, value: &str| {
        if !value.is_empty() {
            let value = escape(value);
            let item = format!("<rdf:{kind}><rdf:li{attribute}>{value}</rdf:li></rdf:{kind}>");
            out.push_str(&format!("<{name}>{item}</{name}>\n"));
        }
    };
    let language = " xml:lang=\"x-default\"";
    nested("dc:title", "Alt", language, facts.title);
    nested("dc:creator", "Seq", "", facts.author);
    nested("dc:description", "Alt", language, facts.subject);
    nested("dc:language", "Bag", "", "zh-CN");
    out.push_str("</rdf:Description>\n");
    out.push_str(UA_SCHEMA);
    out.push_str("</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>");
    out
}

/// PDF/A does not know the property with which PDF/UA names itself, and wants it described.
const UA_SCHEMA: &str = concat!(
    "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\"",
    " xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\"",
    " xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n",
    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\n",
    "<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\n",
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\n",
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\n",
    "<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\n",
    "<pdfaProperty:name>part</pdfaProperty:name>\n",
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\n",
    "<pdfaProperty:category>internal</pdfaProperty:category>\n",
    "<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>\n",
    "</rdf:li></rdf:Seq></pdfaSchema:property>\n",
    "</rdf:li></rdf:Bag></pdfaExtension:schemas>\n",
    "</rdf:Description>\n",
);

/// Text within XML; what XML cannot hold is left out.
fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for ch in value.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            ch if ch.is_control() || matches!(ch, '\u{fffe}' | '\u{ffff}') => {}
            ch => out.push(ch),
        }
    }
    out
}
