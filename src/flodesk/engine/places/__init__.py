"""Where a run happens: here (`flodesk.engine.client`) or elsewhere. The place never changes what comes out."""
