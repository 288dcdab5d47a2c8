//! What each act is called on a page, and each fact kept with it. Every act's name stands here once.

const WORDS: &[(&str, &str)] = &[
    ("programme.founded", "系统初始化"),
    ("pack.put_in_force", "启用规则包"),
    ("demo.cast", "载入演示人员"),
    // the log itself
    ("log.exported", "导出操作日志"),
    ("log.verified", "校验操作日志"),
    // organisations and people
    ("account.locked", "账号锁定"),
    ("approval.denied", "批准被拒"),
    ("account.set_up", "启用账号"),
    ("account.unlocked", "解除账号锁定"),
    ("administrators.appointed", "设立三员"),
    ("delegation.given", "委托办理"),
    ("delegation.revoked", "撤回委托"),
    ("factor.enrolled", "启用二次验证"),
    ("factor.given", "二次验证"),
    ("factor.recovery_used", "使用恢复码"),
    ("grant.approval_denied", "授权批准被拒"),
    ("grant.approved", "批准授权"),
    ("grant.declined", "不批准授权"),
    ("grant.ended", "收回授权"),
    ("grant.requested", "申请授权"),
    ("grant.request_denied", "授权申请被拒"),
    ("organisation.changed", "修改机构信息"),
    ("organisation.established", "设立机构"),
    ("organisation.renamed", "机构更名"),
    ("organisation.succeeded", "机构接替"),
    ("password.changed", "更换口令"),
    ("person.changed", "修改人员信息"),
    ("person.created", "开通账号"),
    ("person.disabled", "停用账号"),
    ("person.enabled", "恢复账号"),
    ("reset.approval_denied", "账号重置批准被拒"),
    ("reset.approved", "批准账号重置"),
    ("reset.declined", "不批准账号重置"),
    ("reset.requested", "申请账号重置"),
    ("session.role_chosen", "切换身份"),
    ("session.started", "登录"),
    // places
    ("place.registered", "登记小镇"),
    ("place.facts_set", "填写认定事实"),
    ("place.facts_confirmed", "确认认定事实"),
    ("place.renamed", "小镇更名"),
    ("division.merged", "区划撤并"),
    ("division.recoded", "区划代码变更"),
    ("division.renamed", "区划更名"),
    ("set_up_link.issued", "发放开通链接"),
    // declarations
    ("batch.opened", "拟定批次"),
    ("batch.changed", "修改批次"),
    ("batch.called", "发出申报通知"),
    ("batch.extended", "批准延期"),
    ("batch.closed", "结束申报"),
    ("declaration.started", "开始申报"),
    ("declaration.handed_to_town_head", "提交镇内复核"),
    ("declaration.sent_to_county", "报送县级审核"),
    ("declaration.county_reviewed", "县级审核"),
    ("declaration.county_approved", "县级审定"),
    ("declaration.bureau_signed", "市局会签"),
    ("declaration.returned", "退回补正"),
    ("declaration.withdrawn", "撤回"),
    ("declaration.reopened", "恢复填报"),
    ("declaration.reported", "设区市上报"),
    ("declaration.received", "省级受理"),
    ("declaration.review_begun", "进入评审"),
    ("declaration.proposed", "拟列入"),
    ("declaration.listed", "列入名单"),
    ("declaration.left_out", "未列入"),
    ("declaration.held", "异议暂缓"),
    ("declaration.reserved", "列为递补"),
    ("city_report.begun", "汇总待编"),
    ("city_report.compiled", "编制上报清单"),
    ("city_report.signed", "会签上报清单"),
    ("city_report.sent", "设区市上报"),
    // end of declarations
    // selection and lists
    ("declaration.proposed", "提出拟列入意见"),
    ("declarations.proposed", "成批提出拟列入意见"),
    ("declaration.proposal_withdrawn", "撤回拟列入"),
    ("conference.decided", "联席会议决定"),
    ("notice.corrected", "更正公示"),
    ("list.published", "公布名单"),
];

/// The note that names each declaration of a proposal of several, with its reasons.
pub const PROPOSED: &str = "拟列入及理由";

const NOTES: &[(&str, &str)] = &[
    ("pack", "规则包"),
    ("digest", "摘要"),
    ("result", "结果"),
    ("entries", "日志条数"),
    ("rows", "数据行数"),
    ("root", "记录根"),
    ("content_hash", "内容摘要"),
    ("document_number", "文号"),
    ("minutes_number", "纪要编号"),
    ("version", "版本"),
    ("edition", "版次"),
    ("role", "身份"),
    ("title", "名称"),
    ("number", "编号"),
    ("stage", "环节"),
    ("closes", "截止日"),
    ("until", "延至"),
    ("was", "原截止日"),
    ("authority", "批准机关"),
    ("declarations", "申报件数"),
    ("listed", "列入数"),
    ("corrected", "更正"),
    ("proposed", PROPOSED),
    ("effective", "生效日期"),
    ("filing_due", "备案期限"),
    ("notice_until", "公示至"),
    ("held_on", "会议日期"),
    ("present", "到会单位"),
    ("county_seat", "城关镇"),
    ("industrial_park", "产业园区"),
    ("legal_operator", "运营主体有法人资格"),
    ("pilot_county", "省直管试点县"),
    ("day", "日期"),
    ("from", "自"),
    ("to", "至"),
    ("person", "人员"),
    ("login", "用户名"),
    ("for", "对象"),
    ("reset", "重置"),
    ("issued_by", "链接发放人"),
    ("tries", "尝试次数"),
    ("left", "剩余"),
    ("resets_factor", "同时重置二次验证"),
];

/// The words of an act's name.
pub fn act_words(act: &str) -> Option<&'static str> {
    WORDS.iter().find(|(name, _)| *name == act).map(|(_, words)| *words)
}

/// Every act with its words.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.iter().copied()
}

/// The words of a note's name; a name without words stands as it is.
pub fn note_words(name: &str) -> &str {
    NOTES.iter().find(|(note, _)| *note == name).map_or(name, |(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::act_words;
    use std::path::Path;

    /// The first text in quotes after each `Event::new(`.
    fn acts_in(text: &str) -> Vec<String> {
        let call = ["Event", "::new("].concat();
        let quoted = |rest: &str| Some(rest.trim_start().strip_prefix('"')?.split('"').next()?.to_owned());
        text.split(&call).skip(1).filter_map(quoted).collect()
    }

    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(std::fs::read_to_string(&path).expect("a source"));
            }
        }
    }

    #[test]
    fn every_act_has_its_words() {
        let mut texts = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
        let acts: Vec<String> = texts.iter().flat_map(|text| acts_in(text)).collect();
        assert!(acts.len() >= 4, "the sources are read: {acts:?}");
        let speechless: Vec<&String> = acts.iter().filter(|act| act_words(act).is_none()).collect();
        assert!(speechless.is_empty(), "give these acts their words: {speechless:?}");
    }
}
