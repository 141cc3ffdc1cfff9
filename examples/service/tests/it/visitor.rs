//! A running service, and who visits it.

use cog_auth_example_service::{Config, Service};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use ureq::Agent;
use ureq::http::Response;

/// A service on a port of its own, with a folder of its own. It ends with this value.
pub struct Running {
    pub address: String,
    pub folder: TempDir,
    runtime: Runtime,
    service: Service,
}

impl Running {
    pub fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    pub fn start_in(folder: TempDir) -> Self {
        Self::start_on(folder, None)
    }

    /// On the database with this address.
    pub fn start_on(folder: TempDir, database_url: Option<String>) -> Self {
        let runtime = Runtime::new().unwrap();
        let config = Config { folder: folder.path().to_owned(), database_url };
        let (address, service) = runtime.block_on(async {
            let service = Service::open(&config).await.unwrap();
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let app = service.router().into_make_service_with_connect_info::<SocketAddr>();
            tokio::spawn(async move { axum::serve(listener, app).await });
            (address, service)
        });
        Self { address: format!("http://{address}"), folder, runtime, service }
    }

    /// Ends the service, and keeps its folder.
    pub fn stop(self) -> TempDir {
        self.runtime.block_on(self.service.close());
        self.runtime.shutdown_timeout(Duration::from_secs(5));
        self.folder
    }

    pub fn keys(&self) -> Box<Path> {
        self.folder.path().join("root-keys.json").into()
    }

    /// Somebody who has just signed in.
    pub fn sign_in(&self, person: &str) -> Visitor {
        let mut visitor = self.visitor();
        let answer = visitor.post("/sign-in", &[("person", person)]);
        assert_eq!(answer.location(), "/tokens");
        visitor.cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        visitor.form_secret = visitor.get("/tokens").form_secret();
        visitor
    }

    /// Somebody who has not signed in.
    pub fn visitor(&self) -> Visitor {
        let agent = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .into();
        let address = self.address.clone();
        Visitor { agent, address, cookie: String::new(), form_secret: String::new() }
    }
}

/// A browser, as far as forms and links go.
pub struct Visitor {
    agent: Agent,
    address: String,
    pub cookie: String,
    pub form_secret: String,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    headers: ureq::http::HeaderMap,
    pub text: String,
}

impl Visitor {
    pub fn get(&self, path: &str) -> Answer {
        let request = self.agent.get(format!("{}{path}", self.address));
        Answer::of(request.header("cookie", &self.cookie).call().unwrap())
    }

    /// Sends a form as it is.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from("same-origin", path, fields)
    }

    pub fn post_from(&self, site: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.agent.post(format!("{}{path}", self.address));
        let request = request.header("cookie", &self.cookie).header("sec-fetch-site", site);
        Answer::of(request.send_form(fields.iter().copied()).unwrap())
    }

    /// Sends a form of the page that is open.
    pub fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let secret = [("form_secret", self.form_secret.as_str())];
        self.post(path, &[&secret, fields].concat())
    }

    /// Calls the API with a token, and no session.
    pub fn call(&self, token: &str, path: &str) -> Answer {
        let request = self.agent.get(format!("{}{path}", self.address));
        Answer::of(request.header("authorization", format!("Bearer {token}")).call().unwrap())
    }
}

impl Answer {
    fn of(mut response: Response<ureq::Body>) -> Self {
        let text = response.body_mut().read_to_string().unwrap();
        Self { status: response.status().as_u16(), headers: response.headers().clone(), text }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text);
        self.header("location")
    }

    /// The token that a page shows.
    pub fn token(&self) -> String {
        assert_eq!(self.status, 200, "{}", self.text);
        let from = self.text.find("cog_1").expect("a page with a token");
        self.text[from..from + 81].to_owned()
    }

    fn form_secret(&self) -> String {
        let mark = "name=\"form_secret\" value=\"";
        let from = self.text.find(mark).expect("a page with a form") + mark.len();
        self.text[from..from + 64].to_owned()
    }

    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.text.contains(text), "no {text:?} in {}", self.text);
        self
    }

    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.text.contains(text), "{text:?} in {}", self.text);
        self
    }
}

/// The id of a token.
pub fn id(token: &str) -> &str {
    &token[11..23]
}

/// Asks until something is so, for what the service does in its own time.
#[track_caller]
pub fn soon(mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(20), "it did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}
