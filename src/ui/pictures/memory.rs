//! Decoded pictures that are kept: the same picture twice is one texture, and what was not shown for the longest time
//! goes first.

use std::hash::Hash;

use lru::LruCache;

/// Things with a size in bytes, within a bound.
#[derive(Debug)]
pub(super) struct Memory<K: Hash + Eq, V> {
    kept: LruCache<K, (V, usize)>,
    bytes: usize,
    limit: usize,
}

impl<K: Hash + Eq, V: Clone> Memory<K, V> {
    /// Nothing yet, and never more than so many bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self { kept: LruCache::unbounded(), bytes: 0, limit }
    }

    /// Something that is kept; it counts as used now.
    pub(super) fn get(&mut self, key: &K) -> Option<V> {
        self.kept.get(key).map(|(value, _)| value.clone())
    }

    /// Keeps something. What is larger than the bound alone is not kept.
    pub(super) fn put(&mut self, key: K, value: V, bytes: usize) {
        if bytes > self.limit {
            return;
        }
        self.bytes += bytes;
        if let Some((_, (_, replaced))) = self.kept.push(key, (value, bytes)) {
            self.bytes -= replaced;
        }
        while self.bytes > self.limit {
            let Some((_, (_, oldest))) = self.kept.pop_lru() else { break };
            self.bytes -= oldest;
        }
    }

    /// Forgets what does not belong here any more.
    pub(super) fn forget(&mut self, is_gone: impl Fn(&K) -> bool)
    where
        K: Clone,
    {
        let gone: Vec<K> = self.kept.iter().map(|(key, _)| key).filter(|key| is_gone(key)).cloned().collect();
        for key in gone {
            if let Some((_, bytes)) = self.kept.pop(&key) {
                self.bytes -= bytes;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_longest_ago_makes_room() {
        let mut memory = Memory::new(100);
        for key in 0..4 {
            memory.put(key, key * 10, 30);
        }
        assert_eq!([0, 1, 2, 3].map(|key| memory.get(&key)), [None, Some(10), Some(20), Some(30)]);
        memory.get(&1);
        memory.put(4, 40, 30);
        assert_eq!([1, 2, 3].map(|key| memory.get(&key)), [Some(10), None, Some(30)]);
        assert_eq!(memory.bytes, 90);
    }

    #[test]
    fn what_is_replaced_counts_once_and_what_is_too_large_not_at_all() {
        let mut memory = Memory::new(100);
        for bytes in [40, 60, 50] {
            memory.put("a", bytes, bytes);
        }
        assert_eq!((memory.get(&"a"), memory.bytes), (Some(50), 50));
        memory.put("b", 1, 101);
        assert_eq!((memory.get(&"b"), memory.get(&"a")), (None, Some(50)));
        memory.forget(|key| *key == "a");
        assert_eq!((memory.get(&"a"), memory.bytes), (None, 0));
    }
}
