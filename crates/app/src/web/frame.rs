//! The frame around every page: menu by what the role may do, path, person, foot.

use super::visit::Visit;
use crate::app::App;
use domain::day::Day;
use kit::page::{Frame, MenuGroup, MenuItem};

/// Words, address, and the action that opens it.
type MenuLine = (&'static str, &'static str, &'static str);

/// The menu: heading, pages, each with the action that opens it. A page without permission is absent.
const MENU: &[(&str, &[MenuLine])] = &[
    ("工作台", &[("我的待办", "/desk", "desk.read"), ("办理进度", "/board", "board.read")]),
    (
        "申报评审",
        &[
            ("批次", "/batches", "batch.read"),
            ("申报件", "/declarations", "declaration.read"),
            ("设区市上报", "/city-reports", "city_report.read"),
            ("遴选与公示", "/selection", "selection.read"),
            ("名单版本", "/lists", "list.read"),
        ],
    ),
    ("小镇档案", &[("小镇", "/places", "place.read"), ("行政区划", "/divisions", "division.read")]),
    (
        "方案条文",
        &[
            ("条文与数值", "/rules", "rules.read"),
            ("表单", "/rules/forms", "rules.read"),
            ("工作日历", "/rules/calendar", "rules.read"),
        ],
    ),
    ("审计", &[("操作日志", "/log", "log.read"), ("记录校验", "/log/checkpoint", "log.verify")]),
    (
        "管理",
        &[
            ("机构", "/organisations", "organisation.read"),
            ("人员与身份", "/people", "person.read"),
            ("授权审批", "/grants", "grant.read"),
        ],
    ),
];

impl Visit {
    /// The frame of a page with this title.
    pub fn frame(&self, title: &str) -> Frame {
        of(self, title)
    }

    /// The frame with a path: `[("申报件", "/declarations")]`; the page itself comes last.
    pub fn frame_under(&self, crumbs: &[(&str, &str)], title: &str) -> Frame {
        let mut page = of(self, title);
        page.crumbs =
            crumbs.iter().map(|(words, href)| ((*words).to_owned(), Some((*href).to_owned()))).collect();
        page.crumbs.push((title.to_owned(), None));
        page
    }
}

pub(super) fn of(visit: &Visit, title: &str) -> Frame {
    let mut page = bare(&visit.app, title);
    page.flash = visit.flash.clone();
    page.here = visit.here.clone();
    page.text_size = visit.text_size;
    if let Some(actor) = &visit.actor {
        page.signed_in = true;
        page.person_words = format!("{}·{}", actor.organisation_name, actor.signature());
        page.role_words = actor.role.words().to_owned();
        page.other_roles = true;
        page.todo_count = Some(actor.todo_count);
        page.text_size = actor.text_size;
        page.account = vec![("我的账号".to_owned(), "/account".to_owned())];
        if visit.may("delegation.manage") {
            page.account.push(("委托办理".to_owned(), "/delegations".to_owned()));
        }
        page.menu = menu(visit);
    } else if !visit.here.starts_with("/sign-in") {
        page.sign_in_href = Some("/sign-in".to_owned());
    }
    page
}

/// The frame of a page for which nobody is known.
pub(super) fn bare(app: &App, title: &str) -> Frame {
    Frame {
        title: title.to_owned(),
        system_name: app.pack().about().system_name.clone(),
        demo: app.settings().demo,
        today_words: today_words(app.store().today()),
        help_phone: app.settings().help_phone.clone(),
        text_size: 14,
        ..Frame::default()
    }
}

fn menu(visit: &Visit) -> Vec<MenuGroup> {
    let path = visit.here.split('?').next().unwrap_or_default();
    let may = |line: &&MenuLine| visit.may(line.2);
    let here = nearest(path, MENU.iter().flat_map(|(_, items)| items.iter()).filter(may));
    MENU.iter()
        .map(|(title, items)| MenuGroup {
            title: (*title).to_owned(),
            items: items
                .iter()
                .filter(may)
                .map(|(words, href, _)| MenuItem {
                    current: here == Some(href),
                    ..MenuItem::new(*words, *href)
                })
                .collect(),
        })
        .filter(|group| !group.items.is_empty())
        .collect()
}

/// The page of the menu that a path lies under: of several the one that names most of it.
fn nearest<'a>(path: &str, lines: impl Iterator<Item = &'a MenuLine>) -> Option<&'a &'static str> {
    let is_within =
        |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    lines.map(|(_, href, _)| href).filter(|href| is_within(href)).max_by_key(|href| href.len())
}

/// A kept day, `2018-05-02`, as a page shows it: 2018年5月2日. Anything else stands as it is.
pub fn day_words(kept: impl AsRef<str>) -> String {
    kept.as_ref().parse::<Day>().map_or_else(|_| kept.as_ref().to_owned(), Day::words)
}

const WEEKDAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

fn today_words(day: Day) -> String {
    let monday: Day = "2018-04-23".parse().expect("a Monday");
    let weekday = monday.days_until(day).rem_euclid(7) as usize;
    format!("{} 星期{}", day.words(), WEEKDAYS[weekday])
}

/// 2018-04-26 14:03:22, in Shanghai.
pub fn clock_words(at_ms: i64) -> String {
    let day = Day::at(at_ms);
    let seconds = (at_ms - day.starts_ms()) / 1000;
    format!("{day} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::{MENU, nearest};

    #[test]
    fn a_page_lights_one_item_of_the_menu() {
        for (path, href) in [
            ("/log/checkpoint", Some("/log/checkpoint")),
            ("/log/7", Some("/log")),
            ("/rules/forms/declaration-platform", Some("/rules/forms")),
            ("/rules/3.4", Some("/rules")),
            ("/account", None),
        ] {
            let lines = MENU.iter().flat_map(|(_, items)| items.iter());
            assert_eq!(nearest(path, lines).copied(), href, "{path}");
        }
    }
}
