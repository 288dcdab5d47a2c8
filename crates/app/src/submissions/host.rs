//! What each kind of submission is sent as: where its pages lead back to, and where it is sent.

use domain::id::SubmissionId;

/// The slice behind a kind of submission, as far as the pages of submissions know it.
#[derive(Debug)]
pub struct Host {
    /// What `submission.kind` and the stage table call it.
    pub kind: &'static str,
    /// The list its object stands in: words and address.
    pub list: (&'static str, &'static str),
    home: &'static str,
    send_to: &'static str,
    /// The words of the button that sends it.
    pub send_words: &'static str,
    /// What happens then, in a sentence.
    pub send_hint: &'static str,
    /// The pack's value that holds what the sender promises.
    pub promise: &'static str,
}

const HOSTS: &[Host] = &[Host {
    kind: "declaration",
    list: ("申报件", "/declarations"),
    home: "/declarations/{id}",
    send_to: "/declarations/{id}/sending",
    send_words: "提交负责人复核",
    send_hint: "提交后不能再修改；负责人退回或您在其办理前撤回后可以继续填写。",
    promise: "declaration.promise",
}];

impl Host {
    /// The host of a kind, if it has one.
    pub fn of(kind: &str) -> Option<&'static Host> {
        HOSTS.iter().find(|host| host.kind == kind)
    }

    /// The page of the object itself.
    pub fn home(&self, id: SubmissionId) -> String {
        self.home.replace("{id}", &id.to_string())
    }

    /// Where the check page's form is posted.
    pub fn send_to(&self, id: SubmissionId) -> String {
        self.send_to.replace("{id}", &id.to_string())
    }
}
