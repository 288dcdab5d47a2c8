//! The frame around a page: top bar, menu, path and foot, on the work side and on the public side.

use super::{Icon, assets};

/// Everything the two shells print that is not the page itself.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The page's title; the shell prints it as the `h1` too.
    pub title: String,
    /// The form on the page was refused: the window title begins with 错误.
    pub error: bool,
    /// 江西省特色小镇管理平台, or what the province calls it.
    pub system_name: String,
    /// The data are made up, and every page says so.
    pub demo: bool,
    /// 2018年4月26日 星期四.
    pub today_words: String,
    /// 省联席会议办公室·王明, or 李某 代 王某.
    pub person_words: String,
    /// The role the person acts in: 省办经办人.
    pub role_words: String,
    /// The left menu, or the row of links on the public side.
    pub menu: Vec<MenuGroup>,
    /// The way to this page: words, and an address where it is not the page itself.
    pub crumbs: Vec<(String, Option<String>)>,
    /// Somebody is signed in: the person menu shows.
    pub signed_in: bool,
    /// Where a visitor who may have an account signs in.
    pub sign_in_href: Option<String>,
    /// The person has other roles to choose from.
    pub other_roles: bool,
    /// The person's own pages (password, second factor, sign-ins): words and address.
    pub account: Vec<(String, String)>,
    /// Where the search form asks; absent, there is none.
    pub search_href: Option<String>,
    /// What the person owes, beside the bell in the top bar.
    pub todo_count: Option<i64>,
    /// 14, 16 or 18 pixels to the root em; anything else is read as 14.
    pub text_size: u8,
    /// The path and query of this page, to come back to after a setting is changed.
    pub here: String,
    /// Whom to ring, printed in the same place on every page.
    pub help_phone: String,
    /// What the act just done has changed, said once.
    pub flash: Option<String>,
    /// The root of the record, printed in the foot.
    pub root_line: Option<String>,
    /// What a government site must print in its foot.
    pub foot: PublicFoot,
}

/// One heading of the menu with its pages; without a title its pages stand alone.
#[derive(Clone, Debug, Default)]
pub struct MenuGroup {
    /// 申报评审.
    pub title: String,
    /// The pages the person may open; a page that is not allowed is absent, not grey.
    pub items: Vec<MenuItem>,
}

/// One page in the menu.
#[derive(Clone, Debug, Default)]
pub struct MenuItem {
    /// 申报件.
    pub title: String,
    /// Its address.
    pub href: String,
    /// The page shown belongs to it.
    pub current: bool,
    /// How many wait there.
    pub count: Option<i64>,
}

/// What a government site must print in its foot; an absent line is left out.
#[derive(Clone, Debug, Default)]
pub struct PublicFoot {
    /// The unit above, printed in the head.
    pub superior: Option<String>,
    /// 主办单位.
    pub sponsor: Option<String>,
    /// The sponsor's telephone.
    pub phone: Option<String>,
    /// 网站标识码.
    pub site_code: Option<String>,
    /// ICP 备案号.
    pub icp: Option<String>,
    /// 公安备案号.
    pub police_record: Option<String>,
    /// The address of 政府网站找错.
    pub report_fault_href: Option<String>,
    /// The address of the 党政机关 mark's certificate.
    pub mark_href: Option<String>,
}

impl Frame {
    /// The window title: 错误：填写申报书 - 江西省特色小镇管理平台.
    pub fn window_title(&self) -> String {
        let error = if self.error { "错误：" } else { "" };
        format!("{error}{} - {}", self.title, self.system_name)
    }

    /// The address of an asset, which changes with its content.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    /// A drawing, for the shells, which know no other name.
    pub fn icon(&self, name: &'static str) -> Icon {
        super::icon(name)
    }

    /// The class on `html` that sets the size of everything.
    pub fn size_class(&self) -> &'static str {
        match self.text_size {
            16 => "size-16",
            18 => "size-18",
            _ => "size-14",
        }
    }

    /// The three sizes with their names, and which one is on.
    pub fn sizes(&self) -> [(u8, &'static str, bool); 3] {
        let on = |class: &str| self.size_class() == class;
        [(14, "标准", on("size-14")), (16, "较大", on("size-16")), (18, "大字", on("size-18"))]
    }
}

impl MenuGroup {
    /// Whether the page shown belongs to this group, which then stands open.
    pub fn holds_current(&self) -> bool {
        self.items.iter().any(|item| item.current)
    }
}

impl MenuItem {
    /// A page in the menu.
    pub fn new(title: impl Into<String>, href: impl Into<String>) -> MenuItem {
        MenuItem { title: title.into(), href: href.into(), ..MenuItem::default() }
    }
}
