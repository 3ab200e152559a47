"""The command line's ``check``: finds manifests below paths, and reports what is said of them."""
