//! 行政区划代码, GB/T 2260: six digits.

/// Provinces by their two digits.
const PROVINCES: [(&str, &str); 34] = [
    ("11", "北京市"),
    ("12", "天津市"),
    ("13", "河北省"),
    ("14", "山西省"),
    ("15", "内蒙古自治区"),
    ("21", "辽宁省"),
    ("22", "吉林省"),
    ("23", "黑龙江省"),
    ("31", "上海市"),
    ("32", "江苏省"),
    ("33", "浙江省"),
    ("34", "安徽省"),
    ("35", "福建省"),
    ("36", "江西省"),
    ("37", "山东省"),
    ("41", "河南省"),
    ("42", "湖北省"),
    ("43", "湖南省"),
    ("44", "广东省"),
    ("45", "广西壮族自治区"),
    ("46", "海南省"),
    ("50", "重庆市"),
    ("51", "四川省"),
    ("52", "贵州省"),
    ("53", "云南省"),
    ("54", "西藏自治区"),
    ("61", "陕西省"),
    ("62", "甘肃省"),
    ("63", "青海省"),
    ("64", "宁夏回族自治区"),
    ("65", "新疆维吾尔自治区"),
    ("71", "台湾省"),
    ("81", "香港特别行政区"),
    ("82", "澳门特别行政区"),
];

/// Qingdao and its districts.
const QINGDAO: [(&str, &str); 11] = [
    ("370200", ""),
    ("370202", "市南区"),
    ("370203", "市北区"),
    ("370211", "黄岛区"),
    ("370212", "崂山区"),
    ("370213", "李沧区"),
    ("370214", "城阳区"),
    ("370215", "即墨区"),
    ("370281", "胶州市"),
    ("370283", "平度市"),
    ("370285", "莱西市"),
];

/// A region of six digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    code: String,
}

/// Why a text is not a region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("行政区划代码 “{0}” 不对：应为 6 位数字，前两位是省级代码，如青岛市 370200")]
pub struct RegionError(String);

impl Region {
    /// Reads two, four or six digits; the shorter forms are filled up with zeros.
    pub fn parse(text: &str) -> Result<Self, RegionError> {
        let text = text.trim();
        let digits = matches!(text.len(), 2 | 4 | 6) && text.bytes().all(|b| b.is_ascii_digit());
        if !digits || !PROVINCES.iter().any(|(prefix, _)| text.starts_with(prefix)) {
            return Err(RegionError(text.to_owned()));
        }
        Ok(Self {
            code: format!("{text:0<6}"),
        })
    }

    /// Finds the region that a Chinese name begins with: a province, or Qingdao and its districts. The rest of the name is
    /// not understood.
    pub fn named(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let of = |code: &str| {
            Some(Self {
                code: format!("{code:0<6}"),
            })
        };
        let districts = || QINGDAO.iter().filter(|(_, name)| !name.is_empty());
        if text.contains("青岛") {
            let district = districts().find(|(_, name)| text.contains(name));
            return of(district.map_or("370200", |(code, _)| code));
        }
        if let Some((code, _)) = districts().find(|(_, name)| *name == text) {
            return of(code);
        }
        let province = PROVINCES.iter().find(|(_, name)| {
            let short = name.trim_end_matches(['省', '市']);
            let short = ["壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区"]
                .iter()
                .find_map(|end| short.strip_suffix(end))
                .unwrap_or(short);
            text.starts_with(short)
        });
        province.and_then(|(code, _)| of(code))
    }

    /// The six digits.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// As much of the name as is known.
    pub fn name(&self) -> String {
        let province = PROVINCES
            .iter()
            .find(|(prefix, _)| self.code.starts_with(prefix))
            .map_or("", |(_, name)| name);
        if self.code.starts_with("3702") {
            let district = QINGDAO
                .iter()
                .find(|(code, _)| *code == self.code)
                .map_or("", |(_, name)| name);
            return format!("{province}青岛市{district}");
        }
        province.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Region;

    #[test]
    fn names() {
        for (name, code) in [
            ("青岛市城阳区", "370214"),
            ("山东青岛", "370200"),
            ("胶州市", "370281"),
            ("山东省济南市", "370000"),
            ("内蒙古包头", "150000"),
            ("新疆乌鲁木齐", "650000"),
            ("香港", "810000"),
            ("上海市浦东新区", "310000"),
        ] {
            assert_eq!(Region::named(name).unwrap().code(), code, "{name}");
        }
        assert!(Region::named("某市").is_none());
    }

    #[test]
    fn forms() {
        assert_eq!(Region::parse("3702").unwrap().code(), "370200");
        assert_eq!(Region::parse("370214").unwrap().name(), "山东省青岛市城阳区");
        assert_eq!(Region::parse("440300").unwrap().name(), "广东省");
        for bad in ["", "37020", "3702a0", "990000", "青岛"] {
            assert!(Region::parse(bad).is_err(), "{bad}");
        }
    }
}
