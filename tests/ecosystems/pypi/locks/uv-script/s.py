# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy", "idna"]
# ///
