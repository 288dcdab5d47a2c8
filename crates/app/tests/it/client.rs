//! A person at a browser: signs in by the demo's card, opens pages, sends forms, through the router.

use crate::world::World;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use tower::ServiceExt;
use zhenxing::routes;

pub struct Client {
    router: Router,
    cookie: Option<String>,
}

/// What came back, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub headers: axum::http::HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl World {
    /// Somebody who has not signed in.
    pub fn visitor(&self) -> Client {
        Client { router: routes::router(&self.app).expect("the routes are whole"), cookie: None }
    }

    /// A member of the cast, signed in.
    pub async fn person(&self, login: &str) -> Client {
        let mut client = self.visitor();
        let member = self.cast.members.get(login).unwrap_or_else(|| panic!("the cast has no {login}"));
        client.sign_in(&member.grant.to_string()).await;
        client
    }
}

impl Client {
    pub async fn sign_in(&mut self, card: &str) {
        let answer = self.step("/demo/sign-in", &[("card", card)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }

    /// Sends a form and keeps the cookie that comes back, as a browser does.
    pub async fn step(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.post(path, fields).await;
        if let Some(cookie) = answer.headers.get(header::SET_COOKIE) {
            self.cookie = cookie.to_str().expect("text").split(';').next().map(str::to_owned);
        }
        answer
    }

    /// Another browser with the same cookie.
    pub fn twin(&self) -> Client {
        Client { router: self.router.clone(), cookie: self.cookie.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).expect("fields are texts");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    /// Opens the page, then sends its form with what it hides: what the visitor had before him.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let hidden = self.hidden(path).await;
        self.post(path, &with(&hidden, fields)).await
    }

    /// The same with one file.
    pub async fn submit_file(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        file: (&str, &[u8]),
    ) -> Answer {
        let hidden = self.hidden(path).await;
        self.upload(path, &with(&hidden, fields), name, file).await
    }

    async fn hidden(&self, path: &str) -> Vec<(String, String)> {
        let mut hidden = self.get(path).await.hidden();
        hidden.retain(|(name, _)| ["content_hash", "version"].contains(&name.as_str()));
        hidden
    }

    /// A form with one file: fields first, then the file under `name`.
    pub async fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        file: (&str, &[u8]),
    ) -> Answer {
        const LINE: &str = "zhenxing-boundary";
        let mut body = Vec::new();
        for (field, text) in fields {
            let head =
                format!("--{LINE}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        let head = format!(
            "--{LINE}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            file.0
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file.1);
        body.extend_from_slice(format!("\r\n--{LINE}--\r\n").as_bytes());
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={LINE}"))
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.parse().expect("a header"));
        }
        request.headers_mut().insert(header::HOST, "localhost".parse().expect("a header"));
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        Answer::read(response).await
    }
}

impl Answer {
    async fn read(response: Response<Body>) -> Answer {
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        let location = parts
            .headers
            .get(header::LOCATION)
            .map(|value| value.to_str().expect("text").to_owned())
            .unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, location, headers: parts.headers, text, bytes }
    }

    /// The act was done: a redirect.
    #[track_caller]
    pub fn done(self) -> Answer {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.words());
        self
    }

    /// A page came.
    #[track_caller]
    pub fn shown(self) -> Answer {
        assert_eq!(self.status, StatusCode::OK, "{}", self.words());
        self
    }

    /// Policy or the form said no, and the page says these words.
    #[track_caller]
    pub fn refused(self, words: &str) -> Answer {
        assert_eq!(self.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", self.words());
        self.says(words)
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Answer {
        assert!(self.text.contains(words), "`{words}` is not in:\n{}", self.words());
        self
    }

    /// The role has no such function.
    #[track_caller]
    pub fn forbidden(self) -> Answer {
        self.has_status(403)
    }

    #[track_caller]
    pub fn has_status(self, status: u16) -> Answer {
        assert_eq!(self.status.as_u16(), status, "{}", self.words());
        self
    }

    /// The hidden inputs of the page.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let inputs = self.text.split("<input type=\"hidden\" name=\"").skip(1);
        let pairs = inputs.filter_map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"")?;
            Some((name.to_owned(), unescape(rest.split('"').next()?)))
        });
        pairs.collect()
    }

    /// The value of an input of the page.
    #[track_caller]
    pub fn input(&self, name: &str) -> String {
        let named = format!("name=\"{name}\" value=\"");
        let at = self.text.find(&named).unwrap_or_else(|| panic!("no input {name} in:\n{}", self.words()));
        let rest = &self.text[at + named.len()..];
        rest.split('"').next().expect("a value").to_owned()
    }

    #[track_caller]
    pub fn is_missing(&self) {
        assert_eq!(self.status, StatusCode::NOT_FOUND, "{}", self.words());
    }

    /// The page's text without its tags, for messages.
    pub fn words(&self) -> String {
        let mut words = format!("{} {}\n", self.status, self.location);
        let mut inside = false;
        for letter in self.text.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                letter if !inside => words.push(letter),
                _ => {}
            }
        }
        words.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

/// What the page hides, and what is typed beside it; a name that is typed counts as typed.
fn with<'a>(hidden: &'a [(String, String)], typed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = hidden.iter().filter(|(name, _)| typed.iter().all(|(typed, _)| typed != name));
    kept.map(|(name, value)| (name.as_str(), value.as_str())).chain(typed.iter().copied()).collect()
}

fn unescape(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}
