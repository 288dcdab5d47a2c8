//! What each act is called on a page. Every act's name stands here once.

const WORDS: &[(&str, &str)] = &[
    // organisations and people
    ("account.locked", "账号锁定"),
    ("account.set_up", "启用账号"),
    ("administrators.appointed", "设立三员"),
    ("delegation.given", "委托办理"),
    ("delegation.revoked", "撤回委托"),
    ("factor.enrolled", "启用二次验证"),
    ("factor.given", "二次验证"),
    ("factor.recovery_used", "使用恢复码"),
    ("grant.approved", "批准授权"),
    ("grant.declined", "不批准授权"),
    ("grant.ended", "收回授权"),
    ("grant.requested", "申请授权"),
    ("organisation.changed", "修改机构信息"),
    ("password.changed", "更换口令"),
    ("person.changed", "修改人员信息"),
    ("person.created", "开通账号"),
    ("person.disabled", "停用账号"),
    ("person.enabled", "恢复账号"),
    ("reset.approved", "批准账号重置"),
    ("reset.declined", "不批准账号重置"),
    ("reset.requested", "申请账号重置"),
    ("session.role_chosen", "切换身份"),
    ("session.started", "登录"),
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
];

/// The words of an act's name.
pub fn act_words(act: &str) -> Option<&'static str> {
    WORDS.iter().find(|(name, _)| *name == act).map(|(_, words)| *words)
}
