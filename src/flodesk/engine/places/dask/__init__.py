"""The place `dask`: our side of a cluster, and what its workers run of ours."""
