"""From reference answers to the passages that matter: chunks, the store, words, and the search over them."""
