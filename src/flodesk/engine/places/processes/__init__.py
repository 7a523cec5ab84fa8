"""The place `process`: worker processes of this machine, and the shared memory between them and us."""
