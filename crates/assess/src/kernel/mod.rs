//! Vectorised kernels over column-major blocks, chosen at run time by vector width.
