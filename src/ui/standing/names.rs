//! Names of sources that tell them apart.

use gettextrs::gettext;

use crate::models::{Source, SourceUser};

/// The name of a source as it is shown among all: with its user where another one has the same name or is of the same
/// server. A name that says the user already is left as it is.
pub(in crate::ui) fn title<'a>(source: &Source, all: impl IntoIterator<Item = &'a Source>) -> String {
    let alike = |other: &Source| {
        let server =
            other.kind == source.kind && source.machine_id.is_some() && other.machine_id == source.machine_id;
        other.id != source.id && (server || other.name == source.name)
    };
    let says = |user: &SourceUser| source.name.ends_with(&format!("({})", user.name));
    match &source.user {
        Some(user) if !user.name.is_empty() && !says(user) && all.into_iter().any(alike) => {
            // Translators: a source's name and, in brackets, who is signed in.
            gettext("{name} ({user})").replace("{name}", &source.name).replace("{user}", &user.name)
        }
        _ => source.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::source;
    use super::*;
    use crate::models::MachineId;

    fn of(server: &str, name: &str, user: Option<&str>) -> Source {
        let user = user.map(|name| SourceUser { id: name.to_owned(), name: name.to_owned() });
        Source { machine_id: Some(MachineId::new(server)), name: name.to_owned(), user, ..source() }
    }

    #[test]
    fn the_user_tells_sources_of_one_server_apart() {
        let (ana, ben) = (of("one", "Attic", Some("ana")), of("one", "Attic upstairs", Some("ben")));
        let (other, twin) = (of("two", "Cellar", Some("ana")), of("three", "Cellar", None));
        let all = [ana, ben, other, twin];
        let titles: Vec<String> = all.iter().map(|source| title(source, &all)).collect();
        assert_eq!(titles, ["Attic (ana)", "Attic upstairs (ben)", "Cellar (ana)", "Cellar"]);
        let second = of("one", "Attic (guest)", Some("guest"));
        assert_eq!(title(&second, &all), "Attic (guest)", "it says so already");
        assert_eq!(title(&all[0], &all[..1]), "Attic", "alone it needs no more than its name");
    }
}
