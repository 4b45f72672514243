//! The server over HTTP: who may ask, what is found, what a playback leaves.

mod access;
mod listings;
mod playing;

use super::{JellyfinServer, JellyfinServerBuilder};
use crate::catalogue::sample::sample;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

const DEVICE: &str = "MediaBrowser Client=\"Test\", Device=\"Desk\", DeviceId=\"d1\", Version=\"1\"";

fn builder() -> JellyfinServerBuilder {
    JellyfinServer::builder().catalogue(sample()).user("ana", "secret").user("ben", "")
}

/// A server and a client who is signed in as one of its users.
struct Session {
    server: JellyfinServer,
    token: String,
}

impl Session {
    async fn begin(builder: JellyfinServerBuilder) -> Self {
        let server = builder.start().await.unwrap();
        let reply = sign_in(&server, "ana", "secret", DEVICE).await;
        let session: Value = reply.json().await.unwrap();
        Self { token: session["AccessToken"].as_str().unwrap().to_owned(), server }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = Client::new().request(method, format!("{}{path}", self.server.base_url()));
        request.header("Authorization", format!("{DEVICE}, Token=\"{}\"", self.token))
    }

    async fn send(&self, method: Method, path: &str) -> Response {
        self.request(method, path).send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let reply = self.send(Method::GET, path).await;
        assert_eq!(reply.status(), 200, "{path}");
        reply.json().await.unwrap()
    }

    async fn status(&self, path: &str) -> u16 {
        self.send(Method::GET, path).await.status().as_u16()
    }

    async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.unwrap()
    }

    /// Names of the items that a path lists.
    async fn names(&self, path: &str) -> Vec<String> {
        let reply = self.get(path).await;
        names(&reply["Items"])
    }
}

fn names(rows: &Value) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row["Name"].as_str().unwrap().to_owned()).collect()
}

async fn sign_in(server: &JellyfinServer, name: &str, password: &str, device: &str) -> Response {
    Client::new()
        .post(format!("{}/Users/AuthenticateByName", server.base_url()))
        .header("Authorization", device)
        .json(&json!({ "Username": name, "Pw": password }))
        .send()
        .await
        .unwrap()
}
