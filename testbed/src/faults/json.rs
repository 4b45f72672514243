//! JSON that is not what it should be.

use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Lists in lists.
pub(super) fn nested(depth: usize) -> String {
    let mut text = "[".repeat(depth);
    text.extend(std::iter::repeat_n(']', depth));
    text
}

/// Gives every value another type; objects keep their keys, so that a client gets as far as it can.
pub(super) fn wrong_types(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(wrong_types),
        Value::Array(_) => *value = json!("a text"),
        Value::String(_) => *value = json!([17]),
        Value::Number(_) => *value = json!({ "a": "number" }),
        Value::Bool(_) => *value = json!("maybe"),
        Value::Null => *value = Value::Object(Map::new()),
    }
}

/// Breaks the item in the middle of the longest list.
pub(super) fn one_bad_item(value: &mut Value) {
    let longest = longest_list(value);
    let list = longest.and_then(|place| value.pointer_mut(&place)).and_then(Value::as_array_mut);
    if let Some(list) = list {
        let middle = list.len() / 2;
        list.get_mut(middle).into_iter().for_each(wrong_types);
    }
}

/// The JSON pointer of the longest list of objects.
fn longest_list(value: &Value) -> Option<String> {
    let mut found = Vec::new();
    collect_lists(value, &mut String::new(), &mut found);
    let longest = found.into_iter().max_by_key(|(length, _)| *length);
    longest.map(|(_, pointer)| pointer)
}

fn collect_lists(value: &Value, pointer: &mut String, found: &mut Vec<(usize, String)>) {
    let length = pointer.len();
    match value {
        Value::Array(list) if list.first().is_some_and(Value::is_object) => {
            found.push((list.len(), pointer.clone()));
            for (place, part) in list.iter().enumerate() {
                let _ = write!(pointer, "/{place}");
                collect_lists(part, pointer, found);
                pointer.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, part) in fields {
                let _ = write!(pointer, "/{}", name.replace('~', "~0").replace('/', "~1"));
                collect_lists(part, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_item_in_the_middle_of_the_longest_list_is_broken() {
        let mut page = json!({ "Size": 3, "Items": [
            { "Id": "a", "People": [{ "Name": "x" }] }, { "Id": "b", "Year": 2000 }, { "Id": "c" },
        ]});
        one_bad_item(&mut page);
        let items = json!([
            { "Id": "a", "People": [{ "Name": "x" }] }, { "Id": [17], "Year": { "a": "number" } }, { "Id": "c" },
        ]);
        assert_eq!(page, json!({ "Size": 3, "Items": items }));
    }

    #[test]
    fn no_value_keeps_its_type() {
        let mut value = json!({ "a": 1, "b": "x", "c": [1], "d": { "e": true }, "f": null });
        wrong_types(&mut value);
        let now = json!({
            "a": { "a": "number" }, "b": [17], "c": "a text", "d": { "e": "maybe" }, "f": {},
        });
        assert_eq!(value, now);
    }
}
