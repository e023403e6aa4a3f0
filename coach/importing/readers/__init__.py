"""One module a format: each turns a file into a ``Source``; what several of them share stands beside them."""
