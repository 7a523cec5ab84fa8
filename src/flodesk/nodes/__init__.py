"""The library: plain typed functions, generators and classes, each of which is a node.

A module is a shelf of the library; its ``__all__`` lists the nodes on it. Importing one of them costs next to
nothing: NumPy, SciPy, pandas and drivers are loaded by the call that needs them.
"""
