"""The parts of a hover: pure builders, one for each thing that it tells."""
