//! Answers: the form a client asked for, and the errors as Plex words them.

use super::tree::Node;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The wire form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Asked for with `Accept: application/json`.
    Json,
    /// Everything else.
    Xml,
}

impl Form {
    /// What the request's `Accept` asks for.
    pub fn wanted(headers: &HeaderMap) -> Self {
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if accept.contains("json") { Self::Json } else { Self::Xml }
    }

    /// Answers with a Media Server container: in JSON inside `{"MediaContainer": …}`.
    pub fn container(self, node: &Node) -> Response {
        match self {
            Self::Json => json_response(&json!({ "MediaContainer": node.to_json() })),
            Self::Xml => xml_response(node),
        }
    }

    /// Answers as plex.tv does: an object without a name around it.
    pub fn bare(self, node: &Node) -> Response {
        match self {
            Self::Json => json_response(&node.to_json()),
            Self::Xml => xml_response(node),
        }
    }

    /// Answers as plex.tv does with a list: an array in JSON, an element around the elements in XML.
    pub fn bare_list(self, node: &Node) -> Response {
        match self {
            Self::Json => json_response(&node.children_to_json()),
            Self::Xml => xml_response(node),
        }
    }
}

fn json_response(value: &serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

fn xml_response(node: &Node) -> Response {
    ([(header::CONTENT_TYPE, "text/xml;charset=utf-8")], node.to_xml()).into_response()
}

/// An error of the Media Server: an HTML page, whatever was asked for.
pub fn html_error(status: StatusCode) -> Response {
    let title = status.canonical_reason().unwrap_or("Error");
    let code = status.as_u16();
    let page =
        format!("<html><head><title>{title}</title></head><body><h1>{code} {title}</h1></body></html>");
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// An answer of the Media Server that has no body.
pub fn empty() -> Response {
    let mut response = StatusCode::OK.into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    response
}

/// An error of plex.tv: a list of errors, in the form asked for.
pub fn tv_error(form: Form, status: StatusCode, code: u32, message: &str) -> Response {
    let node = Node::new("errors").list(
        "errors",
        vec![Node::new("error").with("code", code).with("message", message).with("status", status.as_u16())],
    );
    let mut response = form.bare(&node);
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_client_that_asks_for_json_gets_it() {
        let mut headers = HeaderMap::new();
        assert_eq!(Form::wanted(&headers), Form::Xml);
        headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
        assert_eq!(Form::wanted(&headers), Form::Xml);
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json, text/plain"));
        assert_eq!(Form::wanted(&headers), Form::Json);
    }
}
