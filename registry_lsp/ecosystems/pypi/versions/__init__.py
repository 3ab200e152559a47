"""What PEP 440's, Poetry's and Pipenv's versions mean, and the markers beside them. Pure."""
