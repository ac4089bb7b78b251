//! A document with every kind of block and every difficult character.

use qizhen::report::{chart::*, document::*};

/// 60 characters.
pub const LONG_NAME: &str = "青岛经济技术开发区海洋高端装备与智能泵阀系统集成制造产业技术研究院示例泵业（集团）股份有限公司黄岛第二智能制造工厂北区";
pub const URL: &str =
    "https://www.example.gov.cn/zwgk/2024/digital-transformation/sme/assessment?id=20241212&type=notice#attachment-3";

fn t(text: &str) -> Vec<Inline> {
    vec![Inline::Text(text.into())]
}

fn p(text: &str) -> Block {
    Block::Paragraph(t(text))
}

fn h(level: u8, id: &str, text: &str) -> Block {
    Block::Heading {
        level,
        id: id.into(),
        text: t(text),
    }
}

fn badge(tone: Tone, text: &str) -> Inline {
    Inline::Badge {
        tone,
        text: text.into(),
    }
}

fn figure(chart: Chart, caption: &str) -> Block {
    Block::Figure {
        chart,
        caption: caption.into(),
        alt: caption.into(),
    }
}

pub const PROSE: &str = "企业在“数字化管理”方面基础较好：ERP、MES与WMS三套系统已上线运行，设备联网率达到85.6%，高于行业平均水平（72.3%）。但研发设计、生产管控与供应链之间的数据尚未打通——订单变更仍靠电话与表格传递，平均每月因此返工4.2次。建议优先建设统一的数据平台，并按《中小企业数字化水平评测指标（2024年版）》的要求，补齐“网络安全”“数据安全”两项制度；预计投入约120万元，2027年6月前完成。";

pub fn document() -> Document {
    Document {
        meta: meta(),
        blocks: [front(), overview(), detail(), tables(), sign()].concat(),
    }
}

fn meta() -> Meta {
    Meta {
        logo: None,
        title: format!("{LONG_NAME} · 数字化转型诊断报告"),
        author: "企诊诊断工作室".into(),
        subject: "中小企业数字化水平评测".into(),
        keywords: vec!["数字化转型".into(), "诊断".into(), "节能降碳".into()],
        date: "2026-11-20".into(),
        header_left: LONG_NAME.into(),
        header_right: "报告编号 QZ-2026-0417".into(),
        footer_left: "自评结果，仅供企业内部参考".into(),
        watermark: "自评".into(),
    }
}

fn front() -> Vec<Block> {
    let grade = |label: &str, value: &str, note: &str, tone| GradeBadge {
        label: label.into(),
        value: value.into(),
        note: note.into(),
        tone,
    };
    let cover = Cover {
        logo: None,
        kicker: "企业综合诊断报告 · 2026年度".into(),
        title: "数字化转型与绿色制造诊断报告".into(),
        subtitle: LONG_NAME.into(),
        badges: vec![
            grade("中小企业数字化水平", "二级 · 规范级", "58.4 / 100 分", Tone::Info),
            grade("重点用能行业能效", "优于基准水平", "0.35 kgce/t", Tone::Good),
            grade("绿色工厂评价", "未达申报条件", "一票否决 1 项", Tone::Bad),
        ],
        facts: vec![
            ("统一社会信用代码".into(), "91000000000000000K".into()),
            ("所属行业".into(), "C3441 泵及真空设备制造".into()),
            ("法定代表人".into(), "㛃䶮𬭎".into()),
            ("诊断日期".into(), "2026年11月20日".into()),
            (
                "诊断依据".into(),
                "《中小企业数字化水平评测指标（2024年版）》（工信厅企业函〔2024〕449号）等3项".into(),
            ),
        ],
        note: "本报告依据企业自评数据生成，未经现场核验；评分规则中标注“二手来源”的部分以主管部门发布文本为准。".into(),
    };
    vec![
        Block::Cover(cover),
        Block::Toc {
            title: "目录".into(),
            depth: 2,
        },
        Block::PageBreak,
    ]
}

fn overview() -> Vec<Block> {
    let tile = |label: &str, value: &str, note: &str, tone| Tile {
        label: label.into(),
        value: value.into(),
        note: note.into(),
        tone,
    };
    vec![
        h(1, "summary", "一、诊断结论"),
        Block::Tiles(vec![
            tile("数字化水平", "58.4", "距三级还差 1.6 分", Tone::Info),
            tile("单位产品综合能耗", "0.35", "kgce/t，优于基准值", Tone::Good),
            tile("一票否决项", "1", "近三年环保处罚", Tone::Bad),
            tile("可申报政策", "7 项", "最近截止 2026-12-31", Tone::Neutral),
        ]),
        p(PROSE),
        Block::Paragraph(vec![
            Inline::Text("总体判断：".into()),
            Inline::Strong(t("数字化水平处于二级（规范级）")),
            Inline::Text("，其中".into()),
            Inline::Emph(t("生产管控")),
            Inline::Text("环节".into()),
            badge(Tone::Good, "达标"),
            Inline::Text("，供应链环节".into()),
            badge(Tone::Warn, "待提升"),
            Inline::Text("，绿色工厂".into()),
            badge(Tone::Bad, "一票否决"),
            Inline::Text("。详见".into()),
            Inline::Link {
                target: "#gaps".into(),
                text: t("第二章的短板分析"),
            },
            Inline::Text("，依据见".into()),
            Inline::Link {
                target: URL.into(),
                text: t(URL),
            },
            Inline::Text("，规则摘要 ".into()),
            Inline::Code(format!("sha256:{}", "9f86d081884c7d65".repeat(4))),
            Inline::Text("。".into()),
        ]),
        Block::Callout {
            tone: Tone::Warn,
            title: "本报告中有 2 个等级依据非官方文本".into(),
            body: vec![
                p(
                    "评分规则的可信度分为“官方”“二手来源”“未核实”三档。下列等级所依据的规则含有二手来源，申报前请与主管部门核对：",
                ),
                Block::List {
                    start: None,
                    items: vec![
                        vec![p("绿色工厂评价（2025版）：基准值表来自行业解读材料；")],
                        vec![p("智能工厂梯度培育：要素条件来自公开征求意见稿。")],
                    ],
                },
            ],
        },
        h(2, "radar", "1.1 各维度得分率"),
        figure(
            radar(8),
            "图 1　各维度得分率（实线为本企业，虚线为行业平均，点线为上年度）",
        ),
        h(2, "ladder", "1.2 等级位置"),
        figure(ladder(), "图 2　数字化水平等级位置"),
        h(3, "units", "1.2.1 计量单位与符号"),
        p(
            "综合能耗按电力折标系数0.1229 kgce/kWh计；CO₂排放量1 286 t，SO₂未检出；厂房面积12 000 m²，循环水量3.6×10⁴ m³；温度≤40℃，能效≥90%，偏差±0.5‰，联系人·张㛃。二〇二六年度，企业“上云”系统★3项——含MES、WMS……均已验收。",
        ),
    ]
}

fn detail() -> Vec<Block> {
    vec![
        h(1, "gaps", "二、短板与提升路径"),
        p(PROSE),
        Block::List {
            start: Some(1),
            items: vec![
                vec![
                    p(
                        "打通订单、计划与库存数据，取消手工转录。预期减少返工每月4次，节约人工约6万元/年；责任部门为生产部与信息部，须在2027年一季度前完成接口开发与联调。",
                    ),
                    Block::List {
                        start: None,
                        items: vec![
                            vec![p("ERP与MES主数据统一编码；")],
                            vec![
                                p("建立数据质量月度检查制度："),
                                Block::List {
                                    start: None,
                                    items: vec![vec![p("缺失率≤1%")], vec![p("重复率≤0.5%")]],
                                },
                            ],
                        ],
                    },
                ],
                vec![p("补齐网络安全等级保护备案。")],
                vec![p("关键设备加装采集终端，联网率由85.6%提高到95%。")],
            ],
        },
        h(2, "bars", "2.1 指标对标"),
        figure(bars(), "图 3　单位产品能耗与对标值"),
        h(2, "levels", "2.2 场景等级"),
        figure(levels(), "图 4　16个场景的等级，★为约束性场景"),
        h(2, "stacked", "2.3 设备能效结构"),
        figure(stacked(), "图 5　重点用能设备能效等级分布（台）"),
        Block::Rule,
        Block::Callout {
            tone: Tone::Info,
            title: "路径说明".into(),
            body: (0..9).map(|_| p(PROSE)).collect(),
        },
        figure(radar(2), "图 6　轴数不足三个时以条形图表示"),
    ]
}

fn tables() -> Vec<Block> {
    let row = |cells: Vec<Vec<Inline>>| Row { cells, group: false };
    let group = |text: &str| Row {
        cells: vec![t(text)],
        group: true,
    };
    let mut rows = Vec::new();
    for i in 1..=60 {
        if i % 20 == 1 {
            rows.push(group(["基础条件", "数字化应用", "经营成效"][i / 20]));
        }
        let finding = if i == 33 {
            PROSE.repeat(14)
        } else if i % 7 == 0 {
            PROSE.chars().take(90).collect()
        } else {
            format!("第{i}项现状说明：已建立制度并执行，佐证材料齐全。")
        };
        let state = match i % 5 {
            0 => badge(Tone::Bad, "未达标"),
            1 | 2 => badge(Tone::Good, "达标"),
            _ => badge(Tone::Warn, "部分达标"),
        };
        rows.push(row(vec![
            t(&format!("q{i:02}")),
            t(&format!("采集项{i}：关键工序数控化率与设备联网率")),
            t(&finding),
            t(&format!("{:.1}", i as f32 * 1.37)),
            vec![state],
        ]));
    }
    let column = |align, weight| Column { align, weight };
    vec![
        Block::PageBreak,
        h(1, "items", "三、逐项明细"),
        h(2, "all", "3.1 全部采集项"),
        Block::Table(Table {
            caption: "表 1　60个采集项的得分明细".into(),
            columns: vec![
                column(Align::Left, None),
                column(Align::Left, Some(2.0)),
                column(Align::Left, Some(4.0)),
                column(Align::Right, None),
                column(Align::Center, None),
            ],
            head: ["编号", "采集项", "现状与发现", "得分", "结论"].map(t).to_vec(),
            rows,
        }),
        h(2, "auto", "3.2 服务商与政策"),
        Block::Table(Table {
            caption: String::new(),
            columns: vec![
                Column::default(),
                Column::default(),
                column(Align::Right, None),
                column(Align::Center, None),
            ],
            head: ["名称", "说明", "金额（万元）", "截止日期"].map(t).to_vec(),
            rows: vec![
                row(vec![
                    t("数字化改造补贴"),
                    t("对完成二级以上评测的企业，按项目投入的20%给予补贴，单个企业最高50万元。"),
                    t("50.00"),
                    t("2026-12-31"),
                ]),
                row(vec![
                    t("绿色工厂奖励"),
                    vec![
                        Inline::Text("国家级一次性奖励；详见".into()),
                        Inline::Link {
                            target: URL.into(),
                            text: t(URL),
                        },
                    ],
                    t("1 000.00"),
                    t("长期有效"),
                ]),
                row(vec![t("技改专项贷款贴息"), t("LPR下浮50BP"), t("—"), t("2027-06-30")]),
            ],
        }),
    ]
}

fn sign() -> Vec<Block> {
    let sign = |title: &str, lines: &[&str]| SignBox {
        title: title.into(),
        lines: lines.iter().map(|l| l.to_string()).collect(),
    };
    vec![
        h(1, "sign", "四、确认与签署"),
        p("双方对上述诊断结论无异议，签字盖章后生效。"),
        Block::Signature(vec![
            sign("企业确认", &["负责人（签字）", "经办人（签字）", "日期"]),
            sign("诊断机构", &["诊断专家（签字）", "复核（签字）", "日期"]),
        ]),
        Block::Seal(Seal {
            report_no: "QZ-2026-0418".into(),
            code: "0123456789abcdef0123456789abcdef".into(),
            say: "电子文件带有所依据的全部答案，可以重新计算。".into(),
        }),
    ]
}

fn radar(axes: usize) -> Chart {
    let names = [
        "数字化基础条件",
        "研发设计",
        "生产管控",
        "供应链协同管理",
        "营销与服务",
        "数据安全",
        "组织与人才",
        "绿色低碳",
    ];
    let line = |name: &str, start: f64, gap: Option<usize>| RadarSeries {
        name: name.into(),
        values: (0..axes)
            .map(|i| (Some(i) != gap).then_some(start + ((i * 37) % 41) as f64))
            .collect(),
    };
    Chart::Radar(Radar {
        axes: names[..axes].iter().map(|n| n.to_string()).collect(),
        max: 100.0,
        rings: vec![20.0, 40.0, 60.0, 80.0, 100.0],
        series: vec![
            line("本企业", 45.0, Some(5)),
            line("行业平均", 38.0, None),
            line("上年度", 25.0, None),
        ],
        unit: "%".into(),
    })
}

fn ladder() -> Chart {
    let rung = |label: &str, from| Rung {
        label: label.into(),
        from,
    };
    Chart::Ladder(Ladder {
        max: 100.0,
        rungs: vec![
            rung("一级 起步级", 20.0),
            rung("二级 规范级", 40.0),
            rung("三级 集成级", 60.0),
            rung("四级 协同级", 80.0),
        ],
        value: Some(58.4),
        reached: Some(1),
    })
}

fn bars() -> Chart {
    let mark = |value, label: &str| Mark {
        value,
        label: label.into(),
    };
    let bar = |label: &str, value, marks, note: &str, tone| Bar {
        label: label.into(),
        value,
        full: None,
        marks,
        note: note.into(),
        tone,
    };
    Chart::Bars(Bars {
        max: 100.0,
        unit: "kgce/t".into(),
        bars: vec![
            bar(
                "铸造工序单位产品综合能耗",
                Some(62.0),
                vec![mark(55.0, "引领值"), mark(60.0, "标杆水平"), mark(85.0, "基准水平")],
                "",
                ChartTone::Warn,
            ),
            bar("机加工", Some(31.5), vec![mark(40.0, "基准水平")], "", ChartTone::Good),
            bar("涂装", Some(97.0), vec![mark(80.0, "基准水平")], "", ChartTone::Bad),
            bar("装配与测试", None, vec![mark(20.0, "基准水平")], "", ChartTone::Neutral),
        ],
    })
}

fn levels() -> Chart {
    let names = [
        "★ 产品设计",
        "工艺设计",
        "营销管理",
        "★ 计划排程",
        "★ 生产管控",
        "质量管理",
        "设备管理",
        "安全生产",
        "能耗管理",
        "采购管理",
        "仓储物流",
        "财务管理",
    ];
    let row = |(i, name): (usize, &&str)| LevelRow {
        label: name.to_string(),
        level: [Some(2), Some(1), Some(0), Some(3), None, Some(4)][i % 6],
        target: [3, 0, 2, 3, 2, 0][i % 6],
    };
    Chart::Levels(Levels {
        levels: ["一级", "二级", "三级", "四级"].map(String::from).to_vec(),
        rows: names.iter().enumerate().map(row).collect(),
    })
}

fn stacked() -> Chart {
    let part = |name: &str, tone| StackedPart {
        name: name.into(),
        tone,
    };
    let row = |label: &str, values: &[f64]| StackedRow {
        label: label.into(),
        values: values.to_vec(),
    };
    Chart::Stacked(Stacked {
        unit: "台".into(),
        parts: vec![
            part("1级能效", ChartTone::Good),
            part("2级能效", ChartTone::Info),
            part("3级能效", ChartTone::Warn),
            part("应淘汰", ChartTone::Bad),
        ],
        rows: vec![
            row("三相异步电动机", &[12.0, 30.0, 18.0, 13.0]),
            row("空气压缩机", &[2.0, 3.0, 1.0, 0.0]),
            row("变压器", &[1.0, 4.0, 9.0, 12.0]),
            row("工业锅炉", &[0.0; 4]),
        ],
    })
}

/// What strains the layout: too much of everything.
pub fn stress() -> Document {
    let long = "智能工厂梯度培育行动实施方案与数字化水平评测";
    let badges = (0..7).map(|i| GradeBadge {
        label: format!("{long}{i}"),
        value: ["二级 · 规范级", "优于基准水平但低于标杆水平", "58.4 / 100"][i % 3].into(),
        note: format!("{long}，{long}"),
        tone: [Tone::Neutral, Tone::Info, Tone::Good, Tone::Warn, Tone::Bad][i % 5],
    });
    let cover = Cover {
        logo: None,
        kicker: long.into(),
        title: format!("{long}综合诊断报告"),
        subtitle: LONG_NAME.into(),
        badges: badges.collect(),
        facts: (0..8)
            .map(|i| (format!("字段{i}"), format!("{LONG_NAME}{i}")))
            .collect(),
        note: PROSE.into(),
    };
    let tiles = (0..7).map(|i| Tile {
        label: format!("单位产品综合能耗与单位产品取水量{i}"),
        value: ["12 345 678.90 kgce/t", "优", "58.4"][i % 3].into(),
        note: "较上年度下降3.2%，优于行业平均水平".into(),
        tone: [Tone::Neutral, Tone::Info, Tone::Good, Tone::Warn, Tone::Bad][i % 5],
    });
    let wide = (0..3).map(|r| Row {
        cells: (0..11).map(|c| t(&format!("第{r}行第{c}列"))).collect(),
        group: false,
    });
    let deep = (0..9).fold(vec![p("最深的一层：仍有可读的宽度")], |inner, i| {
        vec![Block::List {
            start: (i % 2 == 0).then_some(98),
            items: vec![[vec![p(long)], inner].concat()],
        }]
    });
    let mark = |value, label: &str| Mark {
        value,
        label: label.into(),
    };
    let shared = vec![mark(60.0, "合格线"), mark(63.0, "行业平均"), mark(90.0, "优秀线")];
    let bars = Bars {
        max: 100.0,
        unit: "%".into(),
        bars: (0..6)
            .map(|i| Bar {
                label: ["设备数字化率", "关键工序数控化率与设备联网率", "研发"][i % 3].into(),
                value: Some(37.0 + 11.0 * i as f64),
                full: Some(100.0 - 5.0 * i as f64),
                marks: shared.clone(),
                note: if i == 2 {
                    "22 / 30 分（缺佐证，按自评计）".into()
                } else {
                    String::new()
                },
                tone: [ChartTone::Neutral, ChartTone::Good, ChartTone::Warn, ChartTone::Info][i % 4],
            })
            .collect(),
    };
    let rungs = [
        ("三级", 60.0),
        ("二级", 70.0),
        ("一级", 80.0),
        ("特级（引领）", 95.0),
        ("卓越", 98.0),
    ];
    let rungs: Vec<Rung> = rungs
        .map(|(label, from)| Rung {
            label: label.into(),
            from,
        })
        .to_vec();
    let sixteen = Radar {
        axes: (0..16)
            .map(|i| ["产品设计", "计划与排程管理", "仓储物流", "生产作业与质量精准追溯"][i % 4].into())
            .collect(),
        max: 4.0,
        rings: vec![1.0, 2.0, 3.0, 4.0],
        series: vec![
            RadarSeries {
                name: "本企业".into(),
                values: (0..16).map(|i| Some((i % 5) as f64)).collect(),
            },
            RadarSeries {
                name: "目标".into(),
                values: vec![Some(3.0); 16],
            },
        ],
        unit: "级".into(),
    };
    let mut three = sixteen.clone();
    three.axes.truncate(3);
    three.series.truncate(1);
    three.series[0].values = vec![Some(3.2), Some(2.0), Some(3.9)];
    let ladder = |value, reached| {
        Chart::Ladder(Ladder {
            max: 100.0,
            rungs: rungs.clone(),
            value,
            reached,
        })
    };
    let blocks = vec![
        Block::Cover(cover),
        h(1, "a", &format!("{long}：{long}：{long}")),
        Block::Tiles(tiles.collect()),
        Block::Table(Table {
            caption: "列很多的表".into(),
            columns: vec![Column::default(); 11],
            head: (0..11).map(|c| t(&format!("指标{c}（万元）"))).collect(),
            rows: wide.collect(),
        }),
        Block::List {
            start: None,
            items: vec![deep],
        },
        figure(Chart::Bars(bars), "共用门槛的条形图"),
        figure(ladder(Some(96.2), Some(1)), "受其他条件限制的等级"),
        figure(ladder(None, None), "未测的等级"),
        figure(ladder(Some(12.0), None), "未入级"),
        figure(Chart::Radar(sixteen), "十六轴"),
        figure(Chart::Radar(three), "三轴"),
        Block::Signature(vec![
            SignBox {
                title: LONG_NAME.into(),
                lines: vec![LONG_NAME.into(), "日期：".into()]
            };
            3
        ]),
        Block::Tiles(vec![
            Tile {
                note: PROSE.repeat(9),
                ..Tile::default()
            };
            4
        ]),
    ];
    Document {
        meta: Meta {
            watermark: "内部资料 请勿外传".into(),
            ..meta()
        },
        blocks,
    }
}
