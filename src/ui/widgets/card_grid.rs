//! A grid of cards that are all known: recycled cells, however many there are.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use adw::prelude::*;
use relm4::typed_view::grid::{RelmGridItem, TypedGridView};

use super::{AnyCard, Card, OnCard, Sight, attach_menu_keys, attach_title_menu};
use crate::models::Item;
use crate::services::AppContext;

/// What a cell shows, for its menu.
type Target = Rc<RefCell<Option<(Item, OnCard)>>>;

/// The grid in its scroller.
pub(in crate::ui) struct CardGrid {
    ctx: AppContext,
    on: OnCard,
    sight: Sight,
    scroller: gtk::ScrolledWindow,
    grid: TypedGridView<Cell, gtk::NoSelection>,
    shown: Rc<RefCell<Vec<AnyCard>>>,
}

impl fmt::Debug for CardGrid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardGrid").field("cards", &self.shown.borrow().len()).finish_non_exhaustive()
    }
}

impl CardGrid {
    /// An empty grid.
    pub(in crate::ui) fn new(ctx: &AppContext, on: OnCard) -> Self {
        let scroller = gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).build();
        let grid: TypedGridView<Cell, gtk::NoSelection> = TypedGridView::new();
        grid.view.set_max_columns(12);
        grid.view.set_min_columns(2);
        grid.view.set_single_click_activate(true);
        grid.view.set_vexpand(true);
        grid.view.add_css_class("poster-grid");
        let shown: Rc<RefCell<Vec<AnyCard>>> = Rc::default();
        let (cards, told) = (Rc::clone(&shown), on.clone());
        grid.view.connect_activate(move |_, position| {
            let opened = cards.borrow().get(position as usize).map(AnyCard::opened);
            if let Some(opened) = opened {
                told.tell(opened);
            }
        });
        attach_menu_keys(&grid.view);
        scroller.set_child(Some(&grid.view));
        Self { ctx: ctx.clone(), on, sight: Sight::of(&scroller), scroller, grid, shown }
    }

    /// The widget.
    pub(in crate::ui) fn widget(&self) -> &gtk::ScrolledWindow {
        &self.scroller
    }

    /// Shows these cards. What is the same at the beginning and at the end is left alone, so that the place that is
    /// looked at stays.
    pub(in crate::ui) fn show(&mut self, cards: Vec<AnyCard>) {
        let (from, before, after) = changed(&self.shown.borrow(), &cards);
        for _ in from..before {
            self.grid.remove(position(from));
        }
        for (place, card) in cards.iter().enumerate().take(after).skip(from) {
            let cell = Cell {
                ctx: self.ctx.clone(),
                on: self.on.clone(),
                sight: self.sight.clone(),
                card: card.clone(),
            };
            self.grid.insert(position(place), cell);
        }
        self.shown.replace(cards);
    }
}

/// The stretch that differs: where it begins, and where it ends before and after.
fn changed<T: PartialEq>(before: &[T], after: &[T]) -> (usize, usize, usize) {
    let same = |(one, other): &(&T, &T)| one == other;
    let from = before.iter().zip(after).take_while(same).count();
    let rest = before[from..].iter().rev().zip(after[from..].iter().rev()).take_while(same).count();
    (from, before.len() - rest, after.len() - rest)
}

fn position(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// A card in the grid's list.
struct Cell {
    ctx: AppContext,
    on: OnCard,
    sight: Sight,
    card: AnyCard,
}

/// What a cell of the grid is made of.
struct CellWidgets {
    cell: gtk::ListItem,
    /// Made with the first card: only then is it known on which page.
    card: Option<Card>,
    target: Target,
}

impl RelmGridItem for Cell {
    type Root = gtk::Box;
    type Widgets = CellWidgets;

    fn setup(cell: &gtk::ListItem) -> (gtk::Box, CellWidgets) {
        let root = gtk::Box::builder().halign(gtk::Align::Center).margin_top(8).margin_bottom(8).build();
        let target = Target::default();
        let shown = Rc::clone(&target);
        attach_title_menu(&root, move || shown.borrow().clone());
        (root, CellWidgets { cell: cell.clone(), card: None, target })
    }

    fn bind(&mut self, widgets: &mut CellWidgets, root: &mut gtk::Box) {
        let card = widgets.card.get_or_insert_with(|| {
            let card = Card::new(self.card.shape(), &self.sight);
            root.append(card.widget());
            card
        });
        card.reshape(self.card.shape());
        self.card.show_on(&self.ctx, card);
        widgets.cell.set_accessible_label(&self.card.label());
        let target = match &self.card {
            AnyCard::Title(title) => Some((title.item.clone(), self.on.clone())),
            AnyCard::Shelf(_) => None,
        };
        widgets.target.replace(target);
    }

    fn unbind(&mut self, widgets: &mut CellWidgets, _root: &mut gtk::Box) {
        widgets.target.replace(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_stretch_that_differs_is_changed() {
        type Row<'a> = (&'a [i32], &'a [i32], (usize, usize, usize));
        let table: [Row<'_>; 6] = [
            (&[], &[1, 2], (0, 0, 2)),
            (&[1, 2], &[1, 2], (2, 2, 2)),
            (&[1, 2, 3], &[1, 9, 3], (1, 2, 2)),
            (&[1, 3], &[1, 2, 3], (1, 1, 2)),
            (&[1, 1], &[1, 1, 1], (2, 2, 3)),
            (&[1, 2], &[], (0, 2, 0)),
        ];
        for (before, after, expected) in table {
            assert_eq!(changed(before, after), expected, "{before:?} {after:?}");
        }
    }
}
