//! What can go wrong on the way to an answer. Handlers hold `?` and nothing else.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::clause::Clause;
use domain::problem::{Problem, Refusal};

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, and this needs somebody.
    #[error("not signed in")]
    Unauthenticated,
    /// The role has no such function.
    #[error("the role may not do this")]
    Forbidden,
    /// There is no such thing, or none this person may know of.
    #[error("not found")]
    NotFound,
    /// The input is at fault.
    #[error("{} problems in the input", .0.len())]
    Invalid(Vec<Problem>),
    /// Policy says no.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// Somebody else changed it first.
    #[error("somebody else changed it first")]
    Conflict,
    /// The form was already sent; the answer is where it led.
    #[error("already done: {0}")]
    Repeated(String),
    /// A second factor is needed, no older than five minutes.
    #[error("a fresh second factor is needed")]
    FactorNeeded,
    /// The request did not end in time.
    #[error("too slow")]
    TooSlow,
    /// Our fault. The words are for the log of the program, not for the visitor.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    pub fn internal(says: impl ToString) -> Error {
        Error::Internal(says.to_string())
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Error::Unauthenticated => StatusCode::UNAUTHORIZED,
            Error::Forbidden | Error::FactorNeeded => StatusCode::FORBIDDEN,
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Invalid(_) | Error::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Conflict => StatusCode::CONFLICT,
            Error::Repeated(_) => StatusCode::SEE_OTHER,
            Error::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        match error {
            sqlx::Error::RowNotFound => Error::NotFound,
            error if crate::db::is_duplicate(&error) || crate::db::is_deadlock(&error) => Error::Conflict,
            error => Error::internal(error),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        Error::internal(error)
    }
}

/// What a page about an error needs to know. It travels with the response to whoever renders it.
#[derive(Clone, Debug)]
pub struct ErrorPage {
    pub status: StatusCode,
    pub says: String,
    pub remedy: String,
    pub clause: Option<Clause>,
    pub problems: Vec<Problem>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Error::Repeated(location) = &self {
            return Redirect::to(location).into_response();
        }
        if let Error::Internal(says) = &self {
            tracing::error!("{says}");
        }
        let page = ErrorPage::from(&self);
        let mut response = page.status.into_response();
        response.extensions_mut().insert(page);
        response
    }
}

impl From<&Error> for ErrorPage {
    fn from(error: &Error) -> ErrorPage {
        let (says, remedy) = match error {
            Error::Unauthenticated => ("请先登录", "登录后会回到这一页。"),
            Error::Forbidden => (
                "您当前的身份没有这项功能",
                "如有多个身份，请切换身份后再试；需要权限请联系本单位系统管理员。",
            ),
            Error::NotFound => {
                ("没有找到这一页", "请检查网址，或从“我的待办”进入；如需帮助，请联系本单位管理员。")
            }
            Error::Invalid(_) => ("填写内容有误", "请按提示修改后重新提交。"),
            Error::Refused(refusal) => (refusal.says.as_str(), refusal.remedy.as_str()),
            Error::Conflict => {
                ("别人刚刚改动了这一项", "请返回上一页刷新，核对最新内容后再操作；您的数据未受影响。")
            }
            Error::Repeated(_) => ("已经办理", "请勿重复提交。"),
            Error::FactorNeeded => ("此项操作需要二次验证", "请输入动态口令后继续。"),
            Error::TooSlow => (
                "没有在规定时间内办完",
                "可能是网络太慢或系统繁忙。请先返回上一页查看是否已经办成，再重新提交；较大的文件请压缩后上传。",
            ),
            Error::Internal(_) => {
                ("系统出了问题", "您已保存的数据未受影响。请稍后重试，仍有问题请把事件编号告诉管理员。")
            }
        };
        ErrorPage {
            status: error.status(),
            says: says.to_owned(),
            remedy: remedy.to_owned(),
            clause: if let Error::Refused(refusal) = error { refusal.clause } else { None },
            problems: if let Error::Invalid(problems) = error { problems.clone() } else { Vec::new() },
        }
    }
}
