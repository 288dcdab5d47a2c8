//! Frames to render pages with in tests: nobody signed in, an ordinary one, and one with everything.

use super::{Frame, MenuGroup, MenuItem, PublicFoot};

impl Frame {
    /// Empty, ordinary and full, for the tests of every page.
    pub fn samples() -> [Frame; 3] {
        let empty =
            Frame {
                title: "登录".into(), system_name: "江西省特色小镇管理平台".into(), ..Frame::default()
            };
        let ordinary = Frame {
            title: "我的待办".into(),
            today_words: "2018年4月26日 星期四".into(),
            person_words: "浮梁县人民政府·王某".into(),
            role_words: "县审核员".into(),
            menu: menu(),
            crumbs: vec![("工作台".into(), Some("/".into())), ("我的待办".into(), None)],
            signed_in: true,
            here: "/".into(),
            help_phone: "0791-00000000".into(),
            ..empty.clone()
        };
        let full = Frame {
            error: true,
            demo: true,
            person_words: "景德镇市住房和城乡建设局·李某 代 王某".into(),
            other_roles: true,
            account: vec![("密码与二次验证".into(), "/account".into())],
            search_href: Some("/search".into()),
            todo_count: Some(12),
            text_size: 18,
            flash: Some("已保存。".into()),
            root_line: Some("c7f1e9a04b2d8836e5170fd2a94c6b3e".into()),
            foot: foot(),
            ..ordinary.clone()
        };
        [empty, ordinary, full]
    }
}

fn menu() -> Vec<MenuGroup> {
    let desk = MenuItem { current: true, count: Some(7), ..MenuItem::new("我的待办", "/") };
    let batches = vec![MenuItem::new("批次", "/batches"), MenuItem::new("申报件", "/declarations")];
    vec![
        MenuGroup { title: String::new(), items: vec![desk] },
        MenuGroup { title: "申报评审".into(), items: batches },
    ]
}

fn foot() -> PublicFoot {
    PublicFoot {
        superior: Some("江西省住房和城乡建设厅".into()),
        sponsor: Some("江西省住房和城乡建设厅".into()),
        phone: Some("0791-00000000".into()),
        site_code: Some("3600000000".into()),
        icp: Some("赣ICP备00000000号".into()),
        police_record: Some("赣公网安备00000000000000号".into()),
        report_fault_href: Some("https://example.invalid/fault".into()),
        mark_href: Some("https://example.invalid/mark".into()),
    }
}
