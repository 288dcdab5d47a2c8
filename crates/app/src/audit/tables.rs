//! What the tables are called, for whoever reads a verdict.

const WORDS: &[(&str, &str)] = &[
    ("account_reset", "账号重置申请"),
    ("batch", "批次"),
    ("batch_editor", "批次拟定人"),
    ("batch_extension", "批次延期"),
    ("blob", "附件登记"),
    ("bureau_signature", "市局会签"),
    ("city_report", "设区市上报"),
    ("city_report_item", "上报清单条目"),
    ("credential", "登录凭据"),
    ("decision", "会议决定"),
    ("decision_item", "会议决定条目"),
    ("declaration", "申报件"),
    ("declaration_document", "申报文书"),
    ("declaration_mark", "申报件标记"),
    ("declaration_step", "办理记录"),
    ("delegation", "委托办理"),
    ("division", "行政区划"),
    ("division_merger", "区划撤并"),
    ("edition", "申报版次"),
    ("edition_editor", "版次填报人"),
    ("edition_file", "申报附件"),
    ("edition_release", "版次报出"),
    ("fault", "退回意见"),
    ("list_entry", "名单条目"),
    ("list_version", "名单版本"),
    ("membership", "小镇身份"),
    ("notice", "公示"),
    ("notice_correction", "公示更正"),
    ("notice_entry", "公示条目"),
    ("organisation", "单位"),
    ("former_name", "单位曾用名"),
    ("pack_version", "规则包"),
    ("person", "人员"),
    ("place", "小镇"),
    ("place_name", "小镇名称"),
    ("programme", "建设工作"),
    ("proposal", "拟列入意见"),
    ("proposal_withdrawal", "撤回的拟列入意见"),
    ("report_signature", "上报清单会签"),
    ("role_grant", "身份授权"),
    ("section", "申报内容"),
    ("stage", "办理环节"),
    ("submission", "填报"),
    // what the record leaves out
    ("draft_aside", "草稿副本"),
    ("draft_editor", "草稿填报人"),
    ("draft_file", "草稿附件"),
    ("draft_section", "草稿内容"),
    ("failed_sign_in", "登录失败"),
    ("idempotency", "重复提交防护"),
    ("preference", "个人偏好"),
    ("session", "登录会话"),
];

/// The words of a table.
pub fn table_words(table: &str) -> Option<&'static str> {
    WORDS.iter().find(|(name, _)| *name == table).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::table_words;
    use crate::app::migrations;
    use kit::db::tables_in_order;

    #[test]
    fn every_table_has_its_words() {
        let is_ours = |table: &String| !table.starts_with("log_") && table != "row_digest";
        let tables = tables_in_order(&migrations()).into_iter().filter(is_ours);
        let speechless: Vec<String> = tables.filter(|table| table_words(table).is_none()).collect();
        assert!(speechless.is_empty(), "give these tables their words: {speechless:?}");
    }
}
