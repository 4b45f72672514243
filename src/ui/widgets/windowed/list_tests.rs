//! The model against a plain vector.

use std::cell::RefCell;
use std::rc::Rc;

use proptest::prelude::*;

use super::super::splices::{condensed, splices};
use super::*;
use crate::models::{ItemKind, ItemRecord, LibraryId, RemoteId, SourceId};

type Asked = Rc<RefCell<Vec<MediaId>>>;

fn list() -> (ItemList, Asked) {
    let asked = Asked::default();
    let log = Rc::clone(&asked);
    (ItemList::new(move |ids| log.borrow_mut().extend(ids)), asked)
}

fn ids(numbers: impl IntoIterator<Item = i64>) -> Ids {
    numbers.into_iter().map(MediaId).collect()
}

fn change(list: &ItemList, new: &Ids) {
    let old = list.ids();
    list.replace(new, &splices(&old, new), Vec::new());
}

fn item(id: MediaId, title: &str) -> Item {
    Item {
        id,
        source_id: SourceId::random(),
        library_id: LibraryId(1),
        parent_id: None,
        series_id: None,
        record: ItemRecord::new(RemoteId::new(id.to_string()), ItemKind::Movie, title),
    }
}

fn object(list: &ItemList, place: u32) -> ItemObject {
    list.item(place).and_downcast().unwrap()
}

#[test]
fn pages_are_asked_for_when_looked_at_and_few_are_kept() {
    let (list, asked) = list();
    change(&list, &ids(0..100_000));
    assert_eq!(list.n_items(), 100_000);
    assert!(asked.borrow().is_empty());
    list.item(0);
    list.item(99);
    // The page, and the one that comes next.
    assert_eq!(*asked.borrow(), (0..200).map(MediaId).collect::<Vec<_>>());
    asked.borrow_mut().clear();
    list.item(99_999);
    assert!(asked.borrow().contains(&MediaId(99_900)));
    for place in (0..100_000).step_by(50) {
        list.item(place).unwrap();
    }
    assert!(list.imp().objects.borrow().len() <= (KEPT_PAGES + 1) * PAGE as usize);
    assert!(list.item(100_000).is_none());
}

#[test]
fn what_is_held_stays_the_same_object_through_a_change() {
    let (list, asked) = list();
    change(&list, &ids(0..500));
    let seen = object(&list, 250);
    seen.hold();
    list.fill(vec![item(MediaId(250), "Alien")]);
    asked.borrow_mut().clear();
    change(&list, &ids((0..500).filter(|id| id % 7 != 0)));
    let place = list.ids().iter().position(|id| *id == MediaId(250)).unwrap();
    assert_eq!(object(&list, u32::try_from(place).unwrap()), seen);
    assert_eq!(list.held(), [MediaId(250)]);
    // It is there already; what is around it is asked for.
    assert!(!asked.borrow().contains(&MediaId(250)));
    assert!(asked.borrow().contains(&MediaId(251)));
}

#[test]
fn a_change_of_one_item_tells_one_cell() {
    let (list, _) = list();
    change(&list, &ids(0..10));
    let told = Rc::new(RefCell::new(Vec::new()));
    for place in 0..10 {
        let log = Rc::clone(&told);
        object(&list, place).connect_revision_notify(move |_| log.borrow_mut().push(place));
    }
    let source = SourceId::random();
    let of = |place: i64, title: &str| Item { source_id: source, ..item(MediaId(place), title) };
    list.fill((0..10).map(|place| of(place, "Film")).collect());
    told.borrow_mut().clear();
    list.fill((0..10).map(|place| of(place, if place == 4 { "Other" } else { "Film" })).collect());
    assert_eq!(*told.borrow(), [4]);
    // An answer that came late for something that is gone.
    list.fill(vec![item(MediaId(99), "Gone")]);
}

#[test]
fn the_selection_goes_with_its_titles() {
    let (list, _) = list();
    change(&list, &ids(0..100));
    assert!(!list.select(5, 1, true));
    list.set_selecting(true);
    list.toggle(5);
    list.select(10, 3, true);
    list.toggle(11);
    assert_eq!(list.selected(), [5, 10, 12].map(MediaId));
    // Moved, pushed on by another, and gone.
    change(&list, &ids([12, 200, 201].into_iter().chain(0..10)));
    assert_eq!(list.selected(), [12, 5].map(MediaId));
    assert!(list.is_selected(0));
    list.set_selecting(false);
    assert_eq!(list.count_selected(), 0);
}

#[test]
fn what_was_looked_at_during_a_change_is_read_after_it() {
    let (list, asked) = list();
    change(&list, &ids(0..50));
    let looking = list.clone();
    list.connect_items_changed(move |_, place, _, added| {
        for place in place..place + added {
            looking.item(place);
        }
    });
    change(&list, &ids((0..20).chain(100..130).chain(25..50).chain(200..210)));
    for id in (100..130).chain(200..210) {
        assert!(asked.borrow().contains(&MediaId(id)), "{id}");
    }
}

proptest! {
    /// Whoever follows the signals of the model holds the same list, at each of them.
    #[test]
    fn a_follower_holds_the_same_list(
        steps in prop::collection::vec(prop::collection::vec((0_usize..400, 0_i64..400), 0..30), 1..6),
        sight in 0_u32..300,
    ) {
        let (list, _) = list();
        let mut truth: Vec<i64> = (1000..1300).collect();
        change(&list, &ids(truth.iter().copied()));
        let followed = Rc::new(RefCell::new(truth.clone()));
        let mirror = Rc::clone(&followed);
        list.connect_items_changed(move |list, place, removed, added| {
            let new = (place..place + added).map(|place| list.id_at(place).unwrap().0);
            let mut mirror = mirror.borrow_mut();
            mirror.splice(place as usize..(place + removed) as usize, new);
            assert_eq!(mirror.len(), list.n_items() as usize);
            for at in [0, mirror.len() / 2, mirror.len().saturating_sub(1)] {
                let there = list.id_at(u32::try_from(at).unwrap()).map(|id| id.0);
                assert_eq!(there, mirror.get(at).copied());
            }
        });
        for step in steps {
            for (place, id) in step {
                match truth.iter().position(|known| *known == id) {
                    Some(known) => { truth.remove(known); }
                    None => truth.insert(place.min(truth.len()), id),
                }
                if place % 5 == 0 && place < truth.len() {
                    truth.remove(place);
                }
            }
            let new = ids(truth.iter().copied());
            let way = condensed(&splices(&list.ids(), &new), &(sight..sight + 40));
            list.replace(&new, &way, Vec::new());
            prop_assert_eq!(&*followed.borrow(), &truth);
            prop_assert_eq!(list.n_items() as usize, truth.len());
        }
    }
}
