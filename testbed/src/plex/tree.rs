//! One value tree for both wire forms of Plex.
//!
//! Plex builds an answer once and writes it as XML (its default) or as JSON: attributes of an element are
//! members of an object, child elements are arrays under the name of their list. [`Node`] is that tree.

use serde_json::{Map, Value};
use std::fmt::Write as _;

/// An element (XML) or an object (JSON).
#[derive(Debug, Clone)]
#[must_use]
pub struct Node {
    tag: &'static str,
    attributes: Vec<(&'static str, Value)>,
    children: Vec<Children>,
}

/// How a group of child elements looks in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `"Genre": [{…}]`; in XML the elements stand directly in the parent. Left out when empty.
    List,
    /// `"profile": {…}`; in XML one element of that name.
    Single,
    /// `"connections": [{…}]`, written even when empty; in XML an element around the elements.
    Wrapped,
}

#[derive(Debug, Clone)]
struct Children {
    key: &'static str,
    shape: Shape,
    nodes: Vec<Node>,
}

impl Node {
    /// An element without attributes; `tag` is its name in XML.
    pub fn new(tag: &'static str) -> Self {
        Self { tag, attributes: Vec::new(), children: Vec::new() }
    }

    /// Adds an attribute. `true` is `1` in XML; null is an empty attribute there.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// Adds an attribute when there is a value.
    pub fn maybe(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a list of child elements; an empty one leaves no trace.
    pub fn list(self, key: &'static str, nodes: Vec<Node>) -> Self {
        self.group(key, Shape::List, nodes)
    }

    /// Adds one child that is an object in JSON.
    pub fn one(self, key: &'static str, node: Node) -> Self {
        self.group(key, Shape::Single, vec![node])
    }

    /// Adds a list that has an element of its own in XML and is written when empty.
    pub fn wrapped(self, key: &'static str, nodes: Vec<Node>) -> Self {
        self.group(key, Shape::Wrapped, nodes)
    }

    fn group(mut self, key: &'static str, shape: Shape, nodes: Vec<Node>) -> Self {
        self.children.push(Children { key, shape, nodes });
        self
    }

    /// Takes out the named lists and attributes: `excludeElements` and `excludeFields`.
    pub fn without(mut self, elements: &[&str], fields: &[&str]) -> Self {
        self.children.retain(|group| !elements.contains(&group.key));
        self.attributes.retain(|(name, _)| !fields.contains(name));
        self
    }

    /// The object in JSON, without a name around it.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        for (name, value) in &self.attributes {
            object.insert((*name).to_owned(), value.clone());
        }
        for group in &self.children {
            let value = match group.shape {
                Shape::List if group.nodes.is_empty() => continue,
                Shape::List | Shape::Wrapped => group.nodes.iter().map(Node::to_json).collect(),
                Shape::Single => group.nodes.first().map_or(Value::Null, Node::to_json),
            };
            object.insert(group.key.to_owned(), value);
        }
        Value::Object(object)
    }

    /// The children in JSON as an array: what plex.tv answers where XML has a list around the elements.
    pub fn children_to_json(&self) -> Value {
        self.children.iter().flat_map(|group| &group.nodes).map(Node::to_json).collect()
    }

    /// The document in XML.
    pub fn to_xml(&self) -> String {
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write_xml(&mut text);
        text
    }

    fn write_xml(&self, text: &mut String) {
        let _ = write!(text, "<{}", self.tag);
        for (name, value) in &self.attributes {
            let _ = write!(text, " {name}=\"");
            write_attribute(text, value);
            text.push('"');
        }
        if self.children.iter().all(|group| group.nodes.is_empty() && group.shape != Shape::Wrapped) {
            text.push_str("/>\n");
            return;
        }
        text.push_str(">\n");
        for group in &self.children {
            let wrapped = group.shape == Shape::Wrapped;
            if wrapped {
                let _ = writeln!(text, "<{}>", group.key);
            }
            for node in &group.nodes {
                node.write_xml(text);
            }
            if wrapped {
                let _ = writeln!(text, "</{}>", group.key);
            }
        }
        let _ = writeln!(text, "</{}>", self.tag);
    }
}

fn write_attribute(text: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(value) => text.push(if *value { '1' } else { '0' }),
        Value::String(value) => value.chars().for_each(|character| escape(text, character)),
        other => {
            let _ = write!(text, "{other}");
        }
    }
}

/// Writes a character into an attribute; what XML 1.0 cannot hold is dropped.
fn escape(text: &mut String, character: char) {
    match character {
        '&' => text.push_str("&amp;"),
        '<' => text.push_str("&lt;"),
        '>' => text.push_str("&gt;"),
        '"' => text.push_str("&quot;"),
        '\t' | '\n' | '\r' => {
            let _ = write!(text, "&#{};", u32::from(character));
        }
        '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
        other => text.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn film() -> Node {
        Node::new("Video")
            .with("title", "Salt & \"Pepper\"\n<3>\u{1}")
            .with("year", 2019)
            .with("owned", true)
            .with("authToken", Value::Null)
            .maybe("tagline", None::<&str>)
            .list("Genre", vec![Node::new("Genre").with("tag", "Drama")])
            .list("Country", Vec::new())
            .one("profile", Node::new("profile").with("auto", false))
            .wrapped("connections", Vec::new())
    }

    #[test]
    fn json_has_members_and_lists_and_no_empty_list() {
        let expected = json!({"title": "Salt & \"Pepper\"\n<3>\u{1}", "year": 2019, "owned": true, "authToken": null,
            "Genre": [{"tag": "Drama"}], "profile": {"auto": false}, "connections": []});
        assert_eq!(film().to_json(), expected);
    }

    #[test]
    fn xml_has_attributes_and_elements() {
        let xml = film().to_xml();
        assert!(xml.contains(
            "title=\"Salt &amp; &quot;Pepper&quot;&#10;&lt;3&gt;\" year=\"2019\" owned=\"1\" authToken=\"\">"
        ));
        assert!(xml.contains("<Genre tag=\"Drama\"/>"));
        assert!(xml.contains("<connections>\n</connections>"));
    }

    #[test]
    fn excluded_elements_and_fields_are_gone() {
        let json = film().without(&["Genre"], &["year"]).to_json();
        assert!(json.get("Genre").is_none() && json.get("year").is_none() && json.get("title").is_some());
    }
}
