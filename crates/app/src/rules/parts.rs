//! The parts of the product a value may act in, with the page where that is seen.

use crate::web::Visit;

/// A part: its code in the pack, its words, its first page, the action that opens it.
type Part = (&'static str, &'static str, &'static str, &'static str);

/// Parts without a page of their own have an empty address.
const PARTS: &[Part] = &[
    ("accounts", "账号与登录", "/account", "account.read"),
    ("assessments", "考核", "", ""),
    ("atlas", "一张图", "", ""),
    ("audit", "操作日志", "/log", "log.read"),
    ("calendar", "工作日历", "/rules/calendar", "rules.read"),
    ("conference", "联席会议", "/selection", "selection.read"),
    ("declarations", "申报", "/declarations", "declaration.read"),
    ("desk", "我的待办", "/desk", "desk.read"),
    ("documents", "公文", "", ""),
    ("files", "附件", "", ""),
    ("ledgers", "资金与用地台账", "", ""),
    ("lists", "名单", "/lists", "list.read"),
    ("orgs", "机构与人员", "/organisations", "organisation.read"),
    ("places", "小镇档案", "/places", "place.read"),
    ("plans", "规划备案", "", ""),
    ("portal", "公众查询", "/public", "portal.read"),
    ("projects", "项目监管", "", ""),
    ("registers", "名录", "", ""),
    ("returns", "统计报表", "", ""),
    ("rules", "方案条文", "/rules", "rules.read"),
    ("selection", "评审与公示", "/selection", "selection.read"),
    ("stages", "流转", "/board", "board.read"),
];

/// Where a value acts: words, and an address where the visitor may go there.
pub fn part(visit: &Visit, code: &str) -> (String, Option<String>) {
    let Some((_, words, href, action)) = PARTS.iter().find(|(known, ..)| *known == code) else {
        return (code.to_owned(), None);
    };
    let open = !href.is_empty() && visit.may(action);
    ((*words).to_owned(), open.then(|| (*href).to_owned()))
}
