"""pip's requirements and constraints files, and references in place of versions. Pure."""
